"""Which notebooks were handed in, and by whom."""

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

LARGEST = 50 * 2**20  # bytes of a notebook that is read
COPY = re.compile(r"( \(\d+\)|[-_ ]copy\d*|[-_]\d+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Submission:
    """One student's file, or the lack of one.

    student  the name of the student's folder, or of the file that stands for one
    path     the notebook, or None where a student's folder holds none
    """

    student: str
    path: Path | None


class Unreadable(Exception):
    """One sentence: why a file can't be taken for a notebook of the course."""


def find_submissions(folder: Path) -> list[Submission]:
    """Every student's notebooks under ``folder``, in order of name.

    A student is a folder, whatever lies in it, or a notebook beside those folders.
    Hidden folders and links are left alone. Raises OSError.
    """
    found = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            notebooks = _notebooks_in(path) or [None]
            found += [Submission(entry.name, notebook) for notebook in notebooks]
        elif path.suffix == ".ipynb":
            found.append(Submission(_without_copy(path.stem), path))
    return found


def _without_copy(stem):
    """A file's name without what browsers and file managers add to a second one."""
    return COPY.sub("", stem) or stem


def _notebooks_in(folder):
    return [
        Path(where, name)
        for where, folders, names in _walk(folder)
        for name in sorted(names)
        if name.endswith(".ipynb")
        and not name.startswith(".")
        and not Path(where, name).is_symlink()
    ]


def _walk(folder):
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield where, folders, names


def modified_at(path: Path) -> float:
    """When a file was changed, in seconds since 1970. Raises Unreadable."""
    with _reading():
        return path.stat().st_mtime


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises Unreadable."""
    with _reading():
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"The file is larger than {LARGEST // 2**20} MB.")
        return path.read_bytes()


@contextlib.contextmanager
def _reading():
    try:
        yield
    except OSError as error:
        raise Unreadable(f"The file can't be read: {error.strerror}.") from None


def read_notebook(content: bytes) -> nbformat.NotebookNode:
    """The notebook in a file's content, in today's format. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    try:
        notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        sources = [str(cell.source) for cell in notebook.cells]
    except UnicodeDecodeError:
        raise Unreadable("The file isn't text, so it is no notebook.") from None
    except Exception as error:  # nbformat raises all kinds, RecursionError among them
        raise Unreadable(f"The file is no notebook ({_first_line(error)}).") from None
    if not any(sources):
        raise Unreadable("The notebook has no cells with anything in them.")
    return notebook


def _first_line(error):
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:100].rstrip(".")


def digest(content: bytes) -> str:
    """A short digest of a file's content."""
    return hashlib.sha256(content).hexdigest()[:16]
