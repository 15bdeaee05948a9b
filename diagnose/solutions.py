"""Whether cards and slides show solutions: COURSE_SOLUTIONS=hide leaves them off.

For work that is graded. Hints stay. A value that isn't known hides them too, since a
misspelling must not give the answers away; the card then says what was read.
"""

import os

SOLUTIONS = "COURSE_SOLUTIONS"
HIDE = "hide"
SHOWN_CHARACTERS = 20  # of a value that isn't known


def why_hidden() -> str:
    """A sentence that says that solutions are hidden; "" if they are to be shown."""
    value = os.environ.get(SOLUTIONS, "")
    if not value:
        return ""
    if value == HIDE:
        return "Solutions are hidden."
    return (
        f'Solutions are hidden: {SOLUTIONS} is "{value[:SHOWN_CHARACTERS]}", which '
        f'counts as "{HIDE}"; leave it empty to show them.'
    )
