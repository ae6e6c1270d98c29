"""SVG elements as text. What is put into them has been escaped already (`escape.html`)."""


def text(x: float | str, y: float | str, content: str, *, css: str = "", anchor: str = "") -> str:
    """A `<text>` element. `anchor`: "middle" or "end"; at its start otherwise."""
    cls = f'class="{css}" ' if css else ""
    end = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text {cls}x="{x}" y="{y}"{end}>{content}</text>'


def picture(css: str, width: int, height: int, label: str, body: str, *, role: str = "img") -> str:
    """An `<svg>` element of that size in pixels, for a page; `label` is what a screen reader says."""
    return f'<svg class="{css}" {size(width, height)} role="{role}" aria-label="{label}">{body}</svg>'


def size(width: int, height: int, left: int = 0) -> str:
    """The attributes that say how large a picture is; `left`: how far it goes on to the left of its origin."""
    wide = width + left
    return f'viewBox="{-left} 0 {wide} {height}" width="{wide}" height="{height}"'
