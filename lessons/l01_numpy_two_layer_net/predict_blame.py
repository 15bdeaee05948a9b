"""How far each weight of the second layer is to blame for an error."""

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l01_numpy_two_layer_net import solutions


def by_nudging():
    """The oracle: nudge each weight of w2 and see how the loss of the small net answers.

    Three slopes, as a list.
    """
    h_relu = np.array([1.0, 1.0, 0.0])
    w2 = np.array([1.0, 0.0, 2.0])

    def loss(nudge):
        return (h_relu @ (w2 + nudge) - 3.0) ** 2

    nudges = np.eye(3) / 4  # the loss is quadratic, so that any size will do
    return [float((loss(n) - loss(-n)) / (1 / 2)) for n in nudges]


MISTAKES = (
    Mistake(
        "the whole blame for every weight",
        did="You passed the whole blame to every weight.",
        look="A weight is only to blame as far as signal went through it: multiply by `h_relu`, and look at the third unit again.",
        swap={"[-4, -4, 0]": "[-4, -4, -4]"},
    ),
    Mistake(
        "signal from before ReLU",
        did="You used `h`, in which the third unit still holds -1.5.",
        look="What went through the third weight was what ReLU let pass.",
        swap={"[-4, -4, 0]": "[-4, -4, 6]"},
    ),
    Mistake(
        "blame passed to the signal",
        did="You multiplied the blame by the weights: that is the gradient of `h_relu`.",
        look="For a weight's gradient, multiply by what the weight was multiplied by.",
        swap={"[-4, -4, 0]": "[-4, 0, -8]"},
    ),
    Mistake(
        "sign turned",
        did="You have the sizes; the sign is the other way round.",
        look="The output is too small. If a weight grows, does the loss grow or fall?",
        swap={"[-4, -4, 0]": "[4, 4, 0]"},
    ),
    Mistake(
        "factor 2 left out",
        did="You gave the first two weights -2, which is the output's error.",
        look="The output's blame is -4: the derivative of a square brings a factor 2 along. And it isn't shared out: each weight gets all of it, times its signal.",
        swap={"[-4, -4, 0]": "[-2, -2, 0]"},
    ),
    Mistake(
        "loss for gradient",
        did="You shared out the loss itself, 4.",
        look="The blame is the loss's slope: how it changes if the output is nudged.",
        swap={"[-4, -4, 0]": "[4, 4, 4]"},
    ),
    Mistake(
        "signal without blame",
        did="You gave every weight the signal that it carried.",
        look="That is one half: multiply it by the output's blame, -4.",
        swap={"[-4, -4, 0]": "[1, 1, 0]"},
    ),
    Mistake(
        "multiplied by the weight too",
        did="You let the second weight off, perhaps because it is 0 now.",
        look="A weight of 0 can be to blame as well: if it grew by a hair, would the output change?",
        swap={"[-4, -4, 0]": "[-4, 0, 0]"},
    ),
    Mistake(
        "nudged by a whole 1",
        did="You have the change of the loss if a weight grows by 1: from 4 to 1.",
        look="The loss is a curve: its slope is what a nudge by a hair shows, not one by a whole 1.",
        swap={"[-4, -4, 0]": "[-3, -3, 0]"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_blame,
    oracle=by_nudging,
    hints=(
        "Each weight gets the output's blame, times the signal that it carried.",
        "The signals are in `h_relu`: 1, 1 and 0.",
    ),
    mistakes=MISTAKES,
)
