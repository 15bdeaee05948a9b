"""Weights to start from."""

import math

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l08_cnn_classifier import solutions

# The layers whose weights are to be drawn.
DRAWN = ("Conv2d", "Conv2d without bias", "Linear")


def by_formula(c_in, c_out):
    """The oracle: what the probe reports of well-drawn weights, {name: value}."""
    facts = {}
    for name in DRAWN:
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


def cases(rng):
    """c_in, c_out: how many channels go into the first convolution, and out of it."""
    yield 6, 48
    yield int(rng.integers(7, 12)), int(rng.integers(50, 70))


def untouched_model(c_in, c_out):
    """Layers of every kind, each parameter at 0.3, so that it shows what stays."""
    model = nn.Sequential(
        nn.Conv2d(c_in, c_out, (5, 7)),
        nn.BatchNorm2d(c_out),
        nn.Sequential(nn.Conv2d(c_out, 30, 3, bias=False), nn.ReLU()),
        nn.Linear(60, 160),
    )
    for parameter in model.parameters():
        parameter.data.fill_(0.3)
    return model


def probe(answer, c_in, c_out):
    """What can be said of the model's numbers afterwards, {name: value}.

    Whichever way the answer draws them, these are the same within a few hundredths.
    """
    model = untouched_model(c_in, c_out)
    torch.manual_seed(0)  # two answers that draw alike get the same numbers
    model.apply(answer)
    conv, norm, (bare, _), linear = model
    facts = {}
    for name, layer in zip(DRAWN, (conv, bare, linear), strict=True):
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


MISTAKES = (
    Mistake(
        "biases missed",
        did="The weights are drawn anew; the biases are what they were.",
        look="`nn.init.zeros_(module.bias)`, where there is one.",
        swap={
            "\n        if module.bias is not None:\n            nn.init.zeros_(module.bias)": ""
        },
    ),
    Mistake(
        "every layer initialised alike",
        did="All layers got weights of the same spread, however many inputs they sum.",
        look="A sum of 147 numbers needs smaller weights than a sum of 27: √(2 / inputs) differs from layer to layer.",
        swap=[
            {
                'kaiming_normal_(module.weight, nonlinearity="relu")': "normal_(module.weight, std=0.02)"
            },
            {
                'kaiming_normal_(module.weight, nonlinearity="relu")': "normal_(module.weight, std=0.01)"
            },
            {
                'kaiming_normal_(module.weight, nonlinearity="relu")': "normal_(module.weight, std=0.05)"
            },
            {
                'kaiming_normal_(module.weight, nonlinearity="relu")': "normal_(module.weight, std=0.1)"
            },
        ],
    ),
    Mistake(
        "standard normal weights",
        did="All weights have standard deviation 1, however many inputs a layer sums.",
        look="Each layer would make its signal many times larger: √(2 / inputs) keeps it steady.",
        swap={
            'kaiming_normal_(module.weight, nonlinearity="relu")': "normal_(module.weight)"
        },
    ),
    Mistake(
        "all weights the same",
        did="Every weight of a layer has the same value. Its units then get the same gradient for ever, and are one unit.",
        look="Draw them: `nn.init.kaiming_normal_`.",
        swap={
            'kaiming_normal_(module.weight, nonlinearity="relu")': "constant_(module.weight, 0.05)"
        },
    ),
    Mistake(
        "all weights zero",
        did="Every weight is 0: nothing gets through, forward or back.",
        look="Only biases may start at 0. Draw the weights.",
        swap={
            'kaiming_normal_(module.weight, nonlinearity="relu")': "zeros_(module.weight)"
        },
    ),
    Mistake(
        "Xavier for Kaiming",
        did="You drew Xavier's weights, which count outputs too and take no notice of ReLU.",
        look="Kaiming: √(2 / inputs); the 2 makes up for the half that ReLU cuts off.",
        swap={
            'kaiming_normal_(module.weight, nonlinearity="relu")': "xavier_normal_(module.weight)"
        },
    ),
    Mistake(
        "Xavier, uniform",
        did="You drew Xavier's weights, evenly from an interval.",
        look="This time Kaiming's, from a normal distribution: `nn.init.kaiming_normal_`.",
        swap={
            'kaiming_normal_(module.weight, nonlinearity="relu")': "xavier_uniform_(module.weight)"
        },
    ),
    Mistake(
        "uniform for normal",
        did="The spread is right; the weights are drawn evenly from an interval.",
        look="`nn.init.kaiming_normal_` draws them from a bell curve.",
        swap={"kaiming_normal_": "kaiming_uniform_"},
    ),
    Mistake(
        "ReLU not counted in",
        did="Your spread is √(1 / inputs).",
        look='ReLU cuts half of the signal\'s strength off at every layer: √(2 / inputs), `nonlinearity="relu"`.',
        swap=[
            {'"relu"': '"linear"'},
            {
                'kaiming_normal_(module.weight, nonlinearity="relu")': "normal_(module.weight, std=module.weight[0].numel() ** -0.5)"
            },
        ],
    ),
    Mistake(
        "outputs counted for inputs",
        did="You counted how many outputs an input goes to.",
        look='What keeps the forward signal steady is the inputs of one output: `mode="fan_in"`, which is the default.',
        swap={"nonlinearity": 'mode="fan_out", nonlinearity'},
    ),
    Mistake(
        "channels counted for inputs",
        did="You counted a convolution's input channels as its inputs.",
        look="An output sums channels · rows · columns of a kernel: `weight[0].numel()`.",
        swap={
            'nn.init.kaiming_normal_(module.weight, nonlinearity="relu")': "inputs = module.weight.shape[1]\n        nn.init.normal_(module.weight, std=(2 / inputs) ** 0.5)"
        },
    ),
    Mistake(
        "variance for standard deviation",
        did="You drew with standard deviation 2 / inputs.",
        look="That is the variance; its root is what `normal_` asks for.",
        swap={
            'nn.init.kaiming_normal_(module.weight, nonlinearity="relu")': "inputs = module.weight[0].numel()\n        nn.init.normal_(module.weight, std=2 / inputs)"
        },
    ),
    Mistake(
        "convolutions alone",
        did="You left the Linear as it was.",
        look="`isinstance(module, (nn.Conv2d, nn.Linear))` asks for either.",
        swap={"(nn.Conv2d, nn.Linear)": "nn.Conv2d"},
    ),
    Mistake(
        "linear layers alone",
        did="You left the convolutions as they were.",
        look="`isinstance(module, (nn.Conv2d, nn.Linear))` asks for either.",
        swap={"(nn.Conv2d, nn.Linear)": "nn.Linear"},
    ),
    Mistake(
        "a bias that isn't there",
        did="You set `module.bias`, and in a layer made with `bias=False` it is None.",
        look="Ask first: `if module.bias is not None`.",
        swap=[
            {"if module.bias is not None:\n            nn.": "nn."},
            {
                "if module.bias is not None:\n            nn.init.zeros_(module.bias)": "nn.init.constant_(module.bias, 0)"
            },
            {
                "if module.bias is not None:\n            nn.init.zeros_(module.bias)": "module.bias.data.fill_(0)"
            },
        ],
    ),
    Mistake(
        "batch norm drawn too",
        did="Your function also takes a batch norm, whose weight has one axis: Kaiming can't tell its inputs.",
        look="Ask what kind of module came: `isinstance`.",
        swap=[
            {"isinstance(module, (nn.Conv2d, nn.Linear))": 'hasattr(module, "weight")'},
            {"nn.Linear)": "nn.Linear, nn.BatchNorm2d)"},
        ],
    ),
    Mistake(
        "batch norm switched off",
        did="You set everything with one axis to 0, the weight of the batch norm too: it then turns every picture into zeros.",
        look="Ask for Conv2d and Linear with `isinstance`; the batch norm stays.",
        code="""
def init_weights(module):
    for parameter in module.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
        else:
            nn.init.zeros_(parameter)
""",
    ),
    Mistake(
        "nothing changed",
        did="The model's weights and biases are what they were.",
        look="`nn.init` fills a tensor in place; what your function returns, nobody looks at.",
        code="""
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        std = (2 / module.weight[0].numel()) ** 0.5
        return torch.randn_like(module.weight) * std
""",
    ),
    Mistake(
        "layers without bias skipped",
        did="You left a layer without a bias as it was, its weight too.",
        look="Only the line for the bias depends on whether there is one.",
        swap={
            "nn.Linear)):": "nn.Linear)) and module.bias is not None:",
            "if module.bias is not None:\n            nn.": "nn.",
        },
    ),
    Mistake(
        "batch norm reset",
        did="You gave the batch norm a weight of 1 and a bias of 0.",
        look="Every module but Conv2d and Linear stays as it is.",
        swap={
            "nn.init.zeros_(module.bias)": """nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.ones_(module.weight)
        nn.init.zeros_(module.bias)"""
        },
    ),
    Mistake(
        "torch's own start",
        did="Your weights are drawn as torch's own layers draw them, with a spread of √(1/3 / inputs).",
        look='`nn.init.kaiming_normal_` with `nonlinearity="relu"`.',
        swap=[
            {
                'kaiming_normal_(module.weight, nonlinearity="relu")': "kaiming_uniform_(module.weight, a=5**0.5)"
            },
            {
                'nn.init.kaiming_normal_(module.weight, nonlinearity="relu")': "module.reset_parameters()"
            },
        ],
    ),
    Mistake(
        "a copy filled",
        did="You filled a copy: the model's own weights haven't changed.",
        look="Hand `module.weight` itself to `nn.init`.",
        swap={"(module.weight,": "(module.weight.clone(),"},
    ),
    Mistake(
        "biases drawn",
        did="You drew the biases as well.",
        look="They start at 0: `nn.init.zeros_`.",
        swap=[
            {"nn.init.zeros_(module.bias)": "nn.init.normal_(module.bias)"},
            {"nn.init.zeros_(module.bias)": "nn.init.normal_(module.bias, std=0.01)"},
            {"nn.init.zeros_(module.bias)": "nn.init.uniform_(module.bias)"},
        ],
    ),
    Mistake(
        "biases one",
        did="Your biases start at 1.",
        look="They start at 0: `nn.init.zeros_`.",
        swap={"zeros_": "ones_"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.init_weights,
    oracle=by_formula,
    cases=cases,
    probe=probe,
    inputs=("c_in", "c_out"),
    rtol=0.06,  # the weights are drawn: a spread is known to a few hundredths
    hints=(
        "`apply` calls your function with every module there is, the model itself among them. `isinstance(module, nn.Conv2d)` asks which one it is.",
        '`nn.init.kaiming_normal_(tensor, nonlinearity="relu")` fills in place; the underscore says so. So does `nn.init.zeros_`.',
        "A layer made with `bias=False` has `bias` None.",
    ),
    mistakes=MISTAKES,
)
