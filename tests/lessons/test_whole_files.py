"""A file that is written has its old content or its new one, and no part of it."""

import pytest

from lessons import whole_files


def test_a_new_file_and_one_that_is_there(tmp_path):
    path = tmp_path / "file"
    whole_files.replace(path, "größer")
    assert path.read_bytes() == "größer".encode()
    path.chmod(0o640)
    whole_files.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("failing", ["os.fsync", "os.replace", "shutil.copymode"])
def test_what_fails_leaves_the_old_one_and_nothing_beside_it(
    tmp_path, monkeypatch, failing
):
    path = tmp_path / "file"
    path.write_text("old")

    def fail(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(failing, fail)
    with pytest.raises(OSError, match="No space"):
        whole_files.replace(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_whoever_reads_meanwhile_finds_the_old_one(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with whole_files.replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
