"""Which code above an answer it relies on."""

from handed_in import notebook_of

from classroom.report.notebook_code import NotebookCode

ANSWER = '@exercise("00.relu")\ndef relu(x):\n    return larger(x, zero)'


def needed(*cells):
    code = NotebookCode(notebook_of(*cells))
    return [piece.source for piece in code.needed(code.answers[-1])]


def test_only_what_is_used_and_in_order():
    assert needed(
        "unused = print('never')",
        "import numpy as np\nimport torch",
        "limit = 0",
        "zero = limit",
        "def larger(a, b):\n    return np.maximum(a, b)",
        ANSWER,
    ) == [
        "import numpy as np",
        "limit = 0",
        "zero = limit",
        "def larger(a, b):\n    return np.maximum(a, b)",
    ]


def test_what_is_bound_twice_is_run_twice():
    assert needed("zero = 1", "zero -= 1", ANSWER) == ["zero = 1", "zero -= 1"]


def test_setting_an_item_counts_as_binding():
    assert needed("zero = [1]", "zero[0] = 0", "zero.x.y = 1", ANSWER) == [
        "zero = [1]",
        "zero[0] = 0",
        "zero.x.y = 1",
    ]


def test_parameters_and_own_names_are_not_needed():
    body = "def relu(x):\n    zero = larger = x\n    return [y for y in zero]"
    assert needed("x = 1", "y = 2", "zero = 3", f'@exercise("00.relu")\n{body}') == []


def test_code_below_is_not_needed():
    assert needed("zero = 1", ANSWER) == ["zero = 1"]
    assert needed(ANSWER) == []
