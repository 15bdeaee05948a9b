"""Explorers: sliders that answer "what if?" at once, one module per notebook.

Without a kernel (on GitHub, in an exported page) an explorer shows a still picture of
how it starts, with its alt text.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from helpers.figures import as_output, png_text

if TYPE_CHECKING:
    from ipywidgets import Widget
    from matplotlib.figure import Figure


class Shown:
    """Widgets that answer with a picture and a sentence, which is its alt text too.

    A subclass puts ``answer`` and widgets of its own into ``box``, says in ``kind``
    what plain text calls it, and has shown a figure before it is displayed.
    """

    def __init__(self) -> None:
        import ipywidgets

        self.answer = ipywidgets.HTML()

    def tell(self, sentence: str, figure: Figure | None = None) -> None:
        """Show the sentence, below the figure if there is one."""
        self.sentence = sentence
        escaped = html.escape(sentence)
        picture = ""
        if figure is not None:
            self.image = png_text(figure)
            picture = (
                f'<img alt="{escaped}" src="data:image/png;base64,{self.image}" '
                'style="max-width:100%">'
            )
        self.answer.value = (
            f'{picture}<p role="status" style="line-height:1.5">{escaped}</p>'
        )

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = as_output(self.image, self.sentence, self.kind)
        return self.box._repr_mimebundle_(**kwargs) | data, metadata


class Explorer(Shown):
    """Controls above a picture and a sentence, both redrawn on every move.

    question  what the student is to find out, shown above the controls
    controls  {name: ipywidgets control}; its ``description`` is its label
    draw      called with the controls' values by name; returns (figure, sentence). The
              sentence tells the values and what is to be seen: it is the alt text too
    arrange   called with the controls as a list, returns the widgets to show in their
              place; by default they stand below each other
    """

    kind = "explorer"

    def __init__(
        self,
        question: str,
        controls: Mapping[str, Widget],
        draw: Callable[..., tuple[Figure, str]],
        arrange: Callable[[list[Widget]], Sequence[Widget]] = list,
    ) -> None:
        import ipywidgets

        super().__init__()
        self.controls = controls
        self.draw = draw
        self.waiting = False
        self.update()
        for control in controls.values():
            control.observe(self.update, names="value")
        heading = ipywidgets.HTML(f"<strong>{html.escape(question)}</strong>")
        self.box = ipywidgets.VBox(
            [heading, *arrange(list(controls.values())), self.answer]
        )

    @contextmanager
    def drawn_once(self) -> Iterator[None]:
        """Context to change several controls in; the picture is drawn at its end."""
        self.waiting = True
        try:
            yield
        finally:
            self.waiting = False
        self.update()

    def update(self, change: Any = None) -> None:
        """Draw for the controls' values; ``change`` isn't looked at."""
        if self.waiting:
            return
        values = {name: control.value for name, control in self.controls.items()}
        figure, sentence = self.draw(**values)
        self.tell(sentence, figure)


def toggle(control: Widget, one: object, other: object) -> Callable[[], None]:
    """A move for the benchmark: sets ``one``, or ``other`` where it has ``one``."""
    return lambda: setattr(control, "value", other if control.value == one else one)
