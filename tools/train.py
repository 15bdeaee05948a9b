"""python -m tools.train PHOTOS --out RUN: train without a notebook."""

import argparse
import json
import os
import sys
from pathlib import Path

from helpers.data import cats_and_dogs
from helpers.figures import png
from helpers.training import CHECKPOINT, RECIPE, SmallResNet, evaluate, fit, pick_device
from helpers.training.checkpoints import CheckpointError
from helpers.training.reports import confusion_figure, confusion_text, curves_of
from lessons import whole_files

DEFAULTS = {
    "photos": None,
    "epochs": 40,
    "size": 64,
    "width": 16,
    "batch_size": 32,
    "per_class": None,
    "seed": 0,
}
RUN = "run.json"
STOPPED = 130  # what shells expect of a program ended by Ctrl+C
SKIPPED_SHOWN = 20

parser = argparse.ArgumentParser(
    prog="python -m tools.train",
    description="Train a small residual network to tell classes of pictures apart.",
    epilog="Ctrl+C stops it and keeps what was learnt; --resume goes on from there.",
    argument_default=argparse.SUPPRESS,
)
parser.add_argument(
    "photos",
    nargs="?",
    metavar="PHOTOS",
    help="a folder with a subfolder for each class, alone or within training_set and "
    "test_set; without it, $COURSE_PHOTOS, or the pictures that the course brings",
)
parser.add_argument(
    "--out",
    required=True,
    type=Path,
    metavar="RUN",
    help="folder for the checkpoint and the report",
)
parser.add_argument(
    "--resume",
    action="store_true",
    default=False,
    help="go on with the run in that folder, with its settings",
)
parser.add_argument("--device", default=None, help="cpu, cuda, …: the fastest, if not")


def whole(text):
    """A whole number from 1 up, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


for name, meaning in {
    "epochs": "how often each picture is seen",
    "size": "pixels a side to which pictures are brought",
    "width": "channels of the network's first layer",
    "batch_size": "pictures a step",
    "per_class": "at most so many pictures of each class",
}.items():
    default = "all" if DEFAULTS[name] is None else DEFAULTS[name]
    parser.add_argument(
        f"--{name.replace('_', '-')}",
        type=whole,
        metavar="N",
        help=f"{meaning} ({default})",
    )
parser.add_argument(
    "--seed", type=int, metavar="N", help="of everything that is random (0)"
)


def main(arguments=None):
    """The program; hands back its exit status."""
    given = vars(parser.parse_args(arguments))
    out, resume, device = (given.pop(name) for name in ("out", "resume", "device"))
    try:
        return train(out, given, resume, device)
    except (ValueError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return STOPPED


def train(out, given, resume, device):
    """Train, and leave a checkpoint and a report in the folder ``out``.

    ``given`` holds the options that were given, as in DEFAULTS. Returns the exit
    status, STOPPED where it was stopped early. Raises ValueError or OSError, among them
    CheckpointError, BadFolder and CacheError, with a sentence that says why.
    """
    device = pick_device(device)
    options = _options(out, given, resume)
    splits = cats_and_dogs(
        options["photos"],
        size=options["size"],
        per_class=options["per_class"],
        seed=options["seed"],
    )
    print(splits.source)
    for skipped in splits.skipped[:SKIPPED_SHOWN]:
        print(f"  skipped {skipped}")
    if (more := len(splits.skipped) - SKIPPED_SHOWN) > 0:
        print(f"  and {more:,} more")
    about = {
        "options": options,
        "classes": list(splits.classes),
        "model": {"classes": len(splits.classes), "width": options["width"]},
        "size": options["size"],
    }
    model = _seeded_model(about["model"], options["seed"])
    count = sum(parameter.numel() for parameter in model.parameters())
    print(f"{type(model).__name__} with {count:,} parameters, on {device}", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    if not (out / CHECKPOINT).exists():
        whole_files.replace(out / RUN, json.dumps(about, indent=2).encode())
    history = fit(
        model,
        splits.train,
        splits.test,
        epochs=options["epochs"],
        seed=options["seed"],
        run=out,
        resume=resume,
        device=device,
        **(RECIPE | {"batch_size": options["batch_size"]}),
    )
    _report(out, history, evaluate(model, splits.test, device=device), splits)
    if len(history) < options["epochs"]:
        print(f"To go on: {parser.prog} --out {out} --resume")
        return STOPPED
    return 0


def _options(out, given, resume):
    """What was asked for, or what the run to resume was begun with."""
    if given.get("photos") is None:
        given["photos"] = os.environ.get("COURSE_PHOTOS") or None
    if given["photos"] is None:
        del given["photos"]
    else:
        given["photos"] = str(Path(given["photos"]).expanduser().absolute())
    if not resume or not (out / RUN).exists():
        if not resume and (out / CHECKPOINT).exists():
            raise CheckpointError(
                f"{out} holds an earlier run: add --resume to go on with it, or name "
                "another folder."
            )
        return DEFAULTS | given
    begun = read_run(out)["options"]
    for name, value in given.items():
        if begun[name] != value:
            option = name.upper() if name == "photos" else "--" + name.replace("_", "-")
            raise CheckpointError(
                f"{out} was begun with {option} {begun[name]}, not {value}; "
                "name another folder to begin anew."
            )
    return begun


def read_run(out):
    """What a run's folder says about itself, as a dict. Raises CheckpointError."""
    try:
        about = json.loads((out / RUN).read_text(encoding="utf-8"))
        return {name: about[name] for name in ("options", "classes", "model", "size")}
    except FileNotFoundError:
        raise CheckpointError(
            f"{out} holds no run of tools.train: {RUN} isn't there."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(
            f"{out / RUN} is damaged; it has been left as it is."
        ) from None


def _seeded_model(about, seed):
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SmallResNet(**about)


def _report(out, history, result, splits):
    """Print how it went, and leave it in the run's folder with two pictures."""
    confusion = result.confusion(len(splits.classes))
    right, count = int(confusion.diagonal().sum()), len(result.labels)
    seconds = sum(history.column("seconds"))
    report = "\n".join(
        [
            history.table(),
            "",
            f"Test accuracy {result.accuracy:.3f} ({right:,} of {count:,}), "
            f"test loss {result.loss:.3f}, after {len(history)} epochs in "
            f"{seconds:.0f} s",
            "",
            confusion_text(confusion, splits.classes),
        ]
    )
    print(f"\n{report}\n")
    files = {
        "report.txt": f"{splits.source}\n\n{report}\n".encode(),
        "confusion.png": png(confusion_figure(confusion, splits.classes)),
    }
    if history:
        files["curves.png"] = png(curves_of(history))
    for name, content in files.items():
        whole_files.replace(out / name, content)
    print(f"In {out}: {CHECKPOINT}, {', '.join(files)}")


if __name__ == "__main__":
    sys.exit(main())
