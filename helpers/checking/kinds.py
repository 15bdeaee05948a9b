"""What kind of value came back, told without trusting it.

A student's function may return anything: an object whose ``repr`` raises, whose
``__eq__`` lies, whose ``__array__`` never ends. So a value is judged by its exact
type, and no method of a type that Python, NumPy or torch didn't make is ever called.
"""

import sys

import numpy as np

NUMPY_SCALARS = frozenset(np.sctypeDict.values())
PYTHON_NUMBERS = (bool, int, float, complex)


def torch_or_none():
    """torch if this session has imported it: a value can't be a tensor before."""
    return sys.modules.get("torch")


def is_tensor(value):
    torch = torch_or_none()
    return torch is not None and type(value) in (torch.Tensor, torch.nn.Parameter)


def is_array(value):
    return type(value) is np.ndarray


def is_number(value):
    """A single Python or NumPy number (a bool counts; a 0-d array doesn't)."""
    return type(value) in PYTHON_NUMBERS or type(value) in NUMPY_SCALARS


def is_sequence(value):
    torch = torch_or_none()
    return type(value) in (list, tuple) or (
        torch is not None and type(value) is torch.Size
    )


def is_plain_dict(value):
    """A dict whose keys can be looked up without calling a stranger's code."""
    return type(value) is dict and all(type(key) in (str, int) for key in value)


def is_numbers(value):
    """A list or tuple of nothing but single numbers, like a shape."""
    return is_sequence(value) and all(is_number(item) for item in value)


def to_numpy(value):
    """The numbers of an array, a tensor, a number, or a flat list of numbers.

    A tensor is detached and brought to the CPU; bfloat16, which NumPy lacks, becomes
    float32. Returns None if the value holds anything else.
    """
    if is_array(value):
        return value
    if is_tensor(value):
        torch = torch_or_none()
        value = value.detach()
        if value.dtype is torch.bfloat16:
            value = value.to(torch.float32)
        try:
            return value.to_dense().cpu().resolve_conj().resolve_neg().numpy()
        except (RuntimeError, TypeError, NotImplementedError):
            return None  # a tensor without numbers: on the meta device, quantized
    if is_number(value) or is_numbers(value):
        return np.asarray(value)
    return None


def class_name(value):
    """The name of a value's class, even if its metaclass tries to lie or raise."""
    return type.__dict__["__name__"].__get__(type(value))


def shape_text(shape):
    return "a single number" if shape == () else f"shape {tuple(shape)}"


def describe(value):
    """A few words for the kind of a value: "a NumPy array, float64, shape (2, 3)"."""
    if value is None:
        return "nothing (None)"
    if is_array(value):
        return f"a NumPy array, {value.dtype}, shape {value.shape}"
    if is_tensor(value):
        dtype = str(value.dtype).removeprefix("torch.")
        return f"a torch tensor, {dtype}, shape {tuple(value.shape)}"
    if type(value) in NUMPY_SCALARS:
        return f"a single NumPy number ({class_name(value)})"
    if is_sequence(value):
        items = "1 item" if len(value) == 1 else f"{len(value)} items"
        return f"a {class_name(value)} of {items}"
    words = {
        bool: "a Python bool",
        int: "a Python int",
        float: "a Python float",
        complex: "a Python complex number",
        str: "a string",
        dict: "a dict",
        set: "a set",
        range: "a range",
    }
    if type(value) in words:
        return words[type(value)]
    name = class_name(value)
    if name in ("function", "builtin_function_or_method", "method"):
        return "a function"
    if name in ("generator", "coroutine", "module"):
        return f"a {name}"
    if issubclass(type(value), type):
        return "a class"
    return f"an object of class {name}"
