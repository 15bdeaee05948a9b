"""What a test needs and lacks: skipped on a laptop, a failure in CI."""

import pytest
import real_browser


def test_on_a_laptop_it_is_skipped_with_the_reason(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no chromium"):
        real_browser.missing("there is no chromium here")


def test_in_ci_it_fails(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^there is no chromium .+in CI"):
        real_browser.missing("there is no chromium here")


def test_without_chromium_no_test_is_believed_to_have_run(monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(real_browser.shutil, "which", lambda name: None)
    refused = pytest.raises(pytest.fail.Exception, match="install chromium")
    with refused, real_browser.chromium():
        pass
