"""One epoch in batches."""

import torch

from diagnose import Exercise, Mistake
from diagnose.kinds import is_one_of, is_tensor
from lessons import about
from lessons.l08_cnn_classifier import solutions


def by_counting(images, labels, batch_size, seed):
    """The oracle: what the probe reports of good epochs, {name: value}."""
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


def cases(rng):
    """images (N, C, H, W), labels (N,), batch_size, seed."""
    for shape, batch_size in (
        ((10, 1, 1, 1), 4),
        ((14, 3, 1, 2), 5),
        ((12, 1, 2, 1), 6),
    ):
        images = torch.tensor(rng.standard_normal(shape), dtype=torch.float32)
        labels = torch.tensor(rng.permutation(shape[0]))  # no two are alike
        yield images, labels, batch_size, int(rng.integers(1, 1000))


def seeded(seed):
    """A new torch generator with this seed."""
    return torch.Generator().manual_seed(seed)


def probe(answer, images, labels, batch_size, seed):
    """What can be said of an answer's epochs, {name: value}; images (N, C, H, W).

    Two epochs are drawn from one generator, and one more from another of the same seed.
    Where an answer makes no list of pairs, its first epoch is handed back.
    """
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
    """Which pictures came, as a list of indices; None if that can't be seen."""
    if not is_one_of(epoch, (list, tuple)) or not all(map(is_batch, epoch)):
        return None
    index = {numbers_in(image): i for i, image in enumerate(images)}
    order = [index.get(numbers_in(image)) for batch, _ in epoch for image in batch]
    return None if None in order else order


def numbers_in(image):
    """A picture's numbers, as a tuple that can be looked up."""
    return tuple(image.flatten().tolist())


def is_batch(pair):
    """Whether it is a pair of tensors with an axis for the pictures."""
    return (
        is_one_of(pair, (list, tuple))
        and len(pair) == 2
        and all(is_tensor(part) and part.dim() > 0 for part in pair)
    )


MISTAKES = (
    Mistake(
        "last short batch dropped",
        did="You kept the full batches only, so in each epoch some pictures are left out.",
        look="`order.split(batch_size)` keeps the short rest as the last batch.",
        code="""
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    batches = []
    for i in range(len(images) // batch_size):
        chosen = order[i * batch_size : (i + 1) * batch_size]
        batches.append((images[chosen], labels[chosen]))
    return batches
""",
    ),
    Mistake(
        "only the first batch",
        did="You returned the first batch and no other.",
        look="Does the `return` stand inside the loop? Move it to the left, under the `for`.",
        code="""
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    batches = []
    for chosen in order.split(batch_size):
        batches.append((images[chosen], labels[chosen]))
        return batches
""",
    ),
    Mistake(
        "labels first",
        did="In your batches the labels come first.",
        look="A batch is (images, labels), in this order.",
        swap={"(images[chosen], labels[chosen])": "(labels[chosen], images[chosen])"},
    ),
    Mistake(
        "the same order every epoch",
        did="You seeded anew in every call, so each epoch comes in the same order.",
        look="Draw from the `generator` you are given: it moves on by itself.",
        swap=[
            {"order = ": "generator.manual_seed(0)\n    order = "},
            {
                "order = ": "torch.manual_seed(0)\n    order = ",
                ", generator=generator": "",
            },
        ],
    ),
    Mistake(
        "not shuffled",
        did="The pictures come in the order of the files: first all cats, then all dogs.",
        look="Draw an order with `torch.randperm(n, generator=generator)`, and pick by it.",
        code="""
def minibatches(images, labels, batch_size, generator):
    return list(zip(images.split(batch_size), labels.split(batch_size)))
""",
    ),
    Mistake(
        "images and labels shuffled apart",
        did="You drew one order for the images and another for the labels, so the labels belong to other pictures now.",
        look="One order for both: draw it once, and pick with the same numbers.",
        code=[
            """
def minibatches(images, labels, batch_size, generator):
    images = images[torch.randperm(len(images), generator=generator)]
    labels = labels[torch.randperm(len(labels), generator=generator)]
    return list(zip(images.split(batch_size), labels.split(batch_size)))
""",
            """
def minibatches(images, labels, batch_size, generator):
    labels = labels[torch.randperm(len(labels), generator=generator)]
    images = images[torch.randperm(len(images), generator=generator)]
    return list(zip(images.split(batch_size), labels.split(batch_size)))
""",
        ],
    ),
    Mistake(
        "labels left out",
        did="Your batches hold images alone.",
        look="A batch is a pair, (images, labels): `labels[chosen]` goes with `images[chosen]`.",
        swap={"(images[chosen], labels[chosen])": "images[chosen]"},
    ),
    Mistake(
        "labels left behind",
        did="You shuffled the images, and cut the labels as they lay.",
        look="`labels[chosen]` goes with `images[chosen]`.",
        swap={
            "return [(images[chosen], labels[chosen]) for chosen in order.split(batch_size)]": "return list(zip(images[order].split(batch_size), labels.split(batch_size)))"
        },
    ),
    Mistake(
        "drawn with replacement",
        did="You drew each picture from all of them, so some come twice and others not at all.",
        look="An epoch is every picture once: `torch.randperm` gives each number once.",
        swap={"randperm(len(images),": "randint(len(images), (len(images),),"},
    ),
    Mistake(
        "the generator left aside",
        did="You drew the order without the generator that you were given, so the same seed gives another one each time.",
        look="`torch.randperm(n, generator=generator)`.",
        swap={", generator=generator": ""},
    ),
    Mistake(
        "one batch repeated",
        did="The last batch was filled up with pictures from the start of the order, which come twice in the epoch.",
        look="The last batch may be smaller.",
        swap={
            "return [": "missing = -len(order) % batch_size\n    order = torch.cat([order, order[:missing]])\n    return ["
        },
    ),
    Mistake(
        "an empty batch at the end",
        did="You counted one batch more, which is empty wherever the pictures divide evenly.",
        look="`range(0, n, batch_size)` ends in time, and so does `order.split`.",
        code="""
def minibatches(images, labels, batch_size, generator):
    order = torch.randperm(len(images), generator=generator)
    batches = []
    for i in range(len(images) // batch_size + 1):
        chosen = order[i * batch_size : (i + 1) * batch_size]
        batches.append((images[chosen], labels[chosen]))
    return batches
""",
    ),
    Mistake(
        "blocks shuffled",
        did="You cut first and shuffled the batches: inside a batch the pictures keep their neighbours, all cats or all dogs.",
        look="Shuffle the pictures, then cut.",
        code="""
def minibatches(images, labels, batch_size, generator):
    batches = list(zip(images.split(batch_size), labels.split(batch_size)))
    order = torch.randperm(len(batches), generator=generator)
    return [batches[i] for i in order]
""",
    ),
    Mistake(
        "batch size taken for a count",
        did="You made `batch_size` batches.",
        look="It says how many pictures there are in one of them: `order.split`, not `chunk`.",
        swap={"order.split": "order.chunk"},
    ),
    Mistake(
        "one picture in each batch",
        did="Your batches hold one picture each.",
        look="`batch_size` pictures go together: `order.split(batch_size)`.",
        swap=[
            {"order.split(batch_size)": "order.split(1)"},
            {"order.split(batch_size)": "order"},
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.minibatches,
    oracle=by_counting,
    cases=cases,
    probe=probe,
    inputs=("images", "labels", "batch_size", "seed"),
    hints=(
        "Shuffle numbers, not pictures: one order for both images and labels.",
        "`torch.randperm(n, generator=generator)` is a fresh order of 0 … n − 1.",
        "`order.split(batch_size)` cuts it, and keeps the short rest; `images[chosen]` picks the pictures of one piece.",
    ),
    mistakes=MISTAKES,
)
