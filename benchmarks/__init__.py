"""How fast the course is: `make bench`, or a part: `make bench ARGS=verdicts`."""
