"""Training, evaluation, checkpoints and the live view."""

from helpers.training.checkpoints import CheckpointError
from helpers.training.evaluation import (
    Evaluation,
    decide,
    default_loss,
    evaluate,
    pick_device,
)
from helpers.training.fitting import CHECKPOINT, fit
from helpers.training.history import History
from helpers.training.models import RECIPE, Baseline, SmallResNet, adamw, augment

__all__ = [
    "CHECKPOINT",
    "RECIPE",
    "Baseline",
    "CheckpointError",
    "Evaluation",
    "History",
    "SmallResNet",
    "adamw",
    "augment",
    "decide",
    "default_loss",
    "evaluate",
    "fit",
    "pick_device",
]
