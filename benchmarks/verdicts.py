"""From an answer to its card, for every exercise: right answers and every mistake."""

from statistics import median

from benchmarks.table import Table, ms
from benchmarks.timing import seconds_of
from diagnose import Rung, as_html, as_text, judge
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
        times = [
            (time_verdict(exercise, answer), name) for name, answer in answers(exercise)
        ]
        (right, _), *_ = times
        worst, slowest = max(times)
        seconds = [took for took, _ in times]
        everything += seconds
        middle = median(seconds)
        table.add(
            exercise.id,
            *(ms(right), ms(middle), ms(worst), slowest),
            over=middle > MEDIAN or worst > WORST,
        )
    middle, worst = median(everything), max(everything)
    over = middle > MEDIAN or worst > WORST
    table.add(f"all {len(everything)}", "", ms(middle), ms(worst), "", over=over)
    return table


def answers(exercise):
    """[(name, answer)]: the right one, then every mistake in each of its spellings."""
    wrong = [(each.mistake.name, each.answer) for each in exercise.wrong_answers()]
    return [("right", exercise.reference), *wrong]


def time_verdict(exercise, answer):
    def from_answer_to_card():
        verdict = judge(exercise, answer)
        as_text(verdict)
        as_html(verdict)
        return verdict

    # A definition that is refused unseen would be timed as a quick verdict.
    assert from_answer_to_card().rung is not Rung.DEFINED_DIFFERENTLY, exercise.id
    return median(seconds_of(from_answer_to_card))
