"""What no student would write on purpose, and some of it many write by accident."""

import asyncio
import functools

import numpy as np
import torch


def refuse(*args, **kwargs):
    raise ValueError("touched")


def agree(*args, **kwargs):
    return True


class Untouchable:
    """Every way to look at it raises."""

    __eq__ = __ne__ = __lt__ = __bool__ = __len__ = __iter__ = __contains__ = refuse
    __getattr__ = __repr__ = __str__ = __format__ = __float__ = __int__ = refuse
    __index__ = __array__ = __getitem__ = __add__ = __sub__ = __rsub__ = refuse
    __array_ufunc__ = __array_function__ = __torch_function__ = __reduce_ex__ = refuse
    __call__ = __copy__ = __deepcopy__ = __complex__ = __abs__ = refuse
    __class__ = property(refuse)
    __hash__ = None


class MetaLiar(type):
    """Its classes say that they are every other class."""

    __name__ = property(refuse)
    __instancecheck__ = __subclasscheck__ = __eq__ = lambda *_: True
    __hash__ = refuse
    __repr__ = refuse


class Liar(metaclass=MetaLiar):
    """Equal to everything, an array and a tensor, and its own copy."""

    __eq__ = __bool__ = __array_ufunc__ = __array_function__ = agree
    __ne__ = __hash__ = __len__ = lambda *_: 0
    __class__ = np.ndarray
    __torch_function__ = classmethod(agree)
    __copy__ = __deepcopy__ = lambda self, *_: self
    shape = property(lambda self: refuse())
    dtype = np.dtype(float)

    def __array__(self, *args, **kwargs):
        raise SystemExit


class LyingArray(np.ndarray):
    """An array that agrees with every other."""

    __eq__ = __ge__ = __le__ = lambda *_: True
    __sub__ = __rsub__ = __array_ufunc__ = lambda *_, **__: 0.0
    shape = property(lambda self: refuse())
    __repr__ = __array_function__ = refuse


class LyingTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *args, **kwargs):
        return True


class LyingNumber(float):
    __eq__ = __le__ = __ge__ = lambda *_: True
    __float__ = __repr__ = __format__ = refuse
    __hash__ = None


class LyingList(list):
    __len__ = __iter__ = __getitem__ = refuse


class LyingDict(dict):
    __len__ = __iter__ = __getitem__ = keys = items = refuse


class Key(str):
    __eq__ = __hash__ = refuse


class KeyLiar:
    __eq__ = agree

    def __hash__(self):
        return hash("h")


class Unspeakable(Exception):
    """An exception that can't be told."""

    __str__ = __repr__ = __bool__ = refuse
    __class__ = __traceback__ = __cause__ = __context__ = property(refuse)


class Wordless(BaseException):
    __str__ = __repr__ = lambda self: self


def a_list_in_itself():
    value = []
    value.append(value)
    return value


def a_dict_in_itself():
    value = {}
    value["h"] = value["shape"] = value
    return value


def a_deep_list():
    value = []
    for _ in range(2_000):
        value = [value]
    return value


def an_array_of(item):
    array = np.empty(3, dtype=object)
    for place in range(3):
        array[place] = item
    return array


def an_array_in_itself():
    array = np.empty(1, dtype=object)
    array[0] = array
    return array


RAISED = {
    "SystemExit": SystemExit,
    "KeyboardInterrupt": KeyboardInterrupt,
    "GeneratorExit": GeneratorExit,
    "RecursionError": RecursionError,
    "MemoryError": MemoryError,
    "StopIteration": StopIteration,
    "CancelledError": asyncio.CancelledError,
    "BaseException": BaseException,
    "no message": Unspeakable,
    "no words": Wordless,
}

# Made anew for each call.
# One of each kind: what is nothing, what lies, what can't be looked at or is endless.
SENTINELS = {"None", "a huge tensor", "untouchable", "a liar", "a lying tensor"}
RETURNED = {
    "a generator": lambda: (i for i in range(3)),
    "a function": lambda: refuse,
    "a class": lambda: Liar,
    "None": lambda: None,
    "a string": lambda: "12345",
    "HTML": lambda: "<script>alert(1)</script>",
    "bytes": lambda: b"123",
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "an array of NaN": lambda: np.full((2, 3), np.nan),
    "an int beyond floats": lambda: 10**5000,
    "ints beyond floats": lambda: [10**5000, -(10**400)],
    "a complex number": lambda: 1j,
    "a huge array": lambda: np.broadcast_to(1.0, 10**12),
    "a huge matrix": lambda: np.broadcast_to(np.ones(1), (10**6, 10**6)),
    "a huge tensor": lambda: torch.ones(1).expand(10**12),
    "a huge bfloat16 tensor": lambda: torch.ones(1).bfloat16().expand(10**15),
    "a huge sparse tensor": lambda: torch.sparse_coo_tensor(size=(10**9, 10**9)),
    "a huge range": lambda: range(10**12),
    "a tensor on no device": lambda: torch.ones(2, device="meta"),
    "a tensor that requires grad": lambda: torch.ones(2, 3, requires_grad=True),
    "a pair of them": lambda: (torch.ones(2, 3, requires_grad=True),) * 2,
    "a masked array": lambda: np.ma.masked_all((2, 3)),
    "strings": lambda: np.array([["a", "b"]]),
    "dates": lambda: np.array(["2020-01-01"], "datetime64[D]"),
    "a date": lambda: np.timedelta64(3, "D"),
    "fields": lambda: np.zeros(3, [("<b>", float)]),
    "untouchable": Untouchable,
    "a pair of untouchables": lambda: (Untouchable(), Untouchable()),
    "three untouchables": lambda: [Untouchable()] * 3,
    "an array of untouchables": lambda: an_array_of(Untouchable()),
    "a dict of untouchables": lambda: dict.fromkeys(
        ["h", "y_pred", "dw1", "dw2", "shape", "kind", "total"], Untouchable()
    ),
    "a liar": Liar,
    "three liars": lambda: [Liar()] * 3,
    "an array of liars": lambda: an_array_of(Liar()),
    "a lying array": lambda: np.ones((2, 3)).view(LyingArray),
    "three lying arrays": lambda: (np.ones((2, 3)).view(LyingArray),) * 3,
    "a lying tensor": lambda: torch.ones(2, 3).as_subclass(LyingTensor),
    "a lying number": lambda: LyingNumber(3),
    "three lying numbers": lambda: [LyingNumber(3)] * 3,
    "a lying list": lambda: LyingList([1, 2, 3]),
    "a lying dict": lambda: LyingDict(h=1),
    "a dict of lying keys": lambda: {KeyLiar(): 1},
    "a list in itself": a_list_in_itself,
    "a dict in itself": a_dict_in_itself,
    "an array in itself": an_array_in_itself,
    "a deep list": a_deep_list,
    "NotImplemented": lambda: NotImplemented,
    "a module": lambda: np,
    "a set": lambda: {1, 2},
    "nothing in particular": object,
    "a partial": lambda: functools.partial(refuse),
}
