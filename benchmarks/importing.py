"""What a first cell costs beyond NumPy, and the first verdict after it."""

import subprocess
import sys
from statistics import median

from benchmarks.table import Table, ms

RUNS = 7
BUDGETS = {"from helpers import exercise": 0.3, "the first verdict": 0.5}
# The answer is as a cell would hold it; its card goes nowhere.
SESSION = """
import contextlib, io, time
import numpy
start = time.perf_counter()
from helpers import exercise
imported = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()):
    @exercise("00.relu", practice=True)
    def relu(x):
        return numpy.abs(x)
print(imported - start, time.perf_counter() - imported)
"""


def measure():
    command = [sys.executable, "-c", SESSION]
    runs = [
        tuple(map(float, subprocess.check_output(command, text=True).split()))
        for _ in range(RUNS)
    ]
    table = Table(
        f"Starting, beyond importing NumPy (median of {RUNS} new sessions)",
        *("what", "ms", "budget"),
    )
    for (what, budget), seconds in zip(
        BUDGETS.items(), zip(*runs, strict=True), strict=True
    ):
        took = median(seconds)
        table.add(what, ms(took), ms(budget), over=took > budget)
    return table
