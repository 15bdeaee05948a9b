"""What is judged from outside a sandbox is what the notebook would have shown."""

import nbformat
import pytest
from handed_in import OPENER, QUICK, judged, notebook_of, opener, relu

from benchmarks.class_of import answered, course_notebook
from classroom.report.limits import Limits
from lessons import exercises_of, find_exercise, lesson_names

PATIENT = Limits(step=60, notebook=300)  # lessons with torch, on a busy machine
every_lesson = pytest.mark.parametrize("lesson", lesson_names())


@every_lesson
def test_solutions_pass(lesson):
    exercises = exercises_of(lesson)
    sources = {key: exercise.solution for key, exercise in exercises.items()}
    entries, notes = judged(answered(course_notebook(lesson), sources), PATIENT)
    assert {key: entry.status for key, entry in entries.items()} == dict.fromkeys(
        exercises, "passed"
    )
    assert notes == []


@every_lesson
@pytest.mark.parametrize("which", [0, -1])
def test_mistakes_are_called_by_their_names(lesson, which):
    exercises = exercises_of(lesson)
    wrong = {key: e.wrong_answers()[which] for key, e in exercises.items()}
    sources = {key: e.cell(wrong[key].source) for key, e in exercises.items()}
    entries, _ = judged(answered(course_notebook(lesson), sources), PATIENT)
    for key, entry in entries.items():
        assert entry.status == "mistake", entry
        assert wrong[key].mistake.name in entry.verdict.mistakes


def test_untouched_notebook_is_not_attempted():
    entries, notes = judged(course_notebook(OPENER))
    assert {entry.status for entry in entries.values()} == {"not attempted"}
    assert notes == []


def test_deleted_cell_is_missing_and_the_others_are_judged():
    notebook = opener(relu=find_exercise("00.relu").solution)
    notebook.cells = [c for c in notebook.cells if "00.predict_axis" not in c.source]
    entries, _ = judged(notebook)
    assert entries["00.predict_axis"].status == "missing"
    assert entries["00.relu"].status == "passed"


def test_imports_may_be_gone():
    entries, _ = judged(notebook_of(find_exercise("00.relu").solution))
    assert entries["00.relu"].status == "passed"


def test_helpers_of_ones_own_are_found_above():
    entries, _ = judged(
        notebook_of(
            "import numpy as np",
            "zero = 0",
            "def larger(a, b):\n    return np.maximum(a, b + zero)",
            relu("return larger(x, 0)"),
        )
    )
    assert entries["00.relu"].status == "passed"


def test_cells_that_no_answer_needs_are_not_run():
    notebook = opener(relu=find_exercise("00.relu").solution)
    endless = nbformat.v4.new_code_cell("while True:\n    never = 1")
    notebook.cells.insert(1, endless)
    entries, _ = judged(notebook)
    assert entries["00.relu"].status == "passed"


def test_last_answer_counts():
    right = find_exercise("00.relu").solution
    entries, _ = judged(notebook_of(relu("return x"), right))
    assert entries["00.relu"].status == "passed"
    entries, _ = judged(notebook_of(right, relu("return 7 * x")))
    assert entries["00.relu"].status == "unrecognised"


def test_practice_does_not_count():
    practice = relu("return x").replace(")", ", practice=True)", 1)
    entries, _ = judged(notebook_of(find_exercise("00.relu").solution, practice))
    assert entries["00.relu"].status == "passed"


def test_later_answers_use_what_passed():
    """A later answer may call an earlier one, as in the notebook."""
    lesson = next(name for name in lesson_names() if name.startswith("l01"))
    exercises = exercises_of(lesson)
    sources = {"01.squared_error": exercises["01.squared_error"].solution}
    sources["01.numeric_gradient"] = exercises["01.numeric_gradient"].solution
    entries, _ = judged(answered(course_notebook(lesson), sources))
    assert entries["01.numeric_gradient"].status == "passed"
    assert entries["01.gradients"].status == "not attempted"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('@exercise("00.relu")\ndef relu(x:\n    return x', "SyntaxError"),
        (relu("return y"), "NameError on line 3"),
        ('@exercise("00.relu")\ndef relu(y):\n    return y', "def relu"),
        (relu("return x.relu()"), "AttributeError"),
        (relu("return undefined_helper(x)"), "undefined_helper"),
    ],
)
def test_errors_read_as_in_the_notebook(source, words):
    entries, _ = judged(opener(relu=source))
    assert entries["00.relu"].status in ("raised", "unrecognised")
    assert words in " ".join(entries["00.relu"].verdict.sentences)


def test_magics_do_no_harm():
    source = f"%%time\n{find_exercise('00.relu').solution}"
    entries, _ = judged(notebook_of("%matplotlib inline\nimport numpy as np", source))
    assert entries["00.relu"].status == "passed"


def test_exercise_of_another_version_is_noted():
    other = '@exercise("00.no_such")\ndef no_such():\n    return 1'
    entries, notes = judged(notebook_of(other, find_exercise("00.relu").solution))
    assert entries["00.relu"].status == "passed"
    assert notes == ["There is no exercise 00.no_such here."]


def test_decorator_of_ones_own_is_noticed():
    own = "def exercise(which):\n    return lambda answer: answer"
    entries, _ = judged(notebook_of(own, relu("return x * (x > 0)")))
    assert entries["00.relu"].status == "stopped"
    assert "@exercise" in entries["00.relu"].reason


def test_out_of_time_is_said():
    limits = Limits(step=1, notebook=1, memory=QUICK.memory)
    endless = relu("while True: pass")
    solution = find_exercise("00.predict_axis").solution
    entries, _ = judged(opener(relu=endless, predict_axis=solution), limits)
    assert sorted(entry.status for entry in entries.values()) == ["not run", "stopped"]
