"""One step of a long short-term memory."""

from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions
from lessons.l05_rnn_lstmcell._cells import cell_cases, torch_cell


def by_torch(x, h, c, *weights):
    """The oracle: torch's LSTMCell. x (N, D_in), h and c (N, D_hidden); a pair of such."""
    return torch_cell(nn.LSTMCell, x, (h, c), *weights)


def cases(rng):
    """x (N, D_in), h and c (N, D_hidden), weights and biases for four linear layers."""
    yield from cell_cases(rng, gates=4, states=2)


MISTAKES = (
    Mistake(
        "output before candidate",
        did="You cut the sums in the order i, f, o, g.",
        look="torch's order is i, f, g, o: the candidate is the third piece.",
        swap={"i, f, g, o =": "i, f, o, g ="},
    ),
    Mistake(
        "forget before input",
        did="Input gate and forget gate have exchanged their places, as in the order f, i, g, o that many papers have.",
        look="torch's order is i, f, g, o; f says what stays of c, i what comes in.",
        swap={"i, f, g, o =": "f, i, g, o ="},
    ),
    Mistake(
        "tanh and sigmoid swapped",
        did="Your gates pass through tanh and the candidate through sigmoid.",
        look="A gate says how much, from 0 to 1; the candidate may be negative.",
        swap={
            "torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)": "torch.tanh(i), torch.tanh(f), torch.tanh(o)",
            "torch.tanh(g)": "torch.sigmoid(g)",
        },
    ),
    Mistake(
        "gates through tanh",
        did="Your gates pass through tanh, so that they may be negative.",
        look="A gate says how much, from 0 to 1: sigmoid.",
        swap={
            "torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)": "torch.tanh(i), torch.tanh(f), torch.tanh(o)"
        },
    ),
    Mistake(
        "gates not squashed",
        did="You took the gates' sums as they are, so a gate can be of any size.",
        look="A gate says how much, from 0 to 1: i, f and o take sigmoid.",
        swap={
            "    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)\n": ""
        },
    ),
    Mistake(
        "candidate through sigmoid",
        did="The candidate passed through sigmoid like the gates, so c can only be added to.",
        look="The candidate g takes tanh: it may push c down as well.",
        swap={"torch.tanh(g)": "torch.sigmoid(g)"},
    ),
    Mistake(
        "candidate not squashed",
        did="The candidate went in without its tanh.",
        look="The three gates take sigmoid, the candidate takes tanh.",
        swap={"torch.tanh(g)": "g"},
    ),
    Mistake(
        "candidate squashed twice",
        did="You took sigmoid of all four sums, and tanh of the candidate on top.",
        look="Cut first: i, f and o take sigmoid, and g takes tanh and nothing else.",
        swap={
            "sums.chunk": "torch.sigmoid(sums).chunk",
            "    i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)\n": "",
        },
    ),
    Mistake(
        "old cell state lost",
        did="The new cell state is `i * g` alone: nothing is kept.",
        look="What the forget gate lets through of the old c is added.",
        swap={"f * c + ": ""},
    ),
    Mistake(
        "nothing ever forgotten",
        did="You kept the whole old cell state: the forget gate isn't used.",
        look="The old c is multiplied by f before anything is added.",
        swap={"f * c": "c"},
    ),
    Mistake(
        "candidate let in whole",
        did="You added the whole candidate: the input gate isn't used.",
        look="How much of g comes in is what i says: `i * g`.",
        swap={"i * torch.tanh(g)": "torch.tanh(g)"},
    ),
    Mistake(
        "one gate for both",
        did="You let in what was forgotten, `(1 - f) * g`, as a GRU does.",
        look="An LSTM has a gate for each: f for the old c, i for the candidate.",
        swap={"i * torch.tanh(g)": "(1 - f) * torch.tanh(g)"},
    ),
    Mistake(
        "forget gate turned round",
        did="You kept `1 - f` of the old cell state.",
        look="Despite its name, f is the share that is *kept*: at f = 1 all of it.",
        swap={"f * c": "(1 - f) * c"},
    ),
    Mistake(
        "output from the old cell state",
        did="The new h was made from the old cell state; what came in at this step can't be seen yet.",
        look="Update c first, and make h from the new one.",
        swap={
            "c = f * c": "h = o * torch.tanh(c)\n    c = f * c",
            "return o * torch.tanh(c), c": "return h, c",
        },
    ),
    Mistake(
        "sigmoid at the output",
        did="You squashed c with a sigmoid on its way out.",
        look="What is shown is `tanh(c)`, which may be negative.",
        swap={"torch.tanh(c)": "torch.sigmoid(c)"},
    ),
    Mistake(
        "cell state shown bare",
        did="You multiplied the output gate by c itself.",
        look="c may have grown large; h shows `tanh(c)`, as far as o opens.",
        swap={"torch.tanh(c)": "c"},
    ),
    Mistake(
        "output gate left out",
        did="Your h is `tanh(c)`: the output gate isn't used.",
        look="How much of it is shown is what o says.",
        swap={"o * torch.tanh(c)": "torch.tanh(c)"},
    ),
    Mistake(
        "old cell state returned",
        did="Your h is right, and as c you returned the old cell state.",
        look="The next step goes on from the new one.",
        swap={"c = f * c": "c_next = f * c", "torch.tanh(c)": "torch.tanh(c_next)"},
    ),
    Mistake(
        "cell state returned squashed",
        did="You returned `tanh(c)` as the new cell state.",
        look="The tanh is for what is shown, h. c itself goes on as it is.",
        swap={
            "f * c + i * torch.tanh(g)": "torch.tanh(f * c + i * torch.tanh(g))",
            "o * torch.tanh(c)": "o * c",
        },
    ),
    Mistake(
        "h and c exchanged",
        did="You returned c first and h second.",
        look="h comes first, as torch's cell has it.",
        swap={"o * torch.tanh(c), c": "c, o * torch.tanh(c)"},
    ),
    Mistake(
        "old state left out",
        did="The gates see the input only: h isn't used.",
        look="The old h comes in through `w_hh`, with its bias `b_hh`.",
        swap=[{" + h @ w_hh.T + b_hh": ""}, {" + h @ w_hh.T": ""}],
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
        "gates from the cell state",
        did="You computed the gates from x and c.",
        look="The gates see x and h; c is kept out of their sight.",
        swap={"h @ w_hh.T": "c @ w_hh.T"},
    ),
    Mistake(
        "h kept for c",
        did="You let the forget gate act on the old h.",
        look="What is kept from step to step is c: `f * c + i * g`.",
        swap={"f * c": "f * h"},
    ),
    Mistake(
        "gates interleaved",
        did="You took every fourth number for the same gate.",
        look="Each gate is one piece of D_hidden numbers in a row: `chunk(4, dim=1)`.",
        swap={"sums.chunk(4, dim=1)": "(sums[:, k::4] for k in range(4))"},
    ),
    Mistake(
        "cut along the batch",
        did="`chunk(4)` cut the batch into four: by default it cuts along axis 0.",
        look="The four gates lie side by side: `dim=1`.",
        swap={"chunk(4, dim=1)": "chunk(4)"},
    ),
    Mistake(
        "split for chunk",
        did="torch's `split(4)` makes pieces of size 4, as many as that takes.",
        look="`chunk(4, dim=1)` makes four pieces.",
        swap={"chunk": "split"},
    ),
    Mistake(
        "past cut off",
        did="The values are right, and no gradient reaches the old cell state.",
        look="Leave out `.detach()` and `.data`: along c, blame travels far back in time.",
        swap={"f * c": "f * c.detach()"},
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.lstm_cell,
    oracle=by_torch,
    cases=cases,
    gradients=True,
    returns=("h", "c"),
    hints=(
        "All four sums come from one product, as in `rnn_cell`: (N, 4 * D_hidden). `chunk(4, dim=1)` cuts it into the four.",
        "The gates i, f, o pass through sigmoid, the candidate g through tanh.",
        "The new c is `f * c + i * g`; the new h is `o * tanh(c)`, with the new c.",
    ),
    mistakes=MISTAKES,
)
