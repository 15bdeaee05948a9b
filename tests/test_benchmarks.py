"""make bench measures what it says; how fast things are is for it to tell, not here."""

import numpy as np
import torch

from benchmarks import classifiers, moves, pipeline, timing, verdicts
from benchmarks.table import Table, ms
from helpers.checking.ladder import judge
from helpers.lessons import find_exercise
from helpers.pictures.splits import Pictures
from tools.outputs import ROOT


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
    assert found.keys() == {"right"} | {m.name for m in exercise.mistakes}
    for name, answer in found.items():
        verdict = judge(exercise, answer)
        assert verdict.passed if name == "right" else name in verdict.mistakes


def test_every_explorer_is_moved_by_the_benchmark():
    moved = set()
    for explorer, _, move in moves.all_moves():
        move()
        moved.add(explorer)
    assert moved == {path.stem for path in ROOT.glob("helpers/explorers/l[0-9]*.py")}


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
