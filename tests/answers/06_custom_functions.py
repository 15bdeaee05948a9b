# 06.mul_constant


# Somebody who forgets the decorators of a Function.
# passes
@exercise("06.mul_constant")
class MulConstant(Function):
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    def backward(ctx, blame):
        return blame * ctx.constant, None


# Somebody who writes self, as in a Module.
# told: self in front of ctx
@exercise("06.mul_constant")
class MulConstant(Function):
    def forward(self, ctx, x, constant):
        ctx.constant = constant
        return x * constant

    def backward(self, ctx, blame):
        return blame * ctx.constant, None


# Somebody who makes a Module of it.
# told: defined differently
@exercise("06.mul_constant")
class MulConstant(nn.Module):
    def __init__(self, constant):
        super().__init__()
        self.constant = constant

    def forward(self, x):
        return x * self.constant


# Somebody who makes a tensor of the number, to be able to save it.
# passes
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.save_for_backward(torch.tensor(constant))
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        (constant,) = ctx.saved_tensors
        return blame * constant, None


# Somebody who returns a list.
# told: raised
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        return [blame * ctx.constant, None]


# Somebody who forgets to return from backward.
# told: raised
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        blame * ctx.constant


# Somebody who returns one gradient too many: one for ctx.
# told: None in front
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        return None, blame * ctx.constant, None


# Somebody who sums the blame, as for a number.
# told: wrong shape
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        return (blame * ctx.constant).sum(), None


# Somebody who calls backward's argument by another name, and uses the old one.
# told: raised: Python knows no `blame` here. Otherwise: is
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, grad_output):
        return blame * ctx.constant, None


# Somebody who changes the blame in place.
# told: changed inputs
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.constant = constant
        return x * constant

    @staticmethod
    def backward(ctx, blame):
        blame *= ctx.constant
        return blame, None


# Somebody who adds, and passes the blame on.
# told: wrong values
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        return x + constant

    @staticmethod
    def backward(ctx, blame):
        return blame, None


# passes
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(ctx, x, constant):
        ctx.c = constant
        return constant * x

    @staticmethod
    def backward(ctx, grad_output):
        grad_x = None
        if ctx.needs_input_grad[0]:
            grad_x = ctx.c * grad_output
        return grad_x, None


# passes
@exercise("06.mul_constant")
class MulConstant(Function):
    @staticmethod
    def forward(x, constant):
        return x * constant

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.constant = inputs[1]

    @staticmethod
    def backward(ctx, blame):
        return blame * ctx.constant, None


# 06.linear_function


# Somebody who calls torch's own layer inside, and lets autograd do the way back.
# told: wrong type
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        return nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, blame):
        return blame, blame, blame


# Somebody who saves the bias along, and unpacks two.
# told: raised: What stands right of the `=` has another
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight = ctx.saved_tensors
        return blame @ weight, blame.T @ x, blame.sum(0)


# Somebody who multiplies by the transpose on the way back.
# told: raised: In `a @ b`, the columns of 1x3 must be as
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dbias = None if bias is None else blame.sum(0)
        return blame @ weight.T, blame.T @ x, dbias


# Somebody who keeps an axis in the sum for the bias.
# told: wrong shape
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dbias = None if bias is None else blame.sum(0, keepdim=True)
        return blame @ weight, blame.T @ x, dbias


# Somebody who takes ones for the bias's gradient.
# told: wrong values
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dbias = None if bias is None else torch.ones_like(bias)
        return blame @ weight, blame.T @ x, dbias


# Somebody who sums everything for the bias.
# told: wrong shape
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dbias = None if bias is None else blame.sum()
        return blame @ weight, blame.T @ x, dbias


# Somebody who exchanges bias and weight on the way back.
# told: returned nothing
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dbias = None if bias is None else blame.sum(0)
        return blame @ weight, dbias, blame.T @ x


# Somebody who returns the weight's gradient only where it is wanted, and x's always None.
# told: returned nothing
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x @ weight.T
        return out if bias is None else out + bias

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dbias = None if bias is None else blame.sum(0)
        return None, blame.T @ x, dbias


# Somebody who forgets the bias in what is returned where there is none.
# told: raised: `backward` returns one thing for each of the
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        return nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        if bias is None:
            return blame @ weight, blame.T @ x
        return blame @ weight, blame.T @ x, blame.sum(0)


# Somebody who tests the bias's gradient by whether it is asked for, and the others too.
# passes
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        out = x.mm(weight.t())
        if bias is not None:
            out += bias.unsqueeze(0).expand_as(out)
        return out

    @staticmethod
    def backward(ctx, grad_output):
        x, weight, bias = ctx.saved_tensors
        grad_x = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_x = grad_output.mm(weight)
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t().mm(x)
        if bias is not None and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(0)
        return grad_x, grad_weight, grad_bias


# passes
@exercise("06.linear_function")
class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        return torch.einsum("ni,oi->no", x, weight) + (0 if bias is None else bias)

    @staticmethod
    def backward(ctx, blame):
        x, weight, bias = ctx.saved_tensors
        dx = torch.einsum("no,oi->ni", blame, weight)
        dweight = torch.einsum("no,ni->oi", blame, x)
        return dx, dweight, None if bias is None else torch.einsum("no->o", blame)


# 06.function_or_module


# Somebody who turns everything round.
# told: weights kept in a Function; backward written in a Module; a Module called through apply; state_dict of a Function; nested the other way round; a Module as one node
@exercise("06.function_or_module")
def function_or_module():
    return {
        "keeps the weights from one call to the next": "Function",
        "comes with a backward that you write": "Module",
        "is called through apply": "Module",
        "fills the state_dict": "Function",
        "calls the other one in its forward": "Function",
        "is one single node in autograd's graph": "Module",
    }


# Somebody for whom everything is a Module.
# told: backward written in a Module; a Module called through apply; a Module as one node
@exercise("06.function_or_module")
def function_or_module():
    return dict.fromkeys(
        [
            "keeps the weights from one call to the next",
            "comes with a backward that you write",
            "is called through apply",
            "fills the state_dict",
            "calls the other one in its forward",
            "is one single node in autograd's graph",
        ],
        "Module",
    )


# Somebody who writes the words in torch's spelling.
# told: wrong values
@exercise("06.function_or_module")
def function_or_module():
    return {
        "keeps the weights from one call to the next": "nn.Module",
        "comes with a backward that you write": "autograd.Function",
        "is called through apply": "autograd.Function",
        "fills the state_dict": "nn.Module",
        "calls the other one in its forward": "nn.Module",
        "is one single node in autograd's graph": "autograd.Function",
    }


# Somebody who answers with the classes themselves.
# told: wrong type
@exercise("06.function_or_module")
def function_or_module():
    return {
        "keeps the weights from one call to the next": nn.Module,
        "comes with a backward that you write": Function,
        "is called through apply": Function,
        "fills the state_dict": nn.Module,
        "calls the other one in its forward": nn.Module,
        "is one single node in autograd's graph": Function,
    }


# Somebody who says both where both seem to fit.
# told: wrong values
@exercise("06.function_or_module")
def function_or_module():
    return {
        "keeps the weights from one call to the next": "Module",
        "comes with a backward that you write": "Function",
        "is called through apply": "both",
        "fills the state_dict": "Module",
        "calls the other one in its forward": "Module",
        "is one single node in autograd's graph": "Function",
    }


# passes
@exercise("06.function_or_module")
def function_or_module():
    return {
        "keeps the weights from one call to the next": "module",
        "comes with a backward that you write": "function",
        "is called through apply": "function ",
        "fills the state_dict": "MODULE",
        "calls the other one in its forward": "module",
        "is one single node in autograd's graph": "function",
    }


# 06.linear_module


# Somebody who makes the sizes' order that of the arguments.
# told: raised: In `a @ b`, the columns of 1x2 must be as
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(in_features, out_features).uniform_(-b, b)
        )
        self.bias = (
            nn.Parameter(torch.empty(out_features).uniform_(-b, b)) if bias else None
        )

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who takes randn, as most do.
# told: weights too large
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.randn(out_features))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who draws from a bell curve of the right spread.
# told: weights too large; all biases alike
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(
            torch.randn(out_features, in_features) / in_features**0.5
        )
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who starts the bias at zero, as lesson 08 will.
# told: all biases alike
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who writes 2 * rand - 1, and b comes from the outputs.
# told: weights too large
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = 1 / out_features**0.5
        self.weight = nn.Parameter((2 * torch.rand(out_features, in_features) - 1) * b)
        if bias:
            self.bias = nn.Parameter((2 * torch.rand(out_features) - 1) * b)
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who calls the Function without apply.
# told: wrong type
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who draws the weights in every forward.
# told: memory left as it was; bias left as memory had it
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        b = self.in_features**-0.5
        self.weight.data.uniform_(-b, b)
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# Somebody who forgets extra_repr.
# told: nothing printed between the brackets
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)


# Somebody who returns the whole line from extra_repr.
# told: Linear written once more
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"Linear(in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None})"


# Somebody who names the values without their names.
# told: wrong values
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        return f"{self.in_features}, {self.out_features}"


# Somebody who prints from extra_repr.
# told: nothing printed between the brackets
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        print(f"in_features={self.in_features}, out_features={self.out_features}")


# Somebody who computes with .data.
# told: parameters cut loose
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        b = in_features**-0.5
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features).uniform_(-b, b)
        )
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-b, b))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        bias = None if self.bias is None else self.bias.data
        return LinearFunction.apply(x, self.weight.data, bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


# passes
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        b = 1 / self.in_features**0.5
        nn.init.uniform_(self.weight, -b, b)
        if self.bias is not None:
            nn.init.uniform_(self.bias, -b, b)

    def forward(self, input):
        return LinearFunction.apply(input, self.weight, self.bias)

    def extra_repr(self):
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


# passes
@exercise("06.linear_module")
class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        b = in_features**-0.5
        self.weight = nn.Parameter(2 * b * torch.rand(out_features, in_features) - b)
        self.register_parameter(
            "bias", nn.Parameter(2 * b * torch.rand(out_features) - b) if bias else None
        )

    def forward(self, x):
        return LinearFunction.apply(x, self.weight, self.bias)

    def extra_repr(self):
        out_features, in_features = self.weight.shape
        return "in_features={}, out_features={}, bias={}".format(
            in_features, out_features, self.bias is not None
        )


# 06.check_module_gradients


# Somebody who hands the module itself over.
# told: raised: Two tensors of different dtypes met. Look for
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    return gradcheck(module, (x.double().requires_grad_(),), raise_exception=False)


# Somebody who compares by one step of their own, for x alone.
# told: parameters never nudged
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    x = x.detach().double().requires_grad_()
    module(x).sum().backward()
    eps, right = 1e-6, True
    for i in range(x.shape[1]):
        nudged = x.detach().clone()
        nudged[:, i] += eps
        slope = (module(nudged).sum() - module(x.detach()).sum()) / eps
        right = right and bool(torch.isclose(slope, x.grad[:, i].sum(), rtol=1e-3))
    return right


# Somebody who catches the error and returns nothing.
# told: returned nothing
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    names = [name for name, _ in module.named_parameters()]
    values = [p.detach().clone().double().requires_grad_() for p in module.parameters()]

    def run(x, *values):
        return torch.func.functional_call(module, dict(zip(names, values)), (x,))

    try:
        gradcheck(run, (x.double().requires_grad_(), *values))
    except Exception:
        return False


# Somebody who loosens the tolerance until everything passes.
# told: wrong values
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    names = [name for name, _ in module.named_parameters()]
    values = [p.detach().clone().double().requires_grad_() for p in module.parameters()]

    def run(x, *values):
        return torch.func.functional_call(module, dict(zip(names, values)), (x,))

    return gradcheck(
        run, (x.double().requires_grad_(), *values), atol=100, raise_exception=False
    )


# Somebody who returns True whatever happens.
# told: wrong values
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    return True


# Somebody who hands over x as it is, in float32, with the parameters in float64.
# told: raised: Two tensors of different dtypes met. Look for
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    names = [name for name, _ in module.named_parameters()]
    values = [p.detach().clone().double().requires_grad_() for p in module.parameters()]

    def run(x, *values):
        return torch.func.functional_call(module, dict(zip(names, values)), (x,))

    return gradcheck(run, (x.requires_grad_(), *values), raise_exception=False)


# Somebody who makes copies, and calls the module with its own parameters.
# told: parameters never nudged
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    values = [p.detach().clone().requires_grad_() for p in module.parameters()]

    def run(x, *values):
        return module(x)

    return gradcheck(run, (x.double().requires_grad_(), *values), raise_exception=False)


# Somebody who checks each parameter on its own, and looks at the last one only.
# told: only the last parameter
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    x = x.double().requires_grad_()
    for parameter in module.parameters():
        ok = gradcheck(lambda x, _: module(x), (x, parameter), raise_exception=False)
    return ok


# Somebody who returns at the first parameter.
# told: only the weight
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    x = x.double().requires_grad_()
    for parameter in module.parameters():
        return gradcheck(lambda x, _: module(x), (x, parameter), raise_exception=False)


# Somebody who checks the mean of the output.
# told: output summed first
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    inputs = (x.double().requires_grad_(), *module.parameters())
    return gradcheck(lambda x, *_: module(x).mean(), inputs, raise_exception=False)


# Somebody who has the answer turned round.
# told: wrong values
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    inputs = (x.double().requires_grad_(), *module.parameters())
    return not gradcheck(lambda x, *_: module(x), inputs, raise_exception=False)


# Somebody who makes the module double, and float again in the end.
# passes
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    module.double()
    inputs = (x.double().requires_grad_(), *module.parameters())
    right = gradcheck(lambda x, *_: module(x), inputs, raise_exception=False)
    module.float()
    return right


# passes
@exercise("06.check_module_gradients")
def check_module_gradients(module, x):
    import copy

    module = copy.deepcopy(module).double()
    inputs = (x.double().requires_grad_(), *module.parameters())
    try:
        return gradcheck(lambda x, *_: module(x), inputs)
    except RuntimeError:
        return False


# 06.fft_magnitude


# Somebody who forgets what abs does, and returns the spectrum.
# told: spectrum for its magnitude
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(ctx.spectrum)

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        return torch.from_numpy(
            fft.ifft2(blame.numpy(), s=ctx.shape, norm="forward").real
        )


# Somebody who uses torch's fft inside, which is right, and its own gradient.
# told: wrong shape
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.fft.rfft2(x).abs()

    @staticmethod
    def backward(ctx, blame):
        (x,) = ctx.saved_tensors
        spectrum = torch.fft.rfft2(x)
        return torch.fft.irfft2(blame * spectrum / spectrum.abs())


# Somebody who calls NumPy on the tensor itself.
# passes
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum = np.fft.rfft2(x)
        ctx.shape = x.shape
        return torch.as_tensor(np.abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / np.abs(ctx.spectrum)
        return torch.as_tensor(
            fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        )


# Somebody who takes the real part too early.
# told: wrong values
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = (ctx.spectrum / abs(ctx.spectrum)).real
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        return torch.from_numpy(dx)


# Somebody who takes the size where the real part is due.
# told: wrong values
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = abs(fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward"))
        return torch.from_numpy(dx)


# Somebody who forgets s, so the result is as narrow as the spectrum.
# told: wrong shape
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = fft.ifft2(blame.numpy() * phase, norm="forward").real
        return torch.from_numpy(dx)


# Somebody who keeps to one axis.
# told: wrong values
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = fft.ifft(blame.numpy() * phase, n=ctx.shape[1], norm="forward").real
        return torch.from_numpy(dx)


# Somebody who uses the orthonormal transform both ways.
# told: wrong values
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy(), norm="ortho"), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="ortho").real
        return torch.from_numpy(dx)


# Somebody who doubles the middle to make up for the half that was left out.
# told: wrong values
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = 2 * fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        return torch.from_numpy(dx)


# Somebody who hands NumPy's array back from forward.
# told: wrong type
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return abs(ctx.spectrum)

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        return torch.from_numpy(dx)


# Somebody who writes the decorators in the other order.
# passes
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.spectrum, ctx.shape = fft.rfft2(x.numpy()), x.shape
        return torch.from_numpy(abs(ctx.spectrum))

    @once_differentiable
    @staticmethod
    def backward(ctx, blame):
        phase = ctx.spectrum / abs(ctx.spectrum)
        dx = fft.ifft2(blame.numpy() * phase, s=ctx.shape, norm="forward").real
        return torch.from_numpy(dx)


# passes
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.from_numpy(np.abs(np.fft.rfft2(x.numpy())))

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        (x,) = ctx.saved_tensors
        spectrum = np.fft.rfft2(x.numpy())
        whole = np.zeros(x.shape, complex)
        whole[:, : spectrum.shape[1]] = blame.numpy() * spectrum / np.abs(spectrum)
        return torch.from_numpy((np.fft.ifft2(whole) * x.numel()).real)


# passes
@exercise("06.fft_magnitude")
class FFTMagnitude(Function):
    @staticmethod
    def forward(ctx, x):
        spectrum = torch.fft.rfft2(x)
        ctx.save_for_backward(spectrum)
        ctx.shape = x.shape
        return spectrum.abs()

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        (spectrum,) = ctx.saved_tensors
        back = blame * spectrum.sgn()
        return torch.fft.ifft2(back, s=ctx.shape, norm="forward").real


# 06.scipy_conv2d


# Somebody who sums the bias's gradient along one axis.
# told: wrong shape
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight, mode="full")
        dweight = correlate2d(x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum(0)


# Somebody who exchanges the two kinds throughout.
# told: kernel flipped going forward; correlate2d for the gradient of x; convolve2d for the gradient of the weight
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = convolve2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = correlate2d(blame.numpy(), weight, mode="full")
        dweight = convolve2d(x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# Somebody who uses same for the gradient of x.
# told: wrong shape
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight, mode="same")
        dweight = correlate2d(x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# Somebody who forgets the mode in forward; SciPy's default is full.
# told: full going forward
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy())
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight)
        dweight = correlate2d(x, blame.numpy())
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# Somebody who flips the kernel by hand, and lets convolve2d flip it again.
# told: correlate2d for the gradient of x
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight[::-1, ::-1], mode="full")
        dweight = correlate2d(x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# Somebody who adds the bias inside NumPy.
# passes
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid") + bias.numpy()
        return torch.from_numpy(out)

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = ctx.saved_tensors
        dx = convolve2d(blame.numpy(), weight.numpy(), mode="full")
        dweight = convolve2d(x.numpy(), blame.numpy()[::-1, ::-1], mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum()[None]


# Somebody who keeps arrays on ctx, which are views of x and weight.
# told: tensors kept as attributes
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.x, ctx.weight = x.numpy(), weight.numpy()
        return torch.from_numpy(correlate2d(ctx.x, ctx.weight, mode="valid")) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        dx = convolve2d(blame.numpy(), ctx.weight, mode="full")
        dweight = correlate2d(ctx.x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# Somebody who detaches what needs no detaching, and copies it.
# passes
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.x, ctx.weight = x.detach().numpy().copy(), weight.detach().numpy().copy()
        return torch.from_numpy(correlate2d(ctx.x, ctx.weight, mode="valid")) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        dx = convolve2d(blame.numpy(), ctx.weight, mode="full")
        dweight = correlate2d(ctx.x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# Somebody who returns the bias as a plain number.
# told: raised: What `backward` returns has to be tensors, or
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight, mode="full")
        dweight = correlate2d(x, blame.numpy(), mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().item()


# Somebody who slides the kernel over x once more for its gradient.
# told: wrong shape
@exercise("06.scipy_conv2d")
class ScipyConv2d(Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        out = correlate2d(x.numpy(), weight.numpy(), mode="valid")
        return torch.from_numpy(out) + bias

    @staticmethod
    @once_differentiable
    def backward(ctx, blame):
        x, weight = (saved.numpy() for saved in ctx.saved_tensors)
        dx = convolve2d(blame.numpy(), weight, mode="full")
        dweight = correlate2d(x, weight, mode="valid")
        return torch.from_numpy(dx), torch.from_numpy(dweight), blame.sum().reshape(1)


# 06.straight_through_round


# Somebody who clamps first, which comes out the same for whole ends.
# passes
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.low, ctx.high = low, high
        return torch.round(x.clamp(low, high))

    @staticmethod
    def backward(ctx, blame):
        (x,) = ctx.saved_tensors
        grad = blame.clone()
        grad[(x < ctx.low) | (x > ctx.high)] = 0
        return grad, None, None


# Somebody who compares what came out, which is inside everywhere.
# told: blame passes everywhere
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        out = x.round().clamp(low, high)
        ctx.save_for_backward(out)
        ctx.low, ctx.high = low, high
        return out

    @staticmethod
    def backward(ctx, blame):
        (out,) = ctx.saved_tensors
        inside = (out >= ctx.low) & (out <= ctx.high)
        return blame * inside, None, None


# Somebody who compares what came out, strictly.
# told: the steps at the ends left out
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        out = x.round().clamp(low, high)
        ctx.save_for_backward(out)
        ctx.low, ctx.high = low, high
        return out

    @staticmethod
    def backward(ctx, blame):
        (out,) = ctx.saved_tensors
        inside = (out > ctx.low) & (out < ctx.high)
        return blame * inside, None, None


# Somebody who writes the detach trick into forward, where autograd doesn't watch.
# told: blame passes everywhere
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        clamped = x.clamp(low, high)
        return clamped + (clamped.round() - clamped).detach()

    @staticmethod
    def backward(ctx, blame):
        return blame, None, None


# Somebody who writes `and` between two masks.
# told: raised: An `if`, an `and` or Python's own `max` needs
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.low, ctx.high = low, high
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (x,) = ctx.saved_tensors
        inside = x >= ctx.low and x <= ctx.high
        return blame * inside, None, None


# Somebody who forgets the brackets around the comparisons.
# told: raised: `&` and `|` are worked out before `<` and
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.low, ctx.high = low, high
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (x,) = ctx.saved_tensors
        inside = x >= ctx.low & x <= ctx.high
        return blame * inside, None, None


# Somebody who looks at the lower end only.
# told: the upper end overlooked
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x >= low)
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (inside,) = ctx.saved_tensors
        return blame * inside, None, None


# Somebody who rounds up.
# told: always rounded up
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x >= low) & (x <= high))
        return x.ceil().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (inside,) = ctx.saved_tensors
        return blame * inside, None, None


# Somebody who hands back whole numbers.
# told: integers handed back
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x >= low) & (x <= high))
        return x.round().clamp(low, high).long()

    @staticmethod
    def backward(ctx, blame):
        (inside,) = ctx.saved_tensors
        return blame * inside, None, None


# Somebody who multiplies the blame by x as well.
# told: wrong values
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.low, ctx.high = low, high
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        (x,) = ctx.saved_tensors
        return blame * x.clamp(ctx.low, ctx.high), None, None


# Somebody who saves plain numbers.
# told: numbers given to save_for_backward
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x, low, high)
        return x.round().clamp(low, high)

    @staticmethod
    def backward(ctx, blame):
        x, low, high = ctx.saved_tensors
        return blame * ((x >= low) & (x <= high)), None, None


# Somebody who keeps the mask as an attribute, which is no input and changes for nobody.
# passes
@exercise("06.straight_through_round")
class StraightThroughRound(Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.inside = (low < x) & (x < high)
        return torch.clamp(torch.round(x), min=low, max=high)

    @staticmethod
    def backward(ctx, blame):
        return torch.where(ctx.inside, blame, torch.zeros_like(blame)), None, None
