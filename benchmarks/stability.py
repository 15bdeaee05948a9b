"""Whether a notebook says the same on one thread, on two, and on two again.

Sums come out differently where threads share them differently. What a verdict says may
not depend on that, nor on how often it has been asked.
"""

import random
import re

from benchmarks.table import Table
from tools import outputs
from tools.named import all_notebooks
from tools.notebook_runs import execute, fresh_environment

RUNS = ("1", "2", "2")  # threads
VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
CARD = re.compile(r"[○✓✗] \d\d\.\w+ — ")  # how it begins


def measure():
    """The notebooks as shipped, in an order that differs each time this is asked."""
    table = Table(
        "The same verdicts on one thread, on two, and on two again",
        *("notebook", "verdicts", "differ"),
    )
    paths = all_notebooks()
    random.shuffle(paths)
    for path in paths:
        first, *others = (verdicts_of(run(path, threads)) for threads in RUNS)
        differ = {name for other in others for name in differing(first, other)}
        table.add(
            path.stem, len(first), " ".join(sorted(differ)) or "none", over=differ
        )
    return table


def run(path, threads):
    notebook = outputs.read(path.read_bytes())
    with fresh_environment() as environment:
        environment |= dict.fromkeys(VARIABLES, threads)
        execute(notebook, path.parent, environment)
    return notebook


def verdicts_of(notebook):
    """{cell's id: what its cards say in plain text}, of the cells that have a card."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain", "")
            if CARD.match(text):
                found.setdefault(cell.id, []).append(text)
    return found


def differing(one, other):
    """The ids of the cells that say something else."""
    return {name for name in one.keys() | other.keys()
            if one.get(name) != other.get(name)}  # fmt: skip
