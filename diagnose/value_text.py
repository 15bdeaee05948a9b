"""A value as text, without calling any code of its own. Small ones in full."""

from typing import Any

import numpy as np

from diagnose.kinds import (
    describe,
    is_array,
    is_number,
    is_plain_dict,
    is_sequence,
    is_tensor,
    to_numpy,
)

SHOWN_ENTRIES = 36  # of an array, a list or a dict
SHOWN_CHARACTERS = 200  # of a string
# What the student's session set for printing doesn't count.
PRINTED_LIKE: dict[str, Any] = {
    "precision": 4,
    "suppress": True,
    "linewidth": 75,
    "threshold": SHOWN_ENTRIES,
    "sign": "-",
    "floatmode": "maxprec",
    "nanstr": "nan",
    "infstr": "inf",
    "formatter": None,
    "legacy": False,
}


def value_text(value: Any) -> str:
    """Any value in one line or a few; what is large or unknown is only described."""
    if is_array(value) or is_tensor(value):
        return _array_text(value)
    if is_number(value):
        return _number(value)
    if value is None:
        return "None"
    if type(value) is str:
        shown = repr(value[:SHOWN_CHARACTERS])
        return shown + "…" * (len(value) > SHOWN_CHARACTERS)
    if is_plain_dict(value):
        return _dict_text(value)
    if is_sequence(value):
        some = value[:SHOWN_ENTRIES]
        if all(is_number(item) or item is None for item in some):
            items = [value_text(item) for item in some]
            inside = ", ".join(items + ["…"] * (len(value) > len(some)))
            return f"[{inside}]" if type(value) is list else f"({inside})"
    return describe(value)


def _array_text(value: Any) -> str:
    array = to_numpy(value)
    if array is None or array.dtype.kind not in "biufc":
        return describe(value)
    if array.size > SHOWN_ENTRIES:
        return f"{describe(value)}, from {_number(array.flat[0])} on"
    with np.printoptions(**PRINTED_LIKE):
        text = np.array2string(array)
    return text if array.ndim < 2 else f"{text}  {array.shape}"


def _dict_text(value: dict) -> str:
    some = list(value.items())[:SHOWN_ENTRIES]
    # A dict inside a dict is only described: it might hold itself.
    items = [
        f"{str(key)[:SHOWN_CHARACTERS]}: "
        f"{describe(item) if type(item) is dict else value_text(item)}"
        for key, item in some
    ]
    return "{" + ", ".join(items + ["…"] * (len(value) > len(some))) + "}"


def _number(value: Any) -> str:
    if type(value) is bool or type(value) is np.bool_:
        return str(value)
    try:
        return f"{value:.6g}"
    except OverflowError:  # an int beyond any float
        return f"an int of about {value.bit_length() * 3 // 10} digits"
