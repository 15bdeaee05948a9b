import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from helpers.pictures import cache as module
from helpers.pictures.cache import CacheError, clear_cache, stored
from helpers.pictures.decode import BadPicture

SIZE = 4


def pixels(item, size=SIZE):
    return np.random.default_rng(item).integers(0, 256, (size, size, 3), np.uint8)


def keep(count, make=pixels, **options):
    options = {"size": SIZE, "key": "these", "progress": False} | options
    return stored(range(count), make, **options)


def counted(make=pixels):
    made = []

    def counting(item):
        made.append(item)
        return make(item)

    return counting, made


def assert_all_there(images, items):
    np.testing.assert_array_equal(images, [pixels(item) for item in items])


def only(cache, pattern):
    (path,) = (cache / "pictures").glob(pattern)
    return path


def test_pixels_are_made_once():
    make, made = counted()
    for _ in range(2):
        assert_all_there(keep(50, make).images, range(50))
    assert sorted(made) == list(range(50))


def test_pixels_are_mapped_and_read_only():
    images = keep(3).images
    assert not images.flags.owndata and not images.flags.writeable
    with pytest.raises(ValueError):
        images[0] = 0


def test_another_key_size_or_number_is_another_set(cache):
    keep(3)
    for other in ({"key": "others"}, {"size": 5, "make": lambda i: pixels(i, 5)}):
        make, made = counted(other.pop("make", pixels))
        keep(3, make, **other)
        assert len(made) == 3
    make, made = counted()
    keep(4, make)
    assert len(made) == 4
    assert len(list((cache / "pictures").glob("*.part"))) == 0


def test_another_version_is_never_read(monkeypatch):
    keep(3)
    monkeypatch.setattr(module, "VERSION", "another")
    make, made = counted()
    keep(3, make)
    assert len(made) == 3


def test_bad_pictures_are_left_out_and_named():
    def picky(item):
        if item in (0, 3, 4, 9):
            raise BadPicture(f"{item} is bad.")
        return pixels(item)

    for _ in range(2):
        result = keep(10, picky)
        assert result.bad == {i: f"{i} is bad." for i in (0, 3, 4, 9)}
        assert_all_there(result.images, [1, 2, 5, 6, 7, 8])


@pytest.mark.parametrize("count", [0, 3])
def test_nothing_good_is_nothing(count):
    def never(item):
        raise BadPicture("Bad.")

    for _ in range(2):
        result = keep(count, never)
        assert result.images.shape == (0, SIZE, SIZE, 3)
        assert len(result.bad) == count


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("workers", [1, 3])
def test_an_interrupted_run_goes_on_where_it_was(stop, workers):
    def stopped(item):
        if item == 60:
            raise stop
        return pixels(item)

    with pytest.raises(stop):
        keep(100, stopped, workers=workers)
    make, made = counted()
    assert_all_there(keep(100, make).images, range(100))
    assert min(made) >= 30, "what was finished before is not made again"


def test_half_written_rows_are_made_again(cache):
    def stopped(item):
        if item == 60:
            raise KeyboardInterrupt
        return pixels(item)

    with pytest.raises(KeyboardInterrupt):
        keep(100, stopped, workers=1)
    with only(cache, "*.part/pixels.u8").open("r+b") as file:
        file.seek(7 * SIZE * SIZE * 3 + 5)
        file.write(b"damaged")
    make, made = counted()
    assert_all_there(keep(100, make).images, range(100))
    assert 7 in made and 6 not in made and 8 not in made


@pytest.mark.parametrize("name", ["pixels.u8", "pictures.json"])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b'{"count": 3}'])
def test_a_damaged_set_is_made_again(cache, name, content):
    keep(3)
    path = only(cache, f"*/{name}")
    path.unlink() if content is None else path.write_bytes(content)
    assert_all_there(keep(3).images, range(3))


def test_a_record_of_other_numbers_is_not_believed(cache):
    keep(3)
    only(cache, "*/pictures.json").write_text(json.dumps({"count": 4, "bad": {}}))
    assert_all_there(keep(3).images, range(3))


def test_a_full_disk_is_said_in_one_sentence(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(10, 9, 1))
    with pytest.raises(CacheError, match=r"needs 0 MB.*COURSE_CACHE\.$"):
        keep(3)


def test_a_disk_that_fills_up_meanwhile(monkeypatch):
    def full(file, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_write", full)
        with pytest.raises(CacheError, match="No space left"):
            keep(3)
    assert_all_there(keep(3).images, range(3))


def test_a_cache_that_cannot_be_written(cache):
    cache.write_text("a file where the folder should be")
    with pytest.raises(CacheError, match="COURSE_CACHE"):
        keep(3)


def test_the_bar_counts_and_goes_on_where_it_was(capfd):
    def slow(item):
        time.sleep(0.15)
        return pixels(item)

    keep(5, slow, progress=True, words="Drawing", workers=1)
    out, err = capfd.readouterr()
    assert re.search(r"Drawing: +\d+%.* [1-4]/5 \[\d+:\d+<\d+:\d+", err) and not out
    keep(5, progress=True)
    keep(5, key="silent")
    assert capfd.readouterr() == ("", "")


def test_clearing(cache):
    keep(3)
    clear_cache()
    make, made = counted()
    keep(3, make)
    assert len(made) == 3
    clear_cache()
    clear_cache()


# Other processes, really.

CHILD = """
import os, sys, time
from pathlib import Path
import numpy as np
from helpers.pictures.cache import stored

def make(item):
    with open(sys.argv[1], "a") as log:
        log.write(f"{item}\\n")
    time.sleep(0.004)
    return np.random.default_rng(item).integers(0, 256, (4, 4, 3), np.uint8)

images = stored(range(200), make, size=4, key="these", workers=2, progress=False).images
print(hash(images.tobytes()), flush=True)
"""


def child(log, **options):
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    command = [sys.executable, "-c", CHILD, str(log)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, **options
    )


def wait_for_lines(log, count, process):
    while not log.exists() or len(log.read_text().splitlines()) < count:
        assert process.poll() is None
        time.sleep(0.002)


def test_two_processes_at_once_make_each_picture_once(tmp_path):
    log = tmp_path / "log"
    both = [child(log), child(log)]
    first, second = (process.communicate(timeout=60)[0] for process in both)
    assert all(process.returncode == 0 for process in both)
    assert first == second != ""
    made = sorted(int(line) for line in log.read_text().splitlines())
    assert made == list(range(200))
    assert_all_there(keep(200).images, range(200))


def test_the_second_goes_on_when_the_first_is_killed(tmp_path):
    logs = tmp_path / "first", tmp_path / "second"
    first = child(logs[0])
    wait_for_lines(logs[0], 80, first)
    second = child(logs[1])
    wait_for_lines(logs[0], 100, first)
    first.kill()
    first.communicate()
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert len(logs[1].read_text().splitlines()) <= 130
    assert_all_there(keep(200).images, range(200))


@pytest.mark.parametrize("lines", [1, 37, 120, 190, 200])
def test_killed_at_any_moment(tmp_path, lines):
    log = tmp_path / "log"
    process = child(log)
    wait_for_lines(log, lines, process)
    process.kill()
    process.communicate()
    assert_all_there(keep(200).images, range(200))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal")
def test_stop_is_heard_at_once(tmp_path):
    log = tmp_path / "log"
    process = child(log, stderr=subprocess.PIPE)
    wait_for_lines(log, 20, process)
    process.send_signal(signal.SIGINT)
    since = time.monotonic()
    assert "KeyboardInterrupt" in process.communicate(timeout=20)[1]
    assert time.monotonic() - since < 5
    assert len(log.read_text().splitlines()) < 200


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux")
def test_many_pictures_need_no_more_memory_than_few(tmp_path):
    script = """
    import resource
    import numpy as np
    from helpers.pictures.cache import stored
    from helpers.pictures.splits import Pictures

    def peak_after(count):
        make = lambda item: np.full((64, 64, 3), item % 256, np.uint8)
        kept = stored(range(count), make, size=64, key="", workers=2, progress=False)
        labels = np.zeros(count, np.int64)
        pictures = Pictures(kept.images, labels, ("",) * count, kept.release)
        order = np.random.default_rng(0).permutation(count)
        for indices in np.array_split(order, count // 50):
            pictures.batch(indices)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    few, many = peak_after(1000), peak_after(16_000)
    print(many - few)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    grown = float(subprocess.check_output(command, text=True, timeout=120))
    assert grown < 60, "MB more, for pictures that fill 190"
