"""Your own Functions."""

import copy
import warnings

import numpy as np
import torch
from scipy import fft
from scipy.signal import convolve2d, correlate2d
from torch import nn
from torch.autograd import Function, gradcheck
from torch.autograd.function import once_differentiable
from torch.autograd.gradcheck import GradcheckError

from diagnose.exercise import Exercise, Mistake

# How a Function is put to a case: forward, backward, and what it holds on to


def put_to_use(answer, given, blame, wanted=None):
    """What a Function makes of its inputs, and the blame it passes back.

    ``given`` holds the inputs by name, ``wanted`` the names of those that ask for a
    gradient (by default all tensors). Gradients are what ``backward`` returns, before
    autograd sums away an axis too many.
    """
    tensors = [name for name, value in given.items() if torch.is_tensor(value)]
    wanted = tensors if wanted is None else wanted
    inputs = {
        name: value.clone().requires_grad_(name in wanted) if name in tensors else value
        for name, value in given.items()
    }
    out = answer.apply(*inputs.values())
    report = told(out, dict.fromkeys(given), given, inputs)
    if not torch.is_tensor(out):
        return report | {f"gradient of {name}": "not asked for" for name in wanted}
    if out.grad_fn is None:
        return report
    if out.shape != blame.shape:
        blame = torch.ones_like(out)
    with torch.no_grad():
        raw = out.grad_fn.apply(blame)
    if raw is None:
        raise TypeError("backward returned nothing; does it end with a `return`?")
    if type(raw) is list:
        raise TypeError(
            "backward returned a list, which autograd takes for a single gradient; "
            "return a tuple: commas, and no square brackets"
        )
    raw = raw if type(raw) is tuple else (raw,)
    returned = dict(zip(given, raw, strict=False))
    for name in given:
        if name in wanted or name not in tensors:
            report[f"gradient of {name}"] = returned.get(name)
    leaves = [inputs[name] for name in wanted]
    if len(raw) < len(given) or all_fit(returned, given, wanted):
        grads = torch.autograd.grad(out, leaves, blame, allow_unused=True)
        if change_spoils(answer, inputs, tensors, leaves, blame, grads):
            report[CHANGE] = "spoil a gradient"
    report["dtypes"] = dtypes(out, *returned.values())
    return report


def dtypes(out, *grads):
    """float64, back float64"""
    names = [str(out.dtype) if torch.is_tensor(out) else "nothing", "back"]
    names += sorted({str(grad.dtype) for grad in grads if torch.is_tensor(grad)})
    return " ".join(names).replace("torch.", "")


def all_fit(returned, given, wanted):
    """Whether gradients are there for tensors alone, and in their shapes."""
    return all(
        returned[name] is None
        if not torch.is_tensor(value)
        else name not in wanted
        or not torch.is_tensor(returned[name])
        or returned[name].shape == value.shape
        for name, value in given.items()
    )


CHANGE = "in-place changes"
INPUTS = "inputs"


def told(out, grads, given, inputs):
    """The report on a Function, as far as its output tells."""
    is_tensor = torch.is_tensor(out)
    kept = all(
        torch.equal(value, inputs[name])
        for name, value in given.items()
        if torch.is_tensor(value)
    )
    return {
        "output": out.detach().clone() if is_tensor else out,
        **{f"gradient of {name}": grad for name, grad in grads.items()},
        CHANGE: "do no harm",
        INPUTS: "as they were" if kept else "changed",
        "dtypes": dtypes(out, *grads.values()),
    }


def change_spoils(answer, inputs, tensors, leaves, blame, grads):
    """Whether an input that changes before backward falsifies a gradient unseen."""
    for changed in tensors:
        fresh = {n: inputs[n] * 1 if n in tensors else inputs[n] for n in inputs}
        out = answer.apply(*fresh.values())
        with torch.no_grad():
            fresh[changed].mul_(3).add_(1)
        try:
            again = torch.autograd.grad(out, leaves, blame, allow_unused=True)
        except RuntimeError:
            continue  # autograd has noticed
        if any(
            a is not None and b is not None and not torch.allclose(a, b)
            for a, b in zip(grads, again, strict=True)
        ):
            return True
    return False


def by_autograd(function, given, blame, wanted=None):
    """The report that is right, by torch's own operations."""
    leaves = {
        name: value.clone().requires_grad_()
        for name, value in given.items()
        if torch.is_tensor(value)
    }
    out = function(**{**given, **leaves})
    grads = torch.autograd.grad(out, list(leaves.values()), blame)
    grads = dict(zip(leaves, grads, strict=True))
    wanted = leaves if wanted is None else wanted
    grads = {name: grads[name] if name in wanted else None for name in given}
    return told(out, grads, given, given)


def function_of(name, forward, backward):
    """A Function of this name; errors in its backward mention the name."""
    steps = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    return type(name, (Function,), steps)


# Multiply by a constant


class MulConstant(Function):
    """x times constant; x is a tensor, constant a plain number."""

    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        return blame * ctx.constant, None


def mul_probe(answer, x, constant, blame):
    return put_to_use(answer, {"x": x, "constant": constant}, blame)


def mul_by_autograd(x, constant, blame):
    given = {"x": x, "constant": constant}
    return by_autograd(lambda x, constant: x.mul(constant), given, blame)


def mul_cases(rng):
    yield torch.tensor([[1.0, 2.0]]), 3.0, torch.tensor([[1.0, 10.0]])
    for shape in ((2, 3), (4,)):
        x, blame = (torch.tensor(rng.normal(size=shape)) for _ in range(2))
        yield x, float(rng.uniform(1.5, 4)), blame


def mul_but(backward=None, forward=None):
    """A wrong `MulConstant`; backward maps (blame, constant) to what is returned."""
    backward = backward or (lambda blame, constant: (blame * constant, None))

    def usual_forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    return function_of(
        "MulConstant",
        forward or usual_forward,
        lambda ctx, blame: backward(blame, ctx.constant),
    )


def mul_in_place(ctx, x, constant):
    ctx.constant = constant
    return x.mul_(constant)


def mul_keeps_x(ctx, x, constant):
    ctx.constant = x
    return x * constant


def mul_saves_a_number(ctx, x, constant):
    ctx.save_for_backward(x, constant)
    return x * constant


def mul_forgets(ctx, x, constant):
    return x * constant


def mul_with_self(self, ctx, x, constant):
    return x * constant


mul_with_self.__qualname__ = "MulConstant.forward"  # as the student's error has it


MUL_CONSTANT = Exercise(
    "06.mul_constant",
    reference=MulConstant,
    oracle=mul_by_autograd,
    cases=mul_cases,
    probe=mul_probe,
    inputs=("x", "constant", "blame"),
    minutes=5,
    difficulty=1,
    hints=(
        "A plain number is hung on `ctx` as an attribute: `ctx.constant = constant`.",
        "By how much does the output grow if `x` grows by a hair? Multiply the blame "
        "by that.",
        "`backward` returns one thing for each argument of `forward` after `ctx`: "
        "here two, and the second is `None`.",
    ),
    mistakes=(
        Mistake(
            "one gradient too few",
            "Your `backward` returned one gradient, and `forward` took two arguments.",
            "One is due for each argument after `ctx`, in their order: `None` for the "
            "constant.",
            mul_but(lambda blame, constant: blame * constant),
        ),
        Mistake(
            "None in front",
            "You returned `None` where the gradient of `x` is due.",
            "Gradients come in the order of `forward`'s arguments: `x` first, and "
            "`None` for the constant.",
            mul_but(lambda blame, constant: (None, blame * constant)),
        ),
        Mistake(
            "a gradient for the constant",
            "You returned a gradient for the constant, too. It is a plain number, and "
            "autograd can't pass anything back to it.",
            "What is no tensor gets `None`.",
            mul_but(lambda blame, constant: (blame * constant, blame)),
        ),
        Mistake(
            "self in front of ctx",
            "Your methods begin with `self`. A Function is never made into an object: "
            "autograd calls them with `ctx` in first place.",
            "`@staticmethod`, and `ctx` for the first argument.",
            mul_but(forward=mul_with_self),
        ),
        Mistake(
            "a number given to save_for_backward",
            "You gave the constant to `save_for_backward`, which takes tensors only.",
            "A plain number becomes an attribute: `ctx.constant = constant`.",
            mul_but(forward=mul_saves_a_number),
        ),
        Mistake(
            "nothing kept for the way back",
            "`backward` asks `ctx` for a constant that `forward` never put there.",
            "`ctx` is all that the two share: write `ctx.constant = constant` in "
            "`forward`.",
            mul_but(forward=mul_forgets),
        ),
        Mistake(
            "blame left out",
            "You returned the constant itself, for a blame of 1 everywhere.",
            "What arrives in `blame` is multiplied by it.",
            mul_but(lambda b, constant: (torch.full_like(b, constant), None)),
        ),
        Mistake(
            "blame passed on as it came",
            "You passed the blame on unchanged.",
            "A hair of `x` moves the output by `constant` hairs.",
            mul_but(lambda blame, constant: (blame, None)),
        ),
        Mistake(
            "partners exchanged",
            "You multiplied the blame by `x`. That would be the constant's gradient.",
            "A hair of `x` moves the output by `constant` hairs.",
            mul_but(forward=mul_keeps_x),
        ),
        Mistake(
            "divided on the way back",
            "You divided the blame by the constant, as if to undo the forward step.",
            "Backward doesn't undo: it multiplies by the slope, which is the constant.",
            mul_but(lambda blame, constant: (blame / constant, None)),
        ),
        Mistake(
            "x changed in place",
            "Your `forward` multiplied `x` itself, which belongs to whoever called it.",
            "Make a new tensor: `x * constant`.",
            mul_but(forward=mul_in_place),
        ),
    ),
)

# A linear layer as a Function


class LinearFunction(Function):
    """x (N, D_in) times weight (D_out, D_in), transposed, plus bias (D_out,), if any.

    Called as LinearFunction.apply(x, weight, bias), where bias may be None.
    """

    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        ctx.has_bias = bias is not None
        out = x @ weight.T  # (N, D_out)
        return out + bias if ctx.has_bias else out

    @staticmethod
    def backward(ctx, blame):
        x, weight = ctx.saved_tensors
        dx = blame @ weight  # (N, D_in)
        dweight = blame.T @ x  # (D_out, D_in)
        dbias = blame.sum(0) if ctx.has_bias else None  # (D_out,)
        return dx, dweight, dbias


def linear_probe(answer, x, weight, bias, blame, wanted):
    given = {"x": x, "weight": weight, "bias": bias}
    return put_to_use(answer, given, blame, wanted.split(", "))


def linear_by_autograd(x, weight, bias, blame, wanted):
    given = {"x": x, "weight": weight, "bias": bias}
    wanted = wanted.split(", ")
    return by_autograd(linear, given, blame, wanted)


def linear(x, weight, bias):
    return nn.functional.linear(x, weight, bias)


def linear_cases(rng):
    def numbers(*shape):
        return torch.tensor(rng.normal(size=shape))

    yield (
        torch.tensor([[1.0, 2.0]], dtype=torch.float64),
        torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 1.0]], dtype=torch.float64),
        torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64),
        torch.tensor([[1.0, 10.0, 100.0]], dtype=torch.float64),
        "x, weight, bias",
    )
    yield numbers(2, 3), numbers(4, 3), None, numbers(2, 4), "x, weight"
    yield numbers(3, 2), numbers(4, 2), numbers(4), numbers(3, 4), "weight, bias"
    yield numbers(4, 5), numbers(3, 5), numbers(3), numbers(4, 3), "x"


def linear_but(dx=None, dweight=None, dbias=None, returned=None, forward=None):
    """A wrong `LinearFunction`. The gradients are made of (blame, x, weight).

    ``returned`` maps (ctx, dx, dweight, dbias) to what backward returns.
    """
    dx = dx or (lambda blame, x, weight: blame @ weight)
    dweight = dweight or (lambda blame, x, weight: blame.T @ x)
    dbias = dbias or (lambda blame, x, weight: blame.sum(0))

    def backward(ctx, blame):
        x, weight = getattr(ctx, "kept", None) or ctx.saved_tensors
        given = blame, x, weight
        bias_s = dbias(*given) if ctx.has_bias else None
        grads = dx(*given), dweight(*given), bias_s
        return returned(ctx, blame, *grads) if returned else grads

    return function_of("LinearFunction", forward or linear_forward, backward)


def linear_forward(ctx, x, weight, bias=None):
    ctx.save_for_backward(x, weight)
    ctx.has_bias = bias is not None
    out = x @ weight.T
    return out if bias is None else out + bias


def linear_keeps_attributes(ctx, x, weight, bias=None):
    ctx.kept = x, weight
    ctx.has_bias = bias is not None
    out = x @ weight.T
    return out if bias is None else out + bias


def linear_untransposed(ctx, x, weight, bias=None):
    ctx.has_bias = bias is not None
    ctx.save_for_backward(x, weight)
    out = x @ weight
    return out if bias is None else out + bias


def linear_if_bias(ctx, x, weight, bias=None):
    ctx.save_for_backward(x, weight)
    out = x @ weight.T
    if bias:
        out = out + bias
    return out


def linear_without_bias(ctx, x, weight, bias=None):
    ctx.save_for_backward(x, weight)
    ctx.has_bias = bias is not None
    return x @ weight.T


LINEAR_FUNCTION = Exercise(
    "06.linear_function",
    reference=LinearFunction,
    oracle=linear_by_autograd,
    cases=linear_cases,
    probe=linear_probe,
    inputs=("x", "weight", "bias", "blame", "asking for gradients"),
    minutes=12,
    difficulty=2,
    hints=(
        "Each gradient has the shape of what it belongs to. With blame (N, D_out), x "
        "(N, D_in) and weight (D_out, D_in), only one product fits each.",
        "The bias was added to every row, so it is to blame for every row: sum over "
        "the batch. Without a bias, its place is taken by `None`.",
        "`dx = blame @ weight` and `dweight = blame.T @ x`; return them in the order "
        "x, weight, bias.",
    ),
    mistakes=(
        Mistake(
            "weight gradient transposed",
            "The weight's gradient has its rows and columns exchanged.",
            "It must have the weight's own shape, (D_out, D_in): blame comes first in "
            "the product.",
            linear_but(dweight=lambda blame, x, weight: x.T @ blame),
        ),
        Mistake(
            "bias gradient not summed",
            "You gave the bias one row of blame for each example. autograd adds such "
            "rows up without a word, but only because the shapes allow it.",
            "One bias served all rows: sum the blame over the batch, axis 0.",
            linear_but(dbias=lambda blame, x, weight: blame),
        ),
        Mistake(
            "bias gradient summed along the rows",
            "You summed the blame over the outputs of each example.",
            "The bias has an entry for each output. Sum over the batch: axis 0.",
            linear_but(dbias=lambda blame, x, weight: blame.sum(1)),
        ),
        Mistake(
            "bias gradient averaged",
            "You averaged the blame over the batch.",
            "Blame adds up: if an average is wanted, the loss has divided already.",
            linear_but(dbias=lambda blame, x, weight: blame.mean(0)),
        ),
        Mistake(
            "weight gradient averaged",
            "You divided the weight's gradient by the number of examples.",
            "Blame adds up: if an average is wanted, the loss has divided already.",
            linear_but(dweight=lambda blame, x, weight: blame.T @ x / len(x)),
        ),
        Mistake(
            "gradients in another order",
            "You returned the weight's gradient first, and then that of `x`.",
            "The order is that of `forward`'s arguments: x, weight, bias.",
            linear_but(
                returned=lambda ctx, blame, dx, dweight, dbias: (dweight, dx, dbias)
            ),
        ),
        Mistake(
            "one gradient too few",
            "Your `backward` returned two gradients, and `forward` took three "
            "arguments.",
            "One is due for each argument after `ctx`, `None` for a bias that isn't "
            "there.",
            linear_but(returned=lambda ctx, blame, dx, dweight, dbias: (dx, dweight)),
        ),
        Mistake(
            "frozen inputs left out of the list",
            "You returned only those gradients that were asked for, so the others "
            "moved up.",
            "The places stay: what `ctx.needs_input_grad` says no to gets `None`.",
            linear_but(
                returned=lambda ctx, blame, *grads: tuple(
                    grad
                    for grad, needed in zip(grads, ctx.needs_input_grad, strict=True)
                    if needed
                )
            ),
        ),
        Mistake(
            "a gradient for a bias that isn't there",
            "You returned a gradient for the bias, even where the bias is None.",
            "Note in `forward` whether there is a bias, and return `None` if not.",
            linear_but(
                returned=lambda ctx, blame, dx, dweight, dbias: (
                    dx,
                    dweight,
                    blame.sum(0),
                )
            ),
        ),
        Mistake(
            "tensors kept as attributes",
            "You hung tensors on `ctx` as attributes. Change one of them in place "
            "before `backward`, and the gradient comes out false without a word.",
            "`ctx.save_for_backward(x, weight)` keeps count of such changes, and "
            "refuses.",
            linear_but(forward=linear_keeps_attributes),
        ),
        Mistake(
            "weight not transposed",
            "You multiplied `x` by the weight as it lies.",
            "x is (N, D_in), weight (D_out, D_in): one of the two has to be "
            "transposed.",
            linear_but(forward=linear_untransposed),
        ),
        Mistake(
            "bias tested for being true",
            "`if bias:` asks a whole tensor for one yes or no.",
            "What you want to know is whether there is one: `if bias is not None:`.",
            linear_but(forward=linear_if_bias),
        ),
        Mistake(
            "bias never added",
            "Your `forward` leaves the bias out.",
            "Where it isn't None, it is added to every row.",
            linear_but(forward=linear_without_bias),
        ),
    ),
)

# Who does what?


def function_or_module():
    """For each sentence, which of the two it is about: "Function" or "Module"."""
    return {
        "keeps the weights from one call to the next": "Module",
        "comes with a backward that you write": "Function",
        "is called through apply": "Function",
        "fills the state_dict": "Module",
        "calls the other one in its forward": "Module",
        "is one single node in autograd's graph": "Function",
    }


class Halve(Function):
    @staticmethod
    def forward(ctx, x):
        return x / 2

    @staticmethod
    def backward(ctx, blame):
        return blame / 2


class Layer(nn.Module):
    """A Module that uses a Function."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return Halve.apply(x * self.weight)


def roles_as_they_show():
    """What a Function, and a Module that uses it, have to show for themselves."""
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


ROLES = {
    "keeps the weights from one call to the next": "Module",
    "comes with a backward that you write": "Function",
    "is called through apply": "Function",
    "fills the state_dict": "Module",
    "calls the other one in its forward": "Module",
    "is one single node in autograd's graph": "Function",
}


def roles_but(key):
    """One of the answers turned round."""
    other = {"Function": "Module", "Module": "Function"}[ROLES[key]]
    return lambda: ROLES | {key: other}


FUNCTION_OR_MODULE = Exercise(
    "06.function_or_module",
    reference=function_or_module,
    oracle=roles_as_they_show,
    minutes=3,
    difficulty=1,
    hints=(
        "A Function is a verb: two static methods, and nothing that lasts beyond one "
        "pass.",
        "A Module is a noun: it owns parameters, and its forward may call whatever "
        "autograd can follow.",
    ),
    mistakes=(
        Mistake(
            "weights kept in a Function",
            "You let a Function keep the weights. Its `ctx` is new for every call.",
            "Which of the two is an object that lasts, with an `__init__`?",
            roles_but("keeps the weights from one call to the next"),
        ),
        Mistake(
            "backward written in a Module",
            "You expect a Module to bring its own backward.",
            "Look at any Module of lesson 04: it has a `forward`, and autograd did the "
            "rest.",
            roles_but("comes with a backward that you write"),
        ),
        Mistake(
            "a Module called through apply",
            "You call a Module through `apply`. Modules do have a method of that name, "
            "which visits all submodules.",
            "A layer is called like a function, `layer(x)`. What was "
            "`MulConstant` called with?",
            roles_but("is called through apply"),
        ),
        Mistake(
            "state_dict of a Function",
            "You let a Function fill the state_dict.",
            "The state_dict holds parameters and buffers. Who owns those?",
            roles_but("fills the state_dict"),
        ),
        Mistake(
            "nested the other way round",
            "You let a Function call a Module. Inside a Function's forward, autograd "
            "isn't watching: the Module's parameters would get no gradient.",
            "The one that owns the weights hands them to the other.",
            roles_but("calls the other one in its forward"),
        ),
        Mistake(
            "a Module as one node",
            "You take a Module for one node of the graph.",
            "autograd never sees Modules, only the operations that they call. Which of "
            "the two shows up in `grad_fn`?",
            roles_but("is one single node in autograd's graph"),
        ),
    ),
)

# A linear layer as a Module


class Linear(nn.Module):
    """x (N, in_features) to (N, out_features), computed by LinearFunction.

    weight (out_features, in_features) and bias (out_features,) start uniformly
    between -b and b, with b = 1/√in_features. Prints itself as torch's own does.
    """

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        weight = torch.empty(out_features, in_features).uniform_(-b, b)
        self.weight = nn.Parameter(weight)
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}"


def module_probe(answer, x, weight, bias):
    """What a layer is made of when fresh, and what it computes with these weights."""
    D_out, D_in = weight.shape
    fresh = fresh_numbers(answer, 40, 30, bias is not None)
    layer = answer(D_in, D_out, bias is not None)
    taken = "taken"
    try:
        layer_of_tensor = answer(D_in, D_out, bias is not None)
        layer_of_tensor.bias = torch.zeros(D_out)
    except TypeError:
        taken = "refused"
    put_in(getattr(layer, "weight", None), weight)
    put_in(getattr(layer, "bias", None), bias)
    out = layer(x)
    return {
        "output": out.detach() if torch.is_tensor(out) else out,
        "parameters": listed(layer),
        UNREACHED: not_reached(layer, out),
        **fresh,
        "printed": printed(layer),
        "a plain tensor as bias": taken,
    }


UNREACHED = "parameters without a gradient"


def not_reached(layer, out):
    """The names of the parameters that no blame reaches."""
    if not torch.is_tensor(out):
        return "none"  # what came out says more
    if out.requires_grad:
        out.sum().backward()
    missed = [name for name, p in layer.named_parameters() if p.grad is None]
    return ", ".join(missed) or "none"


def put_in(mine, value):
    """Write the numbers of a case into a layer, ones where it isn't built for them."""
    if not torch.is_tensor(mine):
        return
    with torch.no_grad():
        if value is not None and mine.shape == value.shape:
            mine.copy_(value)
        elif value is not None and mine.ndim == 2 and mine.shape == value.T.shape:
            mine.copy_(value.T)
        else:
            mine.fill_(1)


def fresh_numbers(answer, in_features, out_features, bias):
    """How a new layer's numbers start, in words. Torch marks fresh memory with NaN."""
    before = torch.get_deterministic_debug_mode()
    torch.set_deterministic_debug_mode("error")
    try:
        layer = answer(in_features, out_features, bias)
    finally:
        torch.set_deterministic_debug_mode(before)
    weight, bias = (getattr(layer, name, None) for name in ("weight", "bias"))
    b = in_features**-0.5
    return {"fresh weight": in_words(weight, b), "fresh bias": bias_in_words(bias, b)}


def bias_in_words(bias, bound):
    """How the few numbers of a bias lie, when they should be drawn within ±bound."""
    if not torch.is_tensor(bias):
        return "as it should be"
    if not bias.isfinite().all():
        return "left as memory had it"
    if bias.max() == bias.min():
        return "all the same"
    return "too large" if bias.abs().max() > 1.01 * bound else "as it should be"


def in_words(weight, bound):
    """How many numbers lie, when there should be about 1,000 within ±bound."""
    if not torch.is_tensor(weight):
        return "missing"
    if not weight.isfinite().all():
        return "left as memory had it"
    largest, smallest = weight.max().item() / bound, weight.min().item() / bound
    if largest == smallest:
        return "all the same"
    if smallest >= 0:
        return "never negative"
    if max(largest, -smallest) > 1.01:
        return "too large"
    return "too small" if max(largest, -smallest) < 0.9 else "as it should be"


def listed(layer):
    """weight (3, 2), bias (3)"""
    return ", ".join(
        f"{name} ({', '.join(map(str, parameter.shape))})"
        for name, parameter in layer.named_parameters()
    )


def printed(layer):
    try:
        return repr(layer)
    except AttributeError:
        return "AttributeError"


def module_by_torch(x, weight, bias):
    """torch's own layer, with these weights in it."""
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


def module_cases(rng):
    def numbers(*shape):
        return torch.tensor(rng.normal(size=shape), dtype=torch.float32)

    yield (
        torch.tensor([[1.0, 2.0]]),
        torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 1.0]]),
        torch.tensor([1.0, 2.0, 3.0]),
    )
    yield numbers(2, 3), numbers(4, 3), None
    yield numbers(3, 4), numbers(2, 4), numbers(2)


def make_weight(bound=None, *sizes):
    return nn.Parameter(torch.empty(*sizes).uniform_(-bound, bound))


def module_but(
    make=make_weight,
    none=lambda layer: layer.register_parameter("bias", None),
    has_bias=lambda bias: bias,
    make_bias=None,
    forward=lambda layer, x: nn.functional.linear(x, layer.weight, layer.bias),
    printed=None,
    turned=False,
    init=True,
):
    """A wrong `Linear`, given which of its parts is done differently."""

    class Linear(nn.Module):
        def __init__(self, in_features, out_features, bias=True):
            if init:
                super().__init__()
            self.in_features, self.out_features = in_features, out_features
            b = in_features**-0.5
            sizes = (out_features, in_features)
            self.weight = make(b, *(sizes[::-1] if turned else sizes))
            if has_bias(bias):
                self.bias = (make_bias or make)(b, out_features)
            else:
                none(self)

        def forward(self, x):
            return forward(self, x)

        def extra_repr(self):
            if printed:
                return printed(self)
            sizes = f"in_features={self.in_features}, out_features={self.out_features}"
            return f"{sizes}, bias={self.bias is not None}"

    return Linear


def set_bias_none(layer):
    layer.bias = None


def forward_cut_loose(layer, x):
    bias = None if layer.bias is None else layer.bias.detach()
    return nn.functional.linear(x, layer.weight.detach(), bias)


def filled_as_a_leaf(bound, *sizes):
    weight = nn.Parameter(torch.empty(*sizes))
    weight.uniform_(-bound, bound)
    return weight


LINEAR_MODULE = Exercise(
    "06.linear_module",
    reference=Linear,
    oracle=module_by_torch,
    cases=module_cases,
    probe=module_probe,
    inputs=("x", "weight", "bias"),
    minutes=12,
    difficulty=2,
    hints=(
        "`super().__init__()` first. What is to be trained is an `nn.Parameter`.",
        "`torch.empty(...)` hands out memory as it is: fill it, with "
        "`.uniform_(-b, b)`, before it becomes a parameter.",
        'Without a bias: `self.register_parameter("bias", None)`. `extra_repr` '
        "returns what stands between the brackets of `Linear(...)`.",
    ),
    mistakes=(
        Mistake(
            "weight is a plain tensor",
            "The weight is a plain tensor, so `parameters()` doesn't list it, and no "
            "optimizer would ever move it.",
            "Wrap it: `nn.Parameter(...)`.",
            module_but(
                make=lambda b, *sizes: torch.empty(*sizes).uniform_(-b, b),
                make_bias=make_weight,
            ),
        ),
        Mistake(
            "bias is a plain tensor",
            "The bias is a plain tensor, so `parameters()` doesn't list it, and no "
            "optimizer would ever move it.",
            "Wrap it: `nn.Parameter(...)`.",
            module_but(make_bias=lambda b, *sizes: torch.empty(*sizes).uniform_(-b, b)),
        ),
        Mistake(
            "weight and bias are plain tensors",
            "Weight and bias are plain tensors: the layer has no parameters at all, "
            "and nothing that an optimizer could move.",
            "Wrap each of them: `nn.Parameter(...)`.",
            module_but(make=lambda b, *sizes: torch.empty(*sizes).uniform_(-b, b)),
        ),
        Mistake(
            "bias None as an attribute only",
            "`self.bias = None` is an attribute like any other. A plain tensor can be "
            "put in its place, and it would never train.",
            '`self.register_parameter("bias", None)` keeps the place for a parameter.',
            module_but(none=set_bias_none),
        ),
        Mistake(
            "no bias at all",
            "Without a bias, your layer has no attribute `bias`, and looking for it "
            "fails.",
            '`self.register_parameter("bias", None)` says that there is none.',
            module_but(none=lambda layer: None),
        ),
        Mistake(
            "the choice of bias ignored",
            "Your layer has a bias even with `bias=False`.",
            'In that case, `self.register_parameter("bias", None)`.',
            module_but(has_bias=lambda bias: True),
        ),
        Mistake(
            "memory left as it was",
            "`torch.empty` and `torch.Tensor(…)` hand out memory with whatever lies in "
            "it. You made parameters of that.",
            "Fill it: `.uniform_(-b, b)`.",
            module_but(make=lambda b, *sizes: nn.Parameter(torch.empty(*sizes))),
        ),
        Mistake(
            "bias left as memory had it",
            "The weight is drawn. The bias is whatever lay in the memory that "
            "`torch.empty` handed out.",
            "Fill it as well: `.uniform_(-b, b)`.",
            module_but(make_bias=lambda b, *sizes: nn.Parameter(torch.empty(*sizes))),
        ),
        Mistake(
            "all weights alike",
            "Every weight starts with the same number, so all hidden units of a "
            "network would get the same blame for ever.",
            "Draw them: `.uniform_(-b, b)`.",
            module_but(
                make=lambda b, *sizes: nn.Parameter(torch.zeros(*sizes)),
                make_bias=make_weight,
            ),
        ),
        Mistake(
            "all biases alike",
            "The weights are drawn. The biases all start with the same number.",
            "Draw them as well, between -b and b: `.uniform_(-b, b)`.",
            module_but(make_bias=lambda b, *sizes: nn.Parameter(torch.zeros(*sizes))),
        ),
        Mistake(
            "weights too large",
            "Your weights start larger than 1/√in_features, so that layers with many "
            "inputs overshoot.",
            "Many inputs, small weights: `.uniform_(-b, b)` with b = 1/√in_features.",
            module_but(make=lambda b, *sizes: make_weight(1.0, *sizes)),
        ),
        Mistake(
            "weights too small",
            "Your weights start smaller than they should: the largest is far from "
            "1/√in_features.",
            "Is the root missing? The bound isn't 1/in_features.",
            module_but(make=lambda b, *sizes: make_weight(b * b, *sizes)),
        ),
        Mistake(
            "no negative weights",
            "None of your weights starts below 0. `torch.rand` draws from 0 to 1.",
            "Between -b and b: `.uniform_(-b, b)`.",
            module_but(
                make=lambda b, *sizes: nn.Parameter(torch.rand(*sizes) * b),
            ),
        ),
        Mistake(
            "drawn after it was a parameter",
            "You filled a parameter in place while autograd was watching, and it "
            "refuses that for a leaf.",
            "Fill the tensor first and wrap it then, or fill it under "
            "`torch.no_grad()`.",
            module_but(make=filled_as_a_leaf),
        ),
        Mistake(
            "weight stored the other way round",
            "Your weight is (in_features, out_features).",
            "As torch has it: (out_features, in_features).",
            module_but(
                turned=True,
                forward=lambda layer, x: nn.functional.linear(
                    x, layer.weight.T, layer.bias
                ),
            ),
        ),
        Mistake(
            "bias not handed on",
            "Your `forward` doesn't use the bias.",
            "`LinearFunction.apply` takes three things: x, weight, bias.",
            module_but(forward=lambda layer, x: nn.functional.linear(x, layer.weight)),
        ),
        Mistake(
            "parameters cut loose",
            "Your `forward` computes with the numbers of weight and bias, cut loose "
            "from the parameters: no gradient reaches them.",
            "Hand over `self.weight` and `self.bias` themselves, without `.data` and "
            "`.detach()`.",
            module_but(forward=forward_cut_loose),
        ),
        Mistake(
            "super().__init__() left out",
            "The Module's own `__init__` has not been called, so it has nowhere to "
            "keep parameters.",
            "`super().__init__()` is the first line of your `__init__`.",
            module_but(init=False),
        ),
        Mistake(
            "nothing printed between the brackets",
            "Your layer prints itself as `Linear()`.",
            "`extra_repr` returns the words that go between the brackets.",
            module_but(printed=lambda layer: ""),
        ),
        Mistake(
            "Linear written once more",
            "Your `extra_repr` returns the whole line, so `Linear(…)` stands within "
            "the brackets of `Linear(…)`.",
            "Return what goes between the brackets, and nothing else.",
            module_but(
                printed=lambda layer: (
                    f"Linear(in_features={layer.in_features}, "
                    f"out_features={layer.out_features}, "
                    f"bias={layer.bias is not None})"
                )
            ),
        ),
        Mistake(
            "extra_repr names what isn't there",
            "Your `extra_repr` asks for an attribute that the layer hasn't got. "
            "Nobody notices until it is printed.",
            "Every `self.…` in it has to be set in `__init__`.",
            module_but(printed=lambda layer: layer.no_such_attribute),
        ),
        Mistake(
            "bias printed in full",
            "Your `extra_repr` puts the bias itself between the brackets.",
            "Whether there is one is what should stand there: `self.bias is not None`.",
            module_but(
                printed=lambda layer: (
                    f"in_features={layer.in_features}, "
                    f"out_features={layer.out_features}, bias={layer.bias}"
                )
            ),
        ),
    ),
)

# A gradcheck that misses no parameter


def check_module_gradients(module, x):
    """Whether gradcheck accepts the gradients of x and of every parameter of module.

    Works in float64 on copies: the module stays as it is.
    """
    names = [name for name, _ in module.named_parameters()]
    copies = (tensor.detach().clone().double() for tensor in (x, *module.parameters()))

    def run(x, *values):
        given = dict(zip(names, values, strict=True))
        return torch.func.functional_call(module, given, (x,))

    inputs = tuple(copied.requires_grad_() for copied in copies)
    return gradcheck(run, inputs, raise_exception=False)


# Layers to be checked. Their classes' names say what is the matter with them.


class LinearByRules(Function):
    """A linear layer whose way back follows rules that are handed to it."""

    @staticmethod
    def forward(ctx, x, weight, bias, rules):
        ctx.save_for_backward(x, weight)
        ctx.rules = rules
        return x @ weight.T + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight = ctx.saved_tensors
        dx, dweight, dbias = blame @ weight, blame.T @ x, blame.sum(0)
        return *ctx.rules(blame, x, dx, dweight, dbias), None


class Honest(nn.Module):
    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, dweight, dbias

    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return LinearByRules.apply(x, self.weight, self.bias, self.rules)


class GradientOfXTurned(Honest):
    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return -dx, dweight, dbias


class GradientOfWeightTurned(Honest):
    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, -dweight, dbias


class GradientOfBiasLost(Honest):
    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, dweight, torch.zeros_like(dbias)


class GradientOfWeightUpsideDown(Honest):
    """Right as long as all blame is the same."""

    @staticmethod
    def rules(blame, x, dx, dweight, dbias):
        return dx, dweight.flip(0), dbias


class TimesByRule(Function):
    @staticmethod
    def forward(ctx, x, gain):
        ctx.save_for_backward(x, gain)
        return x * gain

    @staticmethod
    def backward(ctx, blame):
        _, gain = ctx.saved_tensors
        return blame * gain, blame.sum(0) * gain  # the gain, where x is due


class GradientOfGainWrong(nn.Module):
    def __init__(self, gain):
        super().__init__()
        self.gain = nn.Parameter(gain)

    def forward(self, x):
        return TimesByRule.apply(x, self.gain)


def check_cases(rng):
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


def check_probe(answer, module, x):
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


def accepted_by_nudging(module, x):
    """Central differences against autograd, two directions of blame at a time."""
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


def check_but(leaves=None, finish=lambda out: out, dtype=torch.float64, raises=False):
    """A wrong `check_module_gradients`; leaves picks names out of the parameters."""
    leaves = leaves or (lambda module: [name for name, _ in module.named_parameters()])

    def wrong(module, x):
        names = leaves(module)
        module = copy.deepcopy(module).to(dtype)
        chosen = [module.get_parameter(name) for name in names if name != "x"]
        x = x.to(dtype).requires_grad_("no x" not in names)
        return gradcheck(
            lambda x, *_: finish(module(x)), (x, *chosen), raise_exception=raises
        )

    return wrong


def check_only_parameters(module, x):
    module = copy.deepcopy(module).double()
    return gradcheck(
        lambda *_: module(x.double()),
        tuple(module.parameters()),
        raise_exception=False,
    )


def check_changes_the_module(module, x):
    inputs = (x.double().requires_grad_(), *module.double().parameters())
    return gradcheck(lambda x, *_: module(x), inputs, raise_exception=False)


def check_called_weight_and_bias(module, x):
    module = copy.deepcopy(module).double()
    inputs = (x.double().requires_grad_(), module.weight, module.bias)
    return gradcheck(lambda x, *_: module(x), inputs, raise_exception=False)


CHECK_MODULE_GRADIENTS = Exercise(
    "06.check_module_gradients",
    reference=check_module_gradients,
    oracle=accepted_by_nudging,
    cases=check_cases,
    probe=check_probe,
    minutes=10,
    difficulty=3,
    hints=(
        "gradcheck nudges what it is handed, and nothing else. So the parameters have "
        "to be among its inputs.",
        "`torch.func.functional_call(module, {name: tensor, …}, (x,))` runs a module "
        "with other tensors in place of its parameters.",
        "Make float64 copies that ask for gradients, of x and of every parameter; "
        "write a function `run(x, *values)`; `raise_exception=False` makes gradcheck "
        "return False in place of an error.",
    ),
    mistakes=(
        Mistake(
            "parameters never nudged",
            "You checked the gradient of x. The parameters were not among the inputs, "
            "or the module didn't use those that were, so nobody looked at theirs.",
            "What gradcheck nudges is what it is handed: hand it every parameter, and "
            "see that the module runs with these.",
            check_but(leaves=lambda module: []),
        ),
        Mistake(
            "nothing asks for a gradient",
            "You handed gradcheck tensors that don't ask for a gradient, so there was "
            "nothing to check.",
            "x comes as plain data: make a float64 copy, with `.requires_grad_()`.",
            lambda module, x: gradcheck(module, [x]),
        ),
        Mistake(
            "x never nudged",
            "You checked the parameters, and not x.",
            "Layers below this one live on the gradient of x: it belongs to the "
            "inputs, too.",
            check_only_parameters,
        ),
        Mistake(
            "only the weight",
            "You checked x and what is called `weight`. A bias, or a parameter by "
            "another name, may have any gradient at all.",
            "`module.named_parameters()` lists all there are.",
            check_but(
                leaves=lambda module: [
                    name
                    for name, _ in module.named_parameters()
                    if name.endswith("weight")
                ]
            ),
        ),
        Mistake(
            "only the last parameter",
            "You checked x and the last parameter. What came of the others has no say "
            "in the answer.",
            "One call of gradcheck takes x and every parameter at once.",
            check_but(
                leaves=lambda module: [list(dict(module.named_parameters()))[-1]]
            ),
        ),
        Mistake(
            "weight and bias by name",
            "You asked the module for `weight` and `bias`. Not every module has them: "
            "here is one that is made of others.",
            "`module.named_parameters()` lists all there are, those of inner modules "
            "too.",
            check_called_weight_and_bias,
        ),
        Mistake(
            "inner modules skipped",
            "You took the module's own parameters, and none of those that belong to "
            "modules inside it.",
            "Leave out `recurse=False`, or `_parameters`: `named_parameters()` goes "
            "all the way down.",
            check_but(
                leaves=lambda module: [
                    name for name, _ in module.named_parameters(recurse=False)
                ]
            ),
        ),
        Mistake(
            "output summed first",
            "You summed the output before the check. Every blame is 1 then, and a "
            "backward that mixes up whose blame is whose passes.",
            "Hand gradcheck the output as it is: it tries one entry after the other.",
            check_but(finish=torch.sum),
        ),
        Mistake(
            "error let through",
            "Where a gradient is false, gradcheck raised its error, and nothing was "
            "returned.",
            "`raise_exception=False` makes it return False.",
            check_but(raises=True),
        ),
        Mistake(
            "checked in float32",
            "You refused every layer, an honest one too, as a check in float32 does: "
            "there, the nudges drown in rounding.",
            "Make float64 copies of x and the parameters: `.double()`.",
            check_but(dtype=torch.float32),
        ),
        Mistake(
            "the module itself made double",
            "Your answers are right. But `module.double()` changes the caller's own "
            "module, which is float64 from now on.",
            "Hand float64 copies of the parameters to `functional_call`, or work on "
            "`copy.deepcopy(module)`.",
            check_changes_the_module,
        ),
    ),
)

# Borrowed from SciPy: the magnitude of a spectrum


class FFTMagnitude(Function):
    """abs(rfft2(x)): x (H, W) real, the result (H, W // 2 + 1)."""

    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        # s=… fills up with zeros: each frequency that was kept counts once.
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        return torch.from_numpy(dx)


def fft_probe(answer, x, blame):
    return put_to_use(answer, {"x": x}, blame) | {SECOND: second_derivative(answer, x)}


def fft_by_torch(x, blame):
    report = by_autograd(lambda x: torch.fft.rfft2(x).abs(), {"x": x}, blame)
    return report | {SECOND: "isn't lost silently"}


SECOND = "second derivative"


def second_derivative(answer, *inputs):
    """Whether what NumPy can't record is refused, or lost without a word."""
    leaves = [value.clone().requires_grad_() for value in inputs]
    out = answer.apply(*leaves)
    if not torch.is_tensor(out) or out.grad_fn is None:
        return "isn't lost silently"
    try:
        (grad,) = torch.autograd.grad((out**2).sum(), leaves[:1], create_graph=True)
    except RuntimeError:
        return "isn't lost silently"
    return "isn't lost silently" if grad.requires_grad else "is lost silently"


def fft_cases(rng):
    yield (
        torch.tensor([[3.0, 1.0]], dtype=torch.float64),
        torch.tensor([[1.0, 10.0]], dtype=torch.float64),
    )
    for H, W in ((2, 3), (3, 4), (4, 5)):
        x, blame = rng.normal(size=(H, W)), rng.normal(size=(H, W // 2 + 1))
        yield torch.tensor(x), torch.tensor(blame)


def fft_but(
    gradient=None,
    forward=None,
    decorate=once_differentiable,
    wrap=torch.from_numpy,
):
    """A wrong `FFTMagnitude`; gradient maps (blame, spectrum, shape) to an array."""
    gradient = gradient or fft_gradient

    def backward(ctx, blame):
        if ctx.saved_tensors or hasattr(ctx, "x"):
            (x,) = ctx.saved_tensors or (ctx.x,)
            spectrum = np.fft.rfft2(x.detach().numpy())
        else:
            spectrum = ctx.spectrum
        return wrap(gradient(blame.detach().numpy(), spectrum, ctx.shape))

    return function_of("FFTMagnitude", forward or fft_forward, decorate(backward))


def fft_forward(ctx, x):
    ctx.spectrum, ctx.shape = np.fft.rfft2(x.numpy()), x.shape
    return torch.from_numpy(np.abs(ctx.spectrum))


def fft_in_float32(ctx, x):
    return fft_forward(ctx, x).float()


def fft_keeps_attribute(ctx, x):
    ctx.x, ctx.shape = x, x.shape
    return torch.from_numpy(np.abs(np.fft.rfft2(x.numpy())))


def fft_all_of_it(ctx, x):
    ctx.spectrum, ctx.shape = np.fft.rfft2(x.numpy()), x.shape
    return torch.from_numpy(np.abs(np.fft.fft2(x.numpy())))


def fft_complex(ctx, x):
    fft_forward(ctx, x)
    return torch.from_numpy(ctx.spectrum)


def fft_squared(ctx, x):
    fft_forward(ctx, x)
    return torch.from_numpy(np.abs(ctx.spectrum) ** 2)


def fft_gradient(blame, spectrum, shape):
    return spread(blame * phase_of(spectrum), shape)


def phase_of(spectrum):
    return spectrum / np.abs(spectrum)


def spread(half, shape, norm="forward"):
    """Back from half a spectrum, the other half taken as zeros."""
    whole = np.zeros(shape, complex)
    whole[:, : half.shape[1]] = half
    return np.fft.ifft2(whole, norm=norm).real


FFT_MAGNITUDE = Exercise(
    "06.fft_magnitude",
    reference=FFTMagnitude,
    oracle=fft_by_torch,
    cases=fft_cases,
    probe=fft_probe,
    inputs=("x", "blame"),
    minutes=12,
    difficulty=3,
    hints=(
        "Two steps back: first through `abs`, where blame gets the direction of each "
        "complex number, `spectrum / abs(spectrum)`; then through `rfft2`.",
        "Through `rfft2`: every frequency that was kept sends its blame back as a wave "
        "over all of x. That is an inverse transform without its division by H · W: "
        '`norm="forward"` leaves it out.',
        "`irfft2` would count the frequencies in the middle twice. "
        "`fft.ifft2(…, s=ctx.shape)` fills up with zeros instead; take its `.real`.",
    ),
    mistakes=(
        Mistake(
            "irfft2 of the blame",
            "You sent the blame through `irfft2`, as if to undo the transform. The "
            "phases are missing, its size is off, and an odd W comes back even.",
            "Backward doesn't undo: it asks how each entry of x moves each magnitude. "
            "Begin with the way through `abs`.",
            fft_but(lambda blame, spectrum, shape: np.fft.irfft2(blame)),
        ),
        Mistake(
            "irfft2 of the blame, in the right shape",
            "You sent the blame through `irfft2`, as if to undo the transform. The "
            "shape fits; the phases are missing, and its size is off.",
            "Backward doesn't undo: it asks how each entry of x moves each magnitude. "
            "Begin with the way through `abs`.",
            fft_but(lambda blame, spectrum, shape: np.fft.irfft2(blame, s=shape)),
        ),
        Mistake(
            "half the spectrum counted twice",
            "You went back with `irfft2`, which takes each frequency in the middle for "
            "two: itself, and its mirror image that `rfft2` had left out.",
            "Only what was kept is to blame: `ifft2` with zeros for the rest, "
            "`s=ctx.shape`.",
            fft_but(
                lambda blame, spectrum, shape: np.fft.irfft2(
                    blame * phase_of(spectrum), s=shape, norm="forward"
                )
            ),
        ),
        Mistake(
            "divided by the number of entries",
            "Everything is there, and then the inverse transform has divided it by "
            "H · W.",
            '`norm="forward"` leaves that division out.',
            fft_but(
                lambda blame, spectrum, shape: spread(
                    blame * phase_of(spectrum), shape, norm="backward"
                )
            ),
        ),
        Mistake(
            "phase left out",
            "You sent the blame back through the transform alone, and not through "
            "`abs`.",
            "A magnitude grows in the direction of its complex number: multiply the "
            "blame by `spectrum / abs(spectrum)`.",
            fft_but(lambda blame, spectrum, shape: spread(blame, shape)),
        ),
        Mistake(
            "waves turned the other way",
            "Your waves turn the other way: `fft2` took the blame back, or the phase "
            "was conjugated.",
            "The phase is that of the number itself, `spectrum / abs(spectrum)`, and "
            "the way back is an inverse transform, without its division.",
            fft_but(
                lambda blame, spectrum, shape: spread(
                    blame * phase_of(spectrum).conj(), shape
                )
            ),
        ),
        Mistake(
            "imaginary part kept",
            "Your gradient is complex, and x is real: autograd refuses it.",
            "x can move along the real line only: take the `.real` part.",
            fft_but(
                lambda blame, spectrum, shape: (
                    spread(blame * phase_of(spectrum), shape) + 0j
                )
            ),
        ),
        Mistake(
            "an array handed back",
            "`backward` returned a NumPy array.",
            "autograd wants a tensor: `torch.from_numpy(…)`.",
            fft_but(wrap=lambda array: array),
        ),
        Mistake(
            "not divided by the magnitude",
            "You multiplied the blame by the spectrum: that is the way back through "
            "half the *squared* magnitude.",
            "Divide by `abs(spectrum)`, so that only the direction is left.",
            fft_but(lambda blame, spectrum, shape: spread(blame * spectrum, shape)),
        ),
        Mistake(
            "result in float32",
            "You made float32 of the result; float64 came in.",
            "`torch.from_numpy` keeps what NumPy has. Leave out `.float()` and "
            "`torch.Tensor(…)`.",
            fft_but(forward=fft_in_float32),
        ),
        Mistake(
            "x kept as an attribute",
            "You hung `x` on `ctx` as an attribute. Change it in place before "
            "`backward`, and the gradient comes out false without a word.",
            "`ctx.save_for_backward(x)` notices; the spectrum, which is a NumPy array "
            "of your own, may be an attribute.",
            fft_but(forward=fft_keeps_attribute),
        ),
        Mistake(
            "the whole spectrum",
            "You took `fft2`, all W columns of it.",
            "`rfft2` leaves out those that mirror the others: W // 2 + 1 are left.",
            fft_but(forward=fft_all_of_it),
        ),
        Mistake(
            "spectrum for its magnitude",
            "Your `forward` returned the spectrum itself, in complex numbers.",
            "Its magnitude was asked for: `abs(…)`.",
            fft_but(forward=fft_complex),
        ),
        Mistake(
            "magnitude squared",
            "Your `forward` squares the magnitude.",
            "`abs` of a complex number is the root of that.",
            fft_but(forward=fft_squared),
        ),
        Mistake(
            "second derivative lost silently",
            "Your gradient is right. But NumPy keeps no record of how it was computed, "
            "so that a second derivative would leave this part out without a word.",
            "`@once_differentiable` right above `def backward` makes autograd refuse.",
            fft_but(decorate=lambda backward: backward),
        ),
    ),
)

# Borrowed from SciPy: a convolution


class ScipyConv2d(Function):
    """x (H, W) correlated with weight (kH, kW), where it fits whole, plus bias (1,)."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight, mode="full")  # (H, W)
        dweight = correlate2d(x, blame.numpy(), mode="valid")  # (kH, kW)
        dbias = blame.sum().reshape(1)  # (1,)
        return torch.from_numpy(dx), torch.from_numpy(dweight), dbias


def conv_probe(answer, x, weight, bias, blame):
    given = {"x": x, "weight": weight, "bias": bias}
    report = put_to_use(answer, given, blame)
    return report | {SECOND: second_derivative(answer, x, weight, bias)}


def conv_by_torch(x, weight, bias, blame):
    def conv(x, weight, bias):
        return nn.functional.conv2d(x[None, None], weight[None, None], bias)[0, 0]

    report = by_autograd(conv, {"x": x, "weight": weight, "bias": bias}, blame)
    return report | {SECOND: "isn't lost silently"}


def conv_cases(rng):
    def numbers(*shape):
        return torch.tensor(rng.normal(size=shape))

    yield tuple(
        torch.tensor(rows, dtype=torch.float64)
        for rows in (
            [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
            [[1.0, -1.0]],
            [0.5],
            [[1.0, 10.0], [100.0, 1000.0]],
        )
    )
    for (H, W), (kH, kW) in (((4, 6), (2, 3)), ((5, 4), (3, 2)), ((5, 7), (2, 4))):
        out = (H - kH + 1, W - kW + 1)
        yield numbers(H, W), numbers(kH, kW), numbers(1), numbers(*out)


def conv_but(dx=None, dweight=None, dbias=None, returned=None, forward=None, mark=None):
    """A wrong `ScipyConv2d`. The gradients are made of (blame, x, weight), arrays."""
    dx = dx or (lambda blame, x, weight: convolve2d(blame, weight, "full"))
    dweight = dweight or (lambda blame, x, weight: correlate2d(x, blame, "valid"))
    dbias = dbias or (lambda blame: blame.sum().reshape(1))

    def backward(ctx, blame):
        tensors = getattr(ctx, "kept", None) or ctx.saved_tensors
        x, weight = (tensor.detach().numpy() for tensor in tensors)
        given = blame.detach().numpy(), x, weight
        to_x, to_weight = (
            torch.from_numpy(np.ascontiguousarray(gradient(*given)))
            for gradient in (dx, dweight)
        )
        grads = to_x, to_weight, dbias(blame.detach())
        return returned(*grads) if returned else grads

    mark = mark or once_differentiable
    return function_of("ScipyConv2d", forward or conv_forward(), mark(backward))


def conv_forward(
    slide=lambda x, weight: correlate2d(x, weight, "valid"),
    add=lambda out, bias: out + bias,
    keep=None,
):
    def forward(ctx, x, weight, bias):
        if keep:
            keep(ctx, x, weight)
        else:
            ctx.save_for_backward(x, weight)
        return add(torch.from_numpy(slide(x.numpy(), weight.numpy())), bias)

    return forward


def keep_attributes(ctx, x, weight):
    ctx.kept = x, weight


SCIPY_CONV2D = Exercise(
    "06.scipy_conv2d",
    reference=ScipyConv2d,
    oracle=conv_by_torch,
    cases=conv_cases,
    probe=conv_probe,
    inputs=("x", "weight", "bias", "blame"),
    minutes=15,
    difficulty=3,
    hints=(
        "Only three calls of SciPy: `correlate2d` going forward, and one for each of "
        "x and weight coming back. The shapes tell you which mode: x is larger than "
        "blame, weight is smaller than x.",
        "Every entry of blame sends a copy of the kernel back to x: `convolve2d(…, "
        'mode="full")`. And the weight\'s gradient slides the blame over x, as the '
        "kernel slid before.",
        "The bias was added everywhere: its gradient is the sum of the blame, with "
        "shape (1,). What leaves torch is marked `@once_differentiable`.",
    ),
    mistakes=(
        Mistake(
            "kernel flipped going forward",
            "You went forward with `convolve2d`, which turns the kernel by half a turn "
            "before it slides.",
            "What networks call convolution is `correlate2d`: the kernel as it lies.",
            conv_but(forward=conv_forward(lambda x, w: convolve2d(x, w, "valid"))),
        ),
        Mistake(
            "correlate2d for the gradient of x",
            "On the way back to x your kernel lands the other way round, as "
            "`correlate2d` has it, or `convolve2d` with a flip by hand.",
            "Each entry of blame puts down a copy of the kernel as it lies, and that "
            "is what `convolve2d` computes by itself.",
            conv_but(dx=lambda blame, x, w: correlate2d(blame, w, "full")),
        ),
        Mistake(
            "valid for the gradient of x",
            'You used `mode="valid"` for the gradient of x, which makes blame smaller '
            "still.",
            'x is larger than blame: `mode="full"`.',
            conv_but(dx=lambda blame, x, w: convolve2d(blame, w, "valid")),
        ),
        Mistake(
            "kernel transposed on the way to x",
            "You exchanged rows and columns of the kernel on the way back to x.",
            "What has to be turned is turned by `convolve2d` itself: hand it the "
            "kernel as it is.",
            conv_but(dx=lambda blame, x, w: convolve2d(blame, w.T, "full")),
        ),
        Mistake(
            "convolve2d for the gradient of the weight",
            "You found the weight's gradient with `convolve2d`, which turns the blame "
            "before it slides.",
            "A weight is to blame for what it touched, in the order in which it "
            "touched it: `correlate2d`.",
            conv_but(dweight=lambda blame, x, w: convolve2d(x, blame, "valid")),
        ),
        Mistake(
            "blame and x exchanged",
            "You slid x over the blame, and the weight's gradient came out turned by "
            "half a turn.",
            "The larger one comes first: `correlate2d(x, blame, …)`.",
            conv_but(dweight=lambda blame, x, w: correlate2d(blame, x, "valid")),
        ),
        Mistake(
            "full for the gradient of the weight",
            'You used `mode="full"` for the weight\'s gradient.',
            'The weight is small: `mode="valid"`, only where blame lies on x whole.',
            conv_but(dweight=lambda blame, x, w: correlate2d(x, blame, "full")),
        ),
        Mistake(
            "full going forward",
            'You went forward with `mode="full"`, over the edges of x.',
            'Only where the kernel fits whole: `mode="valid"`.',
            conv_but(forward=conv_forward(lambda x, w: correlate2d(x, w, "full"))),
        ),
        Mistake(
            "same going forward",
            'You went forward with `mode="same"`, over the edges of x.',
            'Only where the kernel fits whole: `mode="valid"`.',
            conv_but(forward=conv_forward(lambda x, w: correlate2d(x, w, "same"))),
        ),
        Mistake(
            "bias never added",
            "Your `forward` leaves the bias out.",
            "It is added to every entry of the result.",
            conv_but(forward=conv_forward(add=lambda out, bias: out)),
        ),
        Mistake(
            "None for the bias",
            "You returned `None` for the bias, so it never learns.",
            "It was added everywhere, so its gradient is the sum of the blame.",
            conv_but(dbias=lambda blame: None),
        ),
        Mistake(
            "bias left out of what is returned",
            "Your `backward` returned two gradients, and `forward` took three "
            "arguments.",
            "The third is the bias's: the sum of the blame, of shape (1,).",
            conv_but(returned=lambda dx, dweight, dbias: (dx, dweight)),
        ),
        Mistake(
            "bias gradient not summed",
            "You gave the bias the whole blame. autograd adds it up without a word, "
            "but only because the shapes allow it.",
            "Sum it yourself, to shape (1,).",
            conv_but(dbias=lambda blame: blame),
        ),
        Mistake(
            "bias gradient without an axis",
            "You returned a single number of shape () for the bias, whose shape is "
            "(1,).",
            "A gradient has the shape of what it belongs to: `.reshape(1)`.",
            conv_but(dbias=lambda blame: blame.sum()),
        ),
        Mistake(
            "gradients in another order",
            "You returned the weight's gradient first, and then that of x.",
            "The order is that of `forward`'s arguments: x, weight, bias.",
            conv_but(returned=lambda dx, dweight, dbias: (dweight, dx, dbias)),
        ),
        Mistake(
            "arrays handed back",
            "`backward` returned NumPy arrays.",
            "autograd wants tensors: `torch.from_numpy(…)`.",
            conv_but(
                returned=lambda dx, dweight, dbias: (
                    dx.numpy(),
                    dweight.numpy(),
                    dbias,
                )
            ),
        ),
        Mistake(
            "bias gradient averaged",
            "You averaged the blame.",
            "Blame adds up: the bias moved every entry of the result.",
            conv_but(dbias=lambda blame: blame.mean().reshape(1)),
        ),
        Mistake(
            "gradients in float32",
            "The numbers are right, and a gradient came back in float32: half of its "
            "digits are gone.",
            "`torch.from_numpy` keeps what SciPy has. Leave out `.float()` and "
            "`torch.Tensor(…)`.",
            conv_but(returned=lambda *grads: tuple(grad.float() for grad in grads)),
        ),
        Mistake(
            "result in float32",
            "You made float32 of the result; float64 came in.",
            "`torch.from_numpy` keeps what SciPy has. Leave out `.float()` and "
            "`torch.Tensor(…)`.",
            conv_but(forward=conv_forward(add=lambda out, bias: (out + bias).float())),
        ),
        Mistake(
            "tensors kept as attributes",
            "You hung x and weight on `ctx` as attributes. Change one of them in place "
            "before `backward`, and a gradient comes out false without a word.",
            "`ctx.save_for_backward(x, weight)` keeps count of such changes, and "
            "refuses. An array from `.numpy()` is no copy either.",
            conv_but(forward=conv_forward(keep=keep_attributes)),
        ),
        Mistake(
            "second derivative lost silently",
            "Your gradients are right. But SciPy keeps no record of how they were "
            "computed, so that a second derivative would leave them out without a "
            "word.",
            "`@once_differentiable` right above `def backward` makes autograd refuse.",
            conv_but(mark=lambda backward: backward),
        ),
    ),
)

# Rounding that lets blame through


class StraightThroughRound(Function):
    """x rounded, and clamped to low … high; backward as if it were clamped only."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x >= low) & (x <= high))
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (inside,) = ctx.saved_tensors
        return blame * inside, None, None


def round_probe(answer, x, low, high, blame):
    return put_to_use(answer, {"x": x, "low": low, "high": high}, blame)


def round_by_clamp(x, low, high, blame):
    """The value by NumPy, the gradient by torch's clamp."""
    given = {"x": x, "low": low, "high": high}

    def clamp(x, low, high):
        return torch.minimum(torch.maximum(x, x.new_tensor(low)), x.new_tensor(high))

    value = torch.tensor(np.clip(np.rint(x.numpy()), low, high))
    return by_autograd(clamp, given, blame) | {"output": value}


def round_cases(rng):
    yield (
        torch.tensor([0.4, 1.7, -2.9, 3.3, 5.0], dtype=torch.float64),
        -2,
        3,
        torch.tensor([1.0, 10.0, 100.0, 1000.0, 10000.0], dtype=torch.float64),
    )
    for shape, low, high in (((2, 3), -2, 1), ((3, 4), -8, 7)):
        # Whole numbers and thirds: never at a tie, nor at an end of the range.
        whole = rng.integers(low - 2, high + 2, size=shape)
        x = torch.tensor(whole + rng.choice([0.3, 0.7], size=shape))
        yield x, low, high, torch.tensor(rng.normal(size=shape))


def round_but(forward=None, backward=None):
    """A wrong `StraightThroughRound`; backward maps (blame, x, low, high)."""

    def usual_forward(ctx, x, low, high):
        ctx.low, ctx.high = low, high
        ctx.save_for_backward(x)
        return (forward or (lambda x, low, high: x.round().clamp(low, high)))(
            x, low, high
        )

    backward = backward or round_backward

    def usual_backward(ctx, blame):
        (x,) = ctx.saved_tensors
        return backward(blame, x, ctx.low, ctx.high)

    return function_of("StraightThroughRound", usual_forward, usual_backward)


def round_backward(blame, x, low, high):
    return blame * ((x >= low) & (x <= high)), None, None


def round_mask_but(mask):
    return round_but(
        backward=lambda blame, x, low, high: (blame * mask(x, low, high), None, None)
    )


def round_keeps_attribute():
    def forward(ctx, x, low, high):
        ctx.x, ctx.low, ctx.high = x, low, high
        return x.round().clamp(low, high)

    def backward(ctx, blame):
        return round_backward(blame, ctx.x, ctx.low, ctx.high)

    return function_of("StraightThroughRound", forward, backward)


def round_saves_numbers():
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x, low, high)
        return x.round().clamp(low, high)

    return function_of("StraightThroughRound", forward, round_backward)


STRAIGHT_THROUGH_ROUND = Exercise(
    "06.straight_through_round",
    reference=StraightThroughRound,
    oracle=round_by_clamp,
    cases=round_cases,
    probe=round_probe,
    inputs=("x", "low", "high", "blame"),
    minutes=8,
    difficulty=2,
    hints=(
        "Going back, act as if the rounding hadn't been there: what is the slope of a "
        "clamp inside its range, and outside?",
        "Inside, blame passes as it came; outside, nothing passes. A mask of True and "
        "False, saved in `forward`, says where.",
        "`forward` takes three arguments after `ctx`: `backward` returns "
        "`blame * inside, None, None`.",
    ),
    mistakes=(
        Mistake(
            "the true gradient",
            "You returned zeros: the slope of a staircase, almost everywhere. True, "
            "and nothing would ever learn from it.",
            "Straight through: pass the blame on as if nothing had been rounded.",
            round_mask_but(lambda x, low, high: torch.zeros_like(x)),
        ),
        Mistake(
            "blame passes everywhere",
            "You passed the blame on for entries that were cut off at the ends, too.",
            "Out there the output doesn't move with x. Compare x itself with `low` and "
            "`high`; after clamping, everything is inside.",
            round_mask_but(lambda x, low, high: torch.ones_like(x)),
        ),
        Mistake(
            "mask taken after rounding",
            "You compared the rounded x with the ends of the range, so that an x a "
            "little beyond an end still counts as inside.",
            "Compare x as it came in, before it is rounded.",
            round_mask_but(
                lambda x, low, high: (x.round() >= low) & (x.round() <= high)
            ),
        ),
        Mistake(
            "mask turned round",
            "Blame passes where x was cut off, and nowhere else.",
            "Inside the range is where it should pass.",
            round_mask_but(lambda x, low, high: (x < low) | (x > high)),
        ),
        Mistake(
            "the steps at the ends left out",
            "Nothing passes where x rounds to `low` or `high` itself.",
            "Those belong to the range: compare x as it came in, with `<=` and `>=`.",
            round_mask_but(lambda x, low, high: (x.round() > low) & (x.round() < high)),
        ),
        Mistake(
            "blame clamped",
            "You clamped the blame to the range of x.",
            "Blame of any size may pass: where *x* lies decides.",
            round_but(
                backward=lambda blame, x, low, high: (
                    blame.clamp(low, high),
                    None,
                    None,
                )
            ),
        ),
        Mistake(
            "only one end looked at",
            "You let blame pass below `low` as well: only `high` was compared.",
            "The range has two ends.",
            round_mask_but(lambda x, low, high: x <= high),
        ),
        Mistake(
            "the upper end overlooked",
            "You let blame pass above `high` as well: only `low` was compared.",
            "The range has two ends.",
            round_mask_but(lambda x, low, high: x >= low),
        ),
        Mistake(
            "integers handed back",
            "You made integers of the result. autograd doesn't follow those, so no "
            "blame comes back.",
            "`.round()` is enough: its numbers are whole, and floats still.",
            round_but(lambda x, low, high: x.round().clamp(low, high).long()),
        ),
        Mistake(
            "numbers given to save_for_backward",
            "You gave `low` and `high` to `save_for_backward`, which takes tensors "
            "only.",
            "Plain numbers become attributes, `ctx.low = low`; or save the mask.",
            round_saves_numbers(),
        ),
        Mistake(
            "blame left out",
            "You returned the mask itself.",
            "The blame that arrives is multiplied by it.",
            round_but(
                backward=lambda blame, x, low, high: (
                    ((x >= low) & (x <= high)).to(x),
                    None,
                    None,
                )
            ),
        ),
        Mistake(
            "gradients too few",
            "Your `backward` returned one gradient, and `forward` took three "
            "arguments.",
            "One is due for each argument after `ctx`: `None` for `low` and `high`.",
            round_but(
                backward=lambda blame, x, low, high: blame * ((x >= low) & (x <= high))
            ),
        ),
        Mistake(
            "always rounded down",
            "You rounded down, so that 1.7 became 1.",
            "`.round()` goes to the nearest whole number.",
            round_but(lambda x, low, high: x.floor().clamp(low, high)),
        ),
        Mistake(
            "always rounded up",
            "You rounded up, so that 0.4 became 1.",
            "`.round()` goes to the nearest whole number.",
            round_but(lambda x, low, high: x.ceil().clamp(low, high)),
        ),
        Mistake(
            "digits cut off",
            "You cut the digits off, which rounds towards zero.",
            "`.round()` goes to the nearest whole number.",
            round_but(lambda x, low, high: x.trunc().clamp(low, high)),
        ),
        Mistake(
            "never clamped",
            "Your output leaves the range: it was rounded, and not clamped.",
            "`.clamp(low, high)` keeps it to the numbers that the bits can hold.",
            round_but(lambda x, low, high: x.round()),
        ),
        Mistake(
            "never rounded",
            "You clamped x, and didn't round it.",
            "`.round()` comes first.",
            round_but(lambda x, low, high: x.clamp(low, high)),
        ),
        Mistake(
            "x kept as an attribute",
            "You hung `x` on `ctx` as an attribute. Change it in place before "
            "`backward`, and the gradient comes out false without a word.",
            "Tensors go through `ctx.save_for_backward(…)`.",
            round_keeps_attribute(),
        ),
    ),
)
