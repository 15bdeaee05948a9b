"""Explorers: sliders that answer "what if?" at once, one module per notebook.

Without a kernel (on GitHub, in an exported page) an explorer shows a still picture of
how it starts, with its alt text.
"""

import html
from contextlib import contextmanager

from helpers.figures import as_output, png_text


class Explorer:
    """Controls above a picture and a sentence, both redrawn on every move.

    question  what the student is to find out, shown above the controls
    controls  {name: ipywidgets control}; its ``description`` is its label
    draw      called with the controls' values by name; returns (figure, sentence). The
              sentence tells the values and what is to be seen: it is the alt text too
    arrange   called with the controls as a list, returns the widgets to show in their
              place; by default they stand below each other
    """

    def __init__(self, question, controls, draw, arrange=list):
        import ipywidgets

        self.controls = controls
        self.draw = draw
        self.waiting = False
        self.picture = ipywidgets.HTML()
        self.update()
        for control in controls.values():
            control.observe(self.update, names="value")
        heading = ipywidgets.HTML(f"<strong>{html.escape(question)}</strong>")
        self.box = ipywidgets.VBox(
            [heading, *arrange(list(controls.values())), self.picture]
        )

    @contextmanager
    def drawn_once(self):
        """Several controls may change in here; the picture is drawn at the end."""
        self.waiting = True
        try:
            yield
        finally:
            self.waiting = False
        self.update()

    def update(self, change=None):
        if self.waiting:
            return
        values = {name: control.value for name, control in self.controls.items()}
        figure, self.sentence = self.draw(**values)
        self.image = png_text(figure)
        alt = html.escape(self.sentence)
        self.picture.value = (
            f'<img alt="{alt}" src="data:image/png;base64,{self.image}" '
            'style="max-width:100%">'
            f'<p role="status" style="line-height:1.5">{alt}</p>'
        )

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = as_output(self.image, self.sentence, "explorer")
        return self.box._repr_mimebundle_(**kwargs) | data, metadata


def toggle(control, one, other):
    """A move for the benchmark: sets ``one``, or ``other`` where ``one`` is set."""
    return lambda: setattr(control, "value", other if control.value == one else one)
