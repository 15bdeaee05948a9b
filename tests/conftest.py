"""What has to be so in every test process before all else, and a browser for tests."""

import atexit
import os
import signal
import tempfile

import browser
import pytest

# A student's real progress and decoded pictures are never touched, their photographs
# never used. Kernels that tests start inherit this.
_data = tempfile.TemporaryDirectory(prefix="course-data-", ignore_cleanup_errors=True)
atexit.register(_data.cleanup)
os.environ["COURSE_DATA"] = _data.name
# Pictures are drawn once for all of xdist's workers: they inherit this from the first.
_cache = os.path.join(_data.name, "cache")
os.environ["COURSE_CACHE"] = os.environ.setdefault("COURSE_TESTS_CACHE", _cache)
# Only the tests that are about real photographs look here.
_photos = os.environ.pop("COURSE_PHOTOS", "")
os.environ.setdefault("COURSE_TESTS_PHOTOS", _photos)


@pytest.fixture
def interruptible():
    """Programs started meanwhile hear Ctrl+C, even if these tests were told not to."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


# Not longer than a file of tests: while Playwright runs, asyncio is taken.
@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, as Playwright's Browser."""
    with browser.chromium() as chromium:
        yield chromium
