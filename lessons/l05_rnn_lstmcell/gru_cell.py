"""One step of a gated recurrent unit."""

from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions
from lessons.l05_rnn_lstmcell._cells import cell_cases, torch_cell


def by_torch(x, h, *weights):
    """The oracle: torch's GRUCell. x (N, D_in), h (N, D_hidden); a state like h."""
    return torch_cell(nn.GRUCell, x, h, *weights)


def cases(rng):
    """x (N, D_in), h (N, D_hidden), weights and biases for three linear layers."""
    yield from cell_cases(rng, gates=3, states=1)


MISTAKES = (
    Mistake(
        "reset before the product",
        did="You reset h first and multiplied afterwards, as the first paper on GRUs has it.",
        look="torch multiplies first and resets what comes out: `r * (W h + b)`.",
        swap={
            "n = torch.tanh(x_n + r * h_n)": "w_n, b_n = w_hh.chunk(3)[2], b_hh.chunk(3)[2]\n    n = torch.tanh(x_n + (r * h) @ w_n.T + b_n)"
        },
    ),
    Mistake(
        "bias not reset",
        did="The reset gate acts on `W h`, and the bias is added outside of it.",
        look="In torch the bias `b_hh` is inside: `r * (W h + b)`.",
        swap={" + b_ih": " + b_ih + b_hh", "w_hh.T + b_hh": "w_hh.T"},
    ),
    Mistake(
        "z turned round",
        did="You kept `1 - z` of the old state and let in `z` of the candidate.",
        look="In torch z is the share of the old state that stays.",
        swap={"(1 - z) * n + z * h": "z * n + (1 - z) * h"},
    ),
    Mistake(
        "z before r",
        did="The gates r and z have exchanged their places, as in the order z, r, n.",
        look="torch's order is r, z, n; r acts on the candidate, z mixes old and new.",
        swap={"x_r, x_z, x_n": "x_z, x_r, x_n", "h_r, h_z, h_n": "h_z, h_r, h_n"},
    ),
    Mistake(
        "input reset too",
        did="You multiplied the whole sum by r, the input's part included.",
        look="Only what comes from the old state is reset: `x_n + r * h_n`.",
        swap={"x_n + r * h_n": "r * (x_n + h_n)"},
    ),
    Mistake(
        "the other part reset",
        did="You reset the input's part of the candidate: `r * x_n + h_n`.",
        look="It is the past that can be set aside: `x_n + r * h_n`.",
        swap={"x_n + r * h_n": "r * x_n + h_n"},
    ),
    Mistake(
        "reset without a matrix",
        did="You added `r * h` to the input's part of the candidate.",
        look="The state passes through its matrix first: `r * h_n`.",
        swap={"r * h_n": "r * h"},
    ),
    Mistake(
        "gates through tanh",
        did="Your gates pass through tanh, so that they may be negative.",
        look="A gate says how much, from 0 to 1: sigmoid.",
        swap={
            "torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)": "torch.tanh(x_r + h_r), torch.tanh(x_z + h_z)"
        },
    ),
    Mistake(
        "reset gate left out",
        did="The candidate saw all of the old state: r isn't used.",
        look="The state's part of the candidate is multiplied by r.",
        swap={"r * h_n": "h_n"},
    ),
    Mistake(
        "candidate through sigmoid",
        did="The candidate passed through sigmoid like the gates.",
        look="The candidate takes tanh, so that a state may be negative.",
        swap={"torch.tanh": "torch.sigmoid"},
    ),
    Mistake(
        "candidate not squashed",
        did="The candidate went in without its tanh.",
        look="The two gates take sigmoid, the candidate takes tanh.",
        swap={"torch.tanh(x_n + r * h_n)": "x_n + r * h_n"},
    ),
    Mistake(
        "old state lost",
        did="The new state is `(1 - z) * n` alone: nothing is kept.",
        look="z of the old state is added.",
        swap={" + z * h": ""},
    ),
    Mistake(
        "candidate let in whole",
        did="You added all of the candidate to `z * h`.",
        look="The shares make one whole: z of the old, 1 - z of the new.",
        swap={"(1 - z) * n": "n"},
    ),
    Mistake(
        "b_hh left out",
        did="You used one bias of the two: `b_hh` is missing.",
        look="torch gives each of the two matrices a bias of its own.",
        swap={" + b_hh": ""},
    ),
    Mistake(
        "b_ih left out",
        did="You used one bias of the two: `b_ih` is missing.",
        look="torch gives each of the two matrices a bias of its own.",
        swap={" + b_ih": ""},
    ),
    Mistake(
        "both biases left out",
        did="You added neither of the two biases.",
        look="Each of the two matrices has one: `b_ih` and `b_hh`.",
        swap={" + b_ih": "", " + b_hh": ""},
    ),
    Mistake(
        "weights not transposed",
        did="You multiplied by a weight as it is stored.",
        look="torch keeps weights as (outputs, inputs), so each of them needs a `.T`.",
        swap={"w_ih.T": "w_ih", "w_hh.T": "w_hh"},
    ),
    Mistake(
        "cut along the batch",
        did="`chunk(3)` cut the batch into three, since it cuts along axis 0 by default.",
        look="The three parts lie side by side: `dim=1`.",
        swap={
            "b_ih).chunk(3, dim=1)": "b_ih).chunk(3)",
            "b_hh).chunk(3, dim=1)": "b_hh).chunk(3)",
        },
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.gru_cell,
    oracle=by_torch,
    cases=cases,
    gradients=True,
    hints=(
        "Two products, one from x and one from h, each cut into three. For r and z their pieces are added right away.",
        "For the candidate they are kept apart: `tanh(x_n + r * h_n)`, where h_n is the finished piece, bias included.",
        "The new state is a mixture: `1 - z` of the candidate and `z` of the old one.",
    ),
    mistakes=MISTAKES,
)
