"""One move of a slider: from the new value to the new picture and its words."""

import importlib
import pkgutil
from statistics import median

import helpers.explorers
from benchmarks.table import Table, ms
from benchmarks.timing import seconds_of

BUDGET = 0.1


def measure():
    table = Table(
        f"One move of a slider, in ms: under {ms(BUDGET)}",
        *("explorer", "control", "median", "worst"),
    )
    for name, control, move in all_moves():
        times = seconds_of(move)
        middle = median(times)
        table.add(name, control, ms(middle), ms(max(times)), over=middle > BUDGET)
    return table


def all_moves():
    """(explorer, control, one move) of every explorer that says how it is moved."""
    for module in pkgutil.iter_modules(helpers.explorers.__path__):
        explorer = importlib.import_module(f"helpers.explorers.{module.name}")
        if hasattr(explorer, "moves"):
            for control, move in explorer.moves():
                yield module.name, control, move
