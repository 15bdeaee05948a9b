"""Which shapes can be added, and what shape comes out."""

import ast

import numpy as np

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l02_tensors import solutions

QUESTIONS = (
    "(2, 3) + (3,)",
    "(2, 3) + (2,)",
    "(2, 3) + (2, 1)",
    "(3, 1) + (4,)",
    "(5, 1, 4) + (3, 1)",
    "(5, 3, 4) + (5, 3)",
)


def by_numpy():
    """The oracle, {question: shape or "fails"}: NumPy is asked to broadcast."""
    results = {}
    for question in QUESTIONS:
        left, right = map(ast.literal_eval, question.split(" + "))
        try:
            results[question] = np.broadcast_shapes(left, right)
        except ValueError:
            results[question] = "fails"
    return results


MISTAKES = (
    Mistake(
        "aligned from the left",
        did="You lined the shapes up from the left.",
        look="Broadcasting reads from the right: the last sizes meet first.",
        swap={
            '"(2, 3) + (3,)": (2, 3)': '"(2, 3) + (3,)": "fails"',
            '"(2, 3) + (2,)": "fails"': '"(2, 3) + (2,)": (2, 3)',
            '"(5, 3, 4) + (5, 3)": "fails"': '"(5, 3, 4) + (5, 3)": (5, 3, 4)',
        },
    ),
    Mistake(
        "ones do not stretch",
        did="You let sizes of 1 fail against other sizes.",
        look="A 1 is stretched to whatever stands opposite.",
        swap={
            '"(2, 3) + (2, 1)": (2, 3)': '"(2, 3) + (2, 1)": "fails"',
            '"(3, 1) + (4,)": (3, 4)': '"(3, 1) + (4,)": "fails"',
            '"(5, 1, 4) + (3, 1)": (5, 3, 4)': '"(5, 1, 4) + (3, 1)": "fails"',
        },
    ),
    Mistake(
        "fewer axes fail",
        did="You let shapes of different length fail.",
        look="Missing axes on the left count as 1.",
        swap={
            '"(2, 3) + (3,)": (2, 3)': '"(2, 3) + (3,)": "fails"',
            '"(3, 1) + (4,)": (3, 4)': '"(3, 1) + (4,)": "fails"',
            '"(5, 1, 4) + (3, 1)": (5, 3, 4)': '"(5, 1, 4) + (3, 1)": "fails"',
        },
    ),
    Mistake(
        "the larger shape wins",
        did="You took the shape with more numbers as the result.",
        look="Both may stretch at once: (3, 1) grows along its second axis, (4,) along a new first one.",
        swap={
            '"(3, 1) + (4,)": (3, 4)': '"(3, 1) + (4,)": (4,)',
            '"(5, 1, 4) + (3, 1)": (5, 3, 4)': '"(5, 1, 4) + (3, 1)": (5, 1, 4)',
        },
    ),
    Mistake(
        "nothing fails",
        did="You found a result for shapes that don't fit.",
        look="From the right, 3 meets 2, and neither is 1; 4 meets 3 in the other.",
        swap={
            '"(2, 3) + (2,)": "fails"': '"(2, 3) + (2,)": (2, 3)',
            '"(5, 3, 4) + (5, 3)": "fails"': '"(5, 3, 4) + (5, 3)": (5, 3, 4)',
        },
    ),
    Mistake(
        "sizes appended",
        did="You put the sizes of both side by side, as an outer product does.",
        look="Axes meet from the right, and each pair becomes one axis.",
        swap={
            '"(3, 1) + (4,)": (3, 4)': '"(3, 1) + (4,)": (3, 1, 4)',
            '"(5, 1, 4) + (3, 1)": (5, 3, 4)': '"(5, 1, 4) + (3, 1)": (5, 1, 4, 3, 1)',
        },
    ),
    Mistake(
        "only equal shapes fit",
        did="You let all six fail, as if only equal shapes could be added.",
        look="Shapes needn't be equal: read from the right, a 1 stretches, and so does an axis that isn't there.",
        code="""
def predict_broadcast():
    return {
        "(2, 3) + (3,)": "fails",
        "(2, 3) + (2,)": "fails",
        "(2, 3) + (2, 1)": "fails",
        "(3, 1) + (4,)": "fails",
        "(5, 1, 4) + (3, 1)": "fails",
        "(5, 3, 4) + (5, 3)": "fails",
    }
""",
    ),
    Mistake(
        "two stretches fail",
        did="You let shapes fail that both have to stretch.",
        look="(3, 1) grows along its second axis and (4,) along a new first one, at the same time.",
        swap={
            '"(3, 1) + (4,)": (3, 4)': '"(3, 1) + (4,)": "fails"',
            '"(5, 1, 4) + (3, 1)": (5, 3, 4)': '"(5, 1, 4) + (3, 1)": "fails"',
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_broadcast,
    oracle=by_numpy,
    hints=(
        "Write the two shapes below each other, flush right.",
        "In each column, the sizes must be equal, or one of them 1 or missing. The larger one goes into the result.",
    ),
    mistakes=MISTAKES,
)
