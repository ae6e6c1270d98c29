"""The templates' environment. Whatever is put into a template is escaped, also what came off a wire."""

import base64
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..escape import html

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> "Environment":
    """Made once: the templates beside this file, everything escaped, an unknown name an error."""
    # 40 ms: only who builds a site pays.
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(lambda name: asset(f"templates/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    made.filters["data_uri"] = _data_uri
    return made


def fill(template: str, **values: object) -> Markup:
    """A template filled in: HTML that is not escaped again."""
    return Markup(environment().get_template(template).render(values))


def asset(name: str) -> str:
    """The text of a file beside this one."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _harmless(value: object) -> object:
    """Text as a terminal could show it, escaped for HTML: no controls, no bidi marks. Markup is ours already."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return Markup(html(value, None))
    return value


def _data_uri(svg: str) -> str:
    """A picture that is part of the page: as an image it can run no script."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
