import signal

import pytest


@pytest.fixture
def interruptible():
    """Programs started meanwhile hear Ctrl+C, even if these tests were told not to."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
