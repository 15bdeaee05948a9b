"""A lesson plan, made from the notebook itself: ``python -m classroom plan 04``.

sections.py reads what a notebook asks of a class, run_times.py measures how long its
cells take, schedule.py fits that into the minutes there are, and pages.py writes the
plan down.
"""
