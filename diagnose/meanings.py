"""What the commonest exceptions usually mean in a lesson.

Each entry: the exception's name (or several, with a |), a pattern in its message, and
the sentence to show. The first entry that fits is shown. The pattern's groups fill the
sentence's braces; the brace after them is filled with " Did you mean `…`?", where a
similar name exists.
"""

MEANINGS = [
    (
        "NotImplementedError",
        r"^$",
        "The line `raise NotImplementedError` is still there. Delete it, and return "
        "your result instead.",
    ),
    (
        "NotImplementedError",
        r"\[(ModuleList|ModuleDict)\] is missing the required",
        "A {0} keeps layers and can't be called itself: take the layers out of it, one "
        "after the other, and call those.",
    ),
    (
        "NotImplementedError",
        r"\[(\w+)\] is missing the required",
        "`{0}` has no method `forward`. Is it spelled like that, and indented as part "
        "of the class?",
    ),
    # Names
    (
        "UnboundLocalError",
        r"'(\w+)'",
        "`{0}` is used before it is given a value inside the function. Is the line "
        "that makes it above this one, and not only in a branch?",
    ),
    (
        "NameError",
        r"name '(\w+)' is not defined",
        "Python knows no `{0}` here.{1} Otherwise: is it made further up in the "
        "function, or in a cell that hasn't run yet?",
    ),
    # Products
    (
        "ValueError",
        r"matmul.*(?:core dimension|mismatch)",
        "In `a @ b`, a's columns must be as many as b's rows. Write the shape of each "
        "side under the line: which one has to be transposed, or come first?",
    ),
    (
        "ValueError",
        r"shapes (\(.*?\)) and (\(.*?\)) not aligned",
        "In a product, the columns of {0} must be as many as the rows of {1}. Which "
        "side has to be transposed, or come first?",
    ),
    (
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied \((\S+) and (\S+)\)",
        "In `a @ b`, the columns of {0} must be as many as the rows of {1}. Which side "
        "has to be transposed, or come first?",
    ),
    (
        "RuntimeError",
        r"size mismatch, got|first two dimensions of batch2",
        "In a product, the columns of the left side must be as many as the rows of the "
        "right. Which one has to be transposed, or come first?",
    ),
    # Shapes
    (
        "ValueError|RuntimeError|IndexError",
        r"could not be broadcast|could not broadcast|must match the size of tensor",
        "These shapes can't stand side by side. Read them from the right: in each "
        "place the sizes must be equal, or one of them 1.",
    ),
    (
        "ValueError",
        r"is read-only",
        "This array may be read and not written into, since it shows another one's "
        "numbers. Make a copy, or a view that is made to be written through.",
    ),
    (
        "ValueError|RuntimeError",
        r"match the broadcast shape",
        "The array that is written into is too small for the result. Make a new one: "
        "`a = a + b` in place of `a += b`.",
    ),
    (
        "ValueError|RuntimeError",
        r"concatenation axis must match|all input arrays must have the same shape|"
        r"Sizes of tensors must match except|expects each tensor to be equal size",
        "Arrays that are joined must have the same size on every axis but the one they "
        "are joined along. Which axis did you mean?",
    ),
    (
        "ValueError|RuntimeError",
        r"cannot reshape|is invalid for input of size",
        "A reshape keeps every number: the sizes of the new shape, multiplied, must "
        "give as many as there were.",
    ),
    (
        "TypeError",
        r"Cannot interpret '\d+' as a data type",
        "A shape goes in as one thing, with brackets of its own: `np.zeros((2, 3))`.",
    ),
    (
        "ValueError",
        r"values to unpack",
        "What stands right of the `=` has another number of items than there are "
        "names on the left. Unpacking an array goes through its rows.",
    ),
    # One number, or many
    (
        "ValueError|RuntimeError",
        r"truth value of an array|Boolean value of Tensor",
        "An `if`, an `and` or Python's own `max` needs one yes or no, and an array "
        "holds many. Work on all entries at once instead, as in `np.maximum(a, 0)` or "
        "`a * (a > 0)`.",
    ),
    (
        "RuntimeError",
        r"expected input\[.*\] to have (\d+) channels, but got (\d+)",
        "This convolution was made for {0} channels, and {1} arrive. What is its first "
        "number, and what does the layer before it make?",
    ),
    (
        "RuntimeError",
        r"permute.*number of dimensions",
        "`permute` has to name every axis once, the batch's too.",
    ),
    (
        "TypeError|ValueError|RuntimeError",
        r"only (?:integer scalar|length-1|0-dimensional|one element tensors|integer "
        r"tensors of a single element)|cannot be converted to Scalar",
        "One number is needed here, and an array came.",
    ),
    # Indices
    (
        "TypeError|IndexError",
        r"indices must be integers|only integers, slices|used as indices must be|"
        r"cannot be interpreted as an integer|sequence of integers or a single integer",
        "An index counts, and so does a size: it has to be a whole number. `//` "
        "divides to one.",
    ),
    (
        "IndexError",
        r"too many indices",
        "Each index in the brackets takes one axis, and there are fewer axes than "
        "indices. What is the array's `.shape`?",
    ),
    (
        "AxisError|IndexError",
        r"axis .* out of bounds|Dimension out of range",
        "That axis doesn't exist. Counting starts at 0, so a matrix has the axes 0 and "
        "1. What is the array's `.shape`?",
    ),
    (
        "IndexError|RuntimeError",
        r"index.* out of (?:bounds|range)",
        "An index points past the end. Counting starts at 0, so of N places the last "
        "one is N - 1.",
    ),
    (
        "IndexError|ValueError",
        r"reduction dim .* non-zero size|zero-size array to reduction",
        "There is nothing here to compare: the array is empty. Does a slice end where "
        "it starts, or before?",
    ),
    (
        "KeyError",
        r"",
        "A dict was asked for a key it doesn't hold.",
    ),
    # autograd
    (
        "RuntimeError",
        r"leaf Variable that requires grad.*in-place",
        "autograd keeps watch over a parameter and won't let it be changed under its "
        "eyes. Make the update inside `with torch.no_grad():`.",
    ),
    (
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy would lose the trail that autograd follows back. Stay with torch's "
        "functions, or cut the trail on purpose with `.detach()`.",
    ),
    (
        "RuntimeError",
        r"does not require grad and does not have a grad_fn",
        "There is no way back from here: nothing on the way to this result was asked "
        "for a gradient. Is a `requires_grad=True` missing, or was it cut loose by "
        "`.detach()`, `.item()` or `torch.no_grad()`?",
    ),
    (
        "RuntimeError",
        r"grad can be implicitly created only for scalar outputs",
        "`backward()` starts from a single number, the loss. Is a `.sum()` or "
        "`.mean()` missing?",
    ),
    (
        "RuntimeError",
        r"backward through the graph a second time",
        "The way back was walked already, and its notes are thrown away after that. "
        "Go forward again before each `backward()`.",
    ),
    (
        "RuntimeError",
        r"returned an incorrect number of gradients \(expected (\d+), got (\d+)\)",
        "`backward` returns one thing for each of the {0} arguments of `forward` after "
        "`ctx`, and here it returned {1}: `None` stands where no gradient is due.",
    ),
    (
        "RuntimeError",
        r"expected Variable or None \(got (\w+)\)",
        "What `backward` returns has to be tensors, or `None`; here one was of type "
        "`{0}`.",
    ),
    # Kinds of value
    (
        "NotImplementedError|RuntimeError|TypeError",
        r"bitwise_(?:and|or)",
        "`&` and `|` are worked out before `<` and `>=`: put each comparison in round "
        "brackets of its own.",
    ),
    (
        "TypeError|AttributeError",
        r"torch\.return_types\.(\w+)",
        "Along an axis, torch's `{0}` gives two things: the values and where they "
        "stood. Take its `.values`.",
    ),
    (
        "TypeError",
        r"argument '\w+' \(position \d+\) must be Tensor, not (?:int|float)",
        "This function works on tensors only, and a plain number came. Make a tensor "
        "of it, or use a function that takes numbers too, such as `clamp`.",
    ),
    (
        "TypeError|RuntimeError|NotImplementedError|_UFuncNoLoopError|UFuncTypeError",
        r"bitwise_xor|operand type\(s\) for \^",
        "In Python, `^` is no power: write `a**2`.",
    ),
    (
        "TypeError",
        r"operand type.*'(?:builtin_function_or_method|method|function)'",
        "A function stands here where its result is due. Are the round brackets "
        "missing that call it?",
    ),
    (
        "RuntimeError",
        r"same dtype|expected scalar type|expected m1 and m2|Found dtype|"
        r"should be the same",
        "Two tensors of different dtypes met. Look for a float64 that came from NumPy "
        "or `.double()`, or for integers where floats are due.",
    ),
    (
        "RuntimeError|NotImplementedError",
        r"could not infer output dtype|Input dtype must be",
        "This works on floats, and integers came: `.float()` makes floats of them.",
    ),
    (
        "TypeError|AttributeError",
        r"'NoneType'|NoneType object",
        "Something here is None. The usual reason is a function without a `return`, "
        "one that works in place, or a name that was never given its value.",
    ),
    (
        "TypeError|UFuncTypeError|_UFuncNoLoopError",
        r"NotImplementedType|unsupported operand type|can only concatenate|"
        r"not supported between|did not contain a loop",
        "These two kinds of value don't go together with this operator. Print "
        "`type(...)` of each side.",
    ),
    # Calls
    (
        "TypeError",
        r"transpose\(\) (?:takes|received)",
        "torch's `transpose` exchanges two axes; `permute` takes a new order for all "
        "of them.",
    ),
    (
        "TypeError",
        r"(max|min)\(\) received an invalid combination .*got \(tuple",
        "torch's `{0}` goes along one axis; `a{0}` takes several at once.",
    ),
    (
        "TypeError",
        r"object is not callable",
        "Round brackets call a function, and this isn't one. Are square brackets "
        "meant, or has the name been used for something else?",
    ),
    (
        "TypeError",
        r"(?:function|method|ufunc)\S*' object is not subscriptable",
        "Square brackets take an entry out, and this is a function: call it with round "
        "ones.",
    ),
    (
        "TypeError",
        r"unexpected keyword argument|invalid combination of arguments",
        "That function has no argument of that name, or wants them in another order. "
        "NumPy says `axis` and `keepdims` where torch says `dim` and `keepdim`.",
    ),
    (
        "TypeError",
        r"(\w+)\(\) (?:missing|takes) ",
        "The function was called with too many arguments, or too few. Compare with its "
        "definition: the line that begins with `def {0}`, or the library's own words.",
    ),
    (
        "TypeError",
        r"'(\w+)' object is not iterable",
        "A loop goes through the items of something, and what came here, of type "
        "`{0}`, has none.",
    ),
    # Attributes
    (
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '(\w+)'",
        "NumPy arrays have no `{0}`. Is that torch's name for it?",
    ),
    (
        "AttributeError",
        r"'Tensor' object has no attribute '(\w+)'",
        "Tensors have no `{0}`. Is that NumPy's name for it?",
    ),
    (
        "AttributeError",
        r"'(list|tuple)' object has no attribute '(\w+)'",
        "That is a plain {0}, which has no `{1}`. Take an item out of it, or make an "
        "array of it: `np.array(...)`.",
    ),
    (
        "AttributeError",
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`.{2} Otherwise look the name up in the library's own "
        "documentation.",
    ),
    # Limits
    (
        "ZeroDivisionError",
        r"",
        "Something was divided by zero. Which of the inputs can be 0, or empty?",
    ),
    (
        "RecursionError",
        r"",
        "The function calls itself and never stops. Was another function meant?",
    ),
    (
        "MemoryError|_ArrayMemoryError|RuntimeError",
        r"^$|Unable to allocate|can't allocate memory|out of memory",
        "The computer has no room for an array this large. Which shape would you "
        "expect on this line?",
    ),
    (
        "SystemExit",
        r"",
        "`exit()` ends all of Python, not only the function. To leave a function, use "
        "`return`.",
    ),
]
