"""Every channel brought to mean 0 and spread 1, and what is kept for later."""

import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def by_torch(
    x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    """The oracle: torch's own, on copies; y (N, C, H, W) and two statistics (C,)."""
    running_mean, running_var = running_mean.clone(), running_var.clone()
    y = F.batch_norm(
        x, running_mean, running_var, weight, bias, training, momentum, eps
    )
    return y, running_mean, running_var


def cases(rng):
    """x (N, C, H, W), four tensors (C,), training, momentum, eps.

    One channel by hand; then drawn ones in training, in eval, and in training again.
    """
    x = torch.tensor([1.0, 3.0, 5.0, 7.0]).view(2, 1, 1, 2)
    yield x, *torch.tensor([[2.0], [1.0], [0.0], [1.0]]), True, 0.5, 4.0
    for shape, training, momentum, eps in (
        ((4, 3, 2, 5), True, 0.1, 0.5),
        ((3, 2, 4, 1), False, 0.1, 0.25),
        ((2, 4, 3, 2), True, 0.3, 0.25),
    ):
        C = shape[1]
        x = uniform(rng, shape, -2, 3) + uniform(rng, (C, 1, 1), -1, 1)
        weight, bias = uniform(rng, C, 1, 2), uniform(rng, C, -1, 1)
        running_mean, running_var = uniform(rng, C, 1, 2), uniform(rng, C, 2, 4)
        yield x, weight, bias, running_mean, running_var, training, momentum, eps


def uniform(rng, shape, low, high):
    """float32 numbers of this shape, drawn between low and high."""
    return torch.tensor(rng.uniform(low, high, shape), dtype=torch.float32)


MISTAKES = (
    Mistake(
        "eps outside the root",
        did="You added eps to the standard deviation.",
        look="It belongs to the variance, inside the root: `(var + eps).sqrt()`.",
        swap={"(var + eps).sqrt()": "(var.sqrt() + eps)"},
    ),
    Mistake(
        "eps forgotten",
        did="You divided by the bare standard deviation.",
        look="Where a channel doesn't vary, that is a division by 0: add eps to the variance.",
        swap={"(var + eps)": "var"},
    ),
    Mistake(
        "the root forgotten",
        did="You divided by the variance.",
        look="The spread that has the unit of x is the standard deviation, the root of it.",
        swap={".sqrt()": ""},
    ),
    Mistake(
        "unbiased variance to normalise",
        did="The normalised values are too small: you divided by the root of the variance over n − 1.",
        look="Torch normalises with the biased one, `correction=0`, and keeps the unbiased one in running_var.",
        swap={", correction=0": ""},
    ),
    Mistake(
        "biased variance kept",
        did="running_var took in the biased variance, over n.",
        look="What is kept for later is an estimate for all pictures: the unbiased one, over n − 1, torch's default.",
        swap={"running_var, x.var((0, 2, 3))": "running_var, var"},
    ),
    Mistake(
        "standard deviation kept",
        did="running_var took in the standard deviation.",
        look="As its name says, it keeps the variance, not yet under the root.",
        swap={"running_var, x.var((0, 2, 3))": "running_var, x.std((0, 2, 3))"},
    ),
    Mistake(
        "momentum the other way round",
        did="Your running statistics kept the share `momentum` of the old, and took in the rest.",
        look="Torch's momentum is the share of the new value: 0.1 moves a tenth of the way.",
        swap={
            "torch.lerp(running_mean, mean, momentum)": "momentum * running_mean + (1 - momentum) * mean",
            "torch.lerp(running_var, x.var((0, 2, 3)), momentum)": "momentum * running_var + (1 - momentum) * x.var((0, 2, 3))",
        },
    ),
    Mistake(
        "momentum added on top",
        did="You added the share of the new, and kept all of the old.",
        look="What comes in must go out: `(1 - momentum) * old + momentum * new`.",
        swap={
            "torch.lerp(running_mean, mean, momentum)": "running_mean + momentum * mean",
            "torch.lerp(running_var, x.var((0, 2, 3)), momentum)": "running_var + momentum * x.var((0, 2, 3))",
        },
    ),
    Mistake(
        "running statistics replaced",
        did="You kept the statistics of the last batch alone.",
        look="Move a share `momentum` of the way from the old to the new.",
        swap=[
            {
                "torch.lerp(running_mean, mean, momentum)": "mean",
                "torch.lerp(running_var, x.var((0, 2, 3)), momentum)": "x.var((0, 2, 3))",
            },
            {
                "torch.lerp(running_mean, mean, momentum)": "mean",
                "torch.lerp(running_var, x.var((0, 2, 3)), momentum)": "var",
            },
        ],
    ),
    Mistake(
        "running statistics never move",
        did="You handed the running statistics back as they came.",
        look="While training, each moves a share `momentum` of the way to the batch's.",
        swap={
            "        running_mean = torch.lerp(running_mean, mean, momentum)\n": "",
            "        running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)\n": "",
        },
    ),
    Mistake(
        "eval uses the batch",
        did="In eval you normalised with the batch's own statistics.",
        look="In eval a picture's result mustn't depend on its neighbours: take running_mean and running_var.",
        code="""
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
                if training:
                    running_mean = torch.lerp(running_mean, mean, momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                mean, var, scale, shift = (t.view(-1, 1, 1) for t in (mean, var, weight, bias))
                y = (x - mean) / (var + eps).sqrt() * scale + shift
                return y, running_mean, running_var
        """,
    ),
    Mistake(
        "eval goes on counting",
        did="You moved the running statistics in eval too.",
        look="They learn while training only; a test must leave no trace.",
        code="""
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = running_mean, running_var
                if training:
                    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
                running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                mean, var, scale, shift = (t.view(-1, 1, 1) for t in (mean, var, weight, bias))
                y = (x - mean) / (var + eps).sqrt() * scale + shift
                return y, running_mean, running_var
        """,
    ),
    Mistake(
        "running statistics while training",
        did="While training you normalised with the running statistics.",
        look="That is for eval; while training the batch's own mean and variance are taken.",
        code=[
            """
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = running_mean, running_var
                if training:
                    running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                mean, var, scale, shift = (t.view(-1, 1, 1) for t in (mean, var, weight, bias))
                y = (x - mean) / (var + eps).sqrt() * scale + shift
                return y, running_mean, running_var
            """,
            """
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                if training:
                    running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                mean, var = running_mean, running_var
                mean, var, scale, shift = (t.view(-1, 1, 1) for t in (mean, var, weight, bias))
                y = (x - mean) / (var + eps).sqrt() * scale + shift
                return y, running_mean, running_var
            """,
        ],
    ),
    Mistake(
        "train and eval exchanged",
        did="You did in training what belongs to eval, and the reverse.",
        look="`training` true: the batch's statistics, and the running ones move.",
        swap={"if training": "if not training"},
    ),
    Mistake(
        "over the batch axis only",
        did="You averaged over the batch alone, and left each pixel its own mean.",
        look="A channel is one thing wherever it is looked at: average over the batch, the rows and the columns.",
        swap={
            "x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)": "x.mean(0), x.var(0, correction=0)",
            "running_var, x.var((0, 2, 3))": "running_var, x.var(0)",
        },
        code="""
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = running_mean.view(-1, 1, 1), running_var.view(-1, 1, 1)
                if training:
                    mean = x.mean(0, keepdim=True)
                    var = x.var(0, correction=0, keepdim=True)
                    running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                y = (x - mean) / (var + eps).sqrt()
                return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var
        """,
    ),
    Mistake(
        "each picture by itself",
        did="You averaged over rows and columns, within each picture: that is instance normalisation.",
        look="Batch normalisation averages over the batch too.",
        swap={
            "x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)": "x.mean((2, 3)), x.var((2, 3), correction=0)",
            "running_var, x.var((0, 2, 3))": "running_var, x.var((2, 3))",
        },
        code="""
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = running_mean.view(-1, 1, 1), running_var.view(-1, 1, 1)
                if training:
                    mean = x.mean((2, 3), keepdim=True)
                    var = x.var((2, 3), correction=0, keepdim=True)
                    running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                y = (x - mean) / (var + eps).sqrt()
                return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var
        """,
    ),
    Mistake(
        "over the channels",
        did="You averaged over the channels of each picture: that is layer normalisation.",
        look="Batch normalisation keeps the channels apart and averages over everything else.",
        swap={
            "x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)": "x.mean((1, 2, 3)), x.var((1, 2, 3), correction=0)",
            "running_var, x.var((0, 2, 3))": "running_var, x.var((1, 2, 3))",
        },
        code="""
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = running_mean.view(-1, 1, 1), running_var.view(-1, 1, 1)
                if training:
                    mean = x.mean((1, 2, 3), keepdim=True)
                    var = x.var((1, 2, 3), correction=0, keepdim=True)
                    running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                y = (x - mean) / (var + eps).sqrt()
                return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var
        """,
    ),
    Mistake(
        "one mean for all channels",
        did="You averaged over everything, the channels too.",
        look="Every channel has a mean of its own: leave axis 1 standing.",
        swap={
            "x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)": "x.mean(), x.var(correction=0)",
            "running_var, x.var((0, 2, 3))": "running_var, x.var()",
        },
        code="""
            def batch_norm(
                x, weight, bias, running_mean, running_var, training, momentum=0.1, eps=1e-5
            ):
                mean, var = running_mean.view(-1, 1, 1), running_var.view(-1, 1, 1)
                if training:
                    mean, var = x.mean(), x.var(correction=0)
                    running_mean = torch.lerp(running_mean, x.mean((0, 2, 3)), momentum)
                    running_var = torch.lerp(running_var, x.var((0, 2, 3)), momentum)
                y = (x - mean) / (var + eps).sqrt()
                return y * weight.view(-1, 1, 1) + bias.view(-1, 1, 1), running_mean, running_var
        """,
    ),
    Mistake(
        "weight and bias left out",
        did="You handed back the normalised values themselves.",
        look="Then the layer's own scale and shift: `* weight + bias`, a pair for each channel.",
        swap={" * scale + shift": ""},
    ),
    Mistake(
        "shifted before scaling",
        did="You added the bias before multiplying by the weight.",
        look="Scale first, then shift: `* weight + bias`.",
        swap={"(x - mean)": "((x - mean)", "* scale + shift": "+ shift) * scale"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.batch_norm,
    oracle=by_torch,
    cases=cases,
    returns=("y", "running_mean", "running_var"),
    hints=(
        "Per channel means: over the batch, the rows and the columns, axes (0, 2, 3).",
        "Normalise with the biased variance, `correction=0`; keep the unbiased one, `x.var(axes)`. `(1 - momentum) * old + momentum * new` is the running value.",
        "In eval, the running statistics take the batch's place, and stay as they are. `mean.view(-1, 1, 1)` stands beside (N, C, H, W).",
    ),
    mistakes=MISTAKES,
)
