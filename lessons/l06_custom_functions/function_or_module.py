"""Which of the two does what, a Function or a Module."""

import torch
from torch import nn
from torch.autograd import Function

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions


class Halve(Function):
    """Half of x, of any shape."""

    @staticmethod
    def forward(ctx, x):
        """x / 2, in the shape of x."""
        return x / 2

    @staticmethod
    def backward(ctx, blame):
        """The gradient of x, in the shape of blame."""
        return blame / 2


class Layer(nn.Module):
    """A Module that uses a Function."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x):
        """Half of x times the weight, in the shape of x."""
        return Halve.apply(x * self.weight)


def roles_as_they_show():
    """The oracle: what a Function, and a Module that uses it, have to show."""
    node = Layer()(torch.ones(1)).grad_fn.name()
    is_function = {
        "keeps the weights from one call to the next": hasattr(Function, "parameters"),
        "comes with a backward that you write": hasattr(Function, "backward"),
        "is called through apply": "__call__" in vars(nn.Module),
        "fills the state_dict": hasattr(Function, "state_dict"),
        "calls the other one in its forward": node == "LayerBackward",
        "is one single node in autograd's graph": node == "HalveBackward",
    }
    return {key: "Function" if yes else "Module" for key, yes in is_function.items()}


MISTAKES = (
    Mistake(
        "weights kept in a Function",
        did="You let a Function keep the weights. Its `ctx` is new for every call.",
        look="Which of the two is an object that lasts, with an `__init__`?",
        swap={'to the next": "Module"': 'to the next": "Function"'},
    ),
    Mistake(
        "backward written in a Module",
        did="You expect a Module to bring its own backward.",
        look="Look at any Module of lesson 04: it has a `forward`, and autograd did the rest.",
        swap={'that you write": "Function"': 'that you write": "Module"'},
    ),
    Mistake(
        "a Module called through apply",
        did="You call a Module through `apply`. Modules do have a method of that name, which visits all submodules.",
        look="A layer is called like a function, `layer(x)`. What was `MulConstant` called with?",
        swap={'through apply": "Function"': 'through apply": "Module"'},
    ),
    Mistake(
        "state_dict of a Function",
        did="You let a Function fill the state_dict.",
        look="The state_dict holds parameters and buffers. Who owns those?",
        swap={'the state_dict": "Module"': 'the state_dict": "Function"'},
    ),
    Mistake(
        "nested the other way round",
        did="You let a Function call a Module. Inside a Function's forward, autograd isn't watching: the Module's parameters would get no gradient.",
        look="The one that owns the weights hands them to the other.",
        swap={'in its forward": "Module"': 'in its forward": "Function"'},
    ),
    Mistake(
        "a Module as one node",
        did="You take a Module for one node of the graph.",
        look="autograd never sees Modules, only the operations that they call. Which of the two shows up in `grad_fn`?",
        swap={'in autograd\'s graph": "Function"': 'in autograd\'s graph": "Module"'},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.function_or_module,
    oracle=roles_as_they_show,
    hints=(
        "A Function is a verb: two static methods, and nothing that lasts beyond one pass.",
        "A Module is a noun: it owns parameters, and its forward may call whatever autograd can follow.",
    ),
    mistakes=MISTAKES,
)
