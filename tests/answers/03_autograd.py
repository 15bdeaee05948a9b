# 03.predict_grads


# Somebody for whom the second call finds no graph any more, and adds nothing.
# told: the second call replaces the first
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 4, "b.grad": 2, "a.grad after a second backward": 4.0}


# Somebody who lets the second call square what is there.
# told: wrong values
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 4, "b.grad": 2, "a.grad after a second backward": 16}


# Somebody who writes down what `out` is.
# told: wrong values
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 8, "b.grad": 8, "a.grad after a second backward": 16}


# Somebody who forgets the direct way, and lets the second call start anew.
# told: one way and no adding
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 3, "b.grad": 2, "a.grad after a second backward": 3}


# Somebody who gives the sum's share to b as well.
# told: too much for b
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 4, "b.grad": 3, "a.grad after a second backward": 8}


# Somebody who takes the second derivative.
# told: wrong values
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 4, "b.grad": 2, "a.grad after a second backward": 0}


# Somebody who multiplies the two ways.
# told: wrong values
@exercise("03.predict_grads")
def predict_grads():
    return {"a.grad": 6, "b.grad": 2, "a.grad after a second backward": 12}


# passes
@exercise("03.predict_grads")
def predict_grads():
    a = torch.tensor(2.0, requires_grad=True)
    b = torch.tensor(3.0, requires_grad=True)
    (a * b + a).backward()
    first, other = a.grad.item(), b.grad.item()
    (a * b + a).backward()
    return {
        "a.grad": first,
        "b.grad": other,
        "a.grad after a second backward": a.grad.item(),
    }


# 03.train_step


# Somebody who takes torch's optimizer.
# passes
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    optimizer = torch.optim.SGD([w1, w2], lr=learning_rate)
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(torch.relu(x @ w1) @ w2, y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(loss)


# Somebody who clears at the beginning only.
# told: gradients left behind
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    w1.grad = w2.grad = None
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    return loss.item()


# An optimizer that is never told to step.
# told: nothing moved
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    optimizer = torch.optim.SGD([w1, w2], lr=learning_rate)
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    optimizer.zero_grad()
    return loss.item()


# Adam for plain gradient descent.
# told: wrong values
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    optimizer = torch.optim.Adam([w1, w2], lr=learning_rate)
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


# Somebody who forgets the ReLU between the layers.
# told: ReLU left out
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = (x @ w1 @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()


# Somebody who exchanges the gradients.
# told: raised: can't stand side by side
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    w1.data -= learning_rate * w2.grad
    w2.data -= learning_rate * w1.grad
    w1.grad = w2.grad = None
    return loss.item()


# Somebody who moves w1, and then computes w2's gradient anew.
# told: wrong values
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    losses = []
    for w in (w1, w2):
        loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
        loss.backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
        w1.grad = w2.grad = None
        losses.append(loss.item())
    return losses[0]


# Somebody who reports the loss after the step.
# told: loss after the step
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean().backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
        w1.grad = w2.grad = None
        return ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean().item()


# Somebody who returns nothing.
# told: returned nothing
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None


# Everything within no_grad, the loss too.
# told: graph cut before backward
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    with torch.no_grad():
        loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
        loss.backward()
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()


# Somebody who never calls backward.
# told: backward forgotten
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()


# Somebody who asks for the gradients and leaves .grad alone.
# passes
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = ((x @ w1).relu() @ w2 - y).square().mean()
    d1, d2 = torch.autograd.grad(loss, (w1, w2))
    w1.data.sub_(learning_rate * d1)
    w2.data.sub_(learning_rate * d2)
    return loss.detach().numpy().item()


# Somebody who clears only one.
# told: gradients never zeroed
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= learning_rate * w1.grad
        w2 -= learning_rate * w2.grad
    w2.grad = None
    return loss.item()


# Somebody who assigns within no_grad: a new tensor under the old name.
# told: the leaf lost
@exercise("03.train_step")
def train_step(x, y, w1, w2, learning_rate):
    loss = ((x @ w1).clamp(min=0) @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 = w1 - learning_rate * w1.grad
        w2 = w2 - learning_rate * w2.grad
    w1.grad = w2.grad = None
    return loss.item()


# 03.value_ops


# Somebody who passes nothing back through relu.
# told: nothing passed back
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        return Value(max(self.data, 0.0), (self,))


# Somebody who calls pass_back at once, in place of hanging it on.
# told: pass_back called at once
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back()
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back()
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        out.pass_back = pass_back()
        return out


# Somebody who defines pass_back and forgets to hang it on, in the product.
# told: nothing passed back
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        return out


# Somebody who looks at the blame's sign in relu.
# told: relu looks at the blame
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += max(out.grad, 0.0)

        out.pass_back = pass_back
        return out


# Somebody who gives back plain numbers.
# told: raised
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        return self.data * other.data

    def __pow__(self, exponent):
        return self.data**exponent

    def relu(self):
        return max(self.data, 0.0)


# Somebody who gives the blame to the first factor only.
# told: second factor forgotten
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        out.pass_back = pass_back
        return out


# Somebody who takes the own gradient for the blame.
# told: nothing passed back
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += self.grad * other.data
            other.grad += other.grad * self.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += self.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def pass_back():
            self.grad += self.grad * (self.data > 0)

        out.pass_back = pass_back
        return out


# Somebody who forgets the parents: right here, and lost in the next exercise.
# told: parents left out
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data)

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent)

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        out = Value(max(self.data, 0.0))

        def pass_back():
            self.grad += out.grad * (self.data > 0)

        out.pass_back = pass_back
        return out


# Somebody who changes the value in place in relu.
# told: relu in place
@exercise("03.value_ops")
class Value(Node):
    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def pass_back():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out.pass_back = pass_back
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,))

        def pass_back():
            self.grad += out.grad * exponent * self.data ** (exponent - 1)

        out.pass_back = pass_back
        return out

    def relu(self):
        self.data = max(self.data, 0.0)
        return self


# passes
@exercise("03.value_ops")
class Value(Node):
    def _made(self, data, *shares):
        out = Value(data, tuple(parent for parent, _ in shares))

        def pass_back():
            for parent, slope in shares:
                parent.grad += slope * out.grad

        out.pass_back = pass_back
        return out

    def __mul__(self, other):
        return self._made(
            self.data * other.data, (self, other.data), (other, self.data)
        )

    def __pow__(self, exponent):
        slope = exponent * self.data**exponent / self.data
        return self._made(self.data**exponent, (self, slope))

    def relu(self):
        on = 1.0 if self.data > 0 else 0.0
        return self._made(on * self.data, (self, on))


# 03.value_backward


# Somebody who forgets that reversed makes a new order, and doesn't use it.
# told: from the leaves
@exercise("03.value_backward")
def backward(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    root.grad = 1.0
    reversed(order)
    for value in order:
        value.pass_back()


# Somebody who appends before visiting the parents.
# told: depth first
@exercise("03.value_backward")
def backward(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            order.append(value)
            for parent in value.parents:
                visit(parent)

    visit(root)
    root.grad = 1.0
    for value in order:
        value.pass_back()


# The same, and walked from its end.
# told: from the leaves
@exercise("03.value_backward")
def backward(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            order.append(value)
            for parent in value.parents:
                visit(parent)

    visit(root)
    root.grad = 1.0
    for value in reversed(order):
        value.pass_back()


# Somebody who only asks the root.
# told: from the leaves
@exercise("03.value_backward")
def backward(root):
    root.grad = 1.0
    root.pass_back()


# Somebody who keeps no record of what was seen, so that parents come many times.
# told: passed on at every visit
@exercise("03.value_backward")
def backward(root):
    root.grad = 1.0
    stack = [root]
    while stack:
        value = stack.pop()
        value.pass_back()
        stack.extend(value.parents)


# Somebody who clears the gradients on the way.
# told: root without blame
@exercise("03.value_backward")
def backward(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    root.grad = 1.0
    for value in reversed(order):
        value.pass_back()
        value.grad = 0.0


# Somebody who forgets pass_back's brackets.
# told: nothing passed on
@exercise("03.value_backward")
def backward(root):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for parent in value.parents:
                visit(parent)
            order.append(value)

    visit(root)
    root.grad = 1.0
    for value in reversed(order):
        value.pass_back


# Somebody who takes it for torch's.
# told: raised
@exercise("03.value_backward")
def backward(root):
    root.grad = 1.0
    root.backward()


# Somebody who starts from an order, and forgets the root.
# told: nothing passed on
@exercise("03.value_backward")
def backward(root):
    order, seen = [], set()

    def visit(value):
        for parent in value.parents:
            if parent not in seen:
                seen.add(parent)
                visit(parent)
                order.append(parent)

    visit(root)
    root.grad = 1.0
    for value in reversed(order):
        value.pass_back()


# passes
@exercise("03.value_backward")
def backward(root):
    waiting, todo, seen = {}, [root], {root}
    while todo:
        for parent in todo.pop().parents:
            waiting[parent] = waiting.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    root.grad, ready = 1.0, [root]
    while ready:
        value = ready.pop()
        value.pass_back()
        for parent in value.parents:
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)


# 03.second_derivative


# Somebody who asks for the slope without a sum.
# told: raised: starts from a single number
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope, x)
    return bend


# Somebody who calls backward twice: .grad adds the two up.
# told: slope still in .grad
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    f(x).sum().backward(create_graph=True)
    x.grad.sum().backward()
    return x.grad.detach()


# Somebody who keeps the graph, and doesn't record the slope.
# told: no record to follow
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, retain_graph=True)
    return torch.autograd.grad(slope.sum(), x)[0]


# Somebody who forgets the comma, and gets a tuple.
# told: raised: That is a plain tuple
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    return torch.autograd.grad(slope.sum(), x)


# Somebody who forgets requires_grad.
# told: no record to follow
@exercise("03.second_derivative")
def second_derivative(f, x):
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return bend


# Somebody who switches on requires_grad in the caller's x.
# passes
@exercise("03.second_derivative")
def second_derivative(f, x):
    x.requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return bend


# Somebody who takes the mean where a sum is due, twice.
# told: wrong values: factor that changes
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).mean(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.mean(), x)
    return bend


# Somebody who hands back the tuple of torch.
# told: wrong type
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    return torch.autograd.grad(slope.sum(), x)


# Somebody who uses f twice: f of f.
# told: wrong values
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(f(f(x)).sum(), x)[0]


# Differences of three values, far enough apart to be off.
# told: wrong values
@exercise("03.second_derivative")
def second_derivative(f, x):
    eps = 1e-2
    return (f(x + eps) - 2 * f(x) + f(x - eps)) / eps**2


# passes
@exercise("03.second_derivative")
def second_derivative(f, x):
    each = torch.func.grad(torch.func.grad(f))
    return torch.func.vmap(each)(x.reshape(-1)).reshape(x.shape)


# passes
@exercise("03.second_derivative")
def second_derivative(f, x):
    x = x.clone().requires_grad_(True)
    f(x).sum().backward(create_graph=True)
    slope, x.grad = x.grad, None
    slope.sum().backward()
    return x.grad


# 03.newton_step


# Somebody who hands back a tensor that still has its graph.
# passes
@exercise("03.newton_step")
def newton_step(f, x):
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), x)
    return x - slope / bend


# Somebody who takes the bend's size, so that the step always goes down.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    bend = second_derivative(f, x)
    return (x - slope / bend.abs()).detach()


# Somebody who halves, as in Taylor's series.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x)
    return (x - slope / (2 * second_derivative(f, x))).detach()


# Somebody who forgets brackets: x minus slope, all over the bend.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x)
    return ((x - slope) / second_derivative(f, x)).detach()


# Somebody who goes on until it is flat.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    for _ in range(20):
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(f(x).sum(), x)
        x = x - slope / second_derivative(f, x)
    return x.detach()


# Somebody who divides f by the bend.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    return x - f(x) / second_derivative(f, x)


# Somebody who adds up over all entries.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x)
    return (x - slope.sum() / second_derivative(f, x).sum()).detach()


# Somebody who divides by the slope squared.
# told: wrong values
@exercise("03.newton_step")
def newton_step(f, x):
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(x).sum(), x)
    return (x - slope / slope**2).detach()


# passes
@exercise("03.newton_step")
def newton_step(f, x):
    slope = torch.func.grad(lambda v: f(v).sum())(x)
    return torch.addcdiv(x, slope, second_derivative(f, x), value=-1)


# 03.hessian_vector


# Somebody who uses v as the weights in the first call.
# told: gradient times v
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x, grad_outputs=torch.tensor(1.0).double())
    return grad * v


# Somebody who multiplies entry by entry and forgets the sum.
# told: raised: starts from a single number
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x, create_graph=True)
    return torch.autograd.grad(grad * v, x)[0]


# Somebody who differentiates at x + v.
# told: wrong values
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    x = (x + v).detach().requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


# The difference of two gradients, one whole v apart.
# told: wrong values
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    def slope(x):
        x = x.detach().requires_grad_()
        return torch.autograd.grad(f(x), x)[0]

    return slope(x + v) - slope(x)


# Somebody who returns the directional derivative.
# told: wrong shape
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x, create_graph=True)
    return (grad @ v).detach()


# Somebody who takes the second derivative of before, made for one entry at a time.
# told: v multiplied afterwards
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    return second_derivative(f, x) * v


# The whole Hessian.
# told: wrong shape
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    return torch.autograd.functional.hessian(f, x)


# backward twice into the same .grad.
# told: gradient still in .grad
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    x = x.detach().requires_grad_()
    f(x).backward(create_graph=True)
    (x.grad @ v).backward()
    return x.grad.detach()


# passes
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    return torch.autograd.functional.hvp(f, x, v)[1]


# passes
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    return torch.func.jvp(torch.func.grad(f), (x,), (v,))[1]


# passes
@exercise("03.hessian_vector")
def hessian_vector(f, x, v):
    x = x.detach().requires_grad_()
    (grad,) = torch.autograd.grad(f(x), x, create_graph=True)
    return torch.autograd.grad(grad, x, grad_outputs=v)[0]
