"""A verdict as a card: stable plain text, and HTML that nothing can break out of."""

import base64
import dataclasses
import hashlib
import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from cells import body, judge_cell
from toy_lesson import CENTRE, DOUBLE, PREDICT_TABLE, SOFT, TABLE, TOTAL

from diagnose.card import Card, as_html, as_text
from diagnose.ladder import judge
from diagnose.value_text import value_text

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'` </div>"


class Page(HTMLParser):
    """Reads a card as a browser would, and complains where a browser would mend."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)
        assert tag != "p" or "p" not in self.open[:-1]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def attributes(self, wanted):
        return [attributes for tag, attributes in self.tags if tag == wanted]


ALLOWED = {"div", "span", "strong", "code", "p", "pre", "details", "summary", "figure"}
ALLOWED |= {"figcaption", "img"}

HOSTILE_HTML = [
    "raise ValueError(evil)",
    "raise type(evil, (Exception,), {})",
    "raise KeyError(evil)",
    "return evil",
    "return [evil]",
    "return {evil: evil}",
    "return {'shape': evil, 'kind': evil, 'total': 6}",
    "return {'shape': (2, 3), 'kind': evil, 'total': 6}",
    "return type(evil, (), {})()",
    "return {'shape': type(evil, (), {})(), 'kind': 'matrix', 'total': 6}",
    "return np.zeros(1, [(evil, float)])",
    "return np.array([evil])",
    "return <missing>  # </pre><script>".replace("<missing>", "missing"),
    "np.__dict__[evil] = 1; return np.qqqqqq",
]


@pytest.mark.parametrize("line", HOSTILE_HTML)
@pytest.mark.parametrize("exercise", [TOTAL, PREDICT_TABLE], ids=lambda e: e.id)
def test_what_a_student_s_code_produced_is_escaped(exercise, line):
    try:
        verdict = judge_cell(exercise, body(exercise, line), evil=EVIL)
    finally:
        vars(np).pop(EVIL, None)
    html = as_html(verdict, EVIL)
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= ALLOWED
    assert not [a for _, a in page.tags if any(name[:2] == "on" for name in a)]
    assert as_text(verdict, EVIL)


def every_kind_of_verdict():
    yield judge_cell(DOUBLE, body(DOUBLE, "raise NotImplementedError"))
    yield judge_cell(DOUBLE, "double = 5")
    yield judge_cell(DOUBLE, body(DOUBLE, "return 2 * y"))
    yield judge_cell(DOUBLE, body(DOUBLE, "return None"))
    yield judge_cell(DOUBLE, body(DOUBLE, "return (2 * x)[:1]"))
    yield judge_cell(DOUBLE, body(DOUBLE, "x += 1", "return x - 1"))
    yield judge_cell(DOUBLE, body(DOUBLE, "return x**2"))
    yield judge_cell(DOUBLE, body(DOUBLE, "return x + 1"))
    yield judge_cell(DOUBLE, body(DOUBLE, "return 2 * x"))
    yield judge_cell(TABLE, body(TABLE, "return x**3"))
    yield judge_cell(CENTRE, body(CENTRE, "return x.mean(axis=0), x**3"))
    yield judge_cell(PREDICT_TABLE, body(PREDICT_TABLE, "return {'shape': (1, 2)}"))
    yield judge_cell(SOFT, body(SOFT, "return (1 + (x @ w).exp()).log().detach()"))


def test_every_card_is_a_plain_accessible_piece_of_html():
    for verdict in every_kind_of_verdict():
        html = as_html(verdict)
        page = Page(html)
        assert page.tags[0][0] == "div"
        assert page.tags[0][1]["role"] == "status"
        assert {tag for tag, _ in page.tags} <= ALLOWED
        assert not [attributes for _, attributes in page.tags if "id" in attributes]
        assert all("alt" in attributes for attributes in page.attributes("img"))
        assert len(page.attributes("details")) == len(page.attributes("summary"))
        assert "0x" not in html
        assert "http" not in html


def test_symbol_and_word_say_what_the_colour_says():
    seen = set()
    for verdict in every_kind_of_verdict():
        text, html = as_text(verdict), as_html(verdict)
        assert text[0] in "○✓✗"
        word = {"○": "Yours to do", "✓": "Passed", "✗": "Not yet"}[text[0]]
        assert word in Page(html).text
        seen.add(text[0])
    assert seen == set("○✓✗")


def test_text_and_html_tell_the_same_sentences():
    for verdict in every_kind_of_verdict():
        text, html_text = as_text(verdict), Page(as_html(verdict)).text
        for sentence in verdict.sentences:
            assert sentence in text
            assert sentence.replace("`", "") in html_text.replace("`", "")


def test_hints_fold_until_it_is_passed_and_the_solution_always_can_be_seen():
    for verdict in every_kind_of_verdict():
        html = as_html(verdict)
        hints = len(re.findall("<summary[^>]*>Hint ", html))
        assert hints == (0 if verdict.passed else 2)
        assert html.count('class="course-solution"') == 1
        assert f'@exercise("{verdict.exercise.id}")' in unescape(html)


PLAIN = """\
✗ 99.table — Your result is not right: 6 of 6 values differ. The first is 0.00198755 \
at [0, 0], where 0.12573 is expected. Below, the course's version is used.
    x        = [[ 0.1257 -0.1321  0.6404]
                [ 0.1049 -0.5357  0.3616]]  (2, 3)
    expected = [[ 0.1257 -0.1321  0.6404]
                [ 0.1049 -0.5357  0.3616]]  (2, 3)
    got      = [[ 0.002  -0.0023  0.2627]
                [ 0.0012 -0.1537  0.0473]]  (2, 3)"""


def test_the_plain_text_is_stable():
    assert as_text(judge_cell(TABLE, body(TABLE, "return x**3"))) == PLAIN


def test_what_the_session_set_for_printing_does_not_count():
    with np.printoptions(precision=1, threshold=1, formatter={"all": lambda v: EVIL}):
        assert as_text(judge_cell(TABLE, body(TABLE, "return x**3"))) == PLAIN


HERE = Path(__file__).parent
FOLDERS = os.pathsep.join(map(str, [HERE, HERE.parent, HERE.parents[1]]))


def test_cards_are_the_same_in_another_process():
    result = subprocess.run(
        [sys.executable, "-c", "import test_card; print(test_card.digest())"],
        cwd=HERE,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": FOLDERS},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == digest()


def digest():
    cards = [as_text(v) + as_html(v) for v in every_kind_of_verdict()]
    return hashlib.sha256("".join(cards).encode()).hexdigest()


def test_a_short_card():
    verdict = judge_cell(DOUBLE, body(DOUBLE, "pass"))
    assert repr(Card(verdict)) == (
        "○ 99.double — not attempted yet (1 minute). Below, the course's version is "
        "used."
    )
    verdict = judge(DOUBLE, DOUBLE.reference)
    assert repr(Card(verdict, "A note.")) == (
        "✓ 99.double — passed: right in all 6 cases. Below, your own version is used.\n"
        "A note."
    )
    assert "A note." in Card(verdict, "A note.")._repr_html_()
    verdict = judge(PREDICT_TABLE, PREDICT_TABLE.reference)
    assert "passed. Below" in as_text(verdict)


def test_the_line_that_raised_is_shown():
    verdict = judge_cell(DOUBLE, body(DOUBLE, "return 2 * y  # <b>"))
    assert "    your line 2: return 2 * y  # <b>" in as_text(verdict)
    assert "line 2:  return 2 * y  # &lt;b&gt;" in as_html(verdict)


def test_a_prediction_s_answer_is_not_in_the_case():
    cell = body(PREDICT_TABLE, "return {'shape': (9, 9), 'kind': 'cube', 'total': 7}")
    verdict = judge_cell(PREDICT_TABLE, cell)
    case = as_html(verdict).split("course-solution")[0]
    assert "matrix" not in case
    assert "(2, 3)" not in case
    assert "matrix" not in as_text(verdict)


# The picture of where they differ


def picture(*lines):
    verdict = judge_cell(TABLE, body(TABLE, *lines))
    images = Page(as_html(verdict)).attributes("img")
    return images[0] if images else None


def test_a_matrix_gets_a_picture_with_words():
    image = picture("x = x.copy()", "x[-1, 1] += 5", "return x")
    assert image["alt"] == "1 of 6 entries differ: rows 1; columns 1."
    header, data = image["src"].split(",")
    assert header == "data:image/svg+xml;base64"
    svg = ElementTree.fromstring(base64.b64decode(data))
    assert len(svg.findall("{*}rect")) == 6
    assert len(svg.findall("{*}path")) == 1


def test_what_is_within_the_exercise_s_tolerance_is_not_marked():
    loose = dataclasses.replace(TABLE, rtol=0.01)
    cell = body(loose, "x = x * 1.001", "x[0, 0] += 9", "return x")
    html = as_html(judge_cell(loose, cell))
    assert "1 of 6 entries differ" in html


def test_other_results_have_no_picture():
    assert picture("return x[:1]") is None
    assert picture("return x.astype(object)") is None
    assert picture("return x[0, 0]") is None


# Values as text


class Trap:
    def __repr__(self):
        raise ValueError

    __str__ = __format__ = __repr__


LOOP = {}
LOOP["a"] = LOOP
LIST = []
LIST.append(LIST)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (np.True_, "True"),
        (3, "3"),
        (1 / 3, "0.333333"),
        (np.float32(1 / 3), "0.333333"),
        (1 + 2j, "1+2j"),
        (float("nan"), "nan"),
        (10**400, "an int of about 398 digits"),
        ("a\n<b>", "'a\\n<b>'"),
        ("x" * 300, "'" + "x" * 200 + "'…"),
        ([], "[]"),
        ([1, None, 2.5], "[1, None, 2.5]"),
        ((64, 100), "(64, 100)"),
        (torch.Size([2]), "(2)"),
        (range(5), "a range"),
        (list(range(99)), "[" + ", ".join(map(str, range(36))) + ", …]"),
        ([np.ones(2)], "a list of 1 item"),
        ({"a": (1, 2), "b": "c"}, "{a: (1, 2), b: 'c'}"),
        (dict.fromkeys("ab", Trap()), "{a: an object of class Trap, b: an object of "
         "class Trap}"),
        (LOOP, "{a: a dict}"),
        (LIST, "a list of 1 item"),
        (Trap(), "an object of class Trap"),
        ([Trap()], "a list of 1 item"),
        (Trap, "a class"),
        (len, "a built-in function"),
        (np.array(2.5), "2.5"),
        (np.array([1.0, 0.25, -3e-9]), "[ 1.    0.25 -0.  ]"),
        (np.array([True, False]), "[ True False]"),
        (np.ones((1, 2)), "[[1. 1.]]  (1, 2)"),
        (np.ones((10, 10)), "a NumPy array, float64, shape (10, 10), from 1 on"),
        (np.ones((10, 10), bool), "a NumPy array, bool, shape (10, 10), from True on"),
        (np.broadcast_to(2.0, 10**12), "a NumPy array, float64, shape "
         "(1000000000000,), from 2 on"),
        (np.array([Trap()]), "a NumPy array, object, shape (1,)"),
        (np.ones((0, 3)), "[]  (0, 3)"),
        (torch.ones(2, dtype=torch.bfloat16), "[1. 1.]"),
        (torch.ones(2, device="meta"), "a torch tensor, float32, shape (2,)"),
        (type("a\nb" * 99, (), {})(), "an object of class " + ("a b" * 99)[:60] + "…"),
    ],
)  # fmt: skip
def test_value_text(value, text):
    assert value_text(value) == text


def test_a_wide_dict_is_cut():
    text = value_text({f"key {i}": i for i in range(1000)})
    assert text.endswith("key 35: 35, …}")


def test_nothing_unprintable_leaves_the_card():
    verdict = judge_cell(
        DOUBLE, body(DOUBLE, r"raise ValueError('a\x1b[31m\ud800\0b')")
    )
    for shown in (as_text(verdict), as_html(verdict)):
        assert "a�[31m?�b" in shown
        shown.encode("utf-8")
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", shown)
