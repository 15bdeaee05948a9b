"""The last output of sequences of different lengths."""

import torch
import torch.nn.functional as F

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions
from lessons.l05_rnn_lstmcell._numbers import numbers


def by_mask(outputs, lengths):
    """The oracle: outputs (T, N, D) times a 1 at each last step, summed; (N, D)."""
    chosen = F.one_hot(lengths - 1, len(outputs)).to(outputs.dtype)
    return torch.einsum("tnd,nt->nd", outputs, chosen)


def cases(rng):
    """outputs (T, N, D); lengths (N,), whole numbers from 1 to T, no two alike."""
    by_hand = torch.tensor([[[1.0], [2.0]], [[3.0], [4.0]], [[5.0], [6.0]]])
    yield by_hand, torch.tensor([3, 1])
    yield by_hand, torch.tensor([1, 2])
    for T, N, D in [(5, 3, 2), (6, 4, 3)]:
        yield numbers(rng, T, N, D), torch.tensor(rng.permutation(T)[:N] + 1)


MISTAKES = (
    Mistake(
        "the last step for all",
        did="You took the last step of the tensor. For a shorter sequence that is what the padding left.",
        look="Each sequence ends at a step of its own: `lengths - 1`.",
        swap={"[lengths - 1, torch.arange(len(lengths))]": "[-1]"},
    ),
    Mistake(
        "the longest one's end for all",
        did="You took the step at which the longest sequence ends, for all of them.",
        look="Each sequence ends at a step of its own: one index for each.",
        swap={"lengths - 1, torch.arange(len(lengths))": "lengths.max() - 1"},
    ),
    Mistake(
        "one step too far",
        did="You took step `lengths[n]`, which is the first one of the padding, or beyond the tensor.",
        look="Steps are counted from 0: a sequence of length 3 ends at step 2.",
        swap={"lengths - 1": "lengths"},
    ),
    Mistake(
        "one step too early",
        did="You took step `lengths[n] - 2`, the last but one; from a sequence of one step, that counts back from the end of the tensor.",
        look="Steps are counted from 0: a sequence of length 3 ends at step 2.",
        swap={"lengths - 1": "lengths - 2"},
    ),
    Mistake(
        "each step with each sequence",
        did="You got the steps `lengths - 1` of *all* sequences: (N, N, D).",
        look="Give a second index beside the first, so that they are taken in pairs.",
        swap={", torch.arange(len(lengths))": ""},
    ),
    Mistake(
        "batch and time swapped",
        did="You looked for the sequences along the first axis, and for the steps along the second.",
        look="Here time comes first: `outputs[step, sequence]`.",
        swap={
            "lengths - 1, torch.arange(len(lengths))": "torch.arange(len(lengths)), lengths - 1"
        },
    ),
    Mistake(
        "steps along the batch",
        did="You indexed the second axis with `lengths - 1`; that is the batch.",
        look="Time is the first axis; each step needs its sequence beside it.",
        swap={"lengths - 1, torch.arange(len(lengths))": ":, lengths - 1"},
    ),
    Mistake(
        "counted from the end",
        did="You counted `lengths` steps back from the end of the tensor.",
        look="A sequence begins at step 0, and its padding stands behind it.",
        swap={"lengths - 1": "-lengths"},
    ),
    Mistake(
        "the first step",
        did="You took the first step of each sequence.",
        look="What has been remembered stands at the end: step `lengths - 1`.",
        swap={"[lengths - 1, torch.arange(len(lengths))]": "[0]"},
    ),
    Mistake(
        "mean over the steps",
        did="You averaged over the steps of each sequence.",
        look="One step is wanted: the last that isn't padding.",
        code="""
def last_valid_state(outputs, lengths):
    means = [outputs[:length, n].mean(dim=0) for n, length in enumerate(lengths)]
    return torch.stack(means)
""",
    ),
    Mistake(
        "sum over the steps",
        did="You added up the steps of each sequence.",
        look="One step is wanted: the last that isn't padding.",
        code="""
def last_valid_state(outputs, lengths):
    sums = [outputs[:length, n].sum(dim=0) for n, length in enumerate(lengths)]
    return torch.stack(sums)
""",
    ),
    Mistake(
        "padding removed, nothing chosen",
        did="You set the padding to zero and left it at that.",
        look="Pick one step for each sequence, so that time disappears: (N, D).",
        code="""
def last_valid_state(outputs, lengths):
    steps = torch.arange(len(outputs))
    valid = steps[:, None] < lengths
    return outputs * valid[:, :, None]
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.last_valid_state,
    oracle=by_mask,
    cases=cases,
    hints=(
        "A sequence of length 3 ends at step 2: its last step is `lengths - 1`.",
        "Each sequence has a step of its own. Indexing with two lists takes them in pairs: `outputs[steps, sequences]`.",
        "`torch.arange(N)` counts the sequences.",
    ),
    mistakes=MISTAKES,
)
