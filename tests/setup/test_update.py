"""make update: the new version comes, and no answer is ever lost."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from toy_clone import (
    ENVIRONMENT,
    Course,
    cells,
    code,
    git,
    md,
    notebook,
    sources,
    stub,
)

from lessons.places import PROJECT
from tools import update
from tools.update import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
ONE, TWO, FREE = "01_one.ipynb", "02_two.ipynb", "03_free.ipynb"
IDS = [f"{lesson:02}.part_{part}" for lesson in (1, 2) for part in range(10)]


def lesson(number, words="", changed=False):
    """Ten exercises, each after some prose; ``words`` is said in all of it."""
    ids = [exercise for exercise in IDS if int(exercise[:2]) == number]
    made = [md(f"# Lesson {number}{words}"), code("import numpy as np", "imports")]
    for exercise in reversed(ids) if changed else ids:
        made += [md(f"About {exercise}.{words}"), stub(exercise)]
    if changed:
        made.insert(3, code("a_new_cell = 1", "a-new-cell"))
    return notebook(*made, md(f"## Recap{words}"))


def answer_to(exercise):
    name = exercise.split(".")[1]
    return f'@exercise("{exercise}")\ndef {name}(x):\n    return "{exercise}: ü{name}"'


ANSWERS = {exercise: answer_to(exercise) for exercise in IDS}
FIRST = {
    "notebooks/01_one.ipynb": lesson(1),
    "notebooks/02_two.ipynb": lesson(2),
    "notebooks/03_free.ipynb": notebook(md("# Free"), code("1 + 1", "sum")),
    "helpers/code.py": b"version = 1\n",
    "helpers/other.py": b"",
    ".gitignore": b"notebooks/before_update/\n",
}
SECOND = {
    "notebooks/01_one.ipynb": lesson(1, " Rewritten.", changed=True),
    "notebooks/02_two.ipynb": lesson(2, " Rewritten.", changed=True),
    "notebooks/04_new.ipynb": notebook(md("# New")),
    "helpers/code.py": b"version = 2\n",
}


@pytest.fixture(autouse=True)
def somebody(monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def course(tmp_path):
    return new_course(tmp_path)


def new_course(folder):
    course = Course(folder)
    course.publish(FIRST)
    course.clone()
    return course


def answer_everything(course):
    for name in (ONE, TWO):
        course.answer(name, ANSWERS)


def answered(course):
    """The exercises whose answer is in its place in the new notebooks."""
    found = sources(course.read(ONE)) + sources(course.read(TWO))
    return [exercise for exercise in IDS if ANSWERS[exercise] in found]


def is_new(course):
    new = (course.mine / "helpers" / "code.py").read_text() == "version = 2\n"
    return new and (course.mine / "notebooks" / "04_new.ipynb").exists()


def run(course, capsys, *arguments):
    status = main(list(arguments), course.mine)
    printed = capsys.readouterr()
    return status, printed.out + printed.err


# Twenty answers


def test_twenty_answers_come_through_a_rewritten_course(course, capsys):
    answer_everything(course)
    before = {name: course.read(name) for name in (ONE, TWO)}
    course.publish(SECOND)
    status, printed = run(course, capsys)
    assert status == 0
    assert answered(course) == IDS and len(IDS) == 20
    assert is_new(course)
    assert "20 answers carried, from 2 notebooks." in printed
    for name, number in ((ONE, 1), (TWO, 2)):
        made, shipped = cells(course.read(name)), cells(SECOND[f"notebooks/{name}"])
        assert [cell.get("id") for cell in made] == [cell.get("id") for cell in shipped]
        for cell, new in zip(made, shipped, strict=True):
            is_stub = "@exercise" in "".join(new["source"])
            assert is_stub or cell == new
            assert cell.get("outputs", []) == []
        assert f"# Lesson {number} Rewritten." in sources(course.read(name))
    assert sorted(course.kept().values()) == sorted(before.values())
    assert all(name in printed for name in course.kept())
    # Only the answers differ from the new version.
    assert course.status() == [f"M notebooks/{name}" for name in (ONE, TWO)]


def test_the_next_update_carries_them_again(course, capsys):
    answer_everything(course)
    course.publish(SECOND)
    run(course, capsys)
    third = {"notebooks/01_one.ipynb": lesson(1, " Again.")}
    course.publish(third)
    status, printed = run(course, capsys)
    assert (status, answered(course)) == (0, IDS)
    assert "10 answers carried, from 1 notebook." in printed
    assert len(course.kept()) == 3
    assert run(course, capsys) == (
        0,
        "This is the newest version already; nothing was changed.\n",
    )


def test_a_notebook_that_stays_the_same_is_not_touched(course, capsys):
    answer_everything(course)
    course.edit(FREE, lambda made: made.append(code("my_own = 1", "mine")))
    before = course.read(FREE)
    course.publish(SECOND)
    _, printed = run(course, capsys)
    assert course.read(FREE) == before
    assert "03_free" not in printed


@pytest.mark.parametrize("committed", [False, True])
def test_what_nobody_edited_is_simply_updated(course, capsys, committed):
    course.answer(ONE, {IDS[0]: "".join(sources(FIRST["notebooks/01_one.ipynb"])[3])})
    assert course.status() == [f"M notebooks/{ONE}"]  # it has been run, that is all
    course.path(TWO).unlink()
    if committed:
        git(course.mine, "commit", "--quiet", "--all", "-m", "Mine")
    course.publish(SECOND)
    status, printed = run(course, capsys)
    assert status == 0
    assert course.read(ONE) == SECOND["notebooks/01_one.ipynb"]
    assert course.read(TWO) == SECOND["notebooks/02_two.ipynb"]
    assert course.status() == []
    assert course.kept() == {}
    assert printed.startswith("There was no answer to carry.")


# What can't be carried


def test_what_could_not_be_carried_is_listed_and_kept(course, capsys):
    def change(made):
        made.append(code("my_experiment = 1\nmore", "mine"))
        made[0]["source"] = ["# My own title\n"]
        made[1]["source"] = ["import numpy as np\nimport my_module"]
        made.insert(5, stub(IDS[1], "return 'first try'"))

    answer_everything(course)
    course.edit(ONE, change)
    before = course.read(ONE)
    gone = lesson(1, " Rewritten.").replace(IDS[2].encode(), b"01.renamed")
    gone = gone.replace(b"def part_3(x)", b"def part_3(x, y)")
    course.publish({"notebooks/01_one.ipynb": gone})
    status, printed = run(course, capsys)
    assert status == 0
    assert set(answered(course)) == {*IDS} - {IDS[2]}
    table = printed.splitlines()
    for what in (
        "     1  a cell of your own: # My own title",
        "     2  a cell you changed: import numpy as np",
        "     6  another answer to 01.part_1; the last one was carried",
        "the new version has no exercise 01.part_2",
        "01.part_3 was carried, and now begins `def part_3(x, y):`",
        "a cell of your own: my_experiment = 1",
    ):
        (row,) = [row for row in table if what in row]
        assert row.startswith("01_one")
    assert list(course.kept().values()) == [before]
    lists = list((course.mine / "notebooks" / "before_update").glob("*.txt"))
    assert [path.read_text(encoding="utf-8") in printed for path in lists] == [True]


def test_a_notebook_that_is_no_json_is_kept_as_it_is(course, capsys):
    course.path(ONE).write_bytes(b"<<<<<<< HEAD\n{")
    course.answer(TWO, ANSWERS)
    course.publish(SECOND)
    status, printed = run(course, capsys)
    assert status == 0
    assert "the file can't be read as a notebook" in printed
    assert b"<<<<<<< HEAD\n{" in course.kept().values()
    assert course.read(ONE) == SECOND["notebooks/01_one.ipynb"]
    assert answered(course) == IDS[10:]


def test_a_lesson_that_is_gone_is_kept(course, capsys):
    answer_everything(course)
    before = course.read(ONE)
    course.publish({**SECOND, "notebooks/01_one.ipynb": None})
    status, printed = run(course, capsys)
    assert status == 0
    assert not course.path(ONE).exists()
    assert before in course.kept().values()
    assert printed.count("the new version has no exercise") == 10


def test_answers_follow_a_notebook_that_has_a_new_name(course, capsys):
    answer_everything(course)
    new = SECOND["notebooks/01_one.ipynb"]
    renamed = {"notebooks/01_one.ipynb": None, "notebooks/01_uno.ipynb": new}
    course.publish(SECOND | renamed)
    assert run(course, capsys)[0] == 0
    assert sum(ANSWERS[i] in sources(course.read("01_uno.ipynb")) for i in IDS) == 10


def test_a_notebook_of_ones_own_under_a_new_lesson_s_name_is_kept(course, capsys):
    own = notebook(code("my_own = 1", "mine"))
    course.path("04_new.ipynb").write_bytes(own)
    course.path("my notes.ipynb").write_bytes(own)
    course.publish(SECOND)
    assert run(course, capsys)[0] == 0
    assert course.read("04_new.ipynb") == SECOND["notebooks/04_new.ipynb"]
    assert list(course.kept().values()) == [own]
    assert course.read("my notes.ipynb") == own


def test_an_older_copy_is_never_written_over(course, capsys):
    answer_everything(course)
    course.publish(SECOND)
    run(course, capsys)
    first = course.kept()
    course.answer(ONE, {IDS[0]: answer_to(IDS[0]) + "  # again"})
    course.publish({"notebooks/01_one.ipynb": lesson(1, " Again.")})
    run(course, capsys)
    assert first.items() < course.kept().items()
    assert len(course.kept()) == 3


# Git


def test_own_commits_are_kept_in_a_branch(course, capsys):
    answer_everything(course)
    course.edit(FREE, lambda made: made.append(code("my_own = 1", "mine")))
    free = course.read(FREE)
    (course.mine / "my_notes.md").write_text("Mine.")
    (course.mine / "helpers" / "other.py").write_text("mine = 1\n")
    course.path("my_own.ipynb").write_bytes(notebook(code("1", "mine")))
    git(course.mine, "add", "--all")
    git(course.mine, "commit", "--quiet", "-m", "My answers")
    mine = git(course.mine, "rev-parse", "HEAD")
    course.publish(SECOND)
    status, printed = run(course, capsys)
    assert status == 0, printed
    assert answered(course) == IDS
    assert is_new(course)
    assert course.read(FREE) == free
    assert (course.mine / "my_notes.md").read_text() == "Mine."
    assert (course.mine / "helpers" / "other.py").read_text() == "mine = 1\n"
    assert course.path("my_own.ipynb").exists()
    branch = printed.rpartition("kept in the branch ")[2].splitlines()[0].rstrip(".")
    assert git(course.mine, "rev-parse", branch) == mine
    assert git(course.mine, "symbolic-ref", "--short", "HEAD") == "main"


def test_edits_elsewhere_stay(course, capsys):
    (course.mine / "helpers" / "other.py").write_text("mine = 1\n")
    (course.mine / "untracked.txt").write_text("Mine.")
    answer_everything(course)
    course.publish(SECOND)
    assert run(course, capsys)[0] == 0
    assert answered(course) == IDS and is_new(course)
    assert (course.mine / "helpers" / "other.py").read_text() == "mine = 1\n"
    assert (course.mine / "untracked.txt").read_text() == "Mine."


def snapshot(course):
    files = (p for p in course.mine.rglob("*") if ".git" not in p.parts)
    return {path: path.read_bytes() for path in files if path.is_file()}


def edit_what_changes(course):
    (course.mine / "helpers" / "code.py").write_text("version = 'mine'\n")


def commit_what_changes(course):
    edit_what_changes(course)
    git(course.mine, "commit", "--quiet", "--all", "-m", "Mine")


def add_what_comes(course):
    (course.mine / "helpers" / "fresh.py").write_text("mine")


def detach(course):
    git(course.mine, "switch", "--quiet", "--detach")


def unset_upstream(course):
    git(course.mine, "branch", "--unset-upstream")


def lose_origin(course):
    course.origin.rename(course.origin.with_name("elsewhere"))


def forget_git(course):
    (course.mine / ".git").rename(course.mine.parent / "git-elsewhere")


def merge_half_way(course):
    head = git(course.mine, "rev-parse", "HEAD")
    (course.mine / ".git" / "MERGE_HEAD").write_text(f"{head}\n")


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (edit_what_changes, "helpers/code.py"),
        (commit_what_changes, "helpers/code.py"),
        (add_what_comes, "helpers/fresh.py"),
        (detach, "git switch main"),
        (unset_upstream, "--set-upstream-to=origin/main"),
        (lose_origin, "can't be fetched, and nothing was changed"),
        (forget_git, 'make update ARGS="--from OLD"'),
        (merge_half_way, "git merge --abort"),
    ],
)
def test_what_stands_in_the_way_is_one_sentence(course, capsys, trouble, why):
    answer_everything(course)
    course.publish({**SECOND, "helpers/fresh.py": b""})
    trouble(course)
    before = snapshot(course)
    status, printed = run(course, capsys)
    assert status == 2
    assert why in printed
    assert len(printed.splitlines()) == 1
    assert snapshot(course) == before


def test_a_course_inside_another_repository_is_no_clone(course, capsys, tmp_path):
    inner = course.mine / "unpacked"
    shutil.copytree(course.mine / "notebooks", inner / "notebooks")
    assert main([], inner) == 2
    assert "isn't a git clone" in capsys.readouterr().err


def test_no_git_is_one_sentence(course, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    status, printed = run(course, capsys)
    assert status == 2
    assert printed.startswith("There is no git on this computer")
    assert len(printed.splitlines()) == 1


# Without git


def unpacked(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_answers_are_carried_from_another_folder(course, capsys, tmp_path):
    answer_everything(course)
    before = snapshot(course)
    new = unpacked(tmp_path / "new", FIRST | SECOND)
    assert main(["--from", str(course.mine)], new) == 0
    printed = capsys.readouterr().out
    assert "20 answers carried, from 2 notebooks." in printed
    assert "stays as it is" in printed
    for name in (ONE, TWO):
        made = sources((new / "notebooks" / name).read_bytes())
        assert sum(answer in made for answer in ANSWERS.values()) == 10
    assert snapshot(course) == before
    assert (new / "notebooks" / FREE).exists()


def test_an_answer_in_the_new_folder_stays(course, capsys, tmp_path):
    answer_everything(course)
    new = unpacked(tmp_path / "new", FIRST | SECOND)
    path = new / "notebooks" / ONE
    mine = answer_to(IDS[0]).replace("return", "return 1 or")
    stubbed = "".join(stub(IDS[0])["source"])
    made = [
        code(mine) if source == stubbed else cell
        for cell, source in zip(
            cells(path.read_bytes()), sources(path.read_bytes()), strict=True
        )
    ]
    path.write_bytes(notebook(*made))
    assert main(["--from", str(course.mine)], new) == 0
    assert mine in sources(path.read_bytes())
    assert (
        "01.part_0 is answered in the new notebook already" in capsys.readouterr().out
    )


@pytest.mark.parametrize("old", ["nowhere", "."])
def test_a_folder_that_is_no_older_version_is_one_sentence(
    old, course, capsys, monkeypatch
):
    monkeypatch.chdir(course.mine)
    status, printed = run(course, capsys, "--from", old)
    assert status == 2
    assert len(printed.splitlines()) == 1


# Interrupted


class KilledError(BaseException):
    """Stands for the end of the process: nothing here catches it."""


def killed_at(moment, monkeypatch):
    """End the update before its change number ``moment``, or in the middle of one."""
    changes = itertools.count(1)
    write, command = update.write, update.Clone.git

    def dying_write(path, content):
        number = next(changes)
        if number == moment:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(f".{path.name}.new").write_bytes(
                content[: len(content) // 2]
            )
            raise KilledError
        write(path, content)

    def dying_git(self, *arguments, check=True):
        changing = arguments[0] in ("fetch", "update-index", "branch", "reset")
        if changing and next(changes) == moment:
            raise KilledError
        return command(self, *arguments, check=check)

    def dying_unlink(self, missing_ok=False):
        if next(changes) == moment:
            raise KilledError
        os.unlink(self)

    monkeypatch.setattr(update, "write", dying_write)
    monkeypatch.setattr(update.Clone, "git", dying_git)
    monkeypatch.setattr(Path, "unlink", dying_unlink)


def test_killed_at_any_moment_nothing_is_lost(tmp_path, capsys, monkeypatch):
    for moment in itertools.count(1):
        folder = tmp_path / str(moment)
        folder.mkdir()
        course = new_course(folder)
        answer_everything(course)
        course.edit(ONE, lambda made: made.append(code("my_own = 1", "mine")))
        course.edit(FREE, lambda made: made.append(code("my_sum = 2", "mine")))
        git(course.mine, "commit", "--quiet", "--all", "-m", "Mine")
        course.publish({**SECOND, "notebooks/03_free.ipynb": None})
        with monkeypatch.context() as patched:
            killed_at(moment, patched)
            try:
                main([], course.mine)
            except KilledError:
                pass
            else:
                break
        assert everything_of_the_student_s(course)
        assert main([], course.mine) == 0
        assert everything_of_the_student_s(course)
        assert answered(course) == IDS
        assert is_new(course)
        assert not course.path(FREE).exists()
    assert moment > 10


def everything_of_the_student_s(course):
    """Whether each answer and own cell is in a whole notebook, in place or kept."""
    whole = [path.read_bytes() for path in course.path("").glob("*.ipynb")]
    found = {s for made in [*whole, *course.kept().values()] for s in sources(made)}
    return found >= {*ANSWERS.values(), "my_own = 1", "my_sum = 2"}


def test_a_notebook_saved_meanwhile_is_not_written_over(course, capsys, monkeypatch):
    keep = update.keep

    def keep_while_somebody_saves(root, notebooks):
        kept = keep(root, notebooks)
        course.edit(TWO, lambda made: made.append(code("saved = 1", "mine")))
        return kept

    answer_everything(course)
    course.publish(SECOND)
    with monkeypatch.context() as patched:
        patched.setattr(update, "keep", keep_while_somebody_saves)
        status, printed = run(course, capsys)
    assert status == 2
    assert "was saved while the update ran" in printed
    assert "saved = 1" in sources(course.read(TWO))
    assert run(course, capsys)[0] == 0
    assert answered(course) == IDS
    assert any("saved = 1" in sources(made) for made in course.kept().values())


def test_ctrl_c_is_a_sentence(course, capsys, monkeypatch):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(update.Clone, "fetch", interrupted)
    status, printed = run(course, capsys)
    assert status == 130
    assert "nothing is lost" in printed


def test_a_full_disk_is_a_sentence(course, capsys, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    answer_everything(course)
    course.publish(SECOND)
    before = snapshot(course)
    monkeypatch.setattr(update, "write", full)
    status, printed = run(course, capsys)
    assert status == 2
    assert "No space left on device" in printed
    assert len(printed.splitlines()) == 1
    assert snapshot(course) == before


# As it is run


def test_the_module_needs_nothing_but_python(course):
    for package in ("diagnose", "lessons", "tools"):
        shutil.copytree(PROJECT / package, course.mine / package)
    course.publish(SECOND)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN_MODULE],
        cwd=course.mine,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert is_new(course)


# -I leaves out the folder that -m would put in front.
RUN_MODULE = (
    "import sys; sys.path.insert(0, ''); from tools.update import main; main([])"
)
