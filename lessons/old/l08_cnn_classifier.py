"""Cats and dogs."""

import math
import warnings
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from diagnose.exercise import Exercise, Mistake
from diagnose.kinds import is_one_of, is_tensor, to_numpy

# The shapes of the baseline


def predict_shapes():
    """How many rows are left of 224 after each layer; then how many numbers in all."""
    return {
        "Conv2d(3, 16, 11, stride=3)": 72,
        "MaxPool2d(2)": 36,
        "Conv2d(16, 32, 5)": 32,
        "MaxPool2d(2) again": 16,
        "Conv2d(32, 64, 3, padding=1)": 16,
        "Conv2d(64, 64, 3)": 14,
        "MaxPool2d(2) at last": 7,
        "Flatten()": 3136,
    }


STAGES = {
    "Conv2d(3, 16, 11, stride=3)": (11, 3, 0),
    "MaxPool2d(2)": (2, 2, 0),
    "Conv2d(16, 32, 5)": (5, 1, 0),
    "MaxPool2d(2) again": (2, 2, 0),
    "Conv2d(32, 64, 3, padding=1)": (3, 1, 1),
    "Conv2d(64, 64, 3)": (3, 1, 0),
    "MaxPool2d(2) at last": (2, 2, 0),
}


def shapes_by_torch():
    """Counted on one channel: the sizes don't depend on how many there are."""
    x, sizes = torch.zeros(1, 1, 224, 224), {}
    for name, (kernel_size, stride, padding) in STAGES.items():
        if "Pool" in name:
            x = F.max_pool2d(x, kernel_size)
        else:
            weight = torch.zeros(1, 1, kernel_size, kernel_size)
            x = F.conv2d(x, weight, None, stride, padding)
        sizes[name] = x.shape[2]
    return sizes | {"Flatten()": 64 * x.numel()}


def places(n, k, s, p):
    return (n + 2 * p - k) // s + 1


def sizes_but(place=places, flatten=lambda side: 64 * side * side):
    """A wrong prediction: another rule for a layer, or for what Flatten counts."""

    def wrong():
        sizes, side = {}, 224
        for name, setting in STAGES.items():
            sizes[name] = side = place(side, *setting)
        return sizes | {"Flatten()": flatten(side)}

    return wrong


PREDICT_SHAPES = Exercise(
    "08.predict_shapes",
    reference=predict_shapes,
    oracle=shapes_by_torch,
    minutes=6,
    difficulty=1,
    hints=(
        "A window of 11 in 224 starts at 0, 3, 6, … up to 213. Count these places. "
        "Then go on from that number.",
        "`conv_output_size(size, kernel_size, stride, padding)` from lesson 04 counts "
        "for you; a pool of 2 moves in steps of 2.",
        "Flatten lays all channels' rows and columns in one line: 64 · 7 · 7.",
    ),
    mistakes=(
        Mistake(
            "the last place forgotten",
            "You took the window off, divided by the stride, and stopped there.",
            "The window also fits where it starts: add 1, and go through the layers "
            "again from the first one.",
            sizes_but(lambda n, k, s, p: (n + 2 * p - k) // s),
        ),
        Mistake(
            "the last place forgotten in convolutions",
            "Your pools are counted well; each convolution lost one place too many.",
            "A window of 11 in a side of 11 fits once, not 0 times: add 1.",
            sizes_but(lambda n, k, s, p: (n + 2 * p - k) // s + (k == 2)),
        ),
        Mistake(
            "only the stride counts",
            "You divided by the stride, as if each convolution were padded to keep "
            "its size.",
            "Without padding, a window of 5 can't start at the last 4 places.",
            sizes_but(lambda n, k, s, p: n // s),
        ),
        Mistake(
            "the first stride overlooked",
            "Your first convolution visits every place.",
            "`stride=3` lets it visit every third: (224 − 11) // 3 + 1.",
            sizes_but(lambda n, k, s, p: places(n, k, 1 if k == 11 else s, p)),
        ),
        Mistake(
            "padding overlooked",
            "You counted the third convolution as if it had no padding.",
            "`padding=1` puts a border of 1 around, and a window of 3 then keeps the "
            "size.",
            sizes_but(lambda n, k, s, p: places(n, k, s, 0)),
        ),
        Mistake(
            "padding everywhere",
            "Both convolutions of 3×3 keep the size in your count.",
            "Only one of them has `padding=1`; the other takes 2 off.",
            sizes_but(lambda n, k, s, p: places(n, k, s, 1 if k == 3 else p)),
        ),
        Mistake(
            "rounded up",
            "You rounded up, so a window is counted that hangs over the edge.",
            "What doesn't fit is left out: round down, with `//`.",
            sizes_but(lambda n, k, s, p: -(-(n + 2 * p - k + 1) // s) + (k != 2)),
        ),
        Mistake(
            "channels left out",
            "Your sizes are right. Flatten counted the places of a single channel.",
            "There are 64 channels, each with 7 · 7 places: all go into the line.",
            sizes_but(flatten=lambda side: side * side),
        ),
        Mistake(
            "rows counted without columns",
            "Your sizes are right. Flatten counted 64 channels with 7 numbers each.",
            "A channel has 7 rows and 7 columns.",
            sizes_but(flatten=lambda side: 64 * side),
        ),
        Mistake(
            "colours for channels",
            "Your sizes are right. Flatten counted 3 channels, as many as colours.",
            "The colours went in; what comes out has as many channels as the last "
            "convolution has kernels.",
            sizes_but(flatten=lambda side: 3 * side * side),
        ),
        Mistake(
            "the last pool left out of Flatten",
            "Your sizes are right. Flatten counted what stood before the last pool.",
            "It comes behind the pool, where each channel has 7 rows.",
            sizes_but(flatten=lambda side: 64 * (2 * side) ** 2),
        ),
    ),
)

# Initialisation


def init_weights(module):
    """For model.apply: a Conv2d's or Linear's weight Kaiming-normal, its bias 0.

    Kaiming-normal: mean 0, standard deviation √(2 / inputs of one output). Every
    other module stays as it is.
    """
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def untouched_model(c_in, c_out):
    """Layers of every kind, each parameter at 0.3 so that what stays can be told."""
    model = nn.Sequential(
        nn.Conv2d(c_in, c_out, (5, 7)),
        nn.BatchNorm2d(c_out),
        nn.Sequential(nn.Conv2d(c_out, 30, 3, bias=False), nn.ReLU()),
        nn.Linear(60, 160),
    )
    for parameter in model.parameters():
        parameter.data.fill_(0.3)
    return model


FANS = ("Conv2d", "Conv2d without bias", "Linear")


def after_apply(answer, c_in, c_out):
    """An initialised model in numbers, however the answer draws them."""
    model = untouched_model(c_in, c_out)
    torch.manual_seed(0)  # two answers that draw alike get the same numbers
    model.apply(answer)
    conv, norm, (bare, _), linear = model
    facts = {}
    for name, layer in zip(FANS, (conv, bare, linear), strict=True):
        weight = layer.weight.detach()
        fan_in = weight[0].numel()
        spread = weight.std().item()
        facts[f"spread of the {name}'s weights, times √inputs"] = spread * math.sqrt(
            fan_in
        )
        facts[f"the {name}'s weights lie around 0"] = (
            abs(weight.mean().item()) <= 0.1 * spread
        )
        facts[f"share of the {name}'s weights beyond one spread"] = (
            (weight.abs() > spread).float().mean().item()
        )
    facts["bias of the Conv2d"] = conv.bias.detach()[:2]
    facts["bias of the Linear"] = linear.bias.detach()[:2]
    facts["weight of the batch norm"] = norm.weight.detach()[:2]
    facts["bias of the batch norm"] = norm.bias.detach()[:2]
    return facts


def wanted_after_apply(c_in, c_out):
    facts = {}
    for name in FANS:
        facts[f"spread of the {name}'s weights, times √inputs"] = math.sqrt(2)
        facts[f"the {name}'s weights lie around 0"] = True
        # A normal distribution has erfc(1/√2) = 32% beyond one standard deviation.
        facts[f"share of the {name}'s weights beyond one spread"] = math.erfc(
            math.sqrt(0.5)
        )
    stays = torch.full((2,), 0.3)
    return facts | {
        "bias of the Conv2d": torch.zeros(2),
        "bias of the Linear": torch.zeros(2),
        "weight of the batch norm": stays,
        "bias of the batch norm": stays,
    }


def channels_of_models(rng):
    yield 6, 48
    yield int(rng.integers(7, 12)), int(rng.integers(50, 70))


kaiming = partial(nn.init.kaiming_normal_, nonlinearity="relu")


def init_but(
    weight=kaiming,
    bias=nn.init.zeros_,
    kinds=(nn.Conv2d, nn.Linear),
):
    """A wrong `init_weights`: another fill, or other layers."""

    def wrong(module):
        if isinstance(module, kinds):
            weight(module.weight)
            if module.bias is not None:
                bias(module.bias)

    return wrong


def leave(tensor):
    return tensor


def init_without_asking(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


def init_what_has_a_weight(module):
    if hasattr(module, "weight"):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def init_where_there_is_a_bias(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)) and module.bias is not None:
        init_without_asking(module)


def init_and_reset_norms(module):
    init_but()(module)
    if isinstance(module, nn.BatchNorm2d):
        module.reset_parameters()


def init_by_dimension(module):
    for parameter in module.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
        else:
            nn.init.zeros_(parameter)


def init_a_copy(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(module.weight.detach().clone())
        if module.bias is not None:
            nn.init.zeros_(module.bias)


INIT_WEIGHTS = Exercise(
    "08.init_weights",
    reference=init_weights,
    oracle=wanted_after_apply,
    cases=channels_of_models,
    probe=after_apply,
    inputs=("c_in", "c_out"),
    rtol=0.06,  # the weights are drawn: a spread is known to a few hundredths
    minutes=6,
    difficulty=2,
    hints=(
        "`apply` calls your function with every module there is, the model itself "
        "among them. `isinstance(module, nn.Conv2d)` asks which one it is.",
        "`nn.init.kaiming_normal_(tensor, nonlinearity=\"relu\")` fills in place; the "
        "underscore says so. So does `nn.init.zeros_`.",
        "A layer made with `bias=False` has `bias` None.",
    ),
    mistakes=(
        Mistake(
            "biases missed",
            "The weights are drawn anew; the biases are what they were.",
            "`nn.init.zeros_(module.bias)`, where there is one.",
            init_but(bias=leave),
        ),
        Mistake(
            "every layer initialised alike",
            "All layers got weights of the same spread, however many inputs they sum.",
            "A sum of 147 numbers needs smaller weights than a sum of 27: √(2 / "
            "inputs) differs from layer to layer.",
            init_but(weight=partial(nn.init.normal_, std=0.02)),
        ),
        Mistake(
            "standard normal weights",
            "All weights have standard deviation 1, however many inputs a layer sums.",
            "Each layer would make its signal many times larger: √(2 / inputs) keeps "
            "it steady.",
            init_but(weight=nn.init.normal_),
        ),
        Mistake(
            "all weights the same",
            "Every weight of a layer has the same value. Its units then get the same "
            "gradient for ever, and are one unit.",
            "Draw them: `nn.init.kaiming_normal_`.",
            init_but(weight=partial(nn.init.constant_, val=0.05)),
        ),
        Mistake(
            "all weights zero",
            "Every weight is 0: nothing gets through, forward or back.",
            "Only biases may start at 0. Draw the weights.",
            init_but(weight=nn.init.zeros_),
        ),
        Mistake(
            "Xavier for Kaiming",
            "You drew Xavier's weights, which count outputs too and take no notice of "
            "ReLU.",
            "Kaiming: √(2 / inputs); the 2 makes up for the half that ReLU cuts off.",
            init_but(weight=nn.init.xavier_normal_),
        ),
        Mistake(
            "Xavier, uniform",
            "You drew Xavier's weights, evenly from an interval.",
            "This time Kaiming's, from a normal distribution: "
            "`nn.init.kaiming_normal_`.",
            init_but(weight=nn.init.xavier_uniform_),
        ),
        Mistake(
            "uniform for normal",
            "The spread is right; the weights are drawn evenly from an interval.",
            "`nn.init.kaiming_normal_` draws them from a bell curve.",
            init_but(
                weight=partial(nn.init.kaiming_uniform_, nonlinearity="relu")
            ),
        ),
        Mistake(
            "ReLU not counted in",
            "Your spread is √(1 / inputs).",
            "ReLU cuts half of the signal's strength off at every layer: "
            "√(2 / inputs), `nonlinearity=\"relu\"`.",
            init_but(
                weight=partial(nn.init.kaiming_normal_, nonlinearity="linear")
            ),
        ),
        Mistake(
            "outputs counted for inputs",
            "You counted how many outputs an input goes to.",
            "What keeps the forward signal steady is the inputs of one output: "
            "`mode=\"fan_in\"`, which is the default.",
            init_but(
                weight=partial(
                    nn.init.kaiming_normal_, mode="fan_out", nonlinearity="relu"
                )
            ),
        ),
        Mistake(
            "channels counted for inputs",
            "You counted a convolution's input channels as its inputs.",
            "An output sums channels · rows · columns of a kernel: "
            "`weight[0].numel()`.",
            init_but(weight=lambda w: nn.init.normal_(w, std=(2 / w.shape[1]) ** 0.5)),
        ),
        Mistake(
            "variance for standard deviation",
            "You drew with standard deviation 2 / inputs.",
            "That is the variance; its root is what `normal_` asks for.",
            init_but(weight=lambda w: nn.init.normal_(w, std=2 / w[0].numel())),
        ),
        Mistake(
            "convolutions alone",
            "You left the Linear as it was.",
            "`isinstance(module, (nn.Conv2d, nn.Linear))` asks for either.",
            init_but(kinds=nn.Conv2d),
        ),
        Mistake(
            "linear layers alone",
            "You left the convolutions as they were.",
            "`isinstance(module, (nn.Conv2d, nn.Linear))` asks for either.",
            init_but(kinds=nn.Linear),
        ),
        Mistake(
            "a bias that isn't there",
            "You set `module.bias`, and in a layer made with `bias=False` it is None.",
            "Ask first: `if module.bias is not None`.",
            init_without_asking,
        ),
        Mistake(
            "batch norm drawn too",
            "Your function also takes a batch norm, whose weight has one axis: "
            "Kaiming can't tell its inputs.",
            "Ask what kind of module came: `isinstance`.",
            init_what_has_a_weight,
        ),
        Mistake(
            "batch norm switched off",
            "You set everything with one axis to 0, the weight of the batch norm too: "
            "it then turns every picture into zeros.",
            "Ask for Conv2d and Linear with `isinstance`; the batch norm stays.",
            init_by_dimension,
        ),
        Mistake(
            "nothing changed",
            "The model's weights and biases are what they were.",
            "`nn.init` fills a tensor in place; what your function returns, nobody "
            "looks at.",
            lambda module: None,
        ),
        Mistake(
            "layers without bias skipped",
            "You left a layer without a bias as it was, its weight too.",
            "Only the line for the bias depends on whether there is one.",
            init_where_there_is_a_bias,
        ),
        Mistake(
            "batch norm reset",
            "You gave the batch norm a weight of 1 and a bias of 0.",
            "Every module but Conv2d and Linear stays as it is.",
            init_and_reset_norms,
        ),
        Mistake(
            "torch's own start",
            "Your weights are drawn as torch's own layers draw them, with a spread of "
            "√(1/3 / inputs).",
            "`nn.init.kaiming_normal_` with `nonlinearity=\"relu\"`.",
            init_but(weight=partial(nn.init.kaiming_uniform_, a=math.sqrt(5))),
        ),
        Mistake(
            "a copy filled",
            "You filled a copy: the model's own weights haven't changed.",
            "Hand `module.weight` itself to `nn.init`.",
            init_a_copy,
        ),
        Mistake(
            "biases drawn",
            "You drew the biases as well.",
            "They start at 0: `nn.init.zeros_`.",
            init_but(bias=nn.init.normal_),
        ),
        Mistake(
            "biases one",
            "Your biases start at 1.",
            "They start at 0: `nn.init.zeros_`.",
            init_but(bias=nn.init.ones_),
        ),
    ),
)  # fmt: skip

# Mini-batches


def minibatches(images, labels, batch_size, generator):
    """One epoch as a list of (images, labels), shuffled anew with generator.

    images (N, C, H, W) and labels (N,) stay together; the last batch may be smaller.
    """
    order = torch.randperm(len(images), generator=generator)
    return [(images[chosen], labels[chosen]) for chosen in order.split(batch_size)]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def two_epochs(answer, images, labels, batch_size, seed):
    """What can be said of an answer's epochs, however it draws its order."""
    generator = seeded(seed)
    epochs = [answer(images, labels, batch_size, generator) for _ in range(2)]
    epochs += [answer(images, labels, batch_size, seeded(seed))]
    orders = [order_of(epoch, images) for epoch in epochs]
    if None in orders:
        return epochs[0]  # no list of pairs: its kind says more than any fact
    again, other, repeated = orders
    kept = sum(
        torch.equal(label, labels[i])
        for i, label in zip(again, torch.cat([y for _, y in epochs[0]]), strict=False)
    )
    return {
        "pictures in each batch": [len(x) for x, _ in epochs[0]],
        "how often each picture comes": [again.count(i) for i in range(len(images))],
        "pictures that come with their label": kept,
        "the order is the file's": again == sorted(again),
        "the next epoch has the same order": again == other,
        "the same generator gives the same order": again == repeated,
    }


def order_of(epoch, images):
    """Which pictures came, as a list of indices; None if that can't be told."""
    if not is_one_of(epoch, (list, tuple)) or not all(map(is_batch, epoch)):
        return None
    index = {numbers_in(image): i for i, image in enumerate(images)}
    order = [index.get(numbers_in(image)) for batch, _ in epoch for image in batch]
    return None if None in order else order


def numbers_in(image):
    return tuple(image.flatten().tolist())


def is_batch(pair):
    return (
        is_one_of(pair, (list, tuple))
        and len(pair) == 2
        and all(is_tensor(part) and part.dim() > 0 for part in pair)
    )


def facts_of_an_epoch(images, labels, batch_size, seed):
    count = len(images)
    sizes = [min(batch_size, count - at) for at in range(0, count, batch_size)]
    return {
        "pictures in each batch": sizes,
        "how often each picture comes": [1] * count,
        "pictures that come with their label": count,
        "the order is the file's": False,
        "the next epoch has the same order": False,
        "the same generator gives the same order": True,
    }


def pictures_to_shuffle(rng):
    for shape, batch_size in (
        ((10, 1, 1, 1), 4), ((14, 3, 1, 2), 5), ((12, 1, 2, 1), 6),
    ):  # fmt: skip
        images = torch.tensor(rng.standard_normal(shape), dtype=torch.float32)
        labels = torch.tensor(rng.permutation(shape[0]))  # each its own: none can hide
        yield images, labels, batch_size, int(rng.integers(1, 1000))


def shuffled(images, generator):
    return torch.randperm(len(images), generator=generator)


def cut(order, batch_size):
    return list(order.split(batch_size))


def batches_but(draw=shuffled, split=cut, pair=lambda x, y, i, g: (x[i], y[i])):
    """A wrong `minibatches`: another order, another cut, or other pairs."""

    def wrong(images, labels, batch_size, generator):
        order = draw(images, generator)
        return [
            pair(images, labels, chosen, generator)
            for chosen in split(order, batch_size)
        ]

    return wrong


def batches_shuffled_apart(images, labels, batch_size, generator):
    x = images[shuffled(images, generator)].split(batch_size)
    y = labels[shuffled(images, generator)].split(batch_size)
    return list(zip(x, y, strict=True))


def batches_with_replacement(images, generator):
    return torch.randint(len(images), (len(images),), generator=generator)


def blocks_shuffled(images, labels, batch_size, generator):
    blocks = torch.arange(len(images)).split(batch_size)
    order = torch.randperm(len(blocks), generator=generator)
    return [(images[blocks[b]], labels[blocks[b]]) for b in order]


MINIBATCHES = Exercise(
    "08.minibatches",
    reference=minibatches,
    oracle=facts_of_an_epoch,
    cases=pictures_to_shuffle,
    probe=two_epochs,
    inputs=("images", "labels", "batch_size", "seed"),
    minutes=8,
    difficulty=2,
    hints=(
        "Shuffle numbers, not pictures: one order for both images and labels.",
        "`torch.randperm(n, generator=generator)` is a fresh order of 0 … n − 1.",
        "`order.split(batch_size)` cuts it, and keeps the short rest; `images[chosen]` "
        "picks the pictures of one piece.",
    ),
    mistakes=(
        Mistake(
            "last short batch dropped",
            "You kept the full batches only, so in each epoch some pictures are left "
            "out.",
            "`order.split(batch_size)` keeps the short rest as the last batch.",
            batches_but(
                split=lambda order, size: [
                    whole for whole in order.split(size) if len(whole) == size
                ]
            ),
        ),
        Mistake(
            "only the first batch",
            "You returned the first batch and no other.",
            "Does the `return` stand inside the loop? Move it to the left, under the "
            "`for`.",
            batches_but(split=lambda order, size: [order[:size]]),
        ),
        Mistake(
            "labels first",
            "In your batches the labels come first.",
            "A batch is (images, labels), in this order.",
            batches_but(pair=lambda x, y, i, g: (y[i], x[i])),
        ),
        Mistake(
            "the same order every epoch",
            "You seeded anew in every call, so each epoch comes in the same order.",
            "Draw from the `generator` you are given: it moves on by itself.",
            batches_but(draw=lambda x, g: shuffled(x, g.manual_seed(0))),
        ),
        Mistake(
            "not shuffled",
            "The pictures come in the order of the files: first all cats, then all "
            "dogs.",
            "Draw an order with `torch.randperm(n, generator=generator)`, and pick by "
            "it.",
            batches_but(draw=lambda x, g: torch.arange(len(x))),
        ),
        Mistake(
            "images and labels shuffled apart",
            "You drew one order for the images and another for the labels, so the "
            "labels belong to other pictures now.",
            "One order for both: draw it once, and pick with the same numbers.",
            batches_shuffled_apart,
        ),
        Mistake(
            "labels left out",
            "Your batches hold images alone.",
            "A batch is a pair, (images, labels): `labels[chosen]` goes with "
            "`images[chosen]`.",
            batches_but(pair=lambda x, y, i, g: x[i]),
        ),
        Mistake(
            "labels left behind",
            "You shuffled the images, and cut the labels as they lay.",
            "`labels[chosen]` goes with `images[chosen]`.",
            lambda images, labels, batch_size, generator: list(
                zip(
                    images[shuffled(images, generator)].split(batch_size),
                    labels.split(batch_size),
                    strict=True,
                )
            ),
        ),
        Mistake(
            "drawn with replacement",
            "You drew each picture from all of them, so some come twice and others "
            "not at all.",
            "An epoch is every picture once: `torch.randperm` gives each number once.",
            batches_but(draw=batches_with_replacement),
        ),
        Mistake(
            "the generator left aside",
            "You drew the order without the generator that you were given, so the same "
            "seed gives another one each time.",
            "`torch.randperm(n, generator=generator)`.",
            batches_but(draw=lambda x, g: torch.randperm(len(x))),
        ),
        Mistake(
            "one batch repeated",
            "The last batch was filled up with pictures from the start of the order, "
            "which come twice in the epoch.",
            "The last batch may be smaller.",
            batches_but(
                split=lambda order, size: [
                    torch.cat([order, order])[at : at + size]
                    for at in range(0, len(order), size)
                ]
            ),
        ),
        Mistake(
            "an empty batch at the end",
            "You counted one batch more, which is empty wherever the pictures divide "
            "evenly.",
            "`range(0, n, batch_size)` ends in time, and so does `order.split`.",
            batches_but(
                split=lambda order, size: [
                    order[at : at + size] for at in range(0, len(order) + 1, size)
                ]
            ),
        ),
        Mistake(
            "blocks shuffled",
            "You cut first and shuffled the batches: inside a batch the pictures keep "
            "their neighbours, all cats or all dogs.",
            "Shuffle the pictures, then cut.",
            blocks_shuffled,
        ),
        Mistake(
            "batch size taken for a count",
            "You made `batch_size` batches.",
            "It says how many pictures there are in one of them: `order.split`, not "
            "`chunk`.",
            batches_but(split=lambda order, size: list(order.chunk(size))),
        ),
        Mistake(
            "one picture in each batch",
            "Your batches hold one picture each.",
            "`batch_size` pictures go together: `order.split(batch_size)`.",
            batches_but(split=lambda order, size: list(order.split(1))),
        ),
    ),
)  # fmt: skip

# One epoch of training


def train_one_epoch(model, batches, optimizer):
    """Train on batches of (images, labels); returns the mean loss of a picture.

    model gives one logit for each picture, (N, 1). Labels are 0 or 1, integers (N,).
    The loss is binary cross entropy on logits. The model is set to training first.
    """
    model.train()
    total = count = 0
    for images, labels in batches:
        logits = model(images).squeeze(1)
        loss = F.binary_cross_entropy_with_logits(logits, labels.float())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(images)
        count += len(images)
    return total / count


def small_net(weight, bias, head):
    """Mean of each colour, Linear, BatchNorm, ReLU, Linear: (N, C, H, W) to (N, 1)."""
    first = nn.Linear(weight.shape[1], weight.shape[0])
    last = nn.Linear(len(head), 1, bias=False)
    for parameter, value in (
        (first.weight, weight), (first.bias, bias), (last.weight, head[None]),
    ):  # fmt: skip
        parameter.data.copy_(value)
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), first, nn.BatchNorm1d(len(bias)),
        nn.ReLU(), last,
    )  # fmt: skip


class Noting(torch.optim.SGD):
    """An optimizer that notes how often it steps, and after how many backwards."""

    def __init__(self, model, learning_rate):
        super().__init__(model.parameters(), lr=learning_rate, foreach=False)
        self.steps = self.backwards = 0
        self.backwards_at_first = None
        model[5].weight.register_post_accumulate_grad_hook(self.note_backward)

    def note_backward(self, parameter):
        self.backwards += 1

    def step(self):
        if self.steps == 0:
            self.backwards_at_first = self.backwards
        self.steps += 1
        super().step()


HOLDS = "the loss still holds its graphs"


def in_batches(images, labels, size):
    return list(zip(images.split(size), labels.split(size), strict=True))


def train_twice(answer, weight, bias, head, images, labels, size, learning_rate):
    """Two epochs; before the second, the model comes from a test."""
    model = small_net(weight, bias, head)
    optimizer = Noting(model, learning_rate)
    batches = in_batches(images, labels, size)
    first = answer(model, batches, optimizer)
    model.eval()
    second = answer(model, batches, optimizer)
    return {
        "loss of the first epoch": first,
        "loss of the second epoch": second,
        HOLDS: is_tensor(first) and first.requires_grad,
        "the first layer's weight": model[2].weight.detach(),
        "the last layer's weight": model[5].weight.detach(),
        "running mean of the batch norm": model[3].running_mean,
        "steps of the optimizer": optimizer.steps,
        "backward passes": optimizer.backwards,
        "backward passes before the first step": optimizer.backwards_at_first,
    }


def train_twice_by_hand(weight, bias, head, images, labels, size, learning_rate):
    """In double precision, with gradients written down; BatchNorm's scale included."""
    weight, bias, head = (np.asarray(t, float) for t in (weight, bias, head))
    scale, shift = np.ones_like(bias), np.zeros_like(bias)
    running, losses = np.zeros_like(bias), []
    batches = in_batches(images, labels, size)
    for _ in range(2):
        total = 0.0
        for pictures, targets in batches:
            x = np.asarray(pictures, float).mean((2, 3))
            y = np.asarray(targets, float)
            n = len(y)
            z = x @ weight.T + bias
            deviation = np.sqrt(z.var(0) + 1e-5)
            unit = (z - z.mean(0)) / deviation
            running = 0.9 * running + 0.1 * z.mean(0)
            a = unit * scale + shift
            h = np.maximum(a, 0)
            logit = h @ head
            total += np.sum(np.logaddexp(0, logit) - y * logit)
            d_logit = (1 / (1 + np.exp(-logit)) - y) / n
            d_a = np.outer(d_logit, head) * (a > 0)
            d_unit = d_a * scale
            d_z = d_unit - d_unit.mean(0) - unit * (d_unit * unit).mean(0)
            d_z = d_z / deviation
            head = head - learning_rate * h.T @ d_logit
            scale = scale - learning_rate * (d_a * unit).sum(0)
            shift = shift - learning_rate * d_a.sum(0)
            weight = weight - learning_rate * d_z.T @ x
            bias = bias - learning_rate * d_z.sum(0)
        losses.append(total / sum(len(y) for _, y in batches))
    return {
        "loss of the first epoch": float(losses[0]),
        "loss of the second epoch": float(losses[1]),
        HOLDS: False,
        "the first layer's weight": torch.tensor(weight).float(),
        "the last layer's weight": torch.tensor(head[None]).float(),
        "running mean of the batch norm": torch.tensor(running).float(),
        "steps of the optimizer": 2 * len(batches),
        "backward passes": 2 * len(batches),
        "backward passes before the first step": 1,
    }


def nets_and_batches(rng):
    for shape, hidden, n, size in (((1, 1, 1), 3, 5, 3), ((3, 2, 3), 4, 7, 5)):
        draw = partial(drawn_from, rng)
        weight, bias, head = draw((hidden, shape[0])), draw((hidden,)), draw((hidden,))
        labels = torch.tensor((rng.permutation(n) + 1) % 2)
        yield weight, bias, head, draw((n, *shape)), labels, size, 0.5


def drawn_from(rng, size):
    return torch.tensor(rng.standard_normal(size), dtype=torch.float32)


def loss_on_logits(logits, labels):
    return F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())


def usual_step(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def mean_of_pictures(losses, sizes):
    weighed = [loss * size for loss, size in zip(losses, sizes, strict=True)]
    return sum(weighed) / sum(sizes)


def epoch_but(
    mode=nn.Module.train,
    cost=loss_on_logits,
    step=usual_step,
    mean=mean_of_pictures,
    keep=torch.Tensor.item,
    before=lambda optimizer: None,
    after=lambda optimizer: None,
):
    """A wrong `train_one_epoch`, given which of its lines is done differently."""

    def wrong(model, batches, optimizer):
        mode(model)
        losses, sizes = [], []
        before(optimizer)
        for images, labels in batches:
            loss = cost(model(images), labels)
            step(optimizer, loss)
            losses.append(keep(loss))
            sizes.append(len(images))
        after(optimizer)
        return mean(losses, sizes)

    return wrong


def mean_of_batches(losses, sizes):
    return sum(losses) / len(losses)


def step_never_zeroed(optimizer, loss):
    loss.backward()
    optimizer.step()


def step_zeroed_between(optimizer, loss):
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


def step_twice(optimizer, loss):
    usual_step(optimizer, loss)
    optimizer.step()


def step_before_backward(optimizer, loss):
    optimizer.zero_grad()
    optimizer.step()
    loss.backward()


def only_backward(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()


def backward_without_zero(optimizer, loss):
    loss.backward()


def cost_of_column(logits, labels):
    return F.binary_cross_entropy_with_logits(logits, labels.float())


def cost_of_integers(logits, labels):
    return F.binary_cross_entropy_with_logits(logits.squeeze(1), labels)


def cost_of_squashed(logits, labels):
    return loss_on_logits(logits.sigmoid(), labels)


def cost_on_bare_logits(logits, labels):
    return F.binary_cross_entropy(logits.squeeze(1), labels.float())


def cost_by_classes(logits, labels):
    return F.cross_entropy(logits, labels)


def cost_squared(logits, labels):
    return F.mse_loss(logits.squeeze(1).sigmoid(), labels.float())


def epoch_without_grad(model, batches, optimizer):
    with torch.no_grad():
        return epoch_but()(model, batches, optimizer)


def epoch_to_the_first_return(model, batches, optimizer):
    return epoch_but()(model, batches[:1], optimizer)


TRAIN_ONE_EPOCH = Exercise(
    "08.train_one_epoch",
    reference=train_one_epoch,
    oracle=train_twice_by_hand,
    cases=nets_and_batches,
    probe=train_twice,
    inputs=("weight", "bias", "head", "images", "labels", "size", "learning_rate"),
    rtol=2e-3,
    minutes=12,
    difficulty=2,
    hints=(
        "`model.train()`; then for each batch: forward, loss, `zero_grad`, `backward`, "
        "`step`.",
        "`model(images)` is (N, 1), the labels are integers (N,). "
        "`F.binary_cross_entropy_with_logits` wants two (N,) of floats.",
        "Each batch's loss is a mean. Times `len(images)` it is a sum again; add the "
        "sums, and divide by all pictures.",
    ),
    mistakes=(
        Mistake(
            "train() never called again",
            "The second epoch came after a test, with the model still in eval: its "
            "batch norm used the running statistics, and they stood still.",
            "Begin with `model.train()`.",
            epoch_but(mode=lambda model: None),
        ),
        Mistake(
            "set to eval",
            "You set the model to eval, which is meant for tests.",
            "`model.train()` before training; `model.eval()` before a test.",
            epoch_but(mode=lambda model: [model.train(), model.eval()]),
        ),
        Mistake(
            "gradients not zeroed",
            "From the second batch on, the gradients of earlier batches are still "
            "there and are counted again.",
            "`optimizer.zero_grad()` for each batch, before `backward`.",
            epoch_but(step=step_never_zeroed),
        ),
        Mistake(
            "zeroed between backward and step",
            "The gradients were set back after `backward` and before `step` could use "
            "them: no weight moved.",
            "The order is `zero_grad`, `backward`, `step`.",
            epoch_but(step=step_zeroed_between),
        ),
        Mistake(
            "zeroed once an epoch",
            "You emptied the gradients once, before the loop, so within an epoch they "
            "pile up.",
            "`optimizer.zero_grad()` belongs inside the loop.",
            epoch_but(
                step=step_never_zeroed, before=lambda optimizer: optimizer.zero_grad()
            ),
        ),
        Mistake(
            "one step an epoch",
            "You gathered the gradients of all batches and took a single step.",
            "`step` belongs inside the loop: one for each batch.",
            epoch_but(
                step=backward_without_zero,
                before=lambda optimizer: optimizer.zero_grad(),
                after=lambda optimizer: optimizer.step(),
            ),
        ),
        Mistake(
            "no step",
            "Gradients were computed, and nothing used them.",
            "`optimizer.step()` after `backward`.",
            epoch_but(step=only_backward),
        ),
        Mistake(
            "two steps a batch",
            "You stepped twice for each batch, along the same gradients.",
            "One `optimizer.step()` after each `backward`.",
            epoch_but(step=step_twice),
        ),
        Mistake(
            "graphs kept with the loss",
            "The numbers are right. But you added up tensors, and each holds on to the "
            "whole graph of its batch, so that memory fills up.",
            "`loss.item()` is the number alone.",
            epoch_but(keep=lambda loss: loss),
        ),
        Mistake(
            "no backward",
            "You stepped without `backward`, so there were no gradients to step along.",
            "`loss.backward()` comes before `optimizer.step()`.",
            epoch_but(step=lambda optimizer, loss: optimizer.step()),
        ),
        Mistake(
            "step before backward",
            "You stepped first and computed the gradients after it.",
            "The order is `zero_grad`, `backward`, `step`.",
            epoch_but(step=step_before_backward),
        ),
        Mistake(
            "nothing recorded",
            "You trained under `no_grad`, where `backward` finds no graph.",
            "`torch.no_grad()` is for the test; training needs the record.",
            epoch_without_grad,
        ),
        Mistake(
            "logits as a column",
            "The logits are (N, 1) and the labels (N,).",
            "`model(images).squeeze(1)` is (N,).",
            epoch_but(cost=cost_of_column),
        ),
        Mistake(
            "labels left integers",
            "You handed integer labels to a loss that computes with them.",
            "`labels.float()`.",
            epoch_but(cost=cost_of_integers),
        ),
        Mistake(
            "sigmoid twice",
            "You took a sigmoid, and the loss takes one itself.",
            "`F.binary_cross_entropy_with_logits` wants the logits as they are.",
            epoch_but(cost=cost_of_squashed),
        ),
        Mistake(
            "logits taken for probabilities",
            "You gave logits to `binary_cross_entropy`, which wants probabilities.",
            "`F.binary_cross_entropy_with_logits` takes them as they are.",
            epoch_but(cost=cost_on_bare_logits),
        ),
        Mistake(
            "cross entropy of one class",
            "`F.cross_entropy` chooses among columns, and there is one.",
            "One logit for two classes: `F.binary_cross_entropy_with_logits`.",
            epoch_but(cost=cost_by_classes),
        ),
        Mistake(
            "squared error of probabilities",
            "Your loss is the squared distance between probability and label.",
            "Binary cross entropy on logits was asked for.",
            epoch_but(cost=cost_squared),
        ),
        Mistake(
            "mean of batch means",
            "You averaged the losses of the batches, so a picture in the short last "
            "batch counts more than the others.",
            "Weigh each batch's loss with `len(images)`, and divide by all pictures.",
            epoch_but(mean=mean_of_batches),
        ),
        Mistake(
            "sum of batch means",
            "You added the batches' mean losses.",
            "The mean of a picture was asked for: times `len(images)`, and divided by "
            "all of them in the end.",
            epoch_but(mean=lambda losses, sizes: sum(losses)),
        ),
        Mistake(
            "sum for mean",
            "You handed back the loss of all pictures together.",
            "Divide by how many pictures there were.",
            epoch_but(
                mean=lambda losses, sizes: mean_of_pictures(losses, sizes) * sum(sizes)
            ),
        ),
        Mistake(
            "divided by the number of batches",
            "You weighed each loss with its pictures, and divided by the number of "
            "batches.",
            "Divide by the number of pictures.",
            epoch_but(
                mean=lambda losses, sizes: (
                    mean_of_pictures(losses, sizes) * sum(sizes) / len(sizes)
                )
            ),
        ),
        Mistake(
            "the last batch's loss",
            "You handed back the loss of the last batch.",
            "Gather the loss of every batch, weighed with its pictures.",
            epoch_but(mean=lambda losses, sizes: losses[-1]),
        ),
        Mistake(
            "returned within the loop",
            "Your `return` stands inside the loop, which ends with the first batch.",
            "Move it to the left, under the `for`.",
            epoch_to_the_first_return,
        ),
    ),
)

# From logits to an accuracy


def accuracy_from_logits(logits, labels):
    """The share of pictures on the right side; logits (N, 1), labels (N,) of 0 and 1.

    A probability above one half means 1. Returns a plain number.
    """
    predicted = logits.squeeze(1) > 0
    return (predicted == labels.bool()).float().mean().item()


def accuracy_counted(logits, labels):
    probabilities = 1 / (1 + np.exp(-logits.numpy().astype(float)[:, 0]))
    right = [(p > 0.5) == (y == 1) for p, y in zip(probabilities, labels, strict=True)]
    return sum(map(bool, right)) / len(right)


def logits_and_labels(rng):
    """Some logits lie between 0 and 0.5, where thresholds differ."""
    yield torch.tensor([[2.0], [0.3], [-0.2]]), torch.tensor([1, 1, 1])
    for n in (7, 12):
        labels = torch.tensor((rng.permutation(n) % 3 > 0).astype(int))
        towards = (2.0 * labels - 1) * torch.tensor(rng.choice([1, 1, 1, -1], n))
        sizes = torch.tensor(rng.uniform(0.1, 3, n))
        logits = (towards * sizes)[:, None].float()
        logits[:3, 0] = torch.tensor(rng.uniform(0.1, 0.4, 3))
        logits[3:5, 0] = torch.tensor(rng.uniform(-0.4, -0.1, 2))
        labels[:5] = torch.tensor([1, 1, 0, 0, 0])
        yield logits, labels


def accuracy_but(side=lambda logits: logits > 0, mean=lambda right: right.mean()):
    """A wrong `accuracy_from_logits`: another side, or another mean."""

    def wrong(logits, labels):
        right = side(logits.squeeze(1)).long() == labels
        return mean(right.float()).item()

    return wrong


ACCURACY_FROM_LOGITS = Exercise(
    "08.accuracy_from_logits",
    reference=accuracy_from_logits,
    oracle=accuracy_counted,
    cases=logits_and_labels,
    minutes=5,
    difficulty=1,
    hints=(
        "Sigmoid turns a logit into a probability. Which logit becomes one half?",
        "A logit above 0 is a 1. Compare (N,) with (N,), and take the mean of what is "
        "true.",
    ),
    mistakes=(
        Mistake(
            "threshold 0.5 on logits",
            "You asked whether the logit is above 0.5; that is a probability above "
            "0.62.",
            "sigmoid(0) is one half: the logit's threshold is 0.",
            accuracy_but(side=lambda logits: logits > 0.5),
        ),
        Mistake(
            "logits rounded",
            "You rounded the logits, as if they were probabilities: 2.4 becomes 2, "
            "which is no label.",
            "Take the sigmoid first, or ask whether the logit is above 0.",
            lambda logits, labels: (
                (logits.squeeze(1).round() == labels).float().mean().item()
            ),
        ),
        Mistake(
            "threshold 0 on probabilities",
            "Every picture became a 1, as it does where a sigmoid is compared with 0, "
            "or a softmax has a single column.",
            "A probability is compared with 0.5, a logit with 0.",
            accuracy_but(side=lambda logits: logits.sigmoid() > 0),
        ),
        Mistake(
            "every picture against every label",
            "You compared a column (N, 1) with a row (N,): that is N · N comparisons.",
            "`logits.squeeze(1)` is (N,), as the labels are.",
            lambda logits, labels: (
                ((logits > 0).long() == labels).float().mean().item()
            ),
        ),
        Mistake(
            "argmax of one column",
            "You took the argmax along a single column, which is 0 for every picture.",
            "One logit for two classes: its sign tells.",
            lambda logits, labels: (logits.argmax(1) == labels).float().mean().item(),
        ),
        Mistake(
            "the sides exchanged",
            "A negative logit became a 1.",
            "The higher the logit, the more it means 1.",
            accuracy_but(side=lambda logits: logits < 0),
        ),
        Mistake(
            "the count for the share",
            "You counted the pictures on the right side.",
            "Divide by how many there are: `.mean()`.",
            accuracy_but(mean=lambda right: right.sum()),
        ),
        Mistake(
            "in percent",
            "You handed back percent.",
            "A share between 0 and 1, please: without the factor 100.",
            accuracy_but(mean=lambda right: 100 * right.mean()),
        ),
        Mistake(
            "the share of ones",
            "You handed back how often the model says 1, and never looked at the "
            "labels.",
            "Compare with the labels first.",
            lambda logits, labels: (logits > 0).float().mean().item(),
        ),
        Mistake(
            "the error for the accuracy",
            "You handed back the share on the other side, the error rate.",
            "Count where prediction and label are equal.",
            accuracy_but(mean=lambda right: 1 - right.mean()),
        ),
        Mistake(
            "recall for accuracy",
            "You looked at the pictures of label 1 only.",
            "Both classes count: compare all predictions with all labels.",
            lambda logits, labels: (
                (logits.squeeze(1) > 0)[labels == 1].float().mean().item()
            ),
        ),
    ),
)

# Evaluation


def evaluate(model, batches):
    """Mean loss of a picture, and accuracy, over batches of (images, labels).

    As in training, model gives logits (N, 1); the loss is binary cross entropy on
    them. Leaves no trace in the model's weights or statistics.
    """
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(images) for images, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), labels.float())
    return loss.item(), accuracy_from_logits(logits, labels)


class Watched(nn.Module):
    """A small net in training, as an epoch leaves it, that notes how it is called."""

    def __init__(self, weight, bias, head):
        super().__init__()
        self.net = small_net(weight, bias, head)
        self.net[3].running_mean.copy_(bias / 2)
        self.net[3].running_var.copy_(1 + bias.abs())
        self.recorded = self.called = 0

    def forward(self, x):
        self.recorded += torch.is_grad_enabled()
        self.called += 1
        return self.net(x)


def watch_evaluate(answer, weight, bias, head, images, labels, size):
    model = Watched(weight, bias, head)
    before = model.net[3].running_mean.clone()
    result = answer(model, in_batches(images, labels, size))
    # Of what is no pair, the second isn't there.
    is_pair = is_one_of(result, (list, tuple)) and len(result) == 2
    loss, accuracy = result if is_pair else (result, None)
    return {
        "loss": loss,
        "accuracy": accuracy,
        "graphs recorded by autograd": model.recorded,
        "batch norm's running mean has moved": not torch.equal(
            before, model.net[3].running_mean
        ),
    }


def evaluate_by_hand(weight, bias, head, images, labels, size):
    """In double precision, one picture after another."""
    weight, bias, head = (np.asarray(t, float) for t in (weight, bias, head))
    losses, right = [], []
    for image, label in zip(images, labels.tolist(), strict=True):
        z = weight @ np.asarray(image, float).mean((1, 2)) + bias
        unit = (z - bias / 2) / np.sqrt(1 + np.abs(bias) + 1e-5)
        logit = np.maximum(unit, 0) @ head
        losses.append(np.logaddexp(0, logit) - label * logit)
        right.append((logit > 0) == (label == 1))
    return {
        "loss": float(np.mean(losses)),
        "accuracy": float(np.mean(right)),
        "graphs recorded by autograd": 0,
        "batch norm's running mean has moved": False,
    }


def nets_to_evaluate(rng):
    """In full batches one picture is on the right side, in the last one most are."""
    for shape, hidden, n, size in (((1, 1, 1), 3, 6, 4), ((3, 2, 3), 5, 13, 5)):
        draw = partial(drawn_from, rng)
        weight, bias = draw((hidden, shape[0])), draw((hidden,))
        head = draw((hidden,)) * torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0])[:hidden]
        images = 2 * draw((n, *shape))
        with torch.no_grad():
            sides = Watched(weight, bias, head).eval()(images)[:, 0] > 0
        place = torch.arange(n)
        turned = torch.where(place < n - n % size, place % size > 0, place == n - 1)
        yield weight, bias, head, images, (sides ^ turned).long(), size


def share_right(logits, labels):
    return ((logits.squeeze(1) > 0) == labels.bool()).float().mean().item()


def evaluate_but(
    mode=nn.Module.eval,
    recording=torch.no_grad,
    cost=loss_on_logits,
    share=share_right,
    arrange=lambda loss, share: (loss, share),
):
    """A wrong `evaluate`, given which of its lines is done differently."""

    def wrong(model, batches):
        mode(model)
        with recording():
            logits = torch.cat([model(images) for images, _ in batches])
        labels = torch.cat([labels for _, labels in batches])
        return arrange(cost(logits, labels).item(), share(logits, labels))

    return wrong


def evaluate_by_batches(weigh_loss, weigh_accuracy):
    """A wrong `evaluate` that takes means of batch means, for one result or both."""

    def wrong(model, batches):
        model.eval()
        losses, shares = [], []
        with torch.no_grad():
            for images, labels in batches:
                logits = model(images)
                losses.append(loss_on_logits(logits, labels).item())
                shares.append(share_right(logits, labels))
        sizes = [len(images) for images, _ in batches]
        means = [mean_of_pictures if w else mean_of_batches
                 for w in (weigh_loss, weigh_accuracy)]  # fmt: skip
        return means[0](losses, sizes), means[1](shares, sizes)

    return wrong


def evaluate_last_batch(model, batches):
    return evaluate_but()(model, batches[-1:])


def evaluate_first_batch(model, batches):
    return evaluate_but()(model, batches[:1])


EVALUATE = Exercise(
    "08.evaluate",
    reference=evaluate,
    oracle=evaluate_by_hand,
    cases=nets_to_evaluate,
    probe=watch_evaluate,
    inputs=("weight", "bias", "head", "images", "labels", "size"),
    rtol=1e-3,
    minutes=10,
    difficulty=2,
    hints=(
        "Two lines before the loop decide: which mode is the model in, and does "
        "autograd need to remember anything?",
        "Gather the logits of all batches and `torch.cat` them; then loss and accuracy "
        "are each one line, over all pictures at once.",
        "`model.eval()`, `with torch.no_grad():`, and your `accuracy_from_logits`.",
    ),
    mistakes=(
        Mistake(
            "eval() forgotten",
            "The model was still training: batch norm used each test batch's own "
            "statistics, and moved its running ones towards the test pictures.",
            "`model.eval()` before the first picture.",
            evaluate_but(mode=lambda model: None),
        ),
        Mistake(
            "graphs kept",
            "The numbers are right. Autograd recorded every operation on every test "
            "picture, for a backward that never comes: that costs memory and time.",
            "Put the loop under `with torch.no_grad():`.",
            evaluate_but(recording=torch.enable_grad),
        ),
        Mistake(
            "neither eval() nor no_grad",
            "The model was still training and autograd was recording: the statistics "
            "moved towards the test pictures, and the graphs of all of them were kept.",
            "`model.eval()`, and `with torch.no_grad():`. They do different things, "
            "and a test needs both.",
            evaluate_but(mode=lambda model: None, recording=torch.enable_grad),
        ),
        Mistake(
            "means of batch means",
            "You averaged the batches' results, so a picture in the short last batch "
            "counts more than the others.",
            "Gather all logits and compute once, or weigh each batch with its "
            "pictures.",
            evaluate_by_batches(False, False),
        ),
        Mistake(
            "accuracies of batches averaged",
            "The loss is right. The accuracy is the mean of the batches' accuracies, "
            "and the last batch is smaller.",
            "Count what is right over all pictures, and divide once.",
            evaluate_by_batches(True, False),
        ),
        Mistake(
            "losses of batches averaged",
            "The accuracy is right. The loss is the mean of the batches' losses, and "
            "the last batch is smaller.",
            "Weigh each batch's loss with its pictures, or compute it once over all.",
            evaluate_by_batches(False, True),
        ),
        Mistake(
            "the last batch alone",
            "Your results are those of the last batch.",
            "Keep the logits of every batch; `torch.cat` joins them.",
            evaluate_last_batch,
        ),
        Mistake(
            "the first batch alone",
            "Your results are those of the first batch.",
            "Does the `return` stand inside the loop?",
            evaluate_first_batch,
        ),
        Mistake(
            "sigmoid twice",
            "You took a sigmoid before the loss, which takes one itself.",
            "`F.binary_cross_entropy_with_logits` wants the logits as they are.",
            evaluate_but(cost=cost_of_squashed),
        ),
        Mistake(
            "threshold 0.5 on logits",
            "The loss is right. For the accuracy you asked whether a logit is above "
            "0.5.",
            "Logits turn at 0. Your `accuracy_from_logits` knows.",
            evaluate_but(
                share=lambda logits, labels: (
                    ((logits[:, 0] > 0.5) == labels.bool()).float().mean().item()
                )
            ),
        ),
        Mistake(
            "every picture against every label",
            "The loss is right. For the accuracy you compared (N, 1) with (N,), which "
            "is N · N comparisons.",
            "`squeeze(1)` first. Your `accuracy_from_logits` knows.",
            evaluate_but(
                share=lambda logits, labels: (
                    ((logits > 0) == labels.bool()).float().mean().item()
                )
            ),
        ),
        Mistake(
            "accuracy first",
            "Both numbers are right, in another order.",
            "The loss comes first, then the accuracy.",
            evaluate_but(arrange=lambda loss, share: (share, loss)),
        ),
        Mistake(
            "the count for the share",
            "The loss is right. You counted the pictures on the right side.",
            "Divide by how many there are.",
            evaluate_but(share=lambda a, b: share_right(a, b) * len(b)),
        ),
    ),
)

# The confusion matrix


def confusion_matrix(predicted, labels, classes):
    """Entry [i, j]: how many pictures of class i were taken for class j.

    predicted and labels are integers (N,); the result is (classes, classes), integers.
    """
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for label, guess in zip(labels, predicted, strict=True):
        counts[label, guess] += 1
    return counts


def confusion_by_bins(predicted, labels, classes):
    cells = labels.numpy() * classes + predicted.numpy()
    counts = np.bincount(cells, minlength=classes**2).reshape(classes, classes)
    return torch.from_numpy(counts.astype(np.int64))


def guesses(rng):
    """The last class is never guessed, nor shown: the size must come from classes."""
    yield torch.tensor([0, 1, 1, 1, 0]), torch.tensor([0, 1, 1, 0, 0]), 2
    for n, classes in ((11, 3), (20, 5)):
        labels = rng.integers(0, classes - 1, size=n)
        noise = rng.integers(0, 2, size=n)
        predicted = (labels + noise) % (classes - 1)
        labels[:5], predicted[:5] = (0, 0, 0, 1, 1), (1, 1, 0, 1, 1)
        yield torch.tensor(predicted), torch.tensor(labels), classes


def counts_of(answer, predicted, labels, classes):
    """The answer's counts; whole numbers may come as floats."""
    counts = answer(predicted, labels, classes)
    numbers = to_numpy(counts) if is_tensor(counts) else None
    if numbers is None or numbers.dtype.kind != "f":
        return counts
    whole = np.isfinite(numbers).all() and np.array_equal(numbers, numbers.round())
    return counts.long() if whole else counts


def counted(predicted, labels, classes):
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for label, guess in zip(labels, predicted, strict=True):
        counts[label, guess] += 1
    return counts


def confusion_but(change):
    """A wrong `confusion_matrix`: the right counts, changed."""
    return lambda predicted, labels, classes: change(
        counted(predicted, labels, classes)
    )


def counted_at_once(predicted, labels, classes):
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    counts[labels, predicted] += 1
    return counts


def counted_to_the_largest(predicted, labels, classes):
    return counted(predicted, labels, int(max(predicted.max(), labels.max())) + 1)


def counted_mistakes(predicted, labels, classes):
    return counted(predicted, labels, classes).fill_diagonal_(0)


CONFUSION_MATRIX = Exercise(
    "08.confusion_matrix",
    reference=confusion_matrix,
    oracle=confusion_by_bins,
    cases=guesses,
    probe=counts_of,
    inputs=("predicted", "labels", "classes"),
    minutes=6,
    difficulty=1,
    hints=(
        "A table of zeros, and one more in a cell for each picture. Which cell?",
        "The row is what it *is*, the column what it was *taken for*.",
        "`counts[labels, predicted] += 1` counts each cell once, however often it "
        "comes. A loop counts all.",
    ),
    mistakes=(
        Mistake(
            "rows and columns swapped",
            "Your rows are what was guessed, your columns what it is.",
            "Entry [i, j] is of class i and was taken for j: the row is the label.",
            confusion_but(lambda counts: counts.T.clone()),
        ),
        Mistake(
            "each cell counted once",
            "A cell that comes twice still holds 1, as with `counts[labels, predicted] "
            "+= 1`, which reads all cells before it writes any.",
            "Use a loop, or `torch.bincount(labels * classes + predicted)`.",
            counted_at_once,
        ),
        Mistake(
            "shares for counts",
            "You divided by the number of all pictures.",
            "Counts were asked for.",
            confusion_but(lambda counts: counts / counts.sum()),
        ),
        Mistake(
            "rows as shares",
            "Each row is divided by its sum: these are shares of a class.",
            "Counts were asked for, as integers.",
            confusion_but(lambda counts: counts / counts.sum(1, keepdim=True)),
        ),
        Mistake(
            "as large as the classes seen",
            "You took the number of classes from the numbers that came; a class that "
            "nobody showed or guessed is missing.",
            "The table is (classes, classes), with zeros where nothing came.",
            counted_to_the_largest,
        ),
        Mistake(
            "the diagonal alone",
            "You counted the pictures whose guess was right, and no others.",
            "The others go beside the diagonal: `counts[label, guess] += 1`.",
            confusion_but(lambda counts: counts.diagonal().diag()),
        ),
        Mistake(
            "the diagonal empty",
            "You counted the confusions only.",
            "What was right is counted too, on the diagonal.",
            confusion_but(lambda counts: counts.clone().fill_diagonal_(0)),
        ),
        Mistake(
            "classes in reverse",
            "The last class comes first in your table, along rows and columns.",
            "Row 0 and column 0 are for class 0.",
            confusion_but(lambda counts: counts.flip(0, 1)),
        ),
    ),
)

# Grad-CAM


def grad_cam(features, score):
    """Where features (1, C, H, W) raised score, a number computed from them: (H, W).

    Each channel weighs what its gradient is on average; nothing is below 0.
    """
    (gradients,) = torch.autograd.grad(score, features)
    weights = gradients.mean((2, 3), keepdim=True)
    return F.relu((weights * features).sum(1))[0].detach()


def score_of(pixels, mix, head):
    """Features that aren't leaves, as a network's are not, and a score from them."""
    features = torch.tanh(torch.einsum("dc,chw->dhw", mix, pixels))[None]
    score = (torch.tanh(features[0] * head) + features[0] * head).sum()
    return features, score


def cam_of_net(answer, pixels, mix, head):
    # A network's weights ask for gradients, so its features aren't leaves.
    features, score = score_of(pixels, mix.requires_grad_(), head)
    result = answer(features, score)
    mix.requires_grad_(False)
    return result.detach() if type(result) is torch.Tensor else result


def cam_by_hand(pixels, mix, head):
    """The gradient of tanh(f·h) + f·h is h · (2 − tanh²(f·h)), written down."""
    pixels, mix, head = (np.asarray(t, float) for t in (pixels, mix, head))
    features = np.tanh(np.tensordot(mix, pixels, 1))
    gradients = head * (2 - np.tanh(features * head) ** 2)
    weights = gradients.reshape(len(head), -1).mean(1)
    cam = np.tensordot(weights, features, 1)
    return torch.tensor(np.where(cam > 0, cam, 0.0)).float()


def nets_to_explain(rng):
    """Some places speak for, some against; no channel's average is near 0."""
    for shape, channels in (((1, 2, 3), 2), ((2, 3, 4), 3), ((3, 5, 3), 4)):
        pixels = drawn_from(rng, shape)
        pixels[0, 0, :2] = torch.tensor([1.5, -1.5])
        mix = drawn_from(rng, (channels, shape[0])).abs() + 0.2
        signs = torch.where(torch.arange(channels) % 2 == 0, 1.0, -1.0)
        head = signs[:, None, None] * (
            0.5 + torch.tensor(rng.uniform(0, 2, (channels, *shape[1:])))
        )
        head[0] += 1
        yield pixels, mix, head.float()


def cam_but(
    weigh=lambda gradients, features: gradients.mean((2, 3), keepdim=True),
    join=lambda maps: maps.sum(1),
    finish=torch.relu,
):
    """A wrong `grad_cam`, given which of its steps is done differently."""

    def wrong(features, score):
        (gradients,) = torch.autograd.grad(score, features)
        return finish(join(weigh(gradients, features) * features))[0].detach()

    return wrong


def cam_of_a_non_leaf(features, score):
    score.backward()
    with warnings.catch_warnings(action="ignore"):  # torch's, of a non-leaf
        weights = features.grad.mean((2, 3), keepdim=True)
    return F.relu((weights * features).sum(1))[0]


def cam_of_gradients(features, score):
    (gradients,) = torch.autograd.grad(score, features)
    return F.relu(gradients.sum(1))[0]


GRAD_CAM = Exercise(
    "08.grad_cam",
    reference=grad_cam,
    oracle=cam_by_hand,
    cases=nets_to_explain,
    probe=cam_of_net,
    inputs=("pixels", "mix", "head"),
    minutes=12,
    difficulty=3,
    hints=(
        "`torch.autograd.grad(score, features)` hands back a tuple with one tensor, "
        "as large as features.",
        "The mean of the gradient over rows and columns is one weight for each "
        "channel: (1, C, 1, 1).",
        "Weigh the features, add up the channels, and cut off what is below 0.",
    ),
    mistakes=(
        Mistake(
            "ReLU left out",
            "Your map also holds what spoke against the score, as negative values.",
            "Grad-CAM shows what raised it: cut off below 0, at the end.",
            cam_but(finish=lambda cam: cam),
        ),
        Mistake(
            "weighted by activations",
            "Each channel weighs what its activation is on average, so the score was "
            "never asked.",
            "The weight is the average of the *gradient*: how much the score rises "
            "with this channel.",
            cam_but(weigh=lambda g, f: f.mean((2, 3), keepdim=True)),
        ),
        Mistake(
            "gradients not averaged",
            "You multiplied each feature with the gradient at its own place.",
            "Average the gradient over rows and columns first: one weight for each "
            "channel.",
            cam_but(weigh=lambda g, f: g),
        ),
        Mistake(
            "gradients alone",
            "You added up the gradients, and left the features out.",
            "The gradient says how much a channel matters, the features where it "
            "found something: multiply.",
            cam_of_gradients,
        ),
        Mistake(
            "features alone",
            "You added up the features, each channel with weight 1.",
            "A channel weighs what its gradient is on average.",
            cam_but(weigh=lambda g, f: torch.ones_like(f)),
        ),
        Mistake(
            "ReLU before the sum",
            "You cut each channel off below 0 and added up what was left: nothing "
            "could speak against.",
            "Add up the channels first, then cut off.",
            cam_but(join=lambda maps: torch.relu(maps).sum(1)),
        ),
        Mistake(
            "weights without a sign",
            "You took the size of each weight, so a channel that lowers the score "
            "counts as if it raised it.",
            "Keep the sign; the ReLU at the end takes care of what speaks against.",
            cam_but(weigh=lambda g, f: g.mean((2, 3), keepdim=True).abs()),
        ),
        Mistake(
            "sum for mean in the weights",
            "You added the gradient over rows and columns.",
            "Take the mean, so that the weight doesn't grow with the picture.",
            cam_but(weigh=lambda g, f: g.sum((2, 3), keepdim=True)),
        ),
        Mistake(
            "channels averaged",
            "You averaged the weighted channels.",
            "Add them up: each brings its own share.",
            cam_but(join=lambda maps: maps.mean(1)),
        ),
        Mistake(
            "averaged over channels",
            "Your weights are averages over the channels, one for each place.",
            "Average over rows and columns, axes 2 and 3: one weight for each channel.",
            cam_but(weigh=lambda g, f: g.mean(1, keepdim=True)),
        ),
        Mistake(
            "the batch axis kept",
            "Your map is (1, H, W).",
            "One picture went in: take `[0]`.",
            lambda features, score: cam_but()(features, score)[None],
        ),
        Mistake(
            "scaled for display",
            "You divided by the largest value, so that every map reaches 1.",
            "Hand the map back as it is: how high it goes tells how sure the net is.",
            cam_but(finish=lambda cam: torch.relu(cam) / torch.relu(cam).max()),
        ),
        Mistake(
            "gradient of a non-leaf",
            "After `backward`, `features.grad` is None: features were computed, and "
            "only leaves keep a gradient.",
            "`torch.autograd.grad(score, features)` hands it to you.",
            cam_of_a_non_leaf,
        ),
    ),
)
