"""Bring the course up to date and keep every answer: `make update`.

The new version comes by git. An exercise that you have filled in is carried into the
new notebook by its id, and the notebook as it was is kept in notebooks/before_update.
A list says what could not be carried; it is kept there too. Without git, unpack the new
version beside the old one and run, in the new folder: make update ARGS="--from OLD"

It can be interrupted at any moment and run again: old notebooks are kept before any is
replaced, and each is replaced as a whole.
"""

import argparse
import itertools
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from tools.carry import NotANotebook, carry

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = "notebooks"
KEPT = f"{NOTEBOOKS}/before_update"
AGAIN = "then run the same command again."


class UpdateError(Exception):
    """One sentence: why there is no update, and what to do. Nothing has been lost."""


class GitFailed(UpdateError):
    """A command of git's that failed, with what it said."""

    def __init__(self, command, said):
        self.said = " ".join(said.split()) or "nothing"
        super().__init__(
            f"git {command} failed, and said: {self.said} Nothing is lost; mend that, "
            f"{AGAIN}"
        )


def main(arguments=None, root=ROOT):
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
        carry_from(old, root) if old else update(Repository(root))
    except UpdateError as reason:
        print(reason, file=sys.stderr)
        return 2
    except NotANotebook:
        told = "A notebook of the new version is damaged; nothing was changed."
        print(told, file=sys.stderr)
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


def update(repository):
    """Fetch, carry, and move to the new version. Raises UpdateError."""
    upstream = repository.followed_branch()
    repository.fetch()
    if repository.contains(upstream):
        print("This is the newest version already; nothing was changed.")
        return
    base = repository.merge_base(upstream)
    repository.refuse_collisions(base, upstream)
    bases = repository.notebooks(base)
    news = repository.notebooks(upstream)
    same = {name for name in bases if bases[name] == news.get(name)}
    changed = {name: news[name] for name in news if name not in same}
    mine = {
        name: content
        for name, content in read_notebooks(repository.root).items()
        if name in (bases.keys() | news.keys()) - same
    }
    carried = carry(mine, bases, changed)
    files = {**changed, **carried.files}
    lost = {n: mine[n] for n in carried.touched if mine[n] != files.get(n)}
    report = describe(carried, keep(repository.root, lost))
    if lost:
        keep_list(repository.root, report)
    put_in_place(repository.root, files, mine)
    gone = bases.keys() - news.keys()
    remove(repository.root, gone, mine)
    # The rest is git's. Of these notebooks it is told that they are as they should be.
    repository.take_as_new({*files, *gone}, upstream)
    branch = repository.keep_commits(base, upstream)
    repository.move_to(upstream)
    print(report, end="")
    if branch:
        print(f"Your own commits are kept in the branch {branch}.")
    print("The course is up to date; `make lab` sets up what else is new.")


# What git sets for its hooks would have it work elsewhere.
ANOTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")


class Repository:
    """The course's folder as a clone; every command of git's goes through here."""

    def __init__(self, root):
        self.root = Path(root)

    def git(self, *arguments, check=True):
        """What a command prints, as bytes; raises GitFailed if it fails."""
        own = {k: v for k, v in os.environ.items() if k not in ANOTHER_REPOSITORY}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**own, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        if done.returncode == 0:
            return done.stdout
        if check:
            raise GitFailed(arguments[0], done.stderr.decode("utf-8", "replace"))
        return b""

    def lines(self, *arguments, check=True):
        out = self.git(*arguments, check=check).decode("utf-8", "surrogateescape")
        return [line for line in out.split("\0" if "-z" in arguments else "\n") if line]

    def followed_branch(self):
        """The course's branch that this one follows; refuses what can't be updated."""
        self._refuse_strangers()
        if not self.lines("symbolic-ref", "--quiet", "HEAD", check=False):
            raise UpdateError(
                "You are on a single version, on no branch: go back to one, as in "
                f"`git switch main`, {AGAIN}"
            )
        branch = self.lines("rev-parse", "--abbrev-ref", "@{upstream}", check=False)
        if not branch:
            raise UpdateError(
                "Your branch follows none of the course's: name it, as in "
                f"`git branch --set-upstream-to=origin/main`, {AGAIN}"
            )
        in_midst = self.lines("rev-parse", "-q", "--verify", "MERGE_HEAD", check=False)
        if in_midst or self.lines("ls-files", "--unmerged"):
            raise UpdateError(
                f"A merge is half done: finish it, or `git merge --abort`, {AGAIN}"
            )
        return branch[0]

    def _refuse_strangers(self):
        """The folder must be the top of a clone; it may lie in another one."""
        try:
            # What a folder of one's own has against git, git itself should say.
            is_clone = (self.root / ".git").exists()
            top = self.lines("rev-parse", "--show-toplevel", check=is_clone)
        except FileNotFoundError:
            raise UpdateError(
                f"There is no git on this computer: install it, {AGAIN} {BY_HAND}"
            ) from None
        if not is_clone or not os.path.samefile(top[0], self.root):
            raise UpdateError(f"{self.root} isn't a git clone. {BY_HAND}")

    def fetch(self):
        try:
            self.git("fetch", "--quiet")
        except GitFailed as error:
            raise UpdateError(
                "The new version can't be fetched, and nothing was changed: check the "
                f"network, {AGAIN} (git said: {error.said})"
            ) from None

    def contains(self, upstream):
        """Whether all of the new version is here already."""
        return self.merge_base(upstream) == self.lines("rev-parse", upstream)[0]

    def merge_base(self, upstream):
        """The version that the student's work began with."""
        found = self.lines("merge-base", "HEAD", upstream, check=False)
        return found[0] if found else self.lines("rev-parse", "HEAD")[0]

    def differing(self, *commits):
        """The files that differ between two versions, or between one and what is in
        place; renamed ones under both names.
        """
        return set(self.lines("diff", "--name-only", "--no-renames", "-z", *commits))

    def refuse_collisions(self, base, upstream):
        """Files outside notebooks that were changed both here and there."""
        edited = self.differing(base)
        here = set(self.lines("ls-files", "-z"))
        both = {
            name
            for name in self.differing(base, upstream)
            if not is_notebook(name)
            if name in edited or (name not in here and (self.root / name).exists())
        }
        if both:
            raise UpdateError(
                "You have changed what the new version changes, too: "
                f"{', '.join(sorted(both))}. Copy that elsewhere and undo it (`git "
                f"checkout {base[:12]} -- FILE`, or remove what is new), {AGAIN}"
            )

    def notebooks(self, commit):
        """{path: bytes} of a version's notebooks."""
        names = self.lines("ls-tree", "--name-only", "-z", commit, f"{NOTEBOOKS}/")
        return {n: self.git("show", f"{commit}:{n}") for n in names if is_notebook(n)}

    def take_as_new(self, names, upstream):
        """Have the index hold the new version of these files, whatever is in place."""
        for name in names:
            entry = self.lines("ls-tree", upstream, "--", name)
            if entry:
                mode, _, blob = entry[0].partition("\t")[0].split()
                how = ["--add", "--cacheinfo", f"{mode},{blob},{name}"]
            else:
                how = ["--force-remove", "--", name]
            self.git("update-index", *how)

    def keep_commits(self, base, upstream):
        """Give commits that the new version doesn't have a branch of their own, and
        take them for edits from now on. Returns the branch, "" if there are none.
        """
        if not self.lines("rev-list", "--max-count=1", f"{upstream}..HEAD"):
            return ""
        taken = self.lines("for-each-ref", "--format=%(refname:short)", "refs/heads")
        name = first_free("before-update-", "", taken.__contains__)
        self.git("branch", name, "HEAD")
        self.git("reset", "--quiet", "--soft", base)
        return name

    def move_to(self, upstream):
        """Branch, index and files; git refuses to write over anything edited."""
        self.git("reset", "--quiet", "--keep", upstream)


BY_HAND = (
    "Without git: unpack the new version into another folder, and there run `make "
    'update ARGS="--from OLD"`, OLD being the folder of the old one.'
)


def is_notebook(name):
    return Path(name).parent == Path(NOTEBOOKS) and name.endswith(".ipynb")


# Without git


def carry_from(old, root):
    """Carry the answers in another folder's notebooks into this one's stubs."""
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


def read_notebooks(folder):
    """{path within the folder: bytes}"""
    return {
        f"{NOTEBOOKS}/{path.name}": path.read_bytes()
        for path in Path(folder, NOTEBOOKS).glob("*.ipynb")
    }


def keep(root, notebooks):
    """Write notebooks as they were under names with the date; returns {name: that}.

    One that is kept already, by an update that was interrupted, isn't kept twice.
    """
    kept = {}
    for name, content in notebooks.items():

        def is_taken(path, content=content):
            return (root / path).exists() and (root / path).read_bytes() != content

        kept[name] = first_free(f"{KEPT}/{Path(name).stem}_", ".ipynb", is_taken)
        write(root / kept[name], content)
    return kept


def keep_list(root, report):
    path = first_free(f"{KEPT}/", ".txt", lambda path: (root / path).exists())
    write(root / path, report.encode("utf-8"))


def first_free(begin, end, is_taken):
    """A name with the date, and with a number if need be: the first not taken."""
    day = date.today().isoformat()
    numbers = itertools.chain([""], (f"_{number}" for number in itertools.count(2)))
    names = (f"{begin}{day}{number}{end}" for number in numbers)
    return next(name for name in names if not is_taken(name))


def put_in_place(root, files, present):
    """Write notebooks, but for those that are so already."""
    for name, content in files.items():
        if content != present.get(name):
            refuse_saved_meanwhile(root, name, present.get(name))
            write(Path(root) / name, content)


def refuse_saved_meanwhile(root, name, content):
    """JupyterLab may save a notebook after it was read here."""
    path = Path(root) / name
    if (path.read_bytes() if path.exists() else None) != content:
        raise UpdateError(
            f"{path} was saved while the update ran: close it in JupyterLab, {AGAIN}"
        )


def remove(root, names, present):
    for name in names:
        refuse_saved_meanwhile(root, name, present.get(name))
        (Path(root) / name).unlink(missing_ok=True)


def describe(carried, kept):
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


def write(path, content):
    """Whole or not at all, and on the disk before anything that follows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


if __name__ == "__main__":
    sys.exit(main())
