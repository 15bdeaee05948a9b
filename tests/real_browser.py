"""A real browser for tests: Debian's Chromium, driven by Playwright.

Where something is missing that only these tests need, they are skipped with the reason;
in CI (``CI=true``) they fail, so that nobody believes they ran.
"""

import contextlib
import os
import shutil

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def missing(reason):
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (in CI, this may not be skipped)", pytrace=False)
    pytest.skip(reason)


@contextlib.contextmanager
def chromium():
    """A headless Chromium, as Playwright's Browser, until the block ends."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("there is no chromium here: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("there is no Playwright here: run make setup")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
