"""Prints one table after the other; says what is over its budget, and exits with 0.

What takes minutes is measured where it's named.
"""

import sys

from benchmarks import (
    classifiers,
    classroom,
    convolution,
    importing,
    moves,
    notebooks,
    pipeline,
    stability,
    verdicts,
)

PARTS = {
    "imports": importing.measure,
    "verdicts": verdicts.measure,
    "notebooks": notebooks.measure,
    "moves": moves.measure,
    "convolution": convolution.measure,
}
LONG = {
    "pipeline": pipeline.measure,
    "classifiers": classifiers.measure,
    "classroom": classroom.measure,
    "stability": stability.measure,
}


def main(chosen):
    parts = PARTS | LONG
    unknown = set(chosen) - parts.keys()
    if unknown:
        sys.exit(f"There is no {', '.join(unknown)}; there is: {', '.join(parts)}.")
    for name in chosen or PARTS:
        print(parts[name](), end="\n\n", flush=True)


main(sys.argv[1:])
