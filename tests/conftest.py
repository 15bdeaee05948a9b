"""What tests of several folders use."""

import signal

import pytest
import real_browser


@pytest.fixture
def interruptible():
    """Programs started meanwhile hear Ctrl+C, even where these tests ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


# One for each file of tests: while Playwright's loop runs, no other may in this thread.
@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, as Playwright's Browser; skips where there is none."""
    with real_browser.chromium() as chromium:
        yield chromium
