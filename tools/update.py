"""Bring the course up to date and keep every answer: `make update`.

The new version comes by git. An exercise that you have filled in is carried into the
new notebook by its id, and the notebook as it was is kept in notebooks/before_update.
A list says what could not be carried; it is kept there too. Without git, unpack the new
version beside the old one and run, in the new folder: make update ARGS="--from OLD"

It can be interrupted at any moment and run again: old notebooks are kept before any is
replaced, and each is replaced as a whole.
"""

import argparse
import os
import sys
from pathlib import Path

from lessons import whole_files
from lessons.places import PROJECT
from tools.carry import Carried, NotANotebook, carry
from tools.clone import AGAIN, NOTEBOOKS, Clone, UpdateError, first_free

KEPT = f"{NOTEBOOKS}/before_update"


def main(arguments=None, root=PROJECT):
    """Update, or carry from an older folder; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="make update",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--from",
        dest="old",
        metavar="OLD",
        type=Path,
        help="the folder of an older version: carry its answers into this one",
    )
    old = parser.parse_args(arguments).old
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        carry_from(old, root) if old else update(Clone(root))
    except UpdateError as reason:
        print(reason, file=sys.stderr)
        return 2
    except NotANotebook:
        print(
            "A notebook of the new version is damaged; nothing was changed.",
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        print(
            f"The update stopped at {error.filename} ({error.strerror}); nothing is "
            f"lost. Mend that, {AGAIN}",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("\nStopped; nothing is lost. To go on, run it again.", file=sys.stderr)
        return 130
    return 0


# With git


def update(clone: Clone) -> None:
    """Fetch, carry, and move to the new version. Raises UpdateError."""
    upstream = clone.followed_branch()
    clone.fetch()
    if clone.contains(upstream):
        print("This is the newest version already; nothing was changed.")
        return
    base = clone.merge_base(upstream)
    clone.refuse_collisions(base, upstream)
    bases = clone.notebooks(base)
    news = clone.notebooks(upstream)
    same = {name for name in bases if bases[name] == news.get(name)}
    changed = {name: news[name] for name in news if name not in same}
    mine = {
        name: content
        for name, content in read_notebooks(clone.root).items()
        if name in (bases.keys() | news.keys()) - same
    }
    carried = carry(mine, bases, changed)
    files = {**changed, **carried.files}
    lost = {n: mine[n] for n in carried.touched if mine[n] != files.get(n)}
    report = describe(carried, keep(clone.root, lost))
    if lost:
        keep_list(clone.root, report)
    put_in_place(clone.root, files, mine)
    gone = bases.keys() - news.keys()
    remove(clone.root, gone, mine)
    # The rest is git's, once its index says that these notebooks are the new ones.
    clone.take_as_new({*files, *gone}, upstream)
    branch = clone.keep_commits(base, upstream)
    clone.move_to(upstream)
    print(report, end="")
    if branch:
        print(f"Your own commits are kept in the branch {branch}.")
    print("The course is up to date; `make lab` sets up what else is new.")


# Without git


def carry_from(old: Path, root: Path) -> None:
    """Carry the answers in another folder's notebooks into this one's stubs.

    Raises UpdateError where the folder has no notebooks, or is this one.
    """
    mine, here = read_notebooks(old), read_notebooks(root)
    if not mine:
        raise UpdateError(
            f"{old} holds no notebooks: name the folder of the old version, in which "
            f"{NOTEBOOKS} is."
        )
    if os.path.samefile(old, root):
        raise UpdateError(f"{old} is this very folder: name that of the old version.")
    carried = carry(mine, {}, here)
    put_in_place(root, carried.files, here)
    print(describe(carried, {}), end="")
    print(f"{old} stays as it is.")


# Files


def read_notebooks(folder: Path) -> dict[str, bytes]:
    """A folder's notebooks as {path within the folder: bytes}."""
    return {
        f"{NOTEBOOKS}/{path.name}": path.read_bytes()
        for path in Path(folder, NOTEBOOKS).glob("*.ipynb")
    }


def keep(root: Path, notebooks: dict[str, bytes]) -> dict[str, str]:
    """Write notebooks as they were under names with the date; returns {name: new name}.

    One that is kept already, by an update that was interrupted, isn't kept twice.
    """
    kept = {}
    for name, content in notebooks.items():

        def is_taken(path, content=content):
            return (root / path).exists() and (root / path).read_bytes() != content

        kept[name] = first_free(f"{KEPT}/{Path(name).stem}_", ".ipynb", is_taken)
        write(root / kept[name], content)
    return kept


def keep_list(root: Path, report: str) -> None:
    """Write the report on what was carried under a name with the date."""
    path = first_free(f"{KEPT}/", ".txt", lambda path: (root / path).exists())
    write(root / path, report.encode("utf-8"))


def put_in_place(
    root: Path, files: dict[str, bytes], present: dict[str, bytes]
) -> None:
    """Write the notebooks that differ from those ``present``. Raises UpdateError."""
    for name, content in files.items():
        if content != present.get(name):
            refuse_saved_meanwhile(root, name, present.get(name))
            write(Path(root) / name, content)


def refuse_saved_meanwhile(root: Path, name: str, content: bytes | None) -> None:
    """Raise UpdateError if a notebook was saved, by JupyterLab, since it was read."""
    path = Path(root) / name
    if (path.read_bytes() if path.exists() else None) != content:
        raise UpdateError(
            f"{path} was saved while the update ran: close it in JupyterLab, {AGAIN}"
        )


def remove(root: Path, names: set[str], present: dict[str, bytes]) -> None:
    """Remove notebooks that the new version doesn't have. Raises UpdateError."""
    for name in names:
        refuse_saved_meanwhile(root, name, present.get(name))
        (Path(root) / name).unlink(missing_ok=True)


def describe(carried: Carried, kept: dict[str, str]) -> str:
    """What was carried, and a table of what wasn't."""
    count = len(carried.answers)
    lessons = len({answer.notebook for answer in carried.answers})
    lines = [
        f"{count} answer{'s' * (count != 1)} carried, from {lessons} "
        f"notebook{'s' * (lessons != 1)}."
        if count
        else "There was no answer to carry."
    ]
    if carried.leftovers:
        lines += ["", "Not carried, or worth a look:", ""]
        width = max(len(Path(left.notebook).stem) for left in carried.leftovers)
        lines.append(f"{'notebook':<{width}}  {'cell':>4}  what")
        lines += [
            f"{Path(left.notebook).stem:<{width}}  {left.place or '':>4}  {left.what}"
            for left in carried.leftovers
        ]
    if kept:
        lines += ["", "The notebooks as they were:", ""]
        lines += [f"  {path}" for path in sorted(kept.values())]
    if count or kept:
        lines += [
            "",
            "In a notebook that is open, choose File → Reload Notebook from Disk "
            "before you save it.",
        ]
    return "\n".join(lines) + "\n"


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and onto the disk before going on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole_files.replace(path, content)


if __name__ == "__main__":
    sys.exit(main())
