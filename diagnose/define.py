"""Defines a function or class from its source, as a notebook's cell does."""

import itertools
import linecache
from collections.abc import Mapping

_numbers = itertools.count(1)


def define(source: str, names: Mapping[str, object]) -> dict[str, object]:
    """Run a cell's source where ``names`` are known; returns all names there are then.

    The cell gets a file of its own that only ``linecache`` has, as IPython does it, so
    that its source can be read back and its line numbers are the cell's. Raises
    whatever the cell raises.
    """
    filename = f"<cell {next(_numbers)}>"
    linecache.cache[filename] = (
        len(source),
        None,
        source.splitlines(keepends=True),
        filename,
    )
    namespace = {**names, "__name__": "__main__"}
    exec(compile(source, filename, "exec"), namespace)
    return namespace
