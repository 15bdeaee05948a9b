"""A gradcheck that misses no parameter."""

import copy
import warnings

import torch
from torch import nn
from torch.autograd.gradcheck import GradcheckError

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l06_custom_functions import solutions
from lessons.l06_custom_functions._layers_to_check import (
    GradientOfBiasLost,
    GradientOfGainWrong,
    GradientOfWeightTurned,
    GradientOfWeightUpsideDown,
    GradientOfXTurned,
    Honest,
)


def by_nudging(module, x):
    """The oracle: central differences, for two directions of blame. x (N, D_in)."""
    module = copy.deepcopy(module).double()
    leaves = [x.double().requires_grad_(), *module.parameters()]
    out = module(leaves[0])
    directions = (torch.ones_like(out), torch.arange(out.numel()).view_as(out).cos())
    directions = [blame.to(out) for blame in directions]
    found = [
        torch.autograd.grad(out, leaves, blame, retain_graph=True)
        for blame in directions
    ]
    right = all(
        torch.allclose(grad, nudged(module, leaves[0], leaf, blame), rtol=1e-4)
        for blame, grads in zip(directions, found, strict=True)
        for leaf, grad in zip(leaves, grads, strict=True)
    )
    return {"accepted": right, "the module afterwards": "as it was"}


def nudged(module, x, leaf, blame, eps=1e-5):
    """The slopes of module(x), weighed by blame, along every entry of leaf."""
    slopes = torch.zeros_like(leaf)
    with torch.no_grad():
        entries, found = leaf.view(-1), slopes.view(-1)
        for i in range(entries.numel()):
            start = entries[i].item()
            for sign in (1, -1):
                entries[i] = start + sign * eps
                found[i] += sign * (module(x) * blame).sum() / (2 * eps)
            entries[i] = start
    return slopes


def cases(rng):
    """A layer and x (N, D_in), both float32; the last layer is made of two others."""

    def numbers(*shape):
        return torch.tensor(rng.uniform(0.5, 1.5, size=shape), dtype=torch.float32)

    for kind in (
        Honest,
        GradientOfXTurned,
        GradientOfWeightTurned,
        GradientOfBiasLost,
        GradientOfWeightUpsideDown,
    ):
        yield kind(numbers(2, 1), numbers(2)), numbers(1, 1)
    inner = GradientOfGainWrong(numbers(2))
    yield nn.Sequential(Honest(numbers(2, 1), numbers(2)), inner), numbers(3, 1)


def probe(answer, module, x):
    """Whether the answer accepts the layer, and whether the layer stayed as it was."""
    before = copy.deepcopy(module.state_dict())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # gradcheck's, of float32
            accepted = answer(module, x)
    except GradcheckError:
        accepted = "GradcheckError"
    after = module.state_dict()
    kept = all(
        before[name].dtype == after[name].dtype
        and torch.equal(before[name], after[name])
        for name in before
    )
    return {
        "accepted": accepted,
        "the module afterwards": "as it was" if kept else "changed",
    }


MISTAKES = (
    Mistake(
        "parameters never nudged",
        did="You checked the gradient of x. The parameters were not among the inputs, or the module didn't use those that were, so nobody looked at theirs.",
        look="What gradcheck nudges is what it is handed: hand it every parameter, and see that the module runs with these.",
        code=[
            """
import copy

def check_module_gradients(module, x):
    module = copy.deepcopy(module).double()
    x = x.double().requires_grad_()
    return gradcheck(module, (x,), raise_exception=False)
""",
            """
import copy

def check_module_gradients(module, x):
    module = copy.deepcopy(module).double()
    copies = (tensor.detach().clone().double() for tensor in (x, *module.parameters()))

    def run(x, *values):
        return module(x)

    inputs = tuple(copied.requires_grad_() for copied in copies)
    return gradcheck(run, inputs, raise_exception=False)
""",
        ],
    ),
    Mistake(
        "nothing asks for a gradient",
        did="You handed gradcheck tensors that don't ask for a gradient, so there was nothing to check.",
        look="x comes as plain data: make a float64 copy, with `.requires_grad_()`.",
        swap={"tuple(copied.requires_grad_() for copied in copies)": "tuple(copies)"},
        code="""
def check_module_gradients(module, x):
    return gradcheck(module, (x,), raise_exception=False)
""",
    ),
    Mistake(
        "x never nudged",
        did="You checked the parameters, and not x.",
        look="Layers below this one live on the gradient of x: it belongs to the inputs, too.",
        swap={
            "(x, *module.parameters())": "module.parameters()",
            "run(x, *values)": "run(*values)",
            "(x,))": "(x.double(),))",
        },
    ),
    Mistake(
        "only the weight",
        did="You checked x and what is called `weight`. A bias, or a parameter by another name, may have any gradient at all.",
        look="`module.named_parameters()` lists all there are.",
        code=[
            """
import copy

def check_module_gradients(module, x):
    module = copy.deepcopy(module).double()
    weights = [p for name, p in module.named_parameters() if name.endswith("weight")]

    def run(x, *weights):
        return module(x)

    inputs = (x.double().requires_grad_(), *weights)
    return gradcheck(run, inputs, raise_exception=False)
""",
            """
import copy

def check_module_gradients(module, x):
    module = copy.deepcopy(module).double()

    def run(x, weight):
        return module(x)

    inputs = (x.double().requires_grad_(), module.weight)
    return gradcheck(run, inputs, raise_exception=False)
""",
        ],
    ),
    Mistake(
        "only the last parameter",
        did="You checked x and the last parameter. What came of the others has no say in the answer.",
        look="One call of gradcheck takes x and every parameter at once.",
        code="""
import copy

def check_module_gradients(module, x):
    module = copy.deepcopy(module).double()
    x = x.double().requires_grad_()

    def run(x, parameter):
        return module(x)

    for parameter in module.parameters():
        accepted = gradcheck(run, (x, parameter), raise_exception=False)
    return accepted
""",
    ),
    Mistake(
        "weight and bias by name",
        did="You asked the module for `weight` and `bias`. Not every module has them: here is one that is made of others.",
        look="`module.named_parameters()` lists all there are, those of inner modules too.",
        swap={
            "[name for name, _ in module.named_parameters()]": '["weight", "bias"]',
            "(x, *module.parameters())": "(x, module.weight, module.bias)",
        },
    ),
    Mistake(
        "inner modules skipped",
        did="You took the module's own parameters, and none of those that belong to modules inside it.",
        look="Leave out `recurse=False`, or `_parameters`: `named_parameters()` goes all the way down.",
        swap={
            "module.named_parameters()": "module.named_parameters(recurse=False)",
            "module.parameters()": "module.parameters(recurse=False)",
        },
        code="""
import copy

def check_module_gradients(module, x):
    module = copy.deepcopy(module).double()

    def run(x, *parameters):
        return module(x)

    inputs = (x.double().requires_grad_(), *module._parameters.values())
    return gradcheck(run, inputs, raise_exception=False)
""",
    ),
    Mistake(
        "output summed first",
        did="You summed the output before the check. Every blame is 1 then, and a backward that mixes up whose blame is whose passes.",
        look="Hand gradcheck the output as it is: it tries one entry after the other.",
        swap={"(module, given, (x,))": "(module, given, (x,)).sum()"},
    ),
    Mistake(
        "error let through",
        did="Where a gradient is false, gradcheck raised its error, and nothing was returned.",
        look="`raise_exception=False` makes it return False.",
        swap={", raise_exception=False": ""},
    ),
    Mistake(
        "checked in float32",
        did="You refused every layer, an honest one too, as a check in float32 does: there, the nudges drown in rounding.",
        look="Make float64 copies of x and the parameters: `.double()`.",
        swap={".clone().double()": ".clone()"},
    ),
    Mistake(
        "the module itself made double",
        did="Your answers are right. But `module.double()` changes the caller's own module, which is float64 from now on.",
        look="Hand float64 copies of the parameters to `functional_call`, or work on `copy.deepcopy(module)`.",
        swap={"    names = [name": "    module = module.double()\n    names = [name"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.check_module_gradients,
    oracle=by_nudging,
    cases=cases,
    probe=probe,
    hints=(
        "gradcheck nudges what it is handed, and nothing else. So the parameters have to be among its inputs.",
        "`torch.func.functional_call(module, {name: tensor, …}, (x,))` runs a module with other tensors in place of its parameters.",
        "Make float64 copies that ask for gradients, of x and of every parameter; write a function `run(x, *values)`; `raise_exception=False` makes gradcheck return False in place of an error.",
    ),
    mistakes=MISTAKES,
)
