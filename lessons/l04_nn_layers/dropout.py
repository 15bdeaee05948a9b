"""Some entries dropped, the rest scaled."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def one_by_one(x, noise, p, training):
    """The oracle: each entry of x decided by its own entry of noise, in x's shape."""
    result = torch.zeros_like(x)
    for place in torch.cartesian_prod(*map(torch.arange, x.shape)).tolist():
        place = tuple(place)
        if not training:
            result[place] = x[place]
        elif noise[place] >= p:
            result[place] = x[place] / (1 - p)
    return result


def cases(rng):
    """x and noise of one shape, p, training: one by hand, three drawn, one in eval."""
    yield torch.tensor([[3.0, 6.0]]), torch.tensor([[0.2, 0.9]]), 0.25, True
    for shape, p, training in (
        ((2, 5), 0.4, True),
        ((3, 4), 0.25, False),
        ((4, 3, 2), 0.7, True),
    ):
        x, noise = rng.standard_normal(shape) + 2, rng.uniform(size=shape)
        x, noise = (torch.tensor(t, dtype=torch.float32) for t in (x, noise))
        # Whatever was drawn, something is dropped and something is kept.
        noise.view(-1)[0], noise.view(-1)[1] = p / 2, (1 + p) / 2
        yield x, noise, p, training


MISTAKES = (
    Mistake(
        "not scaled",
        did="You dropped, and left the rest as it was, so the mean falls to a share 1 − p.",
        look="Divide what stays by 1 − p.",
        swap={" / (1 - p)": ""},
    ),
    Mistake(
        "p kept instead of dropped",
        did="You kept the entries with noise below p; those are the ones to drop.",
        look="p is the share that goes: keep where noise is p or more.",
        swap={">=": "<"},
    ),
    Mistake(
        "kept and scaled by p",
        did="You kept a share p and divided by p, as if p were the chance to stay.",
        look="In torch, p is the chance to be dropped: keep 1 − p, divide by 1 − p.",
        swap={">= p) / (1 - p)": "< p) / p"},
    ),
    Mistake(
        "divided by p",
        did="You divided by p, the share that was dropped.",
        look="What stays is a share 1 − p: divide by that.",
        swap={"(1 - p)": "p"},
    ),
    Mistake(
        "multiplied for divided",
        did="You multiplied by 1 − p, so what stays grows weaker still.",
        look="Divide, and what stays makes up for what went.",
        swap={"/ (1 - p)": "* (1 - p)"},
    ),
    Mistake(
        "divided by what stayed",
        did="You divided by the share that happened to stay in this batch.",
        look="It is the expected share, 1 − p, whatever the dice said: an entry's scale mustn't depend on the others.",
        swap={
            "return x * (noise >= p) / (1 - p)": "keep = (noise >= p).float()\n    return x * keep / keep.mean()"
        },
    ),
    Mistake(
        "drops in eval",
        did="You dropped entries in eval too.",
        look="With training false, x goes through untouched.",
        swap={"    if not training:\n        return x\n": ""},
    ),
    Mistake(
        "scaled in eval",
        did="In eval you multiplied by 1 − p, on top of the scaling while training.",
        look="While training what stays was divided by 1 − p already: nothing is left to do in eval.",
        swap={"return x\n": "return x * (1 - p)\n"},
    ),
    Mistake(
        "scaled up in eval",
        did="In eval you divided by 1 − p, where nothing had been dropped.",
        look="With training false, x goes through untouched.",
        swap={"return x\n": "return x / (1 - p)\n"},
    ),
    Mistake(
        "scaled at test time",
        did="You left the values as they were while training, and multiplied by 1 − p in eval. The first papers did that.",
        look="Torch does it the other way: divide by 1 − p while training, and leave eval alone.",
        swap={"return x\n": "return x * (1 - p)\n", " / (1 - p)": ""},
    ),
    Mistake(
        "train and eval exchanged",
        did="You dropped in eval, and let everything through while training.",
        look="`training` true: entries are dropped.",
        swap={"if not training": "if training"},
    ),
    Mistake(
        "brackets left out",
        did="You wrote `/ 1 - p`, which divides by 1 and then takes p off.",
        look="Division comes before subtraction: `/ (1 - p)`.",
        swap={"(1 - p)": "1 - p"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.dropout,
    oracle=one_by_one,
    cases=cases,
    hints=(
        "`noise >= p` is a mask: true for the entries that stay.",
        "A share 1 − p stays. What must the rest be multiplied by, so that the mean stays? And in eval nothing happens at all.",
    ),
    mistakes=MISTAKES,
)
