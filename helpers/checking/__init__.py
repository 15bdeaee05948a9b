"""How an answer is judged, and told."""
