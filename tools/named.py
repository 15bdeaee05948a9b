"""A notebook as an instructor names it on the command line."""

from pathlib import Path

from lessons.places import PROJECT


class NoSuchNotebook(LookupError):
    """One sentence: which notebook isn't there, and how to name one."""


def all_notebooks() -> list[Path]:
    """The course's notebooks, in their order."""
    return sorted(PROJECT.glob("notebooks/*.ipynb"))


def find_notebook(name: str) -> Path:
    """The notebook's path, by its number ("04"), its name or its path.

    Raises NoSuchNotebook where there is none.
    """
    wanted = Path(name).name.removesuffix(".ipynb")
    for path in all_notebooks():
        if wanted in (path.stem, path.stem[:2]):
            return path
    raise NoSuchNotebook(
        f'There is no notebook "{name}": name one as 01, or by its file.'
    )
