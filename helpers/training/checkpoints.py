"""What a training run needs to go on, in one file that is always whole.

A checkpoint is written under a temporary name and renamed, so that at every moment the
file under its own name is either the old one or the new one. It's read with
``weights_only=True``: nothing in it is ever executed.
"""

import random
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lessons import whole_files

VERSION = 1


class CheckpointError(ValueError):
    """Why training can't go on from a checkpoint; the file is left as it is."""


def save(state: dict[str, Any], path: Path) -> None:
    """Write the state so that a crash at any moment leaves a whole file at ``path``."""
    with whole_files.replacing(path) as file:
        torch.save(state | {"version": VERSION}, file)


def load(path: Path, device: str | torch.device = "cpu") -> dict[str, Any]:
    """The state in a file that `save` wrote, its tensors on ``device``.

    Raises CheckpointError where the file is missing, damaged or of another version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            # torch.load doesn't look at the checksums.
            if (damaged := archive.testzip()) is not None:
                raise zipfile.BadZipFile(f"the checksum of {damaged} doesn't fit")
        state = torch.load(path, weights_only=True, map_location=device)
    except FileNotFoundError:
        raise CheckpointError(f"There is no checkpoint at {path}.") from None
    except Exception as error:  # torch, pickle and zipfile raise a dozen kinds
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise refusal(path, f"is damaged ({reason[0].rstrip('.')})") from error
    if not isinstance(state, dict) or state.get("version") != VERSION:
        raise refusal(path, f"isn't a checkpoint of this course's version {VERSION}")
    return state


def refusal(path: Path, what: str) -> CheckpointError:
    """A CheckpointError for a file that ``what`` describes, such as "is damaged"."""
    return CheckpointError(
        f"{path} {what}. It has been left as it is: move it away, "
        "or train in another folder."
    )


def load_weights(model: nn.Module, weights: Mapping[str, Tensor], path: Path) -> None:
    """Put a checkpoint's weights into a model.

    Raises CheckpointError, naming ``path``, where names or shapes are another model's.
    """
    own = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    there = {name: tuple(value.shape) for name, value in weights.items()}
    for name in own | there:
        if own.get(name) != there.get(name):
            raise refusal(
                path,
                f"belongs to another model: {name} is {_size(there.get(name))} there, "
                f"and {_size(own.get(name))} in this {type(model).__name__}",
            )
    model.load_state_dict(weights)


def _size(shape):
    return "absent" if shape is None else str(shape)


def random_states() -> dict[str, Any]:
    """The states of the generators of Python, NumPy and torch, CUDA's included."""
    numpy_state = np.random.get_state(legacy=False)  # noqa: NPY002
    numpy_state["state"]["key"] = numpy_state["state"]["key"].tolist()
    states = {
        "python": random.getstate(),
        "numpy": numpy_state,
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state_all()
    return states


def restore_random_states(states: dict[str, Any]) -> None:
    """Put the generators back into states that `random_states` returned."""
    random.setstate(states["python"])
    inner = states["numpy"]["state"]
    key = np.array(inner["key"], dtype=np.uint32)
    state = states["numpy"] | {"state": inner | {"key": key}}
    np.random.set_state(state)  # noqa: NPY002
    torch.set_rng_state(states["torch"].cpu())
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state_all([state.cpu() for state in states["cuda"]])
