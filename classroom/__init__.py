"""For instructors: the evening's plan, the slides for it, and what the class got wrong.

    python -m classroom plan 04 --minutes 90
    python -m classroom slides 01 04
    python -m classroom report SUBMISSIONS --out REPORT

Each of the three is a package here, whose module ``command`` has ``arguments(parser)``
and ``run(args)``.
"""
