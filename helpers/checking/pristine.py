"""Notices when a library that answers are compared with has been replaced.

``numpy.allclose = lambda *_: True`` would make every answer right. So the functions
of the libraries are remembered when the engine is first imported; a check puts back
what was replaced and says so.
"""

import math
import sys

LIBRARIES = (
    "math",
    "numpy",
    "numpy.linalg",
    "torch",
    "torch.linalg",
    "torch.nn.functional",
)

_remembered = {}


def remember_libraries():
    """Remember the functions of every library imported so far, once each."""
    for name in LIBRARIES:
        module = sys.modules.get(name)
        if module is not None and name not in _remembered:
            _remembered[name] = {
                key: value
                for key, value in vars(module).items()
                if callable(value) and not key.startswith("_")
            }


def put_back_libraries():
    """Undo replacements; returns the names of what was replaced, as a tuple."""
    replaced = []
    for name, functions in _remembered.items():
        current = vars(sys.modules[name])
        for key, function in functions.items():
            if current.get(key) is not function:
                setattr(sys.modules[name], key, function)
                replaced.append(f"{name}.{key}")
    return tuple(replaced)


assert math  # imported, so that it is remembered too
remember_libraries()
