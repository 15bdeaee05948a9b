"""What is run: short cells of plain Python that keep no hidden state."""

import ast
import builtins
import io
import re
import tokenize
from functools import cache

from IPython.core.inputtransformer2 import TransformerManager

from rules.registry import rule

LINES, LINES_WITH_CLASS, COLUMNS = 15, 20, 88
MAGICS = {"timeit", "pinfo"}  # pinfo is what np.maximum? calls
READERS = (
    r"(open|Path|PurePath|(\w+\.)*(load|loadtxt|genfromtxt|fromfile|imread|imsave|save|"
    r"savez|savetxt|savefig|read_text|memmap)|Image\.open)"
)
# Each makes a generator of its own, and leaves the global one alone.
GENERATORS = {"default_rng", "Generator", "SeedSequence", "PCG64", "Random"}
MAY_BE_REBOUND = {"fig", "figure", "ax", "axes"}


@rule
def cells_are_python(notebook):
    for cell in notebook.code:
        if not cell.source.strip():
            yield f"{cell}: it is empty; fill it or remove it."
        try:
            ast.parse(TransformerManager().transform_cell(cell.source))
        except SyntaxError as error:
            yield f"{cell}: line {error.lineno} isn't Python ({error.msg})."


@rule
def nothing_reaches_outside(notebook):
    """No shell, no %pip and the like, nothing that depends on the working directory."""
    for cell in notebook.code:
        for name, call in cell.calls:
            if name.startswith("get_ipython()."):
                magic = getattr(call.args[0], "value", "") if call.args else ""
                if not name.endswith("run_line_magic") or magic not in MAGICS:
                    yield f"{cell}: write it in Python, without {magic or name}."
            elif re.match(r"os\.(system|popen|chdir)|chdir|subprocess\.", name):
                yield f"{cell}: a notebook starts no programs and stays in its folder."
            elif re.fullmatch(READERS, name) and any(map(_is_relative, call.args[:1])):
                yield f"{cell}: {name}() is given a relative path; {HOME}"
        for node in cell.nodes:
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and text.startswith(("./", "../", "~/")):
                yield f'{cell}: "{text[:30]}" is a path on one machine; {HOME}'


HOME = "let a function of helpers.data bring the data."


def _is_relative(argument):
    """Whether a call's argument is text that begins like a path, but not at a root."""
    if isinstance(argument, ast.JoinedStr) and argument.values:
        argument = argument.values[0]
    text = argument.value if isinstance(argument, ast.Constant) else None
    return isinstance(text, str) and not re.match(r"/|[a-z]+://", text)


@rule
def cells_are_short(notebook):
    for cell in notebook.code:
        has_class = any(isinstance(node, ast.ClassDef) for node in cell.nodes)
        most = LINES_WITH_CLASS if has_class else LINES
        count = len(cell.source.strip().splitlines())
        if count > most:
            yield f"{cell}: {count} lines; split it, {most} is the most."


@rule
def lines_are_narrow(notebook):
    for cell in notebook.code:
        for number, line in enumerate(cell.source.splitlines(), 1):
            if len(line) > COLUMNS:
                yield f"{cell}: line {number} is {len(line)} columns; {COLUMNS} fit."


@rule
def imports_come_first(notebook):
    importing = [cell for cell in notebook.code if any(map(_is_import, cell.nodes))]
    first = notebook.code[0] if notebook.code else notebook
    if importing[:1] != [first]:
        yield f"{first}: the first code cell is for the imports."
    for cell in importing:
        if cell is not first:
            yield f"{cell}: move its imports to the first code cell."


def _is_import(node):
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("__import__", "importlib.import_module")
    return isinstance(node, ast.Import | ast.ImportFrom)


@rule
def imports_are_explicit(notebook):
    for cell in notebook.code:
        for node in cell.nodes:
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                yield f"{cell}: name what is imported from {node.module}, without a *."
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == "helpers":
                        yield f"{cell}: write `from {alias.name} import …`."
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.path":
                yield f"{cell}: leave sys.path alone; helpers is installed."


@rule
def has_one_generator(notebook):
    """One seeded generator for the notebook; nothing global is seeded or drawn from."""
    made = []
    for cell in notebook.code:
        for name, call in cell.calls:
            *module, function = name.split(".")
            if function == "default_rng":
                made.append(cell)
                if not call.args and not call.keywords:
                    yield f"{cell}: give default_rng() a seed."
            elif _is_global_random(module, function):
                yield f"{cell}: {name}() is global; draw from the notebook's generator."
    for cell in made[1:]:
        yield f"{cell}: use the generator that the notebook has, made in {made[0]}."


def _is_global_random(module, function):
    is_random = module in (["random"], ["np", "random"], ["numpy", "random"])
    return is_random and function not in GENERATORS


@rule
def builtins_keep_their_names(notebook):
    known = {name for name in dir(builtins) if not name.startswith("_")}
    for cell in notebook.code:
        for name in sorted(known & bound_names(cell.tree)):
            yield f'{cell}: "{name}" is a builtin; call yours something else.'


def bound_names(tree):
    """Every name that code binds anywhere, attributes and methods left out."""
    in_classes = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for child in node.body
    }
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if id(node) not in in_classes:
                names.add(node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


@rule
def names_keep_their_values(notebook):
    """What one cell has named, no later cell names again: a cell run twice, or out of
    order, must do the same. Variables of loops don't count."""
    first = {}
    for cell in notebook.code:
        for name in sorted(assigned_names(cell.tree) - MAY_BE_REBOUND):
            if name in first and not name.startswith("_"):
                yield f'{cell}: "{name}" is from {first[name]}; give this another name.'
            first.setdefault(name, cell)


def assigned_names(tree):
    """The names that a cell assigns outside functions, those of loops left out."""
    names = set()

    def visit(node):
        if isinstance(node, SCOPES):
            return
        if isinstance(node, ast.For):
            parts = [*node.body, *node.orelse]
        else:
            parts = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        for part in parts:
            visit(part)

    visit(tree)
    return names


SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


@rule
def shapes_use_the_alphabet(notebook):
    """`# (N, C, H, W)` is made of numbers and of letters from CONTRIBUTING's table."""
    alphabet = shape_alphabet(notebook.root / "CONTRIBUTING.md")
    if alphabet is None:
        return
    for cell in notebook.code:
        for comment in shape_comments(cell.source):
            symbols = re.findall(r"[^\W\d]\w*", comment)
            for symbol in symbols:
                if symbol not in alphabet:
                    yield (
                        f'{cell}: "{symbol}" in the shape ({comment}) is not in '
                        "CONTRIBUTING.md's alphabet of shapes."
                    )


@cache
def shape_alphabet(path):
    """The symbols in the first column of the table under the heading that says
    "shapes", or None as long as there is no such table."""
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    section = re.search(r"^#+ [^\n]*shapes.*?(?=^#|\Z)", text, re.M | re.S | re.I)
    rows = re.findall(r"^\|([^|]*)\|", section[0] if section else "", re.MULTILINE)
    symbols = {s for row in rows for s in re.findall(r"`([^`]+)`", row)}
    return symbols or None


def shape_comments(source):
    """What stands in brackets in `# (N, D)`; a remark in brackets isn't a shape."""
    size = r"[\w'′]+(?:\s*[-+*/·]\s*[\w'′]+)*"
    shape = re.compile(rf"#\s*\(({size}(?:,\s*{size})*,?)\)")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError):
        return []
    comments = (token.string for token in tokens if token.type == tokenize.COMMENT)
    return [found[1] for found in map(shape.match, comments) if found]
