"""Documents from templates: one shell, one style sheet, one script. Whatever is put in is escaped unless it is Markup already.

A template extends `shell.html` and fills its blocks. Text off the wire goes through the filter `wire`, which makes invisible
and bidirectional characters visible before markupsafe escapes the rest.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..escape import LIMIT, terminal
from ..pictures.as_svg import STYLE

if TYPE_CHECKING:
    from jinja2 import Environment


def document(template: str, **context: object) -> str:
    """A whole page that needs nothing else: style and script stand in it, and its policy lets nothing else load or run."""
    css, script = asset("base.css") + asset("page.css") + STYLE, asset("page.js")
    made = fragment(template, css=Markup(css), script=Markup(script), policy=policy(css, script), **context)
    return f"{made}\n"


def fragment(template: str, **context: object) -> Markup:
    """What a template makes, to be put into another."""
    return Markup(_environment().get_template(template).render(context))


def asset(name: str) -> str:
    """A style sheet (`base.css` for every page, `page.css` for a run's page) or the script (`page.js`)."""
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def policy(css: str, script: str) -> str:
    """Allows this style and this script only, by their hashes: packet content can become neither (CSP Level 3 §2.3.1)."""
    return (
        f"default-src 'none'; style-src '{digest(css)}'; script-src '{digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """A text's hash as a policy, or an `integrity` attribute, names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def data(value: object) -> Markup:
    """JSON inside a `<script type="application/json">`: no `<` can end the element early (HTML §4.12.1.3)."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def wire(text: object, limit: int | None = LIMIT) -> str:
    """Text off the wire, harmless: the template escapes it like any other."""
    return terminal(str(text), limit)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, object] = {"wire": wire, "data": data}
    made.filters.update(filters)
    return made
