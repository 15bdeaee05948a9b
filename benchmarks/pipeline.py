"""From files to batches: speed beside the network's, memory, and the first start."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest import mock

import torch
from PIL import Image

from benchmarks.classifiers import photos
from benchmarks.table import Table
from helpers.data import cats_and_dogs
from helpers.training import SmallResNet, adamw, default_loss

AT_LEAST = 0.9  # of the network's own speed
ROUNDS, BATCH = 9, 32
HOME = Path(__file__).resolve().parents[1]
COUNTS = (400, 2_000, 20_000)
FLAT = 1.15  # the most memory for any count, against the least
# Prints its peak resident memory, in bytes. tmpfs aside, pages of a mapped file count.
SESSION = """
import sys
from helpers.data import cats_and_dogs
from helpers.training import SmallResNet
from benchmarks.classifiers import Few
from helpers.training import evaluate, fit
splits = cats_and_dogs(sys.argv[1], progress=False)
model = SmallResNet(width=4)
# Batches of the same size, however many pictures there are to test with.
fit(model, splits.train, Few(splits.test, 32), epochs=1, progress=False)
evaluate(model, splits.test, batch_size=32)
if sys.platform == "linux":
    # Of this program alone; getrusage begins with what its parent had.
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) * 1024)
else:
    import psutil
    memory = psutil.Process().memory_info()
    print(getattr(memory, "peak_wset", memory.rss))
"""


def measure():
    with tempfile.TemporaryDirectory() as home:
        source = Path(photos() or write_drawn(Path(home, "drawn")))
        for part in (measure_speed, measure_start):
            print(part(source), end="\n\n", flush=True)
        return measure_memory(source)


def measure_speed(source):
    """Rounds of one and of the other in turn, so that both meet the same neighbours."""
    pictures = cats_and_dogs(source, progress=False).train
    indices = torch.randperm(len(pictures)).split(BATCH)[:20]
    ready = [pictures.batch(each) for each in indices]
    model = SmallResNet()
    optimizer = adamw(model.parameters())

    def seconds(batches):
        start = time.perf_counter()
        for images, labels in batches:
            loss = default_loss(model(images)[:, 0], labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return time.perf_counter() - start

    seconds(ready)
    alone, fed = [], []
    for _ in range(ROUNDS):
        alone.append(seconds(ready))
        fed.append(seconds(map(pictures.batch, indices)))
    count = BATCH * len(indices)
    share = median(a / f for a, f in zip(alone, fed, strict=True))
    table = Table("Training's input, pictures a second", "what", "a second", "share")
    table.add("from memory", f"{count / median(alone):.0f}", "100%")
    rate = f"{count / median(fed):.0f}"
    table.add("from the cache", rate, f"{share:.0%}", over=share < AT_LEAST)
    return table


def measure_memory(source):
    table = Table("Peak memory of decoding and one epoch", "pictures", "MB", "s")
    peaks = []
    with tempfile.TemporaryDirectory() as home:
        for count in COUNTS:
            root = repeated(source, Path(home, str(count)), count)
            environment = os.environ | {"COURSE_CACHE": str(Path(home, "cache"))}
            start = time.perf_counter()
            peaks.append(
                int(
                    subprocess.check_output(
                        [sys.executable, "-c", SESSION, root], env=environment, cwd=HOME
                    )
                )
            )
            took = time.perf_counter() - start
            over = peaks[-1] > FLAT * min(peaks)
            table.add(f"{count:,}", f"{peaks[-1] / 1e6:.0f}", f"{took:.1f}", over=over)
    return table


def write_drawn(root):
    """The drawn set as a folder of files."""
    splits = cats_and_dogs()
    for split, name in ((splits.train, "training_set"), (splits.test, "test_set")):
        for number, (pixels, label) in enumerate(
            zip(split.images, split.labels, strict=True)
        ):
            folder = root / name / splits.classes[label]
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(folder / f"{number}.png")
    return root


def repeated(source, root, count):
    """A folder of so many pictures in all: links to those of the source, in turn."""
    folders = sorted(folder for folder in source.glob("*/*") if folder.is_dir())
    files = {folder: sorted(folder.iterdir()) for folder in folders}
    whole = sum(map(len, files.values()))
    for folder, paths in files.items():
        target = root / folder.relative_to(source)
        target.mkdir(parents=True)
        for number in range(round(count * len(paths) / whole)):
            path = paths[number % len(paths)]
            (target / f"{number:06}{path.suffix}").symlink_to(path.absolute())
    return root


def measure_start(source):
    table = Table("The first start, in s for 1,000 pictures", "cores", "s")
    for workers in (1, 2):
        with forgetful():
            start = time.perf_counter()
            splits = cats_and_dogs(
                source, per_class=500, workers=workers, progress=False
            )
            took = time.perf_counter() - start
        count = len(splits.train) + len(splits.test)
        table.add(workers, f"{took * 1000 / count:.2f}")
    return table


@contextlib.contextmanager
def forgetful():
    """Nothing has been decoded yet, and nothing is kept."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        mock.patch.dict(os.environ, {"COURSE_CACHE": home}),
    ):
        yield
