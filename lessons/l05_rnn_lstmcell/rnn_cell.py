"""One step of a plain recurrent network."""

from torch import nn

from diagnose import Exercise, Mistake
from lessons import about
from lessons.l05_rnn_lstmcell import solutions
from lessons.l05_rnn_lstmcell._cells import cell_cases, torch_cell


def by_torch(x, h, *weights):
    """The oracle: torch's RNNCell. x (N, D_in), h (N, D_hidden); a state like h."""
    return torch_cell(nn.RNNCell, x, h, *weights)


def cases(rng):
    """x (N, D_in), h (N, D_hidden), two weights and two biases for one linear layer."""
    yield from cell_cases(rng, gates=1, states=1)


MISTAKES = (
    Mistake(
        "sigmoid for tanh",
        did="You squashed the sum with a sigmoid, so that no state is ever negative.",
        look="The plain cell uses `torch.tanh`, which reaches from -1 to 1.",
        swap={"torch.tanh": "torch.sigmoid"},
    ),
    Mistake(
        "relu for tanh",
        did="You cut the sum off with relu, so that a state has no upper bound.",
        look="torch can be asked for that; by default it is `torch.tanh`.",
        swap={"torch.tanh": "torch.relu"},
    ),
    Mistake(
        "nothing squashed",
        did="You returned the sum as it is.",
        look="Without a bend, all steps together would be one linear map: take tanh of the sum.",
        swap={"torch.tanh(": "", " + b_hh)": " + b_hh"},
    ),
    Mistake(
        "squashed apart",
        did="You took tanh of the input's part and of the state's part, and then added the two.",
        look="First everything is added; then the bend is taken once.",
        swap={"b_ih + h @": "b_ih) + torch.tanh(h @"},
    ),
    Mistake(
        "old state left out",
        did="The next state depends on the input alone: nothing is remembered.",
        look="The old state comes in through `w_hh`, with its bias `b_hh`.",
        swap=[{" + h @ w_hh.T + b_hh": ""}, {" + h @ w_hh.T": ""}],
    ),
    Mistake(
        "old state without its matrix",
        did="You added the old state as it is; `w_hh` isn't used.",
        look="The old state passes through its matrix first: `h @ w_hh.T`.",
        swap={"h @ w_hh.T": "h"},
    ),
    Mistake(
        "old state added on top",
        did="You added the old state to the tanh, as in a residual connection.",
        look="The old state enters once, through `w_hh`, inside the tanh.",
        swap={"torch.tanh": "h + torch.tanh"},
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
        "b_ih in both places",
        did="You added `b_ih` twice, and `b_hh` not at all.",
        look="Each of the two matrices has a bias of its own: `b_hh` goes with `w_hh`.",
        swap={" + b_hh": " + b_ih"},
    ),
    Mistake(
        "biases outside",
        did="You added the biases after the tanh.",
        look="They belong to the two linear layers: inside, before the bend.",
        swap={" + b_ih": "", " + b_hh)": ") + b_ih + b_hh"},
    ),
    Mistake(
        "weights not transposed",
        did="You multiplied by a weight as it is stored.",
        look="torch keeps weights as (D_out, D_in), so each of them needs a `.T`.",
        swap={"w_ih.T": "w_ih", "w_hh.T": "w_hh"},
    ),
    Mistake(
        "w_hh not transposed",
        did="You transposed `w_ih`, and not `w_hh`: it is square and won't complain.",
        look="Both are kept as (D_out, D_in): both need a `.T`.",
        swap={"w_hh.T": "w_hh"},
    ),
    Mistake(
        "matrices exchanged",
        did="You multiplied the input by `w_hh` and the state by `w_ih`.",
        look="In `w_ih`, i is the input and h the hidden state that it leads to.",
        swap={"w_ih.T": "w_hh.T", "w_hh.T": "w_ih.T"},
    ),
    Mistake(
        "past cut off",
        did="The value is right, and no gradient reaches the old state.",
        look="Leave out `.detach()` and `.data`: blame has to travel back in time.",
        swap={"h @": "h.detach() @"},
    ),
    Mistake(
        "weights cut loose",
        did="The value is right, and no gradient reaches weights and biases.",
        look="Compute with the tensors that you were given: `.data`, `.detach()` and a new `nn.Parameter` begin a trail of their own.",
        code="""
from torch import nn


def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    cell = nn.RNNCell(x.shape[1], h.shape[1])
    cell.weight_ih = nn.Parameter(w_ih)
    cell.weight_hh = nn.Parameter(w_hh)
    cell.bias_ih = nn.Parameter(b_ih)
    cell.bias_hh = nn.Parameter(b_hh)
    return cell(x, h)
""",
    ),
)

EXERCISE = Exercise(
    **about(__name__),
    reference=solutions.rnn_cell,
    oracle=by_torch,
    cases=cases,
    gradients=True,
    hints=(
        "Two linear layers, one for the input and one for the state, are added; then tanh is taken of the sum.",
        "torch keeps a weight as (D_out, D_in), so it is `x @ w_ih.T`.",
    ),
    mistakes=MISTAKES,
)
