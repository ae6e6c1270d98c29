"""spa.example.test: an application that is nothing but a page and its script. A public client: it can keep no secret."""

import json
from pathlib import Path

from flask import Flask
from lab import ISSUER, Settings

spa = Flask("spa")
settings = Settings()
SCRIPT = (Path(__file__).parent / "spa.js").read_text()
LETTERS = '<link rel="stylesheet" href="https://fonts.example.test/letters.css">'
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Orders</title><link rel="icon" href="data:,">'


def page(extra: str) -> str:
    """The page with its script, and with what `configure` said."""
    said = {"pkce": "S256", "flow": "code", "scope": "orders:read"}
    options = json.dumps({"issuer": ISSUER, **{name: settings(name, usual) for name, usual in said.items()}})
    return f'{HEAD}{extra}<h1>Orders</h1><p id="told"></p><script>const OPTIONS = {options};{SCRIPT}</script></html>\n'


@spa.get("/")
def home() -> str:
    """Where it begins."""
    return page("")


@spa.get("/callback")
def callback() -> tuple[str, dict[str, str]]:
    """Where the answer arrives."""
    # Other people's letters, and a policy that tells them the whole address of the page. Scripts wait for style sheets.
    return page(LETTERS), {"Referrer-Policy": "unsafe-url"}
