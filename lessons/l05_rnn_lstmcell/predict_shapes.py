"""Shapes in an LSTM of three layers and two directions."""

import torch
from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions


def by_running():
    """The oracle: the shapes of what such an LSTM takes and returns, {name: tuple}."""
    options = {"num_layers": 3, "bidirectional": True}
    plain = nn.LSTM(4, 5, **options)
    turned = nn.LSTM(4, 5, batch_first=True, **options)
    output, (h_n, _) = plain(torch.zeros(7, 2, 4))
    output_turned, (h_n_turned, _) = turned(torch.zeros(2, 7, 4))
    found = {
        "output": output,
        "h_n": h_n,
        "weight_ih_l0": plain.weight_ih_l0,
        "weight_ih_l1": plain.weight_ih_l1,
        "output, batch_first": output_turned,
        "h_n, batch_first": h_n_turned,
    }
    return {name: tuple(tensor.shape) for name, tensor in found.items()}


MISTAKES = (
    Mistake(
        "directions not side by side",
        did="Your `output` has room for one direction.",
        look="Two directions each put 5 numbers beside each other at every step.",
        swap={"(7, 2, 10)": "(7, 2, 5)", "(2, 7, 10)": "(2, 7, 5)"},
    ),
    Mistake(
        "directions forgotten in h_n",
        did="You counted the layers in `h_n`, and not the two directions of each.",
        look="Each layer ends twice: at the end of time, and, backward, at its start.",
        swap={
            '"h_n": (6, 2, 5)': '"h_n": (3, 2, 5)',
            '"h_n, batch_first": (6, 2, 5)': '"h_n, batch_first": (3, 2, 5)',
        },
    ),
    Mistake(
        "layers forgotten in h_n",
        did="You counted the directions in `h_n`, and not the three layers.",
        look="Every layer has a state of its own, and all of them are handed back.",
        swap={
            '"h_n": (6, 2, 5)': '"h_n": (2, 2, 5)',
            '"h_n, batch_first": (6, 2, 5)': '"h_n, batch_first": (2, 2, 5)',
        },
    ),
    Mistake(
        "one state for the whole stack",
        did="Your `h_n` holds one state; there are three layers with two directions.",
        look="Every layer and direction has a last state of its own: how many is that?",
        swap={
            '"h_n": (6, 2, 5)': '"h_n": (1, 2, 5)',
            '"h_n, batch_first": (6, 2, 5)': '"h_n, batch_first": (1, 2, 5)',
        },
    ),
    Mistake(
        "directions joined in h_n",
        did="You put the two directions of `h_n` side by side, as `output` has them.",
        look="In `h_n` each direction has a place of its own along the first axis.",
        swap={
            '"h_n": (6, 2, 5)': '"h_n": (3, 2, 10)',
            '"h_n, batch_first": (6, 2, 5)': '"h_n, batch_first": (3, 2, 10)',
        },
    ),
    Mistake(
        "batch_first moves h_n too",
        did="You put the batch of `h_n` first.",
        look="`batch_first` turns what goes in and what comes out step by step. The states stay as they were.",
        swap={'"h_n, batch_first": (6, 2, 5)': '"h_n, batch_first": (2, 6, 5)'},
    ),
    Mistake(
        "batch_first only for the input",
        did="You left time in front in `output`.",
        look="`batch_first` turns the input and the output alike.",
        swap={"(2, 7, 10)": "(7, 2, 10)"},
    ),
    Mistake(
        "one gate in place of four",
        did="Your weights are for one linear layer, as in a plain RNN.",
        look="An LSTM has three gates and a candidate, 5 numbers each, and their weights lie on top of each other.",
        swap={"(20, 4)": "(5, 4)", "(20, 10)": "(5, 10)"},
    ),
    Mistake(
        "three gates, no candidate",
        did="Your weights are for three linear layers, one for each gate.",
        look="An LSTM also has a candidate for what comes in: that makes four.",
        swap={"(20, 4)": "(15, 4)", "(20, 10)": "(15, 10)"},
    ),
    Mistake(
        "one weight for both directions",
        did="You stacked the weights of the two directions on top of each other.",
        look="Each direction has weights of its own; the backward ones are called `weight_ih_l0_reverse`.",
        swap={"(20, 4)": "(40, 4)", "(20, 10)": "(40, 10)"},
    ),
    Mistake(
        "state's weights joined on",
        did="Your weights take in the state as well: 5 columns more.",
        look="torch keeps those apart, as `weight_hh_l0`; ih is for input to hidden.",
        swap={"(20, 4)": "(20, 9)", "(20, 10)": "(20, 15)"},
    ),
    Mistake(
        "weights lying down",
        did="You gave the weights as (D_in, 4 · D_hidden).",
        look="torch keeps them as (outputs, inputs): `x @ w.T`.",
        swap={"(20, 4)": "(4, 20)", "(20, 10)": "(10, 20)"},
    ),
    Mistake(
        "second layer reads one direction",
        did="Your second layer reads 5 numbers at every step.",
        look="It reads the output of the first, and that has two directions.",
        swap={"(20, 10)": "(20, 5)"},
    ),
    Mistake(
        "second layer reads the input",
        did="Your second layer reads the 4 numbers of the input.",
        look="It reads what the first layer puts out, in both directions.",
        swap={"(20, 10)": "(20, 4)"},
    ),
    Mistake(
        "outputs of all layers",
        did="You put the outputs of all three layers side by side.",
        look="`output` shows the top layer only; the others feed the one above them.",
        swap={"(7, 2, 10)": "(7, 2, 30)", "(2, 7, 10)": "(2, 7, 30)"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.predict_shapes,
    oracle=by_running,
    hints=(
        "`output` is for every step, but of the top layer only; both directions stand side by side in it.",
        "`h_n` is for the end only, but of every layer and direction, one after the other along its first axis.",
        "An LSTM computes four things at once, so its weights are four times as tall. The second layer reads what the first one puts out.",
    ),
    mistakes=MISTAKES,
)
