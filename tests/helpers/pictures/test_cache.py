import json
import os
import re
import shutil
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


# Where nothing can be kept


def picky(item):
    if item in (0, 3):
        raise BadPicture(f"{item} is bad.")
    return pixels(item)


def assert_held_in_memory(said, reason, *, cache):
    """Decodes 6 pictures, 2 of them bad, and compares what is said on stderr."""
    result = keep(6, picky)
    assert_all_there(result.images, [1, 2, 4, 5])
    assert result.bad == {0: "0 is bad.", 3: "3 is bad."}
    assert result.release is None
    with pytest.raises(ValueError):
        result.images[0] = 0
    out, err = said.readouterr()
    assert not out and err.count("\n") == 1
    before, _, rest = err.partition(" (")
    assert before == f"The decoded pictures can't be kept in {cache}"
    because, _, rest = rest.partition("), ")
    assert because == reason or (reason is None and because)
    assert rest == (
        "so they are decoded into memory, at every start anew; to keep them, name "
        "another folder, with room, in the environment variable COURSE_CACHE.\n"
    )
    assert not list(cache.rglob("*.part"))


def test_a_file_where_the_folder_should_be(cache, capsys):
    cache.write_text("in the way")
    assert_held_in_memory(capsys, None, cache=cache)  # systems word it differently


def refuse(monkeypatch, owner, name, error):
    def refused(*_, **__):
        raise error

    monkeypatch.setattr(owner, name, refused)


@pytest.mark.parametrize(
    "act",
    [
        (module.Path, "mkdir"),
        (module.FileLock, "acquire"),
        (module, "_for_update"),
        (module.Path, "rename"),
    ],
)
@pytest.mark.parametrize(
    "error, reason",
    [
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError(30, "Read-only file system"), "Read-only file system"),
        (OSError(122, "Disk quota exceeded"), "Disk quota exceeded"),
    ],
)
def test_whatever_may_not_be_done(cache, capsys, monkeypatch, act, error, reason):
    with monkeypatch.context() as patch:
        refuse(patch, *act, error)
        assert_held_in_memory(capsys, reason, cache=cache)
    assert_all_there(keep(3).images, range(3))
    assert capsys.readouterr().err == ""


def test_a_file_system_without_locks(cache, capsys, monkeypatch):
    no_locks = NotImplementedError("FileSystem does not appear to support flock")
    refuse(monkeypatch, module.FileLock, "acquire", no_locks)
    assert_held_in_memory(capsys, str(no_locks), cache=cache)


def test_a_file_system_that_maps_no_files(cache, capsys, monkeypatch):
    refuse(monkeypatch, module.mmap, "mmap", OSError(19, "No such device"))
    assert_held_in_memory(
        capsys, "what was written there can't be read again", cache=cache
    )


def test_a_full_disk(cache, capsys, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(10, 9, 1))
    assert_held_in_memory(capsys, "it needs 0 MB, 0 are free", cache=cache)


def test_a_disk_that_fills_up_meanwhile(cache, capsys, monkeypatch):
    def full(file, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_write", full)
        assert_held_in_memory(capsys, "No space left on device", cache=cache)
    assert_all_there(keep(3).images, range(3))


def test_what_another_user_has_kept_is_read(cache, capsys, monkeypatch):
    keep(3)
    refuse(monkeypatch, module.Path, "mkdir", PermissionError(13, "Permission denied"))
    make, made = counted()
    assert_all_there(keep(3, make).images, range(3))
    assert not made and capsys.readouterr().err == ""


def free_memory(monkeypatch, free):
    memory = namedtuple("memory", "available")
    monkeypatch.setattr(module.psutil, "virtual_memory", lambda: memory(free))


@pytest.mark.parametrize("spare, fits", [(0, True), (-2, False)])
def test_half_of_the_memory_may_be_taken(cache, monkeypatch, spare, fits):
    free_memory(monkeypatch, 2 * 3 * SIZE * SIZE * 6 + spare)
    cache.write_text("in the way")
    if fits:
        assert len(keep(6).images) == 6
        return
    with pytest.raises(CacheError) as raised:
        keep(6)
    assert re.fullmatch(
        r"The decoded pictures can't be kept in .* \(.*\), and 6 pictures "
        r"of 4 × 4 pixels need 0 MB, more than half of the 0 MB of memory that are "
        r"free: name another folder, with room, in the environment variable "
        r"COURSE_CACHE, or ask for fewer or smaller pictures\.",
        str(raised.value),
    )


def test_a_full_memory_is_no_matter_where_pictures_are_kept(monkeypatch):
    free_memory(monkeypatch, 0)
    assert len(keep(6).images) == 6


def test_decoding_into_memory_can_be_stopped(cache):
    cache.write_text("in the way")

    def stopped(item):
        if item == 60:
            raise KeyboardInterrupt
        return pixels(item)

    with pytest.raises(KeyboardInterrupt):
        keep(100, stopped)


@pytest.mark.skipif(
    not shutil.which("unshare"), reason="mounts a read-only file system, as Linux can"
)
def test_a_read_only_home(tmp_path):
    """Really, in a mount namespace of its own: as root, permissions would not bind."""
    script = """
    import numpy as np
    from helpers.pictures.cache import stored
    make = lambda item: np.full((4, 4, 3), item, np.uint8)
    kept = stored(range(3), make, size=4, key="", progress=False)
    print(kept.images[:, 0, 0, 0].tolist())
    """
    home = tmp_path / "home"
    home.mkdir()
    mounted = 'mount -t tmpfs -o ro none "$1" && exec "$2" -c "$3"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted]
    options = [home, sys.executable, textwrap.dedent(script)]
    environment = os.environ | {"HOME": str(home), "XDG_CACHE_HOME": ""}
    environment["COURSE_CACHE"] = ""
    result = subprocess.run(
        [*command, "sh", *options],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if "unshare" in result.stderr or "mount:" in result.stderr:
        pytest.skip("this user may not mount")
    assert result.stdout == "[0, 1, 2]\n"
    assert "(Read-only file system), so they are decoded into memory" in result.stderr


# What a student sees


def test_the_bar_counts_and_goes_on_where_it_was(capfd):
    def slow(item):
        time.sleep(0.15)
        return pixels(item)

    keep(5, slow, progress=True, workers=1)
    out, err = capfd.readouterr()
    assert re.search(r"Decoding: +\d+%.* [1-4]/5 \[\d+:\d+<\d+:\d+", err) and not out
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


@pytest.mark.everything
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
