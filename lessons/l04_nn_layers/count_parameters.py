"""How many numbers of a model training may change."""

from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l04_nn_layers import solutions


def used_twice(a, b):
    """A model in which one layer stands in two places; (N, a) to (N, b)."""
    layer = nn.Linear(a, a)
    return nn.Sequential(layer, nn.ReLU(), layer, nn.Linear(a, b))


def with_frozen_weight(a, b):
    """A layer, (N, a) to (N, b), of which only the bias is trained."""
    layer = nn.Linear(a, b)
    layer.weight.requires_grad_(False)
    return layer


MODELS = {
    "Linear(a, b)": nn.Linear,
    "Conv2d(a, b, (2, 5))": lambda a, b: nn.Conv2d(a, b, (2, 5)),
    "Sequential(Linear(a, b), BatchNorm1d(b))": lambda a, b: nn.Sequential(
        nn.Linear(a, b), nn.BatchNorm1d(b)
    ),
    "Sequential(Linear(a, b), Sequential(ReLU(), Linear(b, 1)))": lambda a, b: (
        nn.Sequential(nn.Linear(a, b), nn.Sequential(nn.ReLU(), nn.Linear(b, 1)))
    ),
    "one Linear(a, a) used twice, then Linear(a, b)": used_twice,
    "Linear(a, b) with its weight frozen": with_frozen_weight,
}


def by_state(model, a, b):
    """The oracle: the trained tensors of the model's state, each counted once."""
    tensors = MODELS[model](a, b).state_dict(keep_vars=True).values()
    trained = {id(t): t.nelement() for t in tensors if t.requires_grad}
    return sum(trained.values())


def cases(rng):
    """The name of a model, and its sizes a and b: a small one first, then each."""
    yield "Linear(a, b)", 3, 2
    for name in MODELS:
        yield name, int(rng.integers(4, 7)), int(rng.integers(7, 12))


def probe(answer, model, a, b):
    """What an answer counts in the model of that name, made with sizes a and b."""
    return answer(MODELS[model](a, b))


MISTAKES = (
    Mistake(
        "tensors counted",
        did="You counted the tensors, not the numbers in them.",
        look="A weight of shape (2, 3) holds 6: `numel()`.",
        swap=[
            {"p.numel()": "1"},
            {"p.numel()": "1", " if p.requires_grad": ""},
        ],
    ),
    Mistake(
        "first axis counted",
        did="You counted the rows of each tensor: `len(p)` is the size of its first axis.",
        look="`p.numel()` multiplies all its sizes.",
        swap=[
            {"p.numel()": "len(p)"},
            {"p.numel()": "len(p)", " if p.requires_grad": ""},
        ],
    ),
    Mistake(
        "sizes added up",
        did="You added the sizes of each tensor.",
        look="A weight of shape (2, 3) holds 2 · 3 numbers: `numel()` multiplies.",
        swap=[
            {"p.numel()": "sum(p.shape)"},
            {"p.numel()": "sum(p.shape)", " if p.requires_grad": ""},
        ],
    ),
    Mistake(
        "only where a gradient is",
        did="You counted what has a gradient in `.grad` now. Before the first `backward`, nothing has.",
        look="`requires_grad` says what will get one.",
        swap={"p.requires_grad": "p.grad is not None"},
    ),
    Mistake(
        "frozen ones counted",
        did="You counted parameters with `requires_grad=False` too.",
        look="The optimizer gets no gradient for those and leaves them alone.",
        swap={" if p.requires_grad": ""},
    ),
    Mistake(
        "buffers counted",
        did="You counted all that is stored: running statistics too, and what isn't trained.",
        look="`state_dict` is for saving; what is trained is in `parameters()`.",
        swap={"model.parameters() if p.requires_grad": "model.state_dict().values()"},
    ),
    Mistake(
        "shared ones counted twice",
        did="You counted a layer that is used twice two times.",
        look="It has one weight. `model.parameters()` hands each out once.",
        code=[
            """
            def count_parameters(model):
                layers = model if isinstance(model, nn.Sequential) else [model]
                return sum(
                    p.numel()
                    for layer in layers
                    for p in layer.parameters()
                    if p.requires_grad
                )
            """,
            """
            def count_parameters(model):
                layers = model if isinstance(model, nn.Sequential) else [model]
                return sum(p.numel() for layer in layers for p in layer.parameters())
            """,
        ],
    ),
    Mistake(
        "inner layers counted again",
        did="You asked every module for its parameters, and each answers for the layers inside it too.",
        look="`model.parameters()`, asked once, goes all the way down.",
        swap=[
            {"p in model": "m in model.modules()\n               for p in m"},
            {
                "p in model.parameters() if p.requires_grad": "m in model.modules()\n               for p in m.parameters()"
            },
        ],
    ),
    Mistake(
        "inner layers missed",
        did="You counted the outer layers' own parameters, and not those of layers inside them.",
        look="`model.parameters()` goes all the way down.",
        swap=[
            {"parameters()": "parameters(recurse=False)"},
            {"parameters() if p.requires_grad": "parameters(recurse=False)"},
        ],
        code=[
            """
            def count_parameters(model):
                layers = list(model.children()) or [model]
                return sum(
                    p.numel()
                    for layer in layers
                    for p in layer.parameters(recurse=False)
                    if p.requires_grad
                )
            """,
            """
            def count_parameters(model):
                total = 0
                for layer in list(model.children()) or [model]:
                    if hasattr(layer, "weight"):
                        total += layer.weight.numel() + layer.bias.numel()
                return total
            """,
        ],
    ),
    Mistake(
        "biases left out",
        did="You counted the weights and no biases.",
        look="A bias is trained as well, one number for each output.",
        swap=[
            {"p.requires_grad": "p.requires_grad and p.dim() > 1"},
            {"p.requires_grad": "p.dim() > 1"},
            {
                "p in model.parameters() if": 'name, p in model.named_parameters()\n               if "weight" in name and'
            },
            {
                "p in model.parameters() if p.requires_grad": 'name, p in model.named_parameters()\n               if "weight" in name'
            },
        ],
    ),
    Mistake(
        "only the first tensor",
        did="You counted the first tensor of the model, and none after it.",
        look="Does the `return` stand inside the loop? Move it to the left.",
        code=[
            """
            def count_parameters(model):
                total = 0
                for p in model.parameters():
                    total += p.numel()
                    return total
            """,
            """
            def count_parameters(model):
                total = 0
                for p in model.parameters():
                    if p.requires_grad:
                        total += p.numel()
                    return total
            """,
            """
            def count_parameters(model):
                total = 0
                for p in model.parameters():
                    if p.requires_grad:
                        total += p.numel()
                        return total
            """,
        ],
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.count_parameters,
    oracle=by_state,
    cases=cases,
    probe=probe,
    inputs=("model", "a", "b"),
    hints=(
        "`model.parameters()` goes through all layers and the layers inside them. `numel()` counts a tensor's entries.",
        "Which of them does training leave alone? `requires_grad` tells.",
    ),
    mistakes=MISTAKES,
)
