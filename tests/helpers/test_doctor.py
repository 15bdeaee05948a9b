"""doctor() says what is amiss and what helps; a healthy computer has no complaint."""

import sys
from importlib.metadata import PackageNotFoundError

import pytest

from helpers import doctor, environment


def finding(what):
    (found,) = [f for f in doctor().findings if f.what == what]
    return found


def test_every_direct_dependency_is_looked_at():
    looked_at = {finding.what for finding in doctor().findings}
    assert {"jupyterlab", "numpy", "torch", "filelock", "Python"} <= looked_at
    assert set(environment.direct_dependencies()) <= looked_at


def test_text_and_html_tell_the_same():
    report = doctor()
    html = report._repr_html_()
    for found in report.findings:
        assert found.what in repr(report)
        assert found.what in html
    assert 'role="status"' in html
    assert "<script" not in html


def test_another_version_is_named_beside_the_tested_one(monkeypatch):
    monkeypatch.setattr(environment, "version", lambda name: "0.1")
    found = finding("numpy")
    pin = environment.pinned_versions()["numpy"]
    assert found.found == f"0.1 (tested with {pin})"
    assert "make lab" in found.remedy


def test_a_local_build_of_the_tested_version_is_fine(monkeypatch):
    pins = environment.pinned_versions()
    monkeypatch.setattr(environment, "version", lambda name: pins["torch"] + "+cpu")
    assert finding("torch").remedy == ""


def test_a_missing_package(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(environment, "version", missing)
    assert finding("scipy").found == "missing"
    assert finding("scipy").remedy


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    assert "3.11" in finding("Python").remedy


def test_a_full_disk_and_little_memory(monkeypatch):
    class Little:
        free = available = 10_000_000

    monkeypatch.setattr("shutil.disk_usage", lambda path: Little)
    monkeypatch.setattr("psutil.virtual_memory", lambda: Little)
    assert "Free at least" in finding("free disk").remedy
    assert "Close other" in finding("free memory").remedy


def test_missing_widgets(monkeypatch, tmp_path):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda name: [str(tmp_path)])
    assert "missing" in finding("explorers").found
    assert finding("explorers").remedy


def test_a_broken_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)  # makes `import torch` fail
    assert "torch fails to load" in finding("device").found
    assert finding("device").remedy


def test_a_course_without_its_constraints(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "PROJECT", tmp_path)
    assert "constraints.txt" in finding("versions").found


def test_a_progress_folder_that_cannot_be_written(monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert "COURSE_DATA" in finding("progress").remedy


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_summary_counts(count):
    findings = [environment.Check("a", "b", "c")] * count
    summary = repr(environment.Report(findings)).splitlines()[0]
    assert (
        summary
        == [
            "✓ Everything is ready.",
            "✗ 1 thing to look at.",
            "✗ 2 things to look at.",
        ][count]
    )
