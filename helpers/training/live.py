"""What is seen while a model is trained: nothing, a bar, or curves in a notebook."""

import sys


def in_notebook() -> bool:
    """Whether a kernel is running this, to which widgets and pictures can be shown."""
    shell = "IPython" in sys.modules and sys.modules["IPython"].get_ipython()
    return hasattr(shell, "kernel")


class View:
    """Is called after every batch and epoch; this one shows nothing."""

    def __init__(self, training):
        self.steps = training.epochs * training.batches

    def step(self, training):
        """Called after each batch."""

    def epoch(self, training):
        """Called after each epoch."""

    def end(self, history):
        """Called once, when training has ended by itself or by a request."""

    def close(self):
        """Called last, after an exception too."""

    def position(self, training) -> int:
        """How many batches were trained on so far, over all epochs."""
        batches = -(-training.done // training.batch_size)
        return len(training.history) * training.batches + batches


class Bar(View):
    """A bar on the terminal, with the time left."""

    def __init__(self, training):
        from tqdm import tqdm

        super().__init__(training)
        position = self.position(training)
        self.bar = tqdm(total=self.steps, initial=position, unit="batch")
        self._describe(training)

    def step(self, training):
        """Move the bar on by a batch."""
        self.bar.update()

    def epoch(self, training):
        """Show the number of the next epoch and the accuracy reached."""
        self._describe(training)
        self.bar.set_postfix_str(f"test accuracy {_accuracy(training.history)}")

    def close(self):
        """Leave the terminal in order."""
        self.bar.close()

    def _describe(self, training):
        epoch = min(len(training.history) + 1, training.epochs)
        self.bar.set_description(f"epoch {epoch} of {training.epochs}")


class Notebook(View):
    """Curves that grow below the cell, a bar, and a button to stop.

    The button works where the notebook's kernel answers widgets while a cell is
    running, as JupyterLab from 4.4 on does; interrupting the kernel works everywhere.
    """

    def __init__(self, training, stop):
        import ipywidgets
        from IPython.display import display

        super().__init__(training)
        self.bar = ipywidgets.IntProgress(0, 0, self.steps)
        self.bar.layout.width = "320px"
        self.says = ipywidgets.Label("epoch 1")
        self.button = ipywidgets.Button(
            description="Stop",
            icon="stop",
            tooltip="Stops after the batch in hand; what was learnt is kept.",
        )
        self.button.on_click(lambda button: stop.set())
        _answer_at_once(self.button)
        row = ipywidgets.HBox([self.bar, self.button, self.says])
        # What is shown where a notebook was stored without its widgets.
        data = row._repr_mimebundle_() | {"text/plain": "[progress bar, Stop button]"}
        display(data, raw=True)
        self.curves = display({"text/plain": ""}, raw=True, display_id=True)
        if training.history:
            self._draw(training.history)
        self._tell(training)

    def step(self, training):
        """Move the bar on by a batch."""
        self.bar.value = self.position(training)
        self._tell(training)

    def epoch(self, training):
        """Draw the curves with the epoch that has ended."""
        self._draw(training.history)

    def end(self, history):
        """Say how training ended, and disable the button."""
        self.button.disabled = True
        self.says.value = history.stopped or (
            f"All {len(history)} epochs; test accuracy {_accuracy(history)}."
        )

    def close(self):
        """Disable the button, which can stop nothing any more."""
        self.button.disabled = True

    def _tell(self, training):
        epoch = min(len(training.history) + 1, training.epochs)
        line = f"epoch {epoch} of {training.epochs}"
        if training.history:
            line += f"; test accuracy {_accuracy(training.history)}"
        if line != self.says.value:
            self.says.value = line

    def _draw(self, history):
        from helpers.figures import as_output, png_text

        line = f"Loss and accuracy after epoch {len(history)}: test accuracy "
        alt = line + f"{_accuracy(history)}."
        data, metadata = as_output(png_text(history.figure()), alt)
        self.curves.update(data, metadata=metadata, raw=True)


def _answer_at_once(widget):
    """Have a widget's messages handled while the cell that made it is still running.

    JupyterLab sends them to a subshell of the kernel for that. But ipykernel from 7.4
    on remembers in which shell a widget was made, and queues its messages there, behind
    the running cell. Where there are no subshells, only interrupting the kernel works.
    """
    vars(widget.comm).pop("_reply_subshell_id", None)


def _accuracy(history):
    return f"{history[-1]['test_accuracy']:.3f}" if history else "not known yet"
