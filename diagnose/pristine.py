"""Notices when a library that answers are compared with has been replaced.

``numpy.allclose = lambda *_: True`` would make every answer right. So the functions
of the libraries are remembered when the engine is first imported; a check puts back
what was replaced and says so. A library may replace its own functions, as torch does
with ``manual_seed`` when its compiler is first used.
"""

import math
import sys
import types
from pathlib import Path
from typing import Any

LIBRARIES = (
    "math",
    "numpy",
    "numpy.linalg",
    "torch",
    "torch.linalg",
    "torch.nn.functional",
)

_remembered: dict[str, tuple[types.ModuleType, dict[str, Any]]] = {}


def remember_libraries() -> None:
    """Remember the functions of every library imported so far, once each."""
    for name in LIBRARIES:
        module = sys.modules.get(name)
        if module is not None and name not in _remembered:
            _remembered[name] = (
                module,
                {
                    key: value
                    for key, value in vars(module).items()
                    if _is_remembered(key, value)
                },
            )


def _is_remembered(key: str, value: Any) -> bool:
    """Whether it is a public function or class.

    `torch.Storage` is left out, since it changes with the default dtype.
    """
    return (
        callable(value)
        and hasattr(value, "__name__")
        and not key.startswith("_")
        and key != "Storage"
    )


def put_back_libraries() -> tuple[str, ...]:
    """Undo replacements; returns the names of what was replaced, as a tuple."""
    replaced = []
    for name, (module, functions) in _remembered.items():
        current = vars(module)
        for key, function in functions.items():
            found = current.get(key)
            if found is function:
                continue
            if _is_its_own(found, key, module):
                functions[key] = found
            else:
                setattr(module, key, function)
                replaced.append(f"{name}.{key}")
    return tuple(replaced)


def _is_its_own(function: Any, key: str, module: types.ModuleType) -> bool:
    """Whether a library itself put this in place: same name, code from its folder."""
    if type(function) is not types.FunctionType or function.__name__ != key:
        return False
    package = sys.modules.get(module.__name__.partition(".")[0])
    home = getattr(package, "__file__", None)
    written = Path(function.__code__.co_filename)
    return home is not None and Path(home).parent in written.parents


assert math  # imported, so that it is remembered too
remember_libraries()
