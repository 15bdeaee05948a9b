"""For instructors: what a class got wrong, and how a lesson fits into an evening."""
