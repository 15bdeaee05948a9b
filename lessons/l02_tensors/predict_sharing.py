"""Which tensors share memory."""

import numpy as np
import torch

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions


def by_address():
    """The oracle, {line: bool}: NumPy is asked whether the two overlap in memory."""
    a = np.zeros((2, 3))
    t = torch.zeros(2, 3)
    pairs = {
        "torch.from_numpy(a)": (torch.from_numpy(a).numpy(), a),
        "torch.tensor(a)": (torch.tensor(a).numpy(), a),
        "t.numpy()": (t.numpy(), t.numpy()),
        "t.clone()": (t.clone().numpy(), t.numpy()),
        "t.T": (t.T.numpy(), t.numpy()),
        "t[0]": (t[0].numpy(), t.numpy()),
        "t[[0]]": (t[[0]].numpy(), t.numpy()),
        "t + 0": ((t + 0).numpy(), t.numpy()),
    }
    return {line: np.shares_memory(*pair) for line, pair in pairs.items()}


MISTAKES = (
    Mistake(
        "torch.tensor shares",
        did="You let `torch.tensor` share, as if it were `from_numpy`.",
        look="`torch.tensor` always copies; that is what tells the two apart.",
        swap={'"torch.tensor(a)": False': '"torch.tensor(a)": True'},
    ),
    Mistake(
        "from_numpy copies",
        did="You let `torch.from_numpy` copy.",
        look="It lays a tensor over the array's own memory: change one, and look at the other.",
        swap={'"torch.from_numpy(a)": True': '"torch.from_numpy(a)": False'},
    ),
    Mistake(
        "numpy() copies",
        did="You let `.numpy()` copy.",
        look="It is the way back of `from_numpy`, and shares as well.",
        swap={'"t.numpy()": True': '"t.numpy()": False'},
    ),
    Mistake(
        "transposing copies",
        did="You let the transpose copy its numbers.",
        look="`t.T` is the same numbers, counted in another order. No number moves.",
        swap={'"t.T": True': '"t.T": False'},
    ),
    Mistake(
        "a row is a copy",
        did="You let `t[0]` copy, as a slice of a Python list would.",
        look="A row lies in one piece inside `t`, and `t[0]` is a view of it.",
        swap={'"t[0]": True': '"t[0]": False'},
    ),
    Mistake(
        "a list of rows is a view",
        did="You let `t[[0]]` be a view like `t[0]`.",
        look="Indexing with a list may pick rows in any order, even twice; no view can do that, so it copies.",
        swap={'"t[[0]]": False': '"t[[0]]": True'},
    ),
    Mistake(
        "clone shares",
        did="You let `clone` share.",
        look="A clone is a copy made on purpose.",
        swap={'"t.clone()": False': '"t.clone()": True'},
    ),
    Mistake(
        "adding nothing changes nothing",
        did="You let `t + 0` be `t` itself.",
        look="Every computation writes into new memory, even an idle one. Only names that end in `_` write into the old.",
        swap={'"t + 0": False': '"t + 0": True'},
    ),
    Mistake(
        "question turned round",
        did="Every entry is the other way round.",
        look="True is for what shares its numbers, False for what is a copy.",
        code="""
def predict_sharing():
    return {
        "torch.from_numpy(a)": False,
        "torch.tensor(a)": True,
        "t.numpy()": False,
        "t.clone()": True,
        "t.T": False,
        "t[0]": False,
        "t[[0]]": True,
        "t + 0": True,
    }
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_sharing,
    oracle=by_address,
    hints=(
        "`from_` and `.numpy()` look at what is there. `tensor`, `clone` and every computation make something new.",
        "A view only needs another way of counting over the same numbers: a start and a step for each axis. Which of the indexings can be told that way?",
    ),
    mistakes=MISTAKES,
)
