"""What kind of value came back, found out without trusting it.

A student's function may return anything: an object whose ``repr`` raises, whose
``__eq__`` lies, whose ``__array__`` never ends. So a value is judged by its exact
type, and no method of a type that Python, NumPy or torch didn't make is ever called.
Types are told apart by identity, because a metaclass can redefine `==` and `hash`.
"""

import sys
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

PYTHON_NUMBERS = (bool, int, float, complex)
NUMPY_NUMBERS = tuple(
    {kind for kind in np.sctypeDict.values() if np.dtype(kind).kind in "biufc"}
)
LONGEST_NAME = 60  # characters of a class's name that are shown
LARGEST_TENSOR = 100_000_000  # entries


def is_one_of(value: Any, kinds: Iterable[type]) -> bool:
    """Whether a value's own type is one of ``kinds``."""
    return any(type(value) is kind for kind in kinds)


def torch_or_none() -> Any:
    """torch if this session has imported it: a value can't be a tensor before."""
    return sys.modules.get("torch")


def is_tensor(value: Any) -> bool:
    """Whether a value is a torch tensor or parameter; subclasses don't count."""
    torch = torch_or_none()
    return torch is not None and is_one_of(value, (torch.Tensor, torch.nn.Parameter))


def is_array(value: Any) -> bool:
    """Whether a value is a NumPy array; subclasses don't count."""
    return type(value) is np.ndarray


def is_number(value: Any) -> bool:
    """A single Python or NumPy number (a bool counts; a 0-d array doesn't)."""
    return is_one_of(value, PYTHON_NUMBERS) or is_one_of(value, NUMPY_NUMBERS)


def is_sequence(value: Any) -> bool:
    """Whether a value is a list, a tuple or a torch.Size."""
    torch = torch_or_none()
    return is_one_of(value, (list, tuple)) or (
        torch is not None and type(value) is torch.Size
    )


def is_plain_dict(value: Any) -> bool:
    """Whether it is a dict whose keys can be looked up without calling foreign code."""
    return type(value) is dict and all(is_one_of(key, (str, int)) for key in value)


def is_numbers(value: Any) -> bool:
    """A list or tuple of nothing but single numbers, like a shape."""
    return is_sequence(value) and all(is_number(item) for item in value)


def to_numpy(value: Any) -> np.ndarray | None:
    """The numbers of an array, a tensor, a number, or a flat list of numbers.

    A tensor is detached and brought to the CPU; bfloat16, which NumPy lacks, becomes
    float32. Returns None if the value holds anything else, or can't be copied: a
    tensor can claim more entries than any memory has.
    """
    if is_array(value):
        return value
    if is_tensor(value):
        if value.numel() > LARGEST_TENSOR:
            return None
        try:
            value = value.detach().to_dense().cpu().resolve_conj().resolve_neg()
            return (value.float() if _is_bfloat16(value) else value).numpy()
        except (RuntimeError, TypeError, NotImplementedError):
            return None  # a tensor without numbers: on the meta device, quantized
    if is_number(value) or is_numbers(value):
        return np.asarray(value)
    return None


def array_of(value: Any) -> np.ndarray:
    """The same of a value that is known to hold numbers. Raises TypeError otherwise."""
    array = to_numpy(value)
    if array is None:
        raise TypeError(f"{describe(value)} holds no numbers.")
    return array


def _is_bfloat16(tensor: Any) -> bool:
    return tensor.dtype is torch_or_none().bfloat16


def dtype_name(value: Any) -> str:
    """What the numbers of an array, tensor, number or flat list are stored as."""
    if is_tensor(value):
        return str(value.dtype).removeprefix("torch.")
    return np.asarray(value).dtype.name


def name_of_class(kind: type) -> str:
    """A class's name on one short line, even if its metaclass tries to lie or raise."""
    name = " ".join(type.__dict__["__name__"].__get__(kind).split())
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def describe(value: Any) -> str:
    """A few words for the kind of a value: "a NumPy array, float64, shape (2, 3)"."""
    if value is None:
        return "nothing (None)"
    if is_array(value):
        return f"a NumPy array, {value.dtype.name[:LONGEST_NAME]}, shape {value.shape}"
    if is_tensor(value):
        return f"a torch tensor, {dtype_name(value)}, shape {tuple(value.shape)}"
    name = name_of_class(type(value))
    if is_one_of(value, NUMPY_NUMBERS):
        return f"a single NumPy number ({name})"
    if is_sequence(value):
        items = "1 item" if len(value) == 1 else f"{len(value)} items"
        return f"a {name} of {items}"
    for kind, words in IN_WORDS:
        if type(value) is kind:
            return words
    if issubclass(type(value), type):
        return "a class"
    return f"an object of class {name}"


IN_WORDS = (
    (bool, "a Python bool"),
    (int, "a Python int"),
    (float, "a Python float"),
    (complex, "a Python complex number"),
    (str, "a string"),
    (dict, "a dict"),
    (set, "a set"),
    (range, "a range"),
    (types.FunctionType, "a function"),
    (types.MethodType, "a method"),
    (types.BuiltinFunctionType, "a built-in function"),
    (types.GeneratorType, "a generator"),
    (types.CoroutineType, "a coroutine"),
    (types.ModuleType, "a module"),
)
