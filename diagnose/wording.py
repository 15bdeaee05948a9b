"""What was found, said in sentences. Nothing is compared here."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from diagnose import compare
from diagnose.compare import Difference
from diagnose.exercise import Mistake
from diagnose.kinds import (
    LONGEST_NAME,
    array_of,
    describe,
    dtype_name,
    is_array,
    is_number,
    is_numbers,
    is_sequence,
)
from diagnose.relations import ChangingFactor, Relation, simple

SHOWN_CHARACTERS = 200  # of a string


def sentences_of(difference: Difference, *, is_prediction: bool) -> str:
    """What differs, and what was expected, which for a prediction isn't given away."""
    if is_prediction:
        return sentence_of(difference)
    if isinstance(difference, compare.OtherWord):
        return expectation_of(difference)  # the student chose from no list of words
    return f"{sentence_of(difference)} {expectation_of(difference)}".strip()


def sentence_of(difference: Difference) -> str:
    """What came, in one sentence or two, without saying which value was expected."""
    subject = f"`{difference.part}`" if difference.part else "Your result"
    expected, got = difference.expected, difference.got
    match difference:
        case compare.Missing(part=part):
            what = f"`{part}` is" if part else "Your function returned"
            hint = "" if part else " Does it end with a `return`?"
            return f"{what} nothing (None); {wanted(expected)} is wanted.{hint}"
        case compare.HoldsNone(index=index):
            return f"{subject} still holds None at position {index[0]}."
        case compare.OtherType(names=names):
            called = f": {', '.join(names)}" if names else ""
            return (
                f"{subject} is {describe(got)}; {wanted(expected)} is wanted{called}."
            )
        case compare.OtherKeys():
            return _other_keys(subject, expected, got)
        case compare.OtherLength(names=names):
            called = f": {', '.join(names)}" if names else ""
            items = f"{len(got)} item{'s' * (len(got) != 1)}"
            return f"{subject} has {items}; {len(expected)} are wanted{called}."
        case compare.OtherShape():
            return _other_shape(subject, expected, got)
        case compare.OtherDtype() | compare.NoNumbers():
            holds = dtype_name(got)[:LONGEST_NAME]
            return f"{subject} holds {holds}; {dtype_name(expected)} is wanted."
        case compare.NotFinite(index=index):
            kind = "NaN" if np.isnan(array_of(got)[index]) else "infinity"
            return f"{subject} holds {kind}{_at(index)}."
        case compare.OtherNumbers(count=count, size=size):
            many = f": {count} of {size} values differ" if size > 1 else ""
            return f"{subject} is not right{many}."
        case compare.OtherWord():
            # The student may mean the right thing and use a word of their own for it.
            return (
                f"{subject} is not the right choice, or not one of the words to choose "
                "from."
            )
    raise TypeError(f"There are no words for {type(difference).__name__}.")


def _other_keys(subject: str, expected: dict, got: dict) -> str:
    missing = [f"`{key}`" for key in expected if key not in got]
    words = (
        f"has no {', '.join(missing)}"
        if missing
        else f"has {len(got)} entries where {len(expected)} are wanted"
    )
    keys = ", ".join(f"`{key}`" for key in expected)
    return f"{subject} {words}. The keys wanted are {keys}."


def _other_shape(subject: str, expected: Any, got: Any) -> str:
    if is_numbers(expected) and is_sequence(got):
        # Where lists stand for shapes, the word "shape" would be taken for theirs.
        count = f"{len(got)} number{'s' * (len(got) != 1)}"
        return f"{subject} holds {count}; {len(expected)} are wanted."
    want, have = array_of(expected).shape, array_of(got).shape
    if have == ():
        return f"{subject} is a single number; shape {want} is wanted."
    return f"{subject} has shape {have}; {want or 'a single number'} is wanted."


def expectation_of(difference: Difference) -> str:
    """Which value was expected, as a sentence; "" where the kind says it all."""
    expected, got = difference.expected, difference.got
    match difference:
        case compare.OtherWord(part=part):
            subject = f"`{part}`" if part else "Your result"
            short = got[:SHOWN_CHARACTERS] + "…" * (len(got) > SHOWN_CHARACTERS)
            return f"{subject} is “{short}”, where “{expected}” is expected."
        case compare.OtherNumbers(index=index, size=size):
            values = (array_of(value)[index] for value in (got, expected))
            came, wants = map(number_text, values)
            if size == 1:
                return f"It is {came}, where {wants} is expected."
            return f"The first is {came}{_at(index)}, where {wants} is expected."
    return ""


def wanted(expected: Any) -> str:
    """What was wanted, in words, whatever the exact class of a number."""
    if type(expected) is bool:
        return "True or False"
    if is_number(expected) or (is_array(expected) and expected.shape == ()):
        return "a single number"
    if is_numbers(expected):
        return f"a tuple or list of {len(expected)} numbers"
    return describe(expected)


def _at(index: tuple[int, ...]) -> str:
    return f" at [{', '.join(map(str, index))}]" if index else ""


def number_text(value: Any) -> str:
    """A number in few digits: six significant ones, none of them padding."""
    value = np.asarray(value)[()]
    return str(value) if value.dtype.kind in "biu" else f"{value:.6g}"


# What the ladder finds before any value is looked at


INTERRUPTED = (
    "The check was interrupted before your code came to an end.",
    "If you stopped it because it took long: is there a loop that never ends?",
)


def replaced(names: Sequence[str]) -> tuple[str, str]:
    """Two sentences for functions of a library that were replaced; three are named."""
    listed = ", ".join(f"`{name}`" for name in names[:3])
    return (
        f"Your code replaced {listed}, which other code relies on.",
        "The original has been put back. Give your own version another name, and run "
        "this cell again.",
    )


def changed(names: Sequence[str]) -> tuple[str, str]:
    """Two sentences for inputs that were written into."""
    listed = " and ".join(f"`{name}`" for name in names)
    return (
        f"Your code changed {listed}, and that belongs to whoever called it.",
        "Work on something new: `a = a - b` makes a new array where `a -= b` and "
        "`a[...] = b` write into the old one.",
    )


def right_parts(names: Sequence[str]) -> str:
    """A sentence for parts of the result that are right in every case; "" for none."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"{listed} {'is' if len(names) == 1 else 'are'} right." if names else ""


# What flows back through an answer

ONLY_GRADIENTS = "The values are right; the gradients that flow back are not."
CUT_LOOSE = (
    "None comes back at all. Is the result cut loose on its way, by `.detach()`, "
    "`.item()`, `.numpy()` or `torch.no_grad()`?"
)

# What an answer turned out to be

TWO_AT_ONCE = "Two things at once."


def of_mistakes(mistakes: Sequence[Mistake]) -> tuple[str, ...]:
    """What such answers did, and where to look; several, where several readings fit."""
    several = "Two" if len(mistakes) == 2 else "Several"
    intro = [f"{several} readings fit your answer."] if len(mistakes) > 1 else []
    return (*intro, *(text for m in mistakes for text in (m.did, m.look)))


def other_order(names: Sequence[str]) -> tuple[str, str]:
    """Two sentences for parts that are all there, in another order than ``names``."""
    return (
        "The parts are right, but they come in another order.",
        f"The order wanted is {', '.join(names)}.",
    )


def about_parts(names: Sequence[str], sentences: Sequence[str]) -> tuple[str, ...]:
    """Sentences that begin with the parts they are about: "`dw1`: …"."""
    listed = _listed(names)
    first, *rest = sentences
    return (f"{listed}: {first}" if listed else first, *rest)


def right_except(names: Sequence[str], relation: Relation | ChangingFactor) -> str:
    """A sentence for parts that are right but for a relation, a factor for example."""
    subject = _listed(names) or "Your result"
    verb = "are" if len(names) > 1 else "is"
    if isinstance(relation, ChangingFactor):
        some = list(dict.fromkeys(map(factor_text, relation.factors)))[:2]
        return (
            f"{subject} {verb} right except for {name_of(relation)} "
            f"({', '.join(some)}, …). Is it divided by a size, or multiplied by one?"
        )
    return (
        f"{subject} {verb} right except for {name_of(relation)}. {_question(relation)}"
    )


def on_top(relation: Relation | ChangingFactor) -> str:
    """A sentence for a relation that comes on top of a mistake."""
    return f"On top of it there is {name_of(relation)}."


def name_of(relation: Relation | ChangingFactor) -> str:
    """A relation in words, such as "a transpose and a factor of 2"."""
    if isinstance(relation, ChangingFactor):
        return "a factor that changes from case to case"
    faults = ["a transpose"] if relation.transposed else []
    if np.isclose(relation.factor, -1):
        faults.append("a turned sign")
    elif not np.isclose(relation.factor, 1):
        faults.append(f"a factor of {factor_text(relation.factor)}")
    return " and ".join(faults)


def _question(relation: Relation) -> str:
    if relation.transposed:
        return "Rows and columns are exchanged: is a `.T` missing, or one too many?"
    if np.isclose(relation.factor, -1):
        return "Which difference is taken the other way round?"
    return "Where could it have come in, or got lost?"


def factor_text(factor: float) -> str:
    """2, -3, 1/2, or 0.0317: a simple fraction where there is one."""
    short = simple(factor)
    return str(short) if isinstance(short, Fraction) else f"{short:.4g}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names if name)
