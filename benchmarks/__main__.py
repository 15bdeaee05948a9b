"""Prints one table after the other; says what is over its budget, and exits with 0."""

import sys

from benchmarks import convolution, importing, moves, notebooks, verdicts

PARTS = {
    "imports": importing.measure,
    "verdicts": verdicts.measure,
    "notebooks": notebooks.measure,
    "moves": moves.measure,
    "convolution": convolution.measure,
}


def main(chosen):
    unknown = set(chosen) - PARTS.keys()
    if unknown:
        sys.exit(f"There is no {', '.join(unknown)}; there is: {', '.join(PARTS)}.")
    for name in chosen or PARTS:
        print(PARTS[name](), end="\n\n", flush=True)


main(sys.argv[1:])
