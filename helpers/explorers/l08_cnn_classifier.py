"""A classifier's threshold, with its precision and recall; and a picture to upload."""

import numpy as np

from helpers.explorers import Explorer, Shown, toggle
from helpers.figures import COLOURS, DPI, new_figure

THUMB, EDGE, GAP = 44, 3, 2  # pixels of a thumbnail, its frame, and between two
COLUMNS, ROWS = 10, 3
WIDTH, HEIGHT = 9.4, 4.5  # inches
COUNTS = (0.065, 0.58, 0.36, 0.34)  # left, bottom, width, height, as shares
RATES = (0.065, 0.12, 0.36, 0.34)
LABEL_COLOURS = (COLOURS["input"], COLOURS["gradient"])


def explore_threshold(logits=None, labels=None, images=None, classes=("cat", "dog")):
    """A slider for the threshold above which a picture is called ``classes[1]``.

    logits (N,) or (N, 1), labels (N,) of 0 and 1, images (N, H, W, 3) as uint8. Without
    them, drawn pictures with made-up logits stand in.
    """
    from ipywidgets import FloatSlider, Layout

    if logits is None:
        logits, labels, images = made_up()
    scene = Scene(np.asarray(logits), np.asarray(labels), images, classes)
    controls = {
        "threshold": FloatSlider(
            value=0.5, min=0, max=1, step=0.02, description="threshold",
            layout=Layout(width="34em"),
        )
    }  # fmt: skip
    name = classes[1]
    question = (
        f"Above which probability shall a picture be called a {name}? What does a "
        "higher threshold win, and what does it cost?"
    )
    return Explorer(question, controls, scene.draw)


def made_up(each=30):
    """(logits, labels, images) of a fairly good net; ``each`` drawings of a class.

    logits and labels are (N,), images (N, THUMB, THUMB, 3).
    """
    from helpers.pictures.drawn import load

    images, labels, _ = load(train=0, test=each, size=THUMB)
    spread = np.random.default_rng(0).normal(0, 1.6, len(labels))
    return 2.6 * labels - 1.3 + spread, labels, images


def precision_and_recall(probabilities, labels, threshold):
    """(precision or None, recall): None where nothing is above the threshold.

    probabilities (N,) of class 1, labels (N,) of 0 and 1.
    """
    called = probabilities > threshold
    found = int((called & (labels == 1)).sum())
    precision = found / called.sum() if called.any() else None
    return precision, found / max(1, (labels == 1).sum())


def counted(number, name):
    """A number with its noun: "1 cat", "2 cats"."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


class Scene:
    """Everything that doesn't change with the threshold, made once."""

    def __init__(self, logits, labels, images, classes):
        self.probabilities = 1 / (1 + np.exp(-logits.reshape(-1).astype(float)))
        self.labels, self.classes = labels, classes
        self.thumbs = [framed(small(image), label) for image, label in
                       zip(images, labels, strict=True)]  # fmt: skip
        self.steps = np.linspace(0, 1, 101)
        rates = [
            precision_and_recall(self.probabilities, labels, t) for t in self.steps
        ]
        self.precision = [np.nan if p is None else p for p, _ in rates]
        self.recall = [recall for _, recall in rates]
        self.figure = None

    def draw(self, threshold):
        """(figure, sentence) for a threshold."""
        return self.picture(threshold), self.sentence(threshold)

    def sentence(self, threshold):
        """What is called what at this threshold, with precision and recall."""
        low, high = self.classes
        called = self.probabilities > threshold
        is_high = self.labels == 1
        precision, recall = precision_and_recall(
            self.probabilities, self.labels, threshold
        )
        hits, misses = int((called & is_high).sum()), int((~called & is_high).sum())
        alarms = int((called & ~is_high).sum())
        start = f"Threshold {threshold:.2f}: "
        end = (
            f"Of {counted(hits + misses, high)}, {hits} found (recall {recall:.0%}), "
            f"{misses} not."
        )
        if precision is None:
            return (
                f"{start}nothing is called a {high}, so precision has no value. {end}"
            )
        return (
            f"{start}{counted(hits + alarms, 'picture')} called {high}: "
            f"{counted(hits, high)} and {counted(alarms, low)} (precision "
            f"{precision:.0%}). {end}"
        )

    def picture(self, threshold):
        """The figure, with marks and thumbnails where this threshold puts them."""
        if self.figure is None:
            self.set_up()
        for mark in self.marks:
            mark.set_xdata([threshold, threshold])
        precision, recall = precision_and_recall(
            self.probabilities, self.labels, threshold
        )
        self.dots[0].set_data([threshold], [np.nan if precision is None else precision])
        self.dots[1].set_data([threshold], [recall])
        called = self.probabilities > threshold
        for image, title, name, side in zip(
            self.mosaics, self.titles, self.classes, (~called, called), strict=True
        ):
            image.set_data(self.mosaic(side, threshold))
            title.set_text(f"called {name}s: {int(side.sum())}")
        return self.figure

    def set_up(self):
        """Draw once what stays, as an image beneath the few parts that move."""
        background = self.background()
        self.figure, _ = new_figure(WIDTH, HEIGHT, layout=None)
        self.figure.clear()
        self.figure.figimage(background, zorder=-1)
        self.marks, self.dots = [], []
        for place in (COUNTS, RATES):
            ax = self.figure.add_axes(place)
            ax.set_axis_off()
            ax.set_xlim(-0.01, 1.01)
            ax.set_ylim(-0.04, 1.06)
            self.marks.append(ax.axvline(0.5, color=COLOURS["ink"]))
        for name in ("activation", "target"):
            self.dots += ax.plot([], [], "o", color=COLOURS[name], markersize=8)
        self.mosaics, self.titles = [], []
        empty = self.mosaic(self.labels < 0, 0)
        for bottom in (0.54, 0.06):
            left, low = round(0.46 * WIDTH * DPI), round(bottom * HEIGHT * DPI)
            self.mosaics.append(self.figure.figimage(empty, left, low))
            top = bottom + (len(empty) + 8) / HEIGHT / DPI
            self.titles.append(self.figure.text(0.46, top, "", fontsize=11))

    def background(self):
        """Histograms and curves, which stay, as RGBA pixels (H, W, 4)."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        figure, _ = new_figure(WIDTH, HEIGHT, layout=None)
        figure.clear()
        counts, rates = figure.add_axes(COUNTS), figure.add_axes(RATES)
        styles = zip(LABEL_COLOURS, ("-", "--"), self.classes, strict=True)
        for label, (colour, dash, name) in enumerate(styles):
            values = self.probabilities[self.labels == label]
            heights, edges = np.histogram(values, np.linspace(0, 1, 21))
            counts.stairs(
                heights, edges, fill=True, facecolor=f"{colour}55", edgecolor=colour,
                linestyle=dash, linewidth=2, label=f"{name}s",
            )  # fmt: skip
        counts.set_title("pictures", loc="left", fontsize=11)
        counts.margins(y=0.35)
        counts.legend(frameon=False, loc="upper center", ncols=2, fontsize=10)
        for values, dash, name, colour in (
            (self.precision, "-", "precision", "activation"),
            (self.recall, "--", "recall", "target"),
        ):
            rates.plot(self.steps, values, dash, color=COLOURS[colour], label=name)
        rates.legend(frameon=False, loc="lower center", fontsize=10)
        rates.set_ylim(-0.04, 1.06)
        rates.set_xlabel(f"probability of {self.classes[1]}", fontsize=11)
        for ax in (counts, rates):
            ax.set_xlim(-0.01, 1.01)
            ax.tick_params(labelsize=10)
            ax.set_facecolor(COLOURS["paper"])
            ax.spines[["top", "right"]].set_visible(False)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba()).copy()

    def mosaic(self, side, threshold):
        """Thumbnails of one side (N,) of the threshold in a grid, pixels (H, W, 3).

        Misplaced ones come first, and among them the nearest to the threshold.
        """
        called_high = self.probabilities > threshold
        misplaced = called_high != (self.labels == 1)
        distance = np.abs(self.probabilities - threshold)
        order = np.lexsort((distance, ~misplaced))
        chosen = [i for i in order if side[i]][: COLUMNS * ROWS]
        cell = THUMB + 2 * EDGE + GAP
        canvas = np.full((ROWS * cell, COLUMNS * cell, 3), 251, np.uint8)
        for place, i in enumerate(chosen):
            row, column = divmod(place, COLUMNS)
            thumb = self.thumbs[i]
            if not misplaced[i]:
                thumb = faded(thumb)
            top, left = row * cell, column * cell
            canvas[top : top + cell - GAP, left : left + cell - GAP] = thumb
        return canvas


def small(image):
    """A thumbnail of THUMB × THUMB by picking pixels, which is quick."""
    image = np.asarray(image)
    rows, columns = (
        np.linspace(0, size - 1, THUMB).astype(int) for size in image.shape[:2]
    )
    return image[rows][:, columns]


def framed(thumb, label):
    """A thumbnail with a frame in the colour of its label."""
    colour = LABEL_COLOURS[label].lstrip("#")
    frame = np.empty((THUMB + 2 * EDGE, THUMB + 2 * EDGE, 3), np.uint8)
    frame[:] = [int(colour[i : i + 2], 16) for i in (0, 2, 4)]
    frame[EDGE:-EDGE, EDGE:-EDGE] = thumb
    return frame


def faded(thumb):
    """A thumbnail mixed with white, for a picture on its right side."""
    return (thumb // 3 + 168).astype(np.uint8)


# A picture of one's own

MOST_BYTES = 20_000_000


def try_your_own(explain, example, classes, size):
    """An upload button; below it the verdict, how sure it is, and what spoke for it.

    explain  an image (H, W, 3) of bytes → (logit, map (h, w) of what spoke for it)
    example  an image to begin with
    classes  what a logit below 0 and above 0 means
    """
    return Upload(explain, example, classes, size)


class Upload(Shown):
    """The widget: shows ``example`` first, then whatever is chosen."""

    kind = "upload"

    def __init__(self, explain, example, classes, size):
        import ipywidgets

        super().__init__()
        self.explain, self.classes, self.size = explain, classes, size
        self.button = ipywidgets.FileUpload(
            accept="image/*", multiple=False, description="Choose a picture",
            layout=ipywidgets.Layout(width="16em"),
        )  # fmt: skip
        self.button.observe(self.uploaded, names="value")
        self.judge(np.asarray(example), "A picture of the test set")
        self.box = ipywidgets.VBox([self.button, self.answer])

    def uploaded(self, change):
        """Judge the file that was chosen."""
        if change["new"]:
            file = change["new"][0]
            self.take(file["name"], bytes(file["content"]))

    def take(self, name, content):
        """Judge a file's content, or say in one sentence why that can't be done."""
        from helpers.pictures.decode import BadPicture, open_picture

        if len(content) > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            self.tell(f"{name} is larger than {most} MB: choose a smaller picture.")
            return
        try:
            image = open_picture(content, self.size)
        except BadPicture as reason:
            self.tell(f"{name}: {reason}")
            return
        self.judge(image, name)

    def judge(self, image, name):
        """Show the verdict on an image (H, W, 3) of bytes that is called ``name``."""
        logit, cam = self.explain(image)
        sure = 1 / (1 + np.exp(-abs(logit)))
        verdict = self.classes[int(logit > 0)]
        sentence = (
            f"{name}: a {verdict}, says the net, and is {sure:.0%} sure. On the right, "
            f"bright is what spoke for {verdict}."
        )
        self.tell(sentence, side_by_side(image, np.asarray(cam)))


def side_by_side(image, cam):
    """A figure of an image, and of the same under a map (h, w) of what spoke for it."""
    figure, axes = new_figure(5.6, 2.9, 1, 2, layout=None)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.98, bottom=0.02, wspace=0.03)
    for ax in axes.flat:
        ax.imshow(image, extent=(0, 1, 0, 1))
        ax.set_axis_off()
    axes[0, 1].imshow(
        cam, cmap="magma", alpha=0.55, extent=(0, 1, 0, 1), interpolation="bicubic"
    )
    return figure


def moves():
    """What the benchmark times: (name, one move) for each control."""
    explorer = explore_threshold()
    yield "threshold", toggle(explorer.controls["threshold"], 0.7, 0.3)
