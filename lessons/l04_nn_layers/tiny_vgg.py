"""A small network of blocks, a mean and a head."""

import math
from itertools import pairwise

import torch
from torch.nn import functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def known_parameter(shape):
    """A weight or bias of this shape, always the same, neither tiny nor huge."""
    count = math.prod(shape)
    values = torch.sin(torch.arange(1, count + 1) * 0.7) + 0.2
    return values.reshape(shape) / math.sqrt(count / shape[0])


def probe(answer, channels, classes, x):
    """Two models of the same parameters: what they hold, and what they say to x.

    x is (N, channels[0], H, W), the scores (N, classes). Scores that are left to
    chance count as zeros, so that they can be compared.
    """
    models = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for _ in range(2):
            model = answer(channels, classes)
            for p in model.parameters():
                p.data.copy_(known_parameter(p.shape))
            models.append(model)
        first, second = (model(x) for model in models)
    agree = torch.equal(first, second)
    return {
        "the parameters that the optimizer sees": sum(
            p.numel() for p in models[0].parameters()
        ),
        "two models with the same parameters agree": agree,
        "scores": first.detach() if agree else torch.zeros_like(first),
    }


def by_functions(channels, classes, x):
    """The oracle: the same report, from functions that are handed the parameters."""
    shapes = []
    for a, b in pairwise(channels):
        shapes += [(b, a, 3, 3), (b,)]
        weight, bias = map(known_parameter, shapes[-2:])
        x = F.max_pool2d(F.relu(F.conv2d(x, weight, bias, padding=1)), 2)
    shapes += [(classes, channels[-1]), (classes,)]
    weight, bias = map(known_parameter, shapes[-2:])
    return {
        "the parameters that the optimizer sees": sum(map(math.prod, shapes)),
        "two models with the same parameters agree": True,
        "scores": F.linear(F.adaptive_avg_pool2d(x, 1).flatten(1), weight, bias),
    }


def cases(rng):
    """channels, classes and pictures x (N, channels[0], H, W): one, two, three blocks."""
    for channels, classes, shape in (
        ((1, 2), 3, (1, 1, 4, 2)),
        ((3, 5, 4), 2, (2, 3, 8, 6)),
        ((2, 3, 6, 4), 5, (3, 2, 9, 17)),
    ):
        x = torch.tensor(rng.standard_normal(shape), dtype=torch.float32)
        yield channels, classes, x


MISTAKES = (
    Mistake(
        "layers in a plain list",
        did="The model doesn't find your blocks' parameters: they are kept in a plain Python list, or made in `forward`. No optimizer will train them, no file save them.",
        look="Make them in `__init__`, in an `nn.ModuleList([...])`, which the model looks into.",
        swap={
            "nn.ModuleList(": "[",
            "pairwise(channels)\n        )": "pairwise(channels)\n        ]",
        },
    ),
    Mistake(
        "super().__init__() missing",
        did="You gave a module its first layer before it was set up.",
        look="Call `super().__init__()` first: it makes the registers that parameters and layers go into.",
        swap={"        super().__init__()\n": ""},
    ),
    Mistake(
        "ReLU left out",
        did="Your blocks have no ReLU.",
        look="A block is Conv2d, ReLU, MaxPool2d.",
        swap={" nn.ReLU(),": ""},
    ),
    Mistake(
        "pooling left out",
        did="Your blocks don't pool. The mean at the end hides it: the shape fits, the scores don't.",
        look="A block is Conv2d, ReLU, MaxPool2d(2).",
        swap={", nn.MaxPool2d(2)": ""},
    ),
    Mistake(
        "pooled once at the end",
        did="You pooled once, behind all the convolutions.",
        look="Each block pools: it is Conv2d, ReLU, MaxPool2d(2).",
        swap={
            ", nn.MaxPool2d(2)": "",
            "self.head = ": "self.pool = nn.MaxPool2d(2)\n        self.head = ",
            "x.mean(": "self.pool(x).mean(",
        },
    ),
    Mistake(
        "average pooling",
        did="Your blocks pool by the average.",
        look="A block ends in MaxPool2d(2).",
        swap={"nn.MaxPool2d": "nn.AvgPool2d"},
    ),
    Mistake(
        "padding left out",
        did="Your convolutions don't pad, so every block loses the border, and small pictures run out of pixels.",
        look="`padding=1` keeps the size under a 3×3 kernel.",
        swap={", padding=1": ""},
    ),
    Mistake(
        "batch norm added",
        did="Your blocks have a batch norm, which wasn't asked for this time.",
        look="A block is Conv2d, ReLU, MaxPool2d(2).",
        swap={
            " nn.ReLU(),": " nn.BatchNorm2d(b),\n                          nn.ReLU(),"
        },
    ),
    Mistake(
        "maximum for the mean",
        did="You took the largest value of each channel before the head.",
        look="Take the mean over rows and columns: `x.mean((2, 3))`.",
        swap={"x.mean": "x.amax"},
    ),
    Mistake(
        "flattened without a mean",
        did="You flattened all pixels into the head, which has one weight for each channel.",
        look="Take the mean over rows and columns first: what is left is (N, C).",
        swap={"x.mean((2, 3))": "x.flatten(1)"},
    ),
    Mistake(
        "softmax at the end",
        did="You turned the scores into probabilities.",
        look="Hand back the scores; the loss has the softmax in it.",
        swap={"self.head(x.mean((2, 3)))": "self.head(x.mean((2, 3))).softmax(1)"},
    ),
    Mistake(
        "ReLU on the scores",
        did="You put a ReLU behind the head.",
        look="A score may be negative: hand back what the Linear gives.",
        swap={"self.head(x.mean((2, 3)))": "self.head(x.mean((2, 3))).relu()"},
    ),
    Mistake(
        "blocks not chained",
        did="Every block got the picture itself, not what the block before it made.",
        look="`x = block(x)`: what comes out of one goes into the next.",
        swap={"x = block(x)": "features = block(x)", "x.mean": "features.mean"},
    ),
    Mistake(
        "the head left out",
        did="You handed back the features, a number for each channel.",
        look="The head turns them into scores, one for each class.",
        swap=[
            {"self.head(x.mean((2, 3)))": "x.mean((2, 3))"},
            {
                "        self.head = nn.Linear(channels[-1], classes)\n": "",
                "self.head(x.mean((2, 3)))": "x.mean((2, 3))",
            },
        ],
    ),
    Mistake(
        "layers made in forward",
        did="You made all layers in `forward`: each call makes new ones, with other numbers in them, and none is ever trained.",
        look="Make them in `__init__`, and keep them: `self.head = nn.Linear(...)`.",
        code="""
            class TinyVGG(nn.Module):
                def __init__(self, channels, classes):
                    super().__init__()
                    self.channels, self.classes = channels, classes

                def forward(self, x):
                    for a, b in pairwise(self.channels):
                        conv, relu, pool = nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
                        x = pool(relu(conv(x)))
                    head = nn.Linear(self.channels[-1], self.classes)
                    return head(x.mean((2, 3)))
        """,
    ),
    Mistake(
        "left to chance",
        did="Two models with the same parameters give different scores: something in `forward` is drawn at random.",
        look="No dropout and no noise is asked for: the same numbers go in, the same come out.",
        swap={"nn.ReLU(), ": "nn.ReLU(), nn.Dropout(0.5),\n                          "},
    ),
    Mistake(
        "sum for mean",
        did="You added up each channel's values before the head.",
        look="Take the mean over rows and columns, so that the size of a picture doesn't count: `x.mean((2, 3))`.",
        swap={"x.mean": "x.sum"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.TinyVGG,
    oracle=by_functions,
    cases=cases,
    probe=probe,
    inputs=("channels", "classes", "x"),
    hints=(
        "`super().__init__()` first. Then the blocks, and one Linear as the head.",
        "`pairwise((3, 8, 16))` gives (3, 8), (8, 16): a block for each pair.",
        "A `ModuleList` is a list that the model knows of: loop over it in `forward`, then take the mean over rows and columns.",
    ),
    mistakes=MISTAKES,
)
