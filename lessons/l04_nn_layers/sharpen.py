"""A kernel that sharpens each colour by itself."""

import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def by_stacking(channels):
    """The oracle: one kernel written out, stacked; returns (channels, 1, 3, 3)."""
    ninths = [[-1.0, -1.0, -1.0], [-1.0, 9.0, -1.0], [-1.0, -1.0, -1.0]]
    return torch.stack([torch.tensor([ninths]) / 9] * channels)


def cases(rng):
    """A number of channels: 2, 3, and a drawn one."""
    yield from [(2,), (3,), (int(rng.integers(4, 100)),)]


MISTAKES = (
    Mistake(
        "one kernel for all channels",
        did="Your weight makes one output channel out of all input channels.",
        look="Every group needs a kernel of its own, (1, 3, 3): stack `channels` of them along the first axis.",
        swap={"(channels, 1, 3, 3)": "(1, channels, 3, 3)"},
    ),
    Mistake(
        "every channel from all",
        did="Every output channel has a kernel for each of the input channels, so the colours would be mixed; and with `groups=channels` it doesn't fit.",
        look="In a group there is one input channel: the second axis has size 1.",
        swap={"(channels, 1, 3, 3)": "(channels, channels, 3, 3)"},
    ),
    Mistake(
        "zeros where groups would do",
        did="This weight keeps the colours apart by zeros: right without groups, and it doesn't fit with them.",
        look="`groups=channels` keeps them apart by itself, and each kernel sees one channel: (channels, 1, 3, 3).",
        code="""
            def sharpen(channels):
                weight = torch.zeros(channels, channels, 3, 3)
                for c in range(channels):
                    weight[c, c] = -1 / 9
                    weight[c, c, 1, 1] = 1
                return weight
        """,
    ),
    Mistake(
        "the second axis missing",
        did="Your weight is (channels, 3, 3), a kernel for each channel.",
        look="`conv2d` asks for four axes; the second one counts the input channels of a group, and must be there though it is 1.",
        swap={"(channels, 1, 3, 3)": "(channels, 3, 3)", "[:, :, 1, 1]": "[:, 1, 1]"},
    ),
    Mistake(
        "the kernel alone",
        did="Your weight is one kernel, (3, 3), for one channel.",
        look="`conv2d` asks for (C_out, C_in/groups, kH, kW): a kernel for each channel.",
        swap={"(channels, 1, 3, 3)": "(3, 3)", "[:, :, 1, 1]": "[1, 1]"},
    ),
    Mistake(
        "the middle a ninth too small",
        did="You took a ninth from every place, the middle too: it is 8/9 now.",
        look="Here the middle is 1, and the ninths stand around it.",
        swap={"1, 1] = 1": "1, 1] = 8 / 9"},
    ),
    Mistake(
        "the middle negative too",
        did="All nine entries are −1/9: that is a blur, turned dark.",
        look="The middle is 1.",
        swap={"    weight[:, :, 1, 1] = 1\n": ""},
    ),
    Mistake(
        "eighths for ninths",
        did="You shared the negative part among the eight neighbours, −1/8 each.",
        look="It is −1/9 each, so that a ninth of the brightness is left.",
        swap={"-1 / 9": "-1 / 8"},
    ),
    Mistake(
        "neighbours added",
        did="The neighbours have +1/9, so the picture is blurred and grows brighter.",
        look="To sharpen is to take the neighbours away: −1/9.",
        swap={"-1 / 9": "1 / 9"},
    ),
    Mistake(
        "the corner for the middle",
        did="Your 1 stands in the last row and column of the kernel.",
        look="Counted from 0, the middle of three is 1: `weight[:, :, 1, 1]`.",
        swap={"[:, :, 1, 1]": "[:, :, 2, 2]"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.sharpen,
    oracle=by_stacking,
    cases=cases,
    hints=(
        "A weight is (C_out, C_in/groups, kH, kW). With as many groups as channels, how many channels does one kernel see?",
        "`torch.full(shape, -1 / 9)` fills it; `weight[:, :, 1, 1]` is every middle.",
    ),
    mistakes=MISTAKES,
)
