"""A notebook as an instructor names it on the command line."""

from pathlib import Path

from lessons.places import PROJECT


class Unknown(LookupError):
    """One sentence: which notebook was asked for that isn't there."""


def all_notebooks():
    return sorted(PROJECT.glob("notebooks/*.ipynb"))


def find_notebook(name):
    """The notebook's path, by its number ("04"), its name or its path.

    Raises Unknown where there is none.
    """
    wanted = Path(name).name.removesuffix(".ipynb")
    for path in all_notebooks():
        if wanted in (path.stem, path.stem[:2]):
            return path
    raise Unknown(f'There is no notebook "{name}": name one as 01, or by its file.')
