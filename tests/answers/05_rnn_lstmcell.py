# 05.rnn_cell

# Somebody who joins the two and takes one matrix for both, in the other order.
# told: wrong values
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    both = torch.cat([h, x], dim=1)
    w = torch.cat([w_ih, w_hh], dim=1)
    return torch.tanh(both @ w.T + b_ih + b_hh)


# Somebody who goes over to NumPy for the tanh.
# told: raised: Python knows no `np` here. Is `import numpy
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    total = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    return torch.tensor(np.tanh(total.numpy()))


# Somebody who goes over to NumPy and stays there.
# told: wrong type
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    import numpy as np

    return np.tanh(
        x.numpy() @ w_ih.numpy().T
        + b_ih.numpy()
        + h.numpy() @ w_hh.numpy().T
        + b_hh.numpy()
    )


# Somebody who multiplies the two parts, as gates do.
# told: wrong values
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh((x @ w_ih.T + b_ih) * (h @ w_hh.T + b_hh))


# Somebody who adds the old state where its product is due.
# told: old state without its matrix
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h + b_hh)


# Somebody who writes the biases as one, twice.
# told: b_ih in both places
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_ih)


# Somebody who writes the new state over the old one.
# told: changed inputs
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    h.copy_(torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh))
    return h


# Somebody who remembers that torch's layers return a pair.
# told: wrong type
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    h = torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
    return h, h


# Somebody who wants no gradients, since it is only forward.
# told: wrong gradients: None comes back at all
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    with torch.no_grad():
        return torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


# Somebody who squashes the state's part alone.
# told: wrong values
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return x @ w_ih.T + b_ih + torch.tanh(h @ w_hh.T + b_hh)


# Somebody who builds a fresh layer of torch's, with weights of its own.
# told: wrong values
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    cell = nn.RNNCell(x.shape[1], h.shape[1])
    return cell(x, h)


# Somebody who builds a layer and gives it the weights, as copies.
# told: weights cut loose
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    cell = nn.RNNCell(x.shape[1], h.shape[1])
    cell.weight_ih.data = w_ih
    cell.weight_hh.data = w_hh
    cell.bias_ih.data = b_ih
    cell.bias_hh.data = b_hh
    return cell(x, h)


# Somebody who multiplies from the left, as textbooks do.
# told: raised: In `a @ b`, the columns of 1x2 must be as
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(w_ih @ x + b_ih + w_hh @ h + b_hh)


# Somebody who multiplies from the left, and forgets to turn the result back.
# told: wrong shape: right except for a transpose
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(w_ih @ x.T + b_ih[:, None] + w_hh @ h.T + b_hh[:, None])


# passes
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    both, w = torch.cat([x, h], dim=1), torch.cat([w_ih, w_hh], dim=1)
    return (both @ w.T + (b_ih + b_hh)).tanh()


# passes
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    return F.tanh(F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh))


# passes
@exercise("05.rnn_cell")
def rnn_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    rows = [torch.tanh(w_ih @ x[n] + b_ih + w_hh @ h[n] + b_hh) for n in range(len(x))]
    return torch.stack(rows)


# 05.unroll


# Somebody who returns inside the loop.
# told: returned within the loop
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for t in range(len(x)):
        h = cell(x[t], h)
        outputs.append(h)
        return torch.stack(outputs), h


# Somebody who returns the list as it is.
# told: wrong type
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h)
    return outputs, h


# Somebody who makes a tensor of the list by copying.
# told: outputs cut loose
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h.tolist())
    return torch.tensor(outputs), h


# Somebody who returns the pair the other way round.
# told: wrong shape: another order
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h)
    return h, torch.stack(outputs)


# Somebody who returns the outputs alone.
# told: wrong type
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs)


# Somebody who keeps the state with torch's axis for layers.
# told: wrong shape
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs), h.unsqueeze(0)


# Somebody who keeps the input where the state is due.
# told: wrong values
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(x_t)
    return torch.stack(outputs), h


# Somebody who keeps the state before each step.
# told: shifted by one step
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        outputs.append(h)
        h = cell(x_t, h)
    return torch.stack(outputs), h


# Somebody who writes the states over the input.
# told: changed inputs
@exercise("05.unroll")
def unroll(cell, x, h):
    for t in range(len(x)):
        h = cell(x[t], h)
        x[t] = h
    return x, h


# Somebody who fills a tensor of zeros, under no_grad to be allowed to.
# told: wrong gradients: None comes back at all
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = torch.zeros(len(x), *h.shape)
    with torch.no_grad():
        for t in range(len(x)):
            h = cell(x[t], h)
            outputs[t] = h
    return outputs, h


# Somebody who calls the cell with whole sequences.
# told: state not carried
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = cell(x, h)
    return outputs, outputs[-1]


# Somebody who counts from 1.
# told: first step skipped
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for t in range(1, len(x)):
        h = cell(x[t], h)
        outputs.append(h)
    return torch.stack(outputs), h


# Somebody who takes the first step before the loop, and the last one for another.
# told: last step missed
@exercise("05.unroll")
def unroll(cell, x, h):
    h = cell(x[0], h)
    outputs = [h]
    for x_t in x[1:-1]:
        h = cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs), h


# Somebody who calls the cell twice a step, once for the output and once for the state.
# told: wrong values
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = cell(x_t, h)
        outputs.append(cell(x_t, h))
    return torch.stack(outputs), h


# Somebody whose state adds up, since the cell's result is taken for a change.
# told: wrong values
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = []
    for x_t in x:
        h = h + cell(x_t, h)
        outputs.append(h)
    return torch.stack(outputs), h


# Somebody who gives each step the output before the last.
# told: wrong values
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = [cell(x[0], h)]
    for t in range(1, len(x)):
        outputs.append(cell(x[t], outputs[0]))
    return torch.stack(outputs), outputs[-1]


# passes
@exercise("05.unroll")
def unroll(cell, x, h):
    outputs = torch.empty(x.shape[0], *h.shape)
    for t in range(x.shape[0]):
        h = cell(x[t], h)
        outputs[t] = h
    return outputs, outputs[-1]


# passes
@exercise("05.unroll")
def unroll(cell, x, h):
    import itertools

    found = list(itertools.accumulate(x, lambda h, x_t: cell(x_t, h), initial=h))
    return torch.cat([state[None] for state in found[1:]]), found[-1]


# 05.predict_shapes


# Somebody who takes T for the batch throughout.
# told: wrong values
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (6, 7, 5),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": (20, 10),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (6, 2, 5),
    }


# Somebody who thinks that h_n has directions and layers on axes of their own.
# told: wrong shape
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (3, 2, 2, 5),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": (20, 10),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (3, 2, 2, 5),
    }


# Somebody who thinks that the two directions share one tall weight.
# told: one weight for both directions
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (6, 2, 5),
        "weight_ih_l0": (40, 4),
        "weight_ih_l1": (40, 10),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (6, 2, 5),
    }


# Somebody who thinks of the GRU's three.
# told: three gates, no candidate
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (6, 2, 5),
        "weight_ih_l0": (15, 4),
        "weight_ih_l1": (15, 10),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (6, 2, 5),
    }


# Somebody for whom all layers read the hidden state of one direction, and h_n one too.
# told: directions not side by side; directions forgotten in h_n; second layer reads one direction
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 5),
        "h_n": (3, 2, 5),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": (20, 5),
        "output, batch_first": (2, 7, 5),
        "h_n, batch_first": (3, 2, 5),
    }


# Somebody who thinks that the input's weight holds the state's, too.
# told: state's weights joined on
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (6, 2, 5),
        "weight_ih_l0": (20, 9),
        "weight_ih_l1": (20, 15),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (6, 2, 5),
    }


# Somebody who gives h_n one entry for each step.
# told: wrong values
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (7, 2, 10),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": (20, 10),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (2, 7, 10),
    }


# Somebody who has filled in half of it.
# told: returned nothing
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (6, 2, 5),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": None,
        "output, batch_first": None,
        "h_n, batch_first": None,
    }


# Somebody who forgets the second direction, but not in the output.
# told: directions forgotten in h_n; second layer reads one direction
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": (7, 2, 10),
        "h_n": (3, 2, 5),
        "weight_ih_l0": (20, 4),
        "weight_ih_l1": (20, 5),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": (3, 2, 5),
    }


# passes
@exercise("05.predict_shapes")
def predict_shapes():
    return {
        "output": [7, 2, 2 * 5],
        "h_n": torch.Size([6, 2, 5]),
        "weight_ih_l0": (4 * 5, 4),
        "weight_ih_l1": (4 * 5, 2 * 5),
        "output, batch_first": (2, 7, 10),
        "h_n, batch_first": torch.tensor([6, 2, 5]),
    }


# 05.clip_gradient_norm


# Somebody who takes the mean of the norms.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = sum(g.norm() for g in grads) / len(grads)
    return [g * min(1, max_norm / (norm + 1e-6)) for g in grads]


# Somebody who forgets the case of small gradients: nothing is returned for them.
# told: returned nothing
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    if norm > max_norm:
        return [g * max_norm / norm for g in grads]


# Somebody who calls torch's own, which changes in place what has a `.grad`.
# told: wrong type
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    return nn.utils.clip_grad_norm_(grads, max_norm)


# Somebody who lets torch work on parameters, and returns its norm.
# told: wrong type
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in grads]
    for p, g in zip(parameters, grads):
        p.grad = g.clone()
    return nn.utils.clip_grad_norm_(parameters, max_norm)


# Somebody who scales by the inverse factor.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    if norm <= max_norm:
        return grads
    return [g * norm / max_norm for g in grads]


# Somebody who subtracts what is too much of the norm from each entry.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    extra = max(0, norm - max_norm)
    return [g - extra for g in grads]


# Somebody who divides by the norm and forgets max_norm where it is small, too.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    return [g / (norm + 1e-6) for g in grads]


# Somebody who returns one long vector.
# told: wrong type
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    flat = torch.cat([g.flatten() for g in grads])
    norm = flat.norm()
    return flat * min(1.0, max_norm / (norm + 1e-6))


# Somebody who takes the norm of the first tensor for all.
# told: norm of the first tensor
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = grads[0].norm()
    if norm > max_norm:
        return [g * max_norm / norm for g in grads]
    return grads


# Somebody who limits the squares, and takes no root of the factor.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    squared = sum((g**2).sum() for g in grads)
    if squared > max_norm**2:
        return [g * max_norm**2 / squared for g in grads]
    return grads


# Somebody who turns the comparison round.
# told: never scaled down
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    if norm < max_norm:
        return [g * max_norm / (norm + 1e-12) for g in grads]
    return grads


# Somebody who divides by the size, a root mean square.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    flat = torch.cat([g.flatten() for g in grads])
    norm = (flat**2).mean().sqrt()
    return [g * (max_norm / (norm + 1e-6)).clamp(max=1) for g in grads]


# Somebody who sums before squaring.
# told: wrong values
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum(g.sum() ** 2 for g in grads))
    return [g * (max_norm / (norm + 1e-6)).clamp(max=1) for g in grads]


# Somebody who forgets that sum() wants numbers, and calls sum on the tensors.
# told: raised: These shapes can't stand side by side. Read
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.sqrt(sum(g**2 for g in grads).sum())
    return [g * (max_norm / (norm + 1e-6)).clamp(max=1) for g in grads]


# Somebody who stacks tensors of different shapes.
# told: raised: Arrays that are joined must have the same
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.stack(grads).norm()
    return [g * (max_norm / (norm + 1e-6)).clamp(max=1) for g in grads]


# Somebody who forgets zero, where the factor is made by division alone.
# told: raised: Something was divided by zero. Which of the
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    import math

    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    scale = min(1.0, max_norm / norm)
    return [g * scale for g in grads]


# passes
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = torch.stack([g.norm() for g in grads]).norm()
    return [g * torch.clamp(max_norm / (norm + 1e-6), max=1.0) for g in grads]


# passes
@exercise("05.clip_gradient_norm")
def clip_gradient_norm(grads, max_norm):
    norm = sum(g.pow(2).sum().item() for g in grads) ** 0.5
    if norm > max_norm:
        grads = tuple(g / norm * max_norm for g in grads)
    return grads


# 05.lstm_cell


# A language model that remembers Keras, whose order is i, f, c, o, with c named g twice.
# told: wrong values
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    g, i, f, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who takes i, o, f, g, as an older framework does.
# told: wrong values
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, o, f, g = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who squashes all four at once, by tanh.
# told: gates through tanh
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = torch.tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
    i, f, g, o = sums.chunk(4, dim=1)
    c = f * c + i * g
    return o * torch.tanh(c), c


# Somebody who forgets to squash the gates.
# told: gates not squashed
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = f * c + i * torch.tanh(g)
    return o * torch.tanh(c), c


# Somebody who forgets the output gate's sigmoid alone.
# told: wrong values
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return o * torch.tanh(c), c


# Somebody who takes tanh of the output gate's own sum.
# told: wrong values
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.tanh(o) * torch.sigmoid(c), c


# Somebody who returns h alone.
# told: wrong type
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c)


# Somebody who exchanges f and i in the memory.
# told: forget before input
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(i) * c + torch.sigmoid(f) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who updates c in place.
# told: changed inputs
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c *= torch.sigmoid(f)
    c += torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who returns the old c.
# told: old cell state returned
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(new), c


# Somebody who makes the memory from what is shown: tanh(c) is returned.
# told: cell state returned squashed
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.tanh(torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g))
    return torch.sigmoid(o) * c, c


# Somebody who splits by four, which is the size of a piece for torch.
# told: split for chunk
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.split(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who adds no bias at all.
# told: both biases left out
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + h @ w_hh.T
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who multiplies where the two parts of the memory are added.
# told: wrong values
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c * torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who forgets the transpose of the square matrices only.
# told: raised: In `a @ b`, the columns of 1x1 must be as
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# Somebody who detaches the memory, to save memory.
# told: past cut off
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    sums = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    i, f, g, o = sums.chunk(4, dim=1)
    c = torch.sigmoid(f) * c.detach() + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# passes
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    H = h.shape[1]
    s = F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh)
    i, f, o = (torch.sigmoid(s[:, k * H : (k + 1) * H]) for k in (0, 1, 3))
    c = f * c + i * s[:, 2 * H : 3 * H].tanh()
    return [o * c.tanh(), c]


# passes
@exercise("05.lstm_cell")
def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    pieces = zip(w_ih.chunk(4), w_hh.chunk(4), b_ih.chunk(4), b_hh.chunk(4))
    i, f, g, o = (x @ a.T + p + h @ b.T + q for a, b, p, q in pieces)
    c = c / (1 + torch.exp(-f)) + torch.tanh(g) / (1 + torch.exp(-i))
    return torch.tanh(c) / (1 + torch.exp(-o)), c


# 05.gru_cell


# Somebody who takes the order from the alphabet.
# told: wrong values
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_n, x_r, x_z = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_n, h_r, h_z = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


# Somebody who exchanges the gates' parts, and turns the mixture round.
# told: wrong values
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_z, x_r, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_z, h_r, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return z * torch.tanh(x_n + r * h_n) + (1 - z) * h


# Somebody who updates through the reset gate.
# told: z before r
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + z * h_n)
    return (1 - r) * n + r * h


# Somebody who squashes the state once more at the end.
# told: wrong values
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return torch.tanh((1 - z) * n + z * h)


# Somebody who lets the reset gate act on the old state in the mixture, too.
# told: wrong values
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return (1 - z) * n + z * r * h


# Somebody who forgets the candidate's tanh.
# told: candidate not squashed
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * (x_n + r * h_n) + z * h


# Somebody who forgets that the old state takes part in the gates.
# told: wrong values
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r), torch.sigmoid(x_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


# Somebody who returns the pair that nn.GRU returns.
# told: wrong type
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    h = (1 - z) * torch.tanh(x_n + r * h_n) + z * h
    return h, h


# Somebody who cuts into four, out of habit.
# told: raised: What stands right of the `=` has another
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    i, f, g, o = (x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4, dim=1)
    z = torch.sigmoid(f)
    return (1 - z) * torch.tanh(g) + z * h


# Somebody who changes the old state in place.
# told: changed inputs
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    h *= z
    h += (1 - z) * n
    return h


# Somebody who multiplies the shares into one another.
# told: wrong values
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return torch.tanh(x_n + r * h_n) + z * h - z


# Somebody who adds no bias.
# told: both biases left out
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


# passes
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    H = h.shape[1]
    gx, gh = F.linear(x, w_ih, b_ih), F.linear(h, w_hh, b_hh)
    rz = (gx + gh)[:, : 2 * H].sigmoid()
    n = (gx[:, 2 * H :] + rz[:, :H] * gh[:, 2 * H :]).tanh()
    return n + rz[:, H:] * (h - n)


# passes
@exercise("05.gru_cell")
def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=1)
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return torch.lerp(torch.tanh(x_n + r * h_n), h, z)


# 05.last_valid_state


# Somebody who counts one less than it takes.
# told: one step too early
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs[lengths - 2, torch.arange(len(lengths))]


# Somebody who takes the last of those that aren't zero.
# told: wrong values
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return torch.stack(
        [outputs[: lengths[n], n].max(dim=0).values for n in range(len(lengths))]
    )


# Somebody who returns a list.
# told: wrong type
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return [outputs[l - 1, n] for n, l in enumerate(lengths)]


# Somebody who returns inside the loop.
# told: wrong shape
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    for n in range(len(lengths)):
        return outputs[lengths[n] - 1, n]


# Somebody who takes all steps up to the last one.
# told: raised: Arrays that are joined must have the same
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return torch.stack([outputs[: lengths[n], n] for n in range(len(lengths))])


# Somebody who takes the shortest one's end for all.
# told: wrong values
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs[lengths.min() - 1]


# Somebody who gathers, and leaves the axis of time in place.
# told: wrong shape
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    index = (lengths - 1)[None, :, None].expand(1, -1, outputs.shape[2])
    return outputs.gather(0, index)


# Somebody who gathers without widening the index.
# told: wrong shape
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    index = (lengths - 1)[None, :, None]
    return outputs.gather(0, index).squeeze(0)


# Somebody who picks along the features.
# told: raised: An index points past the end. Counting starts
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs[lengths - 1, :, torch.arange(len(lengths))]


# Somebody who moves the batch to the front, and then forgets to swap the indices.
# told: raised: An index points past the end. Counting starts
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs.transpose(0, 1)[lengths - 1, torch.arange(len(lengths))]


# Somebody who writes a vectorised selection as a slice.
# told: raised: One number is needed here, and an array came.
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs[: lengths - 1]


# Somebody who sorts by length, and leaves the batch sorted.
# told: wrong values
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    order = lengths.argsort(descending=True)
    return outputs[lengths[order] - 1, order]


# Somebody who goes over the steps, and takes len(outputs) for the batch.
# told: raised: These shapes can't stand side by side. Read
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs[lengths - 1, torch.arange(len(outputs))]


# passes
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return torch.stack([outputs[int(l) - 1, n] for n, l in enumerate(lengths)])


# passes
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    index = (lengths - 1)[None, :, None].expand(1, -1, outputs.shape[2])
    return torch.gather(outputs, 0, index)[0]


# passes
@exercise("05.last_valid_state")
def last_valid_state(outputs, lengths):
    return outputs[lengths - 1].diagonal().T
