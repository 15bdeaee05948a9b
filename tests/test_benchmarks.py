"""make bench measures what it says; how fast things are is for it to tell, not here."""

from benchmarks import moves, timing, verdicts
from benchmarks.table import Table, ms
from helpers.checking.ladder import judge
from helpers.lessons import find_exercise
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
