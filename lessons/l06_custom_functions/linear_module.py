"""A linear layer as a Module."""

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._layer_to_judge import UNREACHED, listed, report_on


def by_torch(x, weight, bias):
    """The oracle: torch's own layer, with these weights in it.

    x (N, D_in), weight (D_out, D_in), bias (D_out,) or None.
    """
    D_out, D_in = weight.shape
    layer = nn.Linear(D_in, D_out, bias=bias is not None)
    state = {"weight": weight} | ({} if bias is None else {"bias": bias})
    layer.load_state_dict(state)
    return {
        "output": layer(x).detach(),
        "parameters": listed(layer),
        UNREACHED: "none",
        "fresh weight": "as it should be",
        "fresh bias": "as it should be",
        "printed": repr(layer),
        "a plain tensor as bias": "refused",
    }


def cases(rng):
    """x (N, D_in), weight (D_out, D_in), and bias (D_out,) or None."""

    def numbers(*shape):
        return torch.tensor(rng.normal(size=shape), dtype=torch.float32)

    yield (
        torch.tensor([[1.0, 2.0]]),
        torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 1.0]]),
        torch.tensor([1.0, 2.0, 3.0]),
    )
    yield numbers(2, 3), numbers(4, 3), None
    yield numbers(3, 4), numbers(2, 4), numbers(2)


MISTAKES = (
    Mistake(
        "weight is a plain tensor",
        did="The weight is a plain tensor, so `parameters()` doesn't list it, and no optimizer would ever move it.",
        look="Wrap it: `nn.Parameter(...)`.",
        swap={"nn.Parameter(weight)": "weight"},
    ),
    Mistake(
        "bias is a plain tensor",
        did="The bias is a plain tensor, so `parameters()` doesn't list it, and no optimizer would ever move it.",
        look="Wrap it: `nn.Parameter(...)`.",
        swap={
            "nn.Parameter(torch.empty(out_features).uniform_(-b, b))": "torch.empty(out_features).uniform_(-b, b)"
        },
    ),
    Mistake(
        "weight and bias are plain tensors",
        did="Weight and bias are plain tensors: the layer has no parameters at all, and nothing that an optimizer could move.",
        look="Wrap each of them: `nn.Parameter(...)`.",
        swap={
            "nn.Parameter(weight)": "weight",
            "nn.Parameter(torch.empty(out_features).uniform_(-b, b))": "torch.empty(out_features).uniform_(-b, b)",
        },
    ),
    Mistake(
        "bias None as an attribute only",
        did="`self.bias = None` is an attribute like any other. A plain tensor can be put in its place, and it would never train.",
        look='`self.register_parameter("bias", None)` keeps the place for a parameter.',
        swap={'self.register_parameter("bias", None)': "self.bias = None"},
    ),
    Mistake(
        "no bias at all",
        did="Without a bias, your layer has no attribute `bias`, and looking for it fails.",
        look='`self.register_parameter("bias", None)` says that there is none.',
        swap={'        else:\n            self.register_parameter("bias", None)\n': ""},
    ),
    Mistake(
        "the choice of bias ignored",
        did="Your layer has a bias even with `bias=False`.",
        look='In that case, `self.register_parameter("bias", None)`.',
        swap={
            "if bias:\n            self.bias": "self.bias",
            '        else:\n            self.register_parameter("bias", None)\n': "",
        },
    ),
    Mistake(
        "memory left as it was",
        did="`torch.empty` and `torch.Tensor(…)` hand out memory with whatever lies in it. You made parameters of that.",
        look="Fill it: `.uniform_(-b, b)`.",
        swap=[
            {
                "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.empty(out_features, in_features)",
                "torch.empty(out_features).uniform_(-b, b)": "torch.empty(out_features)",
            },
            {
                "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.Tensor(out_features, in_features)",
                "torch.empty(out_features).uniform_(-b, b)": "torch.Tensor(out_features)",
            },
        ],
    ),
    Mistake(
        "bias left as memory had it",
        did="The weight is drawn. The bias is whatever lay in the memory that `torch.empty` handed out.",
        look="Fill it as well: `.uniform_(-b, b)`.",
        swap={"torch.empty(out_features).uniform_(-b, b)": "torch.empty(out_features)"},
    ),
    Mistake(
        "all weights alike",
        did="Every weight starts with the same number, so all hidden units of a network would get the same blame for ever.",
        look="Draw them: `.uniform_(-b, b)`.",
        swap=[
            {
                "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.zeros(out_features, in_features)"
            },
            {
                "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.ones(out_features, in_features)"
            },
        ],
    ),
    Mistake(
        "all biases alike",
        did="The weights are drawn. The biases all start with the same number.",
        look="Draw them as well, between -b and b: `.uniform_(-b, b)`.",
        swap={"torch.empty(out_features).uniform_(-b, b)": "torch.zeros(out_features)"},
    ),
    Mistake(
        "weights too large",
        did="Your weights start larger than 1/√in_features, so that layers with many inputs overshoot.",
        look="Many inputs, small weights: `.uniform_(-b, b)` with b = 1/√in_features.",
        swap=[
            {"b = in_features**-0.5": "b = 1"},
            {"b = in_features**-0.5": "b = in_features**0.5"},
            {
                "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.randn(out_features, in_features)",
                "torch.empty(out_features).uniform_(-b, b)": "torch.randn(out_features)",
            },
        ],
    ),
    Mistake(
        "weights too small",
        did="Your weights start smaller than they should: the largest is far from 1/√in_features.",
        look="Is the root missing? The bound isn't 1/in_features.",
        swap={"b = in_features**-0.5": "b = 1 / in_features"},
    ),
    Mistake(
        "no negative weights",
        did="None of your weights starts below 0. `torch.rand` draws from 0 to 1.",
        look="Between -b and b: `.uniform_(-b, b)`.",
        swap={
            "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.rand(out_features, in_features) * b",
            "torch.empty(out_features).uniform_(-b, b)": "torch.rand(out_features) * b",
        },
    ),
    Mistake(
        "drawn after it was a parameter",
        did="You filled a parameter in place while autograd was watching, and it refuses that for a leaf.",
        look="Fill the tensor first and wrap it then, or fill it under `torch.no_grad()`.",
        swap=[
            {
                "torch.empty(out_features, in_features).uniform_(-b, b)": "torch.empty(out_features, in_features)",
                "nn.Parameter(weight)": "nn.Parameter(weight)\n        self.weight.uniform_(-b, b)",
            },
            {
                "nn.Parameter(torch.empty(out_features).uniform_(-b, b))": "nn.Parameter(torch.empty(out_features))\n            self.bias.uniform_(-b, b)"
            },
        ],
    ),
    Mistake(
        "weight stored the other way round",
        did="Your weight is (in_features, out_features).",
        look="As torch has it: (out_features, in_features).",
        swap={
            "torch.empty(out_features, in_features)": "torch.empty(in_features, out_features)",
            "x, self.weight, self.bias": "x, self.weight.T, self.bias",
        },
    ),
    Mistake(
        "bias not handed on",
        did="Your `forward` doesn't use the bias.",
        look="`LinearFunction.apply` takes three things: x, weight, bias.",
        swap={"x, self.weight, self.bias": "x, self.weight"},
    ),
    Mistake(
        "parameters cut loose",
        did="Your `forward` computes with the numbers of weight and bias, cut loose from the parameters: no gradient reaches them.",
        look="Hand over `self.weight` and `self.bias` themselves, without `.data` and `.detach()`.",
        swap=[
            {
                "return LinearFunction.apply(x, self.weight, self.bias)": "bias = None if self.bias is None else self.bias.data\n        return LinearFunction.apply(x, self.weight.data, bias)"
            },
            {
                "x, self.weight, self.bias": "x, self.weight.data, self.bias.data",
            },
            {
                "x, self.weight, self.bias": "x, self.weight.detach(), self.bias.detach()",
            },
        ],
    ),
    Mistake(
        "super().__init__() left out",
        did="The Module's own `__init__` has not been called, so it has nowhere to keep parameters.",
        look="`super().__init__()` is the first line of your `__init__`.",
        swap={"        super().__init__()\n": ""},
    ),
    Mistake(
        "nothing printed between the brackets",
        did="Your layer prints itself as `Linear()`.",
        look="`extra_repr` returns the words that go between the brackets.",
        swap=[
            {
                'return f"{sizes}, bias={self.bias is not None}"': 'print(f"{sizes}, bias={self.bias is not None}")'
            },
            {
                """

    def extra_repr(self):
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}\"""": ""
            },
        ],
    ),
    Mistake(
        "Linear written once more",
        did="Your `extra_repr` returns the whole line, so `Linear(…)` stands within the brackets of `Linear(…)`.",
        look="Return what goes between the brackets, and nothing else.",
        swap={
            "{sizes}, bias={self.bias is not None}": "Linear({sizes}, bias={self.bias is not None})"
        },
    ),
    Mistake(
        "extra_repr names what isn't there",
        did="Your `extra_repr` asks for an attribute that the layer hasn't got. Nobody notices until it is printed.",
        look="Every `self.…` in it has to be set in `__init__`.",
        swap=[
            {
                "        self.in_features, self.out_features = in_features, out_features\n": ""
            },
            {"bias={self.bias is not None}": "bias={self.has_bias}"},
        ],
    ),
    Mistake(
        "bias printed in full",
        did="Your `extra_repr` puts the bias itself between the brackets.",
        look="Whether there is one is what should stand there: `self.bias is not None`.",
        swap={"bias={self.bias is not None}": "bias={self.bias}"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.Linear,
    oracle=by_torch,
    cases=cases,
    probe=report_on,
    inputs=("x", "weight", "bias"),
    hints=(
        "`super().__init__()` first. What is to be trained is an `nn.Parameter`.",
        "`torch.empty(...)` hands out memory as it is: fill it, with `.uniform_(-b, b)`, before it becomes a parameter.",
        'Without a bias: `self.register_parameter("bias", None)`. `extra_repr` returns what stands between the brackets of `Linear(...)`.',
    ),
    mistakes=MISTAKES,
)
