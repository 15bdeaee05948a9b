"""The notebooks as tests: each starts fresh, whatever else has been run and passed.

They have no network either: what they need comes with the packages.
"""

import atexit
import contextlib
import os
import tempfile
from collections import Counter
from pathlib import Path
from unittest import mock

import pytest
from xdist.scheduler import LoadFileScheduling

from tools.notebook_runs import fresh_environment

if "PYTEST_XDIST_WORKER" in os.environ:
    # Every core has its worker. If each kernel spread its products over all cores as
    # well, they would wait for each other, and take twice as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# A student's real progress and decoded pictures are never touched, their photographs
# never used. Kernels that tests start inherit this.
_data = tempfile.TemporaryDirectory(prefix="course-data-", ignore_cleanup_errors=True)
atexit.register(_data.cleanup)
os.environ["COURSE_DATA"] = _data.name
os.environ["COURSE_CACHE"] = os.path.join(_data.name, "cache")
# Only the tests that are about real photographs look here.
_photos = os.environ.pop("COURSE_PHOTOS", "")
os.environ.setdefault("COURSE_TESTS_PHOTOS", _photos)

# Stored outputs hold solutions; the tests that are about hiding them set it themselves.
os.environ.pop("COURSE_SOLUTIONS", None)

WITHOUT_NETWORK = Path(__file__).parent / "tests" / "without_network"
# Where few tests take long, since they start programs.
STARTING_PROGRAMS = (
    "notebooks/",
    "tests/browser/",
    "tests/classroom/",
    "tests/notebooks/",
    "tests/setup/",
)


def pytest_addoption(parser):
    explained = "also run what is slow and rarely breaks"
    parser.addoption("--everything", action="store_true", help=explained)


def pytest_collection_modifyitems(config, items):
    slow_files_first(items)
    if config.getoption("--everything"):
        return
    kept, rare = [], []
    for item in items:
        (rare if item.get_closest_marker("everything") else kept).append(item)
    if rare:
        config.hook.pytest_deselected(items=rare)
        items[:] = kept


def slow_files_first(items):
    """Sort the tests by file, so that at the end no worker is left with a slow one.

    After those of ``STARTING_PROGRAMS`` and those with a test marked as slow, files
    with many tests come first. A file's tests keep their order.
    """
    many = Counter(item.path for item in items)
    slow = {
        item.path
        for item in items
        if item.nodeid.startswith(STARTING_PROGRAMS)
        or item.get_closest_marker("everything")
    }
    items.sort(key=lambda item: (item.path not in slow, -many[item.path], item.path))


class FileByFile(LoadFileScheduling):
    """Gives a worker a whole file; of those that run in the browser, a notebook's part.

    A notebook's tests there share one visit, and each takes as long as a whole file.
    """

    def _split_scope(self, nodeid):
        file, _, test = nodeid.partition("::")
        if not nodeid.startswith("tests/browser/"):
            return file
        return f"{file}[{test.partition('[')[2]}"


def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") == "loadfile":
        return FileByFile(config, log)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """A notebook's kernel is started while its first cell is set up."""
    if item.path.suffix != ".ipynb" or item.parent.kernel is not None:
        return (yield)
    stack = contextlib.ExitStack()
    item.config.add_cleanup(stack.close)
    environment = stack.enter_context(fresh_environment())
    given = environment.get("PYTHONPATH")
    paths = filter(None, [str(WITHOUT_NETWORK), given])
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    with mock.patch.dict(os.environ, environment, clear=True):
        return (yield)
