"""Where rules are kept: {name: rule}, in the order in which they are written."""

import functools

RULES = {}


def rule(check):
    @functools.wraps(check)
    def complaints(notebook):
        return list(check(notebook))

    assert check.__name__ not in RULES, f"two rules are called {check.__name__}"
    RULES[check.__name__] = complaints
    return complaints
