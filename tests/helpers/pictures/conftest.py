import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Every test has a cache of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("COURSE_CACHE", str(folder))
    return folder


@pytest.fixture
def links(tmp_path_factory):
    """For tests that make links, which Windows allows developers only."""
    try:
        (tmp_path_factory.mktemp("links") / "link").symlink_to("nowhere")
    except OSError:
        pytest.skip("this user may not make links")
