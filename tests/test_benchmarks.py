"""make bench measures what it says; how fast things are is for it to tell, not here."""

import nbformat
import numpy as np
import pytest
import torch

from benchmarks import (
    classifiers,
    moves,
    notebooks,
    pipeline,
    stability,
    timing,
    verdicts,
)
from benchmarks.table import Table, ms
from diagnose import judge
from helpers.pictures.splits import Pictures
from lessons import find_exercise
from lessons.places import PROJECT


def test_table_is_aligned_and_marks_what_is_over():
    table = Table("Title", "what", "ms")
    table.add("short", ms(0.0012))
    table.add("rather long", ms(12), over=True)
    assert str(table).splitlines() == [
        "Title",
        "",
        "what              ms",
        "----------------------------",
        "short            1.2",
        "rather long  12000.0  ← over",
    ]


def test_every_mistake_is_timed_as_it_would_be_typed():
    exercise = find_exercise("00.relu")
    found = verdicts.answers(exercise)
    assert {name for name, _ in found} == {"right"} | {
        m.name for m in exercise.mistakes
    }
    for name, answer in found:
        verdict = judge(exercise, answer)
        assert verdict.passed if name == "right" else name in verdict.mistakes


def test_every_explorer_is_moved_by_the_benchmark():
    moved = set()
    for explorer, _, move in moves.all_moves():
        move()
        moved.add(explorer)
    assert moved == {path.stem for path in PROJECT.glob("helpers/explorers/l[0-9]*.py")}


def test_short_actions_are_timed_many_times():
    assert len(timing.seconds_of(lambda: None)) > 100


def test_the_tutorials_slip_reads_bytes_in_another_order():
    images = np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)
    pictures = Pictures(images, np.array([0, 1]), names=())
    slipped, labels = classifiers.Reshaped(pictures).batch(torch.tensor([1, 0]))
    expected = images[::-1].reshape(2, 3, 4, 5) / 255
    assert np.allclose(slipped, expected)
    assert labels.tolist() == [1, 0]


def test_pictures_are_repeated_class_by_class(tmp_path):
    for name, count in (("train/a", 3), ("train/b", 3), ("test/a", 1), ("test/b", 1)):
        folder = tmp_path / "few" / name
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / f"{number}.png").write_text(f"{name} {number}")
    many = pipeline.repeated(tmp_path / "few", tmp_path / "many", 40)
    found = [path for path in many.glob("*/*/*") if path.read_text()]
    assert len(found) == 40
    assert len(list(many.glob("train/a/*"))) == 15


# The notebooks


def notebook(folder, *sources):
    cells = [
        nbformat.v4.new_code_cell(source, id=f"cell-{number}")
        for number, source in enumerate(sources)
    ]
    path = folder / "99_toy.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize(("seconds", "is_over"), [(10, False), (200, True)])
def test_the_course_has_a_budget(monkeypatch, seconds, is_over):
    ticks = iter(range(0, 10_000, seconds))
    monkeypatch.setattr(notebooks.time, "perf_counter", lambda: next(ticks))
    monkeypatch.setattr(
        notebooks, "all_notebooks", lambda: [PROJECT / "a", PROJECT / "b"]
    )
    monkeypatch.setattr(
        notebooks, "time_cells", lambda path: {"imports": 1.0, "x": 2.0, "y": 3.0}
    )
    *_, one, other, course = notebooks.measure().rows
    assert one == ("a", f"{seconds}.0", "1.0", "y 3.0, x 2.0", "")
    assert other[1] == one[1]
    assert course[:2] == ("the course", f"{2 * seconds}.0")
    assert bool(course[-1]) == is_over


def test_verdicts_that_depend_on_threads_are_found(tmp_path, monkeypatch):
    shown = """
class Card:
    def __repr__(self):
        return "✗ 99.toy — " + {threads}
Card()"""
    path = notebook(
        tmp_path,
        'import os\nprint("✓ 99.print — no card, on", os.environ["OMP_NUM_THREADS"])',
        shown.format(threads='os.environ["OMP_NUM_THREADS"]'),
        shown.format(threads='"ever"'),
    )
    monkeypatch.setattr(stability, "all_notebooks", lambda: [path])
    *_, row = stability.measure().rows
    assert row == ("99_toy", "2", "cell-1", "← over")
