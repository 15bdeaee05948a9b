"""Where the course lies on disk. Imports nothing that needs to be installed."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = PROJECT / "notebooks"


def notebook_of(lesson: str) -> Path:
    """The notebook of a lesson, given the name of its package: "l01_numpy_…"."""
    return NOTEBOOKS / f"{lesson[1:]}.ipynb"
