"""HTML from templates, in which all that a student's code produced is escaped."""

import functools
import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

# Of Okabe and Ito's palette, which colour-blind readers can tell apart.
GREEN, VERMILION, BLUE = "#009E73", "#D55E00", "#0072B2"


def render(template: str, package: str = "diagnose", **values: Any) -> str:
    """A template of a package, filled in; see ``printable`` for what it can hold."""
    return printable(environment(package).get_template(template).render(values))


@functools.cache
def environment(package: str) -> Environment:
    """What fills in the templates of a package: it escapes, and has the filter "code".

    A name that a template uses and isn't given raises UndefinedError.
    """
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["code"] = with_code
    made.globals |= {"GREEN": GREEN, "VERMILION": VERMILION, "BLUE": BLUE}
    return made


def with_code(text: str) -> Markup:
    """Text as HTML, escaped, where words in `backticks` become <code>."""
    pieces = str(escape(text)).split("`")
    if len(pieces) % 2 == 0:
        return Markup("`".join(pieces))
    return Markup(
        "".join(
            f"<code>{piece}</code>" if i % 2 else piece
            for i, piece in enumerate(pieces)
        )
    )


def printable(text: str) -> str:
    """Text that can be sent to any browser: no lone surrogates, no control characters
    but tabs and line breaks (the others could turn colours on, or end the page).
    """
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "�", text)
    return text.encode("utf-8", "replace").decode("utf-8")
