"""HTTP/1.1 and what its bodies hold."""

from tests.oracle.exemptions import Protocol


def line(text: str) -> str:
    """PDML makes one space of a line end."""
    return text.removesuffix(" ") + "\r\n"


def escaped(text: str) -> str:
    """PDML has the line ends of a JSON string as JSON writes them."""
    return text.replace("\\r", "\r").replace("\\n", "\n")


EXEMPTIONS = Protocol(
    left_out={
        **dict.fromkeys(("media", "media."), "tshark's way to a body whose type it has no name for; its bytes are http.file_data"),
        "data-text-lines": "what an HTTP body means; its bytes are http.file_data",
        **dict.fromkeys(("json.path_with_value", "json.member_with_value"), "json.path and json.member once more, hidden"),
    },
    ours={
        **dict.fromkeys(("http.cut", "json.cut", "urlencoded-form.cut"), "a body that is longer than we read: tshark reads on"),
        **dict.fromkeys(("jwt", "jwk", "oauth2"), "what OAuth's messages mean: Wireshark stops at forms and JSON"),
    },
    values=dict.fromkeys(("http.request.line", "http.response.line", "http.chunked_trailer_part"), line) | {"json.value.string": escaped},
    places={"http.authbasic": "tshark gives the length of the text it decodes to"},
)  # fmt: skip
