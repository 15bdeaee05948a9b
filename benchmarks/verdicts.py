"""From an answer to its card, for every exercise: right answers and every mistake."""

import inspect
from statistics import median

from benchmarks.table import Table, ms
from benchmarks.timing import seconds_of
from diagnose.card import as_html, as_text
from diagnose.ladder import judge
from diagnose.rungs import Rung
from lessons import all_exercises

MEDIAN, WORST = 0.1, 0.5


def measure():
    table = Table(
        "From an answer to its card, in ms: "
        f"the median under {ms(MEDIAN)}, none over {ms(WORST)}",
        *("exercise", "right", "median", "worst", "slowest answer"),
    )
    everything = []
    for exercise in all_exercises().values():
        times = {
            name: time_verdict(exercise, answer)
            for name, answer in answers(exercise).items()
        }
        everything += times.values()
        slowest = max(times, key=times.get)
        middle, worst = median(times.values()), times[slowest]
        table.add(
            exercise.id,
            *(ms(times["right"]), ms(middle), ms(worst), slowest),
            over=middle > MEDIAN or worst > WORST,
        )
    middle, worst = median(everything), max(everything)
    over = middle > MEDIAN or worst > WORST
    table.add(f"all {len(everything)}", "", ms(middle), ms(worst), "", over=over)
    return table


def answers(exercise):
    """{name: answer}, each defined as a student's cell would define it."""
    mistakes = {
        mistake.name: named_like(exercise.reference, mistake.answer)
        for mistake in exercise.mistakes
    }
    return {"right": exercise.reference} | mistakes


def named_like(reference, mistake):
    """The mistake under the name and with the arguments that the exercise asks for."""
    name = reference.__name__
    if isinstance(reference, type):
        return type(name, (mistake,), {"__module__": "__main__"})
    parameters = inspect.signature(reference).parameters.values()
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in parameters
    ]
    given = ", ".join(parameter.name for parameter in parameters)
    namespace = {"mistake": mistake}
    exec(f"def {name}{inspect.Signature(bare)}: return mistake({given})", namespace)
    return namespace[name]


def time_verdict(exercise, answer):
    def from_answer_to_card():
        verdict = judge(exercise, answer)
        as_text(verdict)
        as_html(verdict)
        return verdict

    # A definition that is refused unseen would be timed as a quick verdict.
    assert from_answer_to_card().rung is not Rung.DEFINED_DIFFERENTLY, exercise.id
    return median(seconds_of(from_answer_to_card))
