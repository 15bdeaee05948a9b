"""A course of toy notebooks in a bare repository, and a student's clone of it."""

import json
import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def md(text, name=None):
    return cell("markdown", text, name)


def code(text, name=None):
    made = cell("code", text, name)
    return made | {"outputs": [], "execution_count": None}


def cell(kind, text, name):
    lines = text.splitlines(keepends=True)
    made = {"cell_type": kind, "metadata": {}, "source": lines}
    return made | ({"id": name} if name else {})


def stub(exercise, body="raise NotImplementedError", arguments="x"):
    name = exercise.split(".")[1]
    header = f'@exercise("{exercise}")\ndef {name}({arguments}):'
    return code(f'{header}\n    """What it does."""\n    {body}', f"exercise-{name}")


def notebook(*cells):
    """A notebook's bytes, as they are stored."""
    stored = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(stored, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def cells(content):
    return json.loads(content)["cells"]


def sources(content):
    return ["".join(cell["source"]) for cell in cells(content)]


class Course:
    """The author's working tree, the bare origin, and the student's clone."""

    def __init__(self, folder):
        self.origin, self.author = Path(folder, "origin.git"), Path(folder, "author")
        self.mine = Path(folder, "my course")
        git(folder, "init", "--quiet", "--bare", "-b", "main", str(self.origin))
        git(folder, "clone", "--quiet", str(self.origin), str(self.author))
        git(self.author, "switch", "--quiet", "-C", "main")

    def publish(self, files):
        """A new version in which these files are {path: bytes}; None removes one."""
        for name, content in files.items():
            path = self.author / name
            path.parent.mkdir(exist_ok=True)
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_bytes(content)
        git(self.author, "add", "--all")
        git(self.author, "commit", "--quiet", "-m", "A version")
        git(self.author, "push", "--quiet", "-u", "origin", "main")

    def clone(self):
        git(self.author, "clone", "--quiet", str(self.origin), str(self.mine))

    def path(self, name):
        return self.mine / "notebooks" / name

    def read(self, name):
        return self.path(name).read_bytes()

    def edit(self, name, change):
        """Change the list of a notebook's cells, and save it as JupyterLab does."""
        made = cells(self.read(name))
        change(made)
        self.path(name).write_bytes(notebook(*made))

    def answer(self, name, answers):
        """Fill in exercises, {id: source}, and leave a card below each."""

        def change(made):
            for one in made:
                for exercise, source in answers.items():
                    if f'@exercise("{exercise}")' in "".join(one["source"]):
                        one["source"] = source.splitlines(keepends=True)
                        one["execution_count"] = 3
                        text = {"output_type": "stream", "name": "stdout"}
                        one["outputs"] = [text | {"text": ["a card"]}]

        self.edit(name, change)

    def kept(self):
        """{name: bytes} of the notebooks kept from before updates."""
        folder = self.mine / "notebooks" / "before_update"
        return {path.name: path.read_bytes() for path in folder.glob("*.ipynb")}

    def status(self):
        """The files that differ from the version checked out."""
        lines = git(self.mine, "status", "--porcelain").splitlines()
        return [line.strip() for line in lines]
