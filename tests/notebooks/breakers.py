"""For every rule, edits of the good notebook that break it.

Each is (rule, what the complaint must name, edit): a cell's id, or "" for the file.
"""

from good_notebook import CARD, DOUBLE, OPENING, PICTURE, displayed

BREAKERS = []


def breaks(rule, name=""):
    def keep(edit):
        BREAKERS.append((rule, name, edit))
        return edit

    return keep


def breaks_by_saying(rule, cell, *texts, blamed=None):
    """Each text, in place of what the cell says, breaks the rule: there, or where
    ``blamed`` says."""
    blamed = cell if blamed is None else blamed
    for text in texts:
        BREAKERS.append((rule, blamed, lambda draft, text=text: draft.say(cell, text)))


def breaks_by_showing(rule, *outputs):
    """Each output below the cell "value" breaks the rule there."""
    for output in outputs:

        @breaks(rule, "value")
        def show(draft, output=output):
            draft["value"]["outputs"] = [output]


# The file


@breaks("lives_at_its_number")
def other_name(draft):
    draft.path = draft.path.with_name("99-Toy.ipynb")


@breaks("lives_at_its_number")
def without_modules(draft):
    draft.path = draft.path.with_name("98_toy.ipynb")


@breaks("is_valid", "value")
def unknown_output(draft):
    draft["value"]["outputs"][0]["output_type"] = "shown"


@breaks("is_valid")
def unknown_key(draft):
    draft.raw["author"] = "me"


@breaks("has_ids", "cell 3")
def without_id(draft):
    del draft["value"]["id"]


@breaks("has_ids", "imports")
def same_id(draft):
    draft["value"]["id"] = "imports"


@breaks("has_ids", "my value")
def blank_in_id(draft):
    draft["value"]["id"] = "my value"


@breaks("has_ids")
def format_without_ids(draft):
    draft.raw["nbformat_minor"] = 4


@breaks("is_stored_cleanly", "value")
def times(draft):
    draft["value"]["metadata"]["execution"] = {"iopub.execute_input": "2026"}


@breaks("is_stored_cleanly", "value")
def widget_view(draft):
    data = draft["value"]["outputs"][0]["data"]
    data["application/vnd.jupyter.widget-view+json"] = {"model_id": "1"}


@breaks("is_stored_cleanly")
def widget_state(draft):
    draft.raw["metadata"]["widgets"] = {}


@breaks("is_stored_cleanly")
def own_python(draft):
    draft.raw["metadata"]["language_info"]["version"] = "3.11.7"


@breaks("tags_are_known", "value")
def raising_tag(draft):
    draft["value"]["metadata"]["tags"] = ["raises-exception"]


breaks_by_saying("tags_are_known", "value", "# NBVAL_SKIP\n1", "2  \n # NBVAL_SKIP")


@breaks("is_ready_for_slides", "value")
def no_slide_type(draft):
    draft["value"]["metadata"] = {}


# The prose


@breaks("is_one_sitting")
def too_few_cells(draft):
    del draft.raw["cells"][-6:-3]


@breaks("is_one_sitting")
def too_few_for_an_hour(draft):
    draft.say("opening", OPENING.replace("15 minutes", "60 minutes"))


@breaks("is_one_sitting")
def too_many_cells(draft):
    draft.raw["cells"] += draft.raw["cells"][-1:] * 50


breaks_by_saying("has_one_title", "prose-3", "# Another title")
breaks_by_saying("has_one_title", "opening", "No title", "```\n# in a fence\n```")
breaks_by_saying("has_a_hero", "opening", "# A toy")
breaks_by_saying(
    "says_what_comes",
    "opening",
    OPENING.replace("What you will build", "You build"),
    OPENING.replace("What you need", "You need"),
    OPENING.replace("15 minutes", "a while"),
)
breaks_by_saying("says_what_came", "sources", "## References", "No heading")
breaks_by_saying("is_told_in_small_pieces", "prose-3", "word " * 121)
breaks_by_saying("has_a_clinic", "clinic", "## A hospital", blamed="sources")
breaks_by_saying(
    "pictures_are_there_and_told",
    "opening",
    OPENING.replace("Two boxes, joined by an arrow.", " "),
    OPENING.replace("99_hero", "99_missing"),
    OPENING.replace("99_hero", "01_hero"),
    OPENING.replace("../imgs/99_hero.svg", "https://example.org/99_hero.svg"),
    '# A toy\n\n<img src="../imgs/99_hero.svg">',
    '# A toy\n\n<img alt="" src="../imgs/99_hero.svg" width="50%">',
)

# The code

breaks_by_saying("cells_are_python", "value", "for:", "", "x = = 3")
breaks_by_saying(
    "nothing_reaches_outside",
    "value",
    "%pip install numpy",
    "!ls",
    "files = !ls",
    "%%bash\nls",
    "%cd ..",
    'os.chdir("/")',
    'os.system("ls")',
    'open("data.txt")',
    'np.load("data/x.npy")',
    'Path(f"data/{step_1}")',
    'show("../imgs/99_hero.svg")',
)
breaks_by_saying(
    "cells_are_short",
    "value",
    "\n".join(f"a_{n} = {n}" for n in range(16)),
    "class A:\n" + "\n".join(f"    a_{n} = {n}" for n in range(20)),
)
breaks_by_saying("lines_are_narrow", "value", f'text = "{"x" * 81}"')
breaks_by_saying(
    "imports_come_first",
    "value",
    "import math",
    "from math import pi",
    "def f():\n    import math",
    '__import__("math")',
)
breaks_by_saying("imports_come_first", "imports", "nothing = 0")
breaks_by_saying(
    "imports_are_explicit",
    "imports",
    "from numpy import *",
    "import helpers.figures as figures",
    "import sys\nsys.path.append(0)",
)
breaks_by_saying(
    "has_one_generator",
    "value",
    "np.random.seed(0)",
    "x = np.random.normal(size=3)",
    "random.seed(0)",
    "x = random.random()",
    "rng = np.random.default_rng()",
)
breaks_by_saying("has_one_generator", "step-3", "other = np.random.default_rng(1)")
breaks_by_saying(
    "builtins_keep_their_names",
    "value",
    "sum = 0",
    "for id in range(3): pass",
    "def filter(x): return x",
    "def f(input): return input",
    "f = lambda max: max",
    "with x as open: pass",
    "pairs = [type for type in range(3)]",
)
breaks_by_saying(
    "names_keep_their_values",
    "step-3",
    "step_1 = 5",
    "step_1 += 1",
    "for k in range(3):\n    step_1 = k",
    "step_3, (step_2, a) = 1, (2, 3)",
)
breaks_by_saying(
    "shapes_use_the_alphabet",
    "value",
    "x = 1  # (N, Q)",
    "x = 1  # (M,)",
    "x = 1  # (N, 2*K)  and why",
)

# The exercises

breaks_by_saying("exercises_exist", "double", DOUBLE.replace("99.double", "99.dubble"))
breaks_by_saying("exercises_exist", "double", DOUBLE.replace("99.double", "00.relu"))
breaks_by_saying(
    "exercises_stand_alone",
    "double",
    DOUBLE + "\n    x = 3",
    DOUBLE.replace("@exercise", "@cache\n    @exercise"),
    'exercise("99.double")(abs)',
)
breaks_by_saying("every_exercise_is_set_once", "double", "x = 1", blamed="")
breaks_by_saying("every_exercise_is_set_once", "step-3", DOUBLE, blamed="")
breaks_by_saying(
    "stubs_look_like_their_answers",
    "double",
    DOUBLE.replace("(x)", "(x, y)"),
    DOUBLE.replace("(x)", "(x=1)"),
    DOUBLE.replace("def double", "def twice"),
    DOUBLE.replace("Twice x", "Two x"),
)


@breaks("stubs_look_like_their_answers", "scale")
def another_method(draft):
    draft["scale"]["source"] = [
        line.replace("forward", "backward") for line in draft["scale"]["source"]
    ]


@breaks("stubs_look_like_their_answers", "scale")
def another_base(draft):
    draft["scale"]["source"] = [
        line.replace("Scale:", "Scale(dict):") for line in draft["scale"]["source"]
    ]


breaks_by_saying(
    "stubs_are_unsolved",
    "double",
    DOUBLE.replace("raise NotImplementedError", "return 2 * x"),
    DOUBLE.replace("raise NotImplementedError", "return [None, 2]"),
    DOUBLE.replace("raise NotImplementedError", "y = 2\n        return None"),
)


@breaks("stubs_are_unsolved", "double")
def another_verdict(draft):
    draft["double"]["outputs"][0]["data"]["text/plain"] = ["✓ 99.double — passed."]


# What is shown


@breaks("has_been_run_in_order", "value")
def never_run(draft):
    draft["value"]["execution_count"] = None


@breaks("has_been_run_in_order", "step-1")
def run_twice(draft):
    draft["step-1"]["execution_count"] += 1


def stream(name, text):
    return {"name": name, "output_type": "stream", "text": [text]}


def shown(**data):
    return displayed({kind.replace("_", "/"): text for kind, text in data.items()})


breaks_by_showing(
    "nothing_has_failed",
    stream("stderr", "UserWarning: mind the gap"),
    {"output_type": "error", "ename": "E", "evalue": "e", "traceback": []},
)
breaks_by_showing(
    "pictures_have_alt_text",
    displayed(PICTURE[0]["data"]),
    displayed(PICTURE[0]["data"], {"image/png": {"alt": " "}}),
    shown(text_html=['<p><img src="x"></p>']),
    shown(text_html=['<p><img alt="" src="x"></p>']),
)
breaks_by_showing(
    "widgets_leave_a_picture",
    shown(text_plain=["interactive(children=(IntSlider(value=1),))"]),
    shown(text_plain=["VBox(children=(HTML(value=''),))"]),
)
breaks_by_showing(
    "outputs_are_the_same_everywhere",
    shown(text_plain=["<function f at 0x7f3a2c1b4d30>"]),
    stream("stdout", "<object object at 0x7f3a2c1b4d30>"),
    stream("stdout", "2026-11-20 18:33:02"),
    shown(text_html=["<td>2026-11-20T18:33</td>"]),
    stream("stdout", "0.1234567890123"),
)
breaks_by_showing(
    "no_machine_is_named",
    stream("stdout", "in /home/ada/course"),
    shown(text_html=["<td>/tmp/x1/y.txt</td>"]),
    stream("stdout", r"C:\Users\ada"),
)
ROOTS_HOME = "/" + "root"  # in two pieces, so that a search for it finds no path here
breaks_by_saying("no_machine_is_named", "value", f'folder = "{ROOTS_HOME}/course"')
breaks_by_saying("no_machine_is_named", "prose-3", "See `/home/ada/course`.")


breaks_by_saying("has_an_explorer", "explore", "x = 1", blamed="sources")


@breaks("has_an_explorer", "explore")
def explorer_without_picture(draft):
    draft["explore"]["outputs"] = [displayed(**CARD[0])]


# Edits that keep the rule, though they come near to breaking it

KEEPERS = []


def keeps_by_saying(rule, cell, *texts):
    for text in texts:
        KEEPERS.append((rule, cell, lambda draft, text=text: draft.say(cell, text)))


keeps_by_saying(
    "cells_are_short",
    "value",
    "\n".join(f"a_{n} = {n}" for n in range(15)),
    "class A:\n" + "\n".join(f"    a_{n} = {n}" for n in range(19)),
)
keeps_by_saying(
    "is_told_in_small_pieces",
    "prose-3",
    "word " * 120,
    "word " * 120 + "\n\n```\nmany more\n```\n\n| a | table |\n|---|---|\n",
    "word " * 119 + "[link](https://example.org/a/b) ![long alt text](x.svg)",
)
keeps_by_saying("is_told_in_small_pieces", "sources", "## Sources\n\n" + "word " * 150)
keeps_by_saying("has_one_title", "prose-3", "```\n# a comment\n```", "## Deeper")
keeps_by_saying(
    "nothing_reaches_outside",
    "value",
    "%timeit np.arange(3)",
    "np.maximum?",
    "open(path)",
    'np.load("/x.npy")',
    'print("open up")',
)
keeps_by_saying("has_one_generator", "value", "rng = np.random.default_rng(7)")
keeps_by_saying("has_one_generator", "value", "x = rng.random(3)")
keeps_by_saying(
    "builtins_keep_their_names",
    "value",
    "x.sum = 0",
    "f(max=3)",
    "class A:\n    def filter(self): return 1",
)
keeps_by_saying(
    "names_keep_their_values",
    "step-3",
    "for k in range(3): pass",
    "squares = [step_1 for step_1 in range(3)]",
    "def f():\n    step_1 = 3",
    "x.step_1 = 3",
    "_ = 3",
)
keeps_by_saying(
    "shapes_use_the_alphabet",
    "value",
    "x = 1  # (N, 3)",
    "x = 1  # (2*N, D_in - 1)",
    "x = 1  # (which is why, and how)",
    'x = "# (Q, R)"',
)
keeps_by_saying(
    "no_machine_is_named", "prose-3", "See <https://example.org/home/tmp/x>."
)
