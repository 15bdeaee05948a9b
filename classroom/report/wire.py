"""Values as JSON and back, without pickle, since a message may be made to do harm.

Numbers, strings, arrays, tensors, and lists, tuples and dicts of them come back as
they were. Of everything else only the name of its class arrives, and an object of a
class of that name stands in for it: a verdict asks no more of an unknown value.
"""

import base64
import math

import numpy as np

from diagnose.kinds import (
    NUMPY_NUMBERS,
    is_array,
    is_one_of,
    is_plain_dict,
    is_sequence,
    is_tensor,
    name_of_class,
    to_numpy,
)

DEEPEST = 20  # lists in lists
MOST_ITEMS = 100_000  # in one list or dict
MOST_BYTES = 2**24  # of one array; no exercise's result comes near
LONGEST_STRING = 100_000
LONGEST_INT = 10_000  # bits
NUMBERS = set("biufc")  # the kinds of NumPy dtypes that hold numbers
# Those of which a dtype can be made without calling a student's code.
NAMED = NUMBERS | set("SUMm")


class Garbled(Exception):
    """A message that ``encode`` didn't make."""


def encode(value: object, depth: int = 0) -> object:
    """A value as something that ``json.dumps`` takes; no method of a type that Python,
    NumPy or torch didn't make is called.
    """
    if value is None or is_one_of(value, (bool, float)):
        return value
    if type(value) is int and value.bit_length() <= LONGEST_INT:
        return {"int": hex(value)}  # JSON has no bounds for ints, Python's reader has
    if type(value) is str and len(value) <= LONGEST_STRING:
        return value
    if type(value) is complex:
        return {"complex": [value.real, value.imag]}
    if is_array(value):
        return _encode_array("array", value)
    if is_one_of(value, NUMPY_NUMBERS):
        return _encode_array("scalar", np.asarray(value))
    if is_tensor(value):
        return _encode_tensor(value)
    is_container = is_sequence(value) or is_plain_dict(value)
    if is_container and depth < DEEPEST and len(value) <= MOST_ITEMS:
        return _encode_items(value, depth + 1)
    return {"other": name_of_class(type(value))}


def _encode_array(kind, array):
    if array.nbytes > MOST_BYTES:
        return {"other": f"{name_of_class(type(array))} of {array.nbytes:,} bytes"}
    dtype = array.dtype.str if array.dtype.kind in NAMED else "O"
    content = _text(array) if array.dtype.kind in NUMBERS else None
    return {kind: content, "dtype": dtype, "shape": list(array.shape)}


def _encode_tensor(tensor):
    name = str(tensor.dtype).removeprefix("torch.")
    array = to_numpy(tensor)
    if array is not None:
        return {**_encode_array("tensor", array), "torch": name}
    # On the meta device, quantized, or beyond any memory.
    return {"tensor": None, "torch": name, "shape": list(tensor.shape)}


def _text(array):
    return base64.b64encode(array.tobytes()).decode("ascii")


def _encode_items(value, depth):
    if type(value) is dict:
        items = [[encode(key), encode(item, depth)] for key, item in value.items()]
        return {"dict": items}
    kind = "list" if type(value) is list else "tuple"
    return {kind: [encode(item, depth) for item in value]}


def decode(coded: object) -> object:
    """The value that ``encode`` was given. Raises Garbled."""
    try:
        return _decode(coded)
    except Garbled:
        raise
    except Exception as error:  # whatever a malformed message makes NumPy or torch do
        raise Garbled(f"what came can't be read ({error})") from error


def _decode(coded):
    if coded is None or type(coded) in (bool, float, str):
        return coded
    kind, held = next(iter(coded.items()))
    return DECODERS[kind](held, coded)


def _array(held, coded):
    dtype, shape = np.dtype(coded["dtype"]), tuple(coded["shape"])
    if dtype.itemsize * math.prod(shape) > MOST_BYTES:
        raise Garbled(f"an array of shape {shape} came")
    if held is None:  # only its shape and dtype were sent
        return np.zeros(shape, dtype)
    if dtype.kind not in NUMBERS:
        raise Garbled(f"an array of {dtype} came")
    content = base64.b64decode(held, validate=True)
    return np.frombuffer(content, dtype).reshape(shape).copy()


def _tensor(held, coded):
    import torch  # so that a lesson without torch doesn't wait for it

    dtype = getattr(torch, coded["torch"])
    if held is None:
        return torch.empty(coded["shape"], dtype=dtype, device="meta")
    return torch.from_numpy(_array(held, coded)).to(dtype)


DECODERS = {
    "int": lambda held, _: int(held, 16),
    "complex": lambda held, _: complex(*held),
    "array": _array,
    "scalar": lambda held, coded: _array(held, coded)[()],
    "tensor": _tensor,
    "list": lambda held, _: [_decode(item) for item in held],
    "tuple": lambda held, _: tuple(_decode(item) for item in held),
    "dict": lambda held, _: {_decode(key): _decode(item) for key, item in held},
    "other": lambda held, _: type(held, (), {})(),
}
