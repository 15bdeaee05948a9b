"""What each epoch of a training run achieved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class History(list):
    """A dict for each epoch; ``stopped`` says why training ended early, or is None.

    The keys are epoch, train_loss, train_accuracy, test_loss, test_accuracy,
    learning_rate and seconds; accuracies run from 0 to 1.
    """

    stopped: str | None = None

    def column(self, name: str) -> list:
        """One of the numbers over all epochs, as a list."""
        return [row[name] for row in self]

    def table(self, seconds: bool = True) -> str:
        """The rows as aligned text; without ``seconds``, the same on every machine."""
        names = ["epoch", "train loss", "test loss", "train acc.", "test acc."]
        lines = [" ".join(f"{name:>10}" for name in names)]
        lines[0] += f" {'seconds':>10}" * seconds
        for row in self:
            line = f"{row['epoch']:>10}"
            for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
                line += f" {row[name]:>10.3f}"
            lines.append(line + f" {row['seconds']:>10.1f}" * seconds)
        if self.stopped:
            lines.append(self.stopped)
        return "\n".join(lines)

    __str__ = table

    def figure(self) -> Figure:
        """Loss and accuracy over the epochs, as a Matplotlib figure."""
        from helpers.training.reports import curves_of

        return curves_of(self)
