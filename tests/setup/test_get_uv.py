"""uv is told what pip would be told, and what the two say becomes one sentence."""

import pytest
import toy_course


@pytest.fixture
def get_uv(tmp_path, monkeypatch):
    """On a computer without any settings, in a folder without a course."""
    toy_course.forget_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return toy_course.load_tool("get_uv")


@pytest.mark.skipif(toy_course.WINDOWS, reason="conda serves Windows")
@pytest.mark.parametrize(
    "folder, version, taken",
    [("bin", "0.10.1", True), ("bin", "0.8.9", False), (".venv/bin", "1.0.0", False)],
    ids=["new enough", "too old", "may be removed"],
)
def test_one_on_path_is_used(get_uv, tmp_path, monkeypatch, folder, version, taken):
    on_path, fetched = tmp_path / folder / "uv", tmp_path / "build/uv/bin/uv"
    toy_course.put_program(on_path, f"#!/bin/sh\necho 'uv {version} (a build)'\n")
    toy_course.put_program(fetched, "#!/bin/sh\necho uv 0.9.0\n")
    monkeypatch.setenv("PATH", f"{on_path.parent}:/usr/bin:/bin")
    assert get_uv.get_uv() == (str(on_path) if taken else "build/uv/bin/uv")


A, B = "https://a/simple", "https://b/simple"


@pytest.mark.parametrize(
    "given, handed_on",
    [
        ({"PIP_INDEX_URL": A}, {"UV_DEFAULT_INDEX": A}),
        ({"PIP_EXTRA_INDEX_URL": f"{A} {B}"}, {"UV_INDEX": f"{A} {B}"}),
        ({"PIP_EXTRA_INDEX_URL": A}, {"UV_INDEX_STRATEGY": "unsafe-best-match"}),
        ({"PIP_FIND_LINKS": f". none {A}"}, {"UV_FIND_LINKS": f".,{A}"}),
        ({"PIP_CERT": "a.pem", "SSL_CERT_FILE": "b.pem"}, {"SSL_CERT_FILE": "a.pem"}),
        ({"REQUESTS_CA_BUNDLE": "a.pem"}, {"SSL_CERT_FILE": "a.pem"}),
        ({"PIP_PROXY": A}, {"HTTPS_PROXY": A}),
        ({"HTTPS_PROXY": A}, {"HTTPS_PROXY": A}),
        ({"PIP_DEFAULT_TIMEOUT": "180"}, {"UV_HTTP_TIMEOUT": "180"}),
        ({"PIP_INDEX_URL": A, "UV_DEFAULT_INDEX": B}, {"UV_DEFAULT_INDEX": B}),
        ({"UV_INDEX_MINE_PASSWORD": "a"}, {"UV_INDEX_MINE_PASSWORD": "a"}),
        ({}, {"UV_SYSTEM_CERTS": "1", "UV_DEFAULT_INDEX": None}),
        ({"UV_PROJECT": "a", "VIRTUAL_ENV": "a"}, {"UV_PROJECT": None}),
        ({"VIRTUAL_ENV": "a", "PYTHONHOME": "a"}, {"VIRTUAL_ENV": None}),
    ],
    ids=lambda value: ",".join(value) or "nothing",
)
def test_settings_are_handed_on(get_uv, monkeypatch, given, handed_on):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    environment = get_uv.uv_environment()
    assert {name: environment.get(name) for name in handed_on} == handed_on


def test_pips_own_file_counts_below_its_variables(get_uv, tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text(
        f"[global]\nindex-url = {A}\nextra-index-url =\n  {A}\n  {B}\n"
        f"cert = a.pem\n[install]\nindex-url = {B}\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_CERT", "b.pem")
    environment = get_uv.uv_environment()
    assert environment["UV_DEFAULT_INDEX"] == B
    assert environment["UV_INDEX"] == f"{A} {B}"
    assert environment["SSL_CERT_FILE"] == "b.pem"


UNREACHABLE = "The package index can't be reached: check the network"


# As pip and uv really said it, shortened.
@pytest.mark.parametrize(
    "said, expected",
    [
        (
            "error: Failed to install: a.whl\n"
            "cause: failed to copy a to b: No space left on device (os error 28)",
            "The disk is full (cause: failed to copy a to b: No space",
        ),
        ("OSError: [Errno 122] Disk quota exceeded: 'a'", "The disk is full (OSError"),
        (
            "cause: failed to create directory `.venv`: Read-only file system",
            "Set-up may not write everywhere it must (cause: failed to create ",
        ),
        ("cause: Failed to fetch: https://a/simple/\ncause: dns error", UNREACHABLE),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by "
            "'NewConnectionError('<HTTPSConnection>: Failed to establish')'\n"
            "ERROR: No matching distribution found for uv>=0.9",
            UNREACHABLE,
        ),
        (
            "cause: Failed to fetch: https://a/simple/\n"
            "cause: tunnel error: proxy authorization required",
            "The proxy that HTTPS_PROXY names lets nothing through",
        ),
        (
            "error: Failed to fetch: https://a/simple/\n"
            "cause: invalid peer certificate: UnknownIssuer",
            "The package index's certificate can't be verified",
        ),
        (
            "cause: Because torch==2.15.0 has no wheels with a matching Python "
            "implementation tag (e.g., `cp38`) and you require torch==2.15.0, we can",
            "torch==2.15.0 isn't offered for Python ",
        ),
        (
            "cause: Because there is no version of numpy==999 and you require numpy",
            "numpy==999 isn't offered for Python ",
        ),
        (
            "ERROR: No matching distribution found for uv>=0.9",
            "uv>=0.9 isn't offered for Python ",
        ),
        (
            "error: No solution found\ncause: Because a==1 depends on b>2 and you",
            "Installing failed with 'No solution found: Because a==1 depends on b>2 ",
        ),
        ("", "Installing failed with 'exit status 1'"),
    ],
)
def test_failures_are_explained(said, expected):
    explained = toy_course.load_tool("explained")
    assert str(explained.explain(said)).startswith(expected)
