"""The course's folder as a git clone: what an update asks of git, and nothing more."""

import itertools
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

NOTEBOOKS = "notebooks"
AGAIN = "then run the same command again."
BY_HAND = (
    "Without git: unpack the new version into another folder, and there run `make "
    'update ARGS="--from OLD"`, OLD being the folder of the old one.'
)


class UpdateError(Exception):
    """One sentence: why there is no update, and what to do. Nothing has been lost."""


class GitFailed(UpdateError):
    """A git command that failed, with its error message."""

    def __init__(self, command, said):
        self.said = " ".join(said.split()) or "nothing"
        super().__init__(
            f"git {command} failed, and said: {self.said} Nothing is lost; mend that, "
            f"{AGAIN}"
        )


# Variables that git sets for its hooks would make it work on another repository.
ANOTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")


class Clone:
    """The clone whose top is ``root``; every command of git's goes through here."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def git(self, *arguments: str, check: bool = True) -> bytes:
        """What a git command prints, as bytes.

        Raises GitFailed if it fails, or without ``check`` returns nothing.
        """
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

    def lines(self, *arguments: str, check: bool = True) -> list[str]:
        """What a git command prints, as lines of text, or with -z what NULs divide."""
        out = self.git(*arguments, check=check).decode("utf-8", "surrogateescape")
        return [line for line in out.split("\0" if "-z" in arguments else "\n") if line]

    def followed_branch(self) -> str:
        """The course's branch that this one follows.

        Raises UpdateError where the folder or the branch can't be updated.
        """
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
        """Raise UpdateError unless the folder is itself the top of a clone."""
        try:
            # Where git refuses a clone, its own message says why.
            is_clone = (self.root / ".git").exists()
            top = self.lines("rev-parse", "--show-toplevel", check=is_clone)
        except FileNotFoundError:
            raise UpdateError(
                f"There is no git on this computer: install it, {AGAIN} {BY_HAND}"
            ) from None
        if not is_clone or not os.path.samefile(top[0], self.root):
            raise UpdateError(f"{self.root} isn't a git clone. {BY_HAND}")

    def fetch(self):
        """Fetch the new version; raises UpdateError where that fails."""
        try:
            self.git("fetch", "--quiet")
        except GitFailed as error:
            raise UpdateError(
                "The new version can't be fetched, and nothing was changed: check the "
                f"network, {AGAIN} (git said: {error.said})"
            ) from None

    def contains(self, upstream: str) -> bool:
        """Whether all of the new version is here already."""
        return self.merge_base(upstream) == self.lines("rev-parse", upstream)[0]

    def merge_base(self, upstream: str) -> str:
        """The version that the student's work began with."""
        found = self.lines("merge-base", "HEAD", upstream, check=False)
        return found[0] if found else self.lines("rev-parse", "HEAD")[0]

    def differing(self, *commits: str) -> set[str]:
        """The files that differ between two versions, or between one and what is in
        place; renamed ones under both names.
        """
        return set(self.lines("diff", "--name-only", "--no-renames", "-z", *commits))

    def refuse_collisions(self, base: str, upstream: str) -> None:
        """Raise UpdateError if files outside notebooks/ were changed here and there."""
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

    def notebooks(self, commit: str) -> dict[str, bytes]:
        """{path: bytes} of a version's notebooks."""
        names = self.lines("ls-tree", "--name-only", "-z", commit, f"{NOTEBOOKS}/")
        return {n: self.git("show", f"{commit}:{n}") for n in names if is_notebook(n)}

    def take_as_new(self, names: set[str], upstream: str) -> None:
        """Put the new version of these files into git's index; none is written."""
        for name in names:
            entry = self.lines("ls-tree", upstream, "--", name)
            if entry:
                mode, _, blob = entry[0].partition("\t")[0].split()
                how = ["--add", "--cacheinfo", f"{mode},{blob},{name}"]
            else:
                how = ["--force-remove", "--", name]
            self.git("update-index", *how)

    def keep_commits(self, base: str, upstream: str) -> str:
        """Keep commits that the new version doesn't have in a branch of their own.

        From then on their changes count as edits. Returns the branch's name, "" if
        there are no such commits.
        """
        if not self.lines("rev-list", "--max-count=1", f"{upstream}..HEAD"):
            return ""
        taken = self.lines("for-each-ref", "--format=%(refname:short)", "refs/heads")
        name = first_free("before-update-", "", taken.__contains__)
        self.git("branch", name, "HEAD")
        self.git("reset", "--quiet", "--soft", base)
        return name

    def move_to(self, upstream: str) -> None:
        """Move branch, index and files there; git refuses to overwrite edits."""
        self.git("reset", "--quiet", "--keep", upstream)


def is_notebook(name: str) -> bool:
    """Whether a path within the course is one of its notebooks."""
    return Path(name).parent == Path(NOTEBOOKS) and name.endswith(".ipynb")


def first_free(begin: str, end: str, is_taken: Callable[[str], bool]) -> str:
    """A name with the date, and with a number if need be: the first not taken."""
    day = date.today().isoformat()
    numbers = itertools.chain([""], (f"_{number}" for number in itertools.count(2)))
    names = (f"{begin}{day}{number}{end}" for number in numbers)
    return next(name for name in names if not is_taken(name))
