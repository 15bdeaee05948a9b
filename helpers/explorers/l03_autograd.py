"""The backward pass, value by value: which blame arrives where, and why?"""

from helpers.explorers import Explorer, toggle
from helpers.figures import COLOURS, new_figure
from lessons.l03_autograd.solutions import Value

# out = (a · b + a)², as (name, where it is drawn).
PLACES = {
    "a": (0.0, 2.0),
    "b": (0.0, 0.0),
    "a·b": (2.0, 0.5),
    "a·b+a": (4.0, 1.5),
    "out": (6.0, 1.5),
}
SHARES = {
    ("out", "a·b+a"): "2 · (a·b+a)",
    ("a·b+a", "a·b"): "1",
    ("a·b+a", "a"): "1",
    ("a·b", "a"): "b",
    ("a·b", "b"): "a",
}
ORDER = ["out", "a·b+a", "a·b"]  # leaves pass nothing on


def explore_backward():
    """The explorer: the backward pass step by step, for any a and b."""
    from ipywidgets import FloatSlider, IntSlider, Layout

    layout = Layout(width="30em")

    def number(name, value):
        return FloatSlider(
            value=value, min=-3, max=3, step=0.5, description=name, layout=layout
        )

    controls = {
        "step": IntSlider(
            value=0, min=0, max=len(ORDER), description="step", layout=layout
        ),
        "a": number("a", 2.0),
        "b": number("b", 3.0),
    }

    def draw(step, a, b):
        values, given = walk(step, a, b)
        return picture(values, step), sentence(values, given, step)

    question = "out = (a · b + a)². Step by step, which value passes blame to whom?"
    return Explorer(question, controls, draw)


def walk(step, a, b):
    """{name: Value} after ``step`` steps back, and {name: blame} of the last one."""
    values = {"a": Value(a), "b": Value(b)}
    values["a·b"] = values["a"] * values["b"]
    values["a·b+a"] = values["a·b"] + values["a"]
    values["out"] = values["a·b+a"] ** 2
    values["out"].grad = 1.0
    given = {}
    for name in ORDER[:step]:
        before = {other: value.grad for other, value in values.items()}
        values[name].pass_back()
        given = {
            other: values[other].grad - before[other]
            for giver, other in SHARES
            if giver == name
        }
    return values, given


def sentence(values, given, step):
    """What the last step back passed on, to which values, and what they have now."""
    setting = f"a = {values['a'].data:g}, b = {values['b'].data:g}. Step {step}: "
    if step == 0:
        return f"{setting}out's own gradient is 1, and nothing has been passed on yet."
    giver = ORDER[step - 1]
    blame = values[giver].grad + 0.0
    shares = [
        f"{other} gets {blame:g} times {SHARES[giver, other]}, that is "
        f"{share + 0.0:g}, and has {values[other].grad + 0.0:g} now"
        for other, share in given.items()
    ]
    end = " All blame has arrived." if step == len(ORDER) else ""
    return f"{setting}{giver} passes on its {blame:g}: {'; '.join(shares)}.{end}"


def picture(values, step):
    """A figure of the graph; the arrows of the last step stand out."""
    from matplotlib.patches import Circle

    figure, axes = new_figure(7, 3.6, layout=None)
    figure.subplots_adjust(left=0, right=1, top=1, bottom=0)
    ax = axes[0, 0]
    ax.set_axis_off()
    ax.set_xlim(-0.9, 6.9)
    ax.set_ylim(-1.0, 3.0)
    ax.set_aspect("equal")
    active = ORDER[step - 1] if step else None
    for giver, other in SHARES:
        passing = giver == active
        ax.annotate(
            "",
            xy=PLACES[other],
            xytext=PLACES[giver],
            arrowprops={
                "arrowstyle": "-|>" if passing else "-",
                "color": COLOURS["gradient" if passing else "off"],
                "linewidth": 3 if passing else 1.2,
                "shrinkA": 30,
                "shrinkB": 30,
            },
        )
    for name, (x, y) in PLACES.items():
        edge = COLOURS["input" if name in "ab" else "activation"]
        width = 5 if name == active else 2.5
        ax.add_patch(Circle((x, y), 0.5, facecolor="white", edgecolor=edge, lw=width))
        ax.text(x, y, f"{values[name].data:g}", ha="center", va="center")
        ax.text(x, y + 0.62, name, ha="center", va="bottom", fontsize=11)
        grad = f"grad {values[name].grad + 0.0:g}"
        ax.text(
            x, y - 0.6, grad, ha="center", va="top", color=COLOURS["gradient"],
            fontsize=11,
        )  # fmt: skip
    return figure


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_backward()
    for name, control in explorer.controls.items():
        yield name, toggle(control, 2, 1)
