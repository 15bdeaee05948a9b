"""What every notebook of the course keeps to, rule by rule.

A rule is a function that takes a Notebook and yields a sentence for each place that
breaks it, naming the cell and what to do. Decorated with @rule, it is found by tests.
"""

import importlib
import pkgutil

from rules.registry import RULES

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")

__all__ = ["RULES"]
