"""A run without its secrets, to be passed on: passwords, codes, tokens, cookies and keys become as many stars.

Which fields are secrets the registry says (`FieldType.secret`). What they hold is masked at their own bytes, and wherever else
the same text turns up: in other fields, in summaries, in reassembled and decrypted bytes. Lengths stay, so spans stay right.
"""

import dataclasses
import html
import json
from collections.abc import Iterable, Mapping, Sequence

from . import fields
from .model import Content, Event, Field, Fields, Value
from .render.view import View

STAR = b"*"
SHORTEST = 6  # bytes: what is shorter turns up by chance, and is masked at its own place only
PASSWORDS = ("password", "passwd", "client_secret")  # fields of forms, whoever made the form


def redact(view: View) -> tuple[View, tuple[bytes, ...]]:
    """The view with masked events, and the secrets, longest first, for `scrub`."""
    found = sorted({text for event in view.trace.events for text in _secrets(event)}, key=len, reverse=True)
    secrets = tuple(text for text in found if len(text) >= SHORTEST)
    events = tuple(
        dataclasses.replace(event, content=Masked(event.content, secrets)) for event in view.trace.events
    )
    return dataclasses.replace(view, trace=dataclasses.replace(view.trace, events=events)), secrets


def scrub(data: bytes, secrets: Iterable[bytes]) -> bytes:
    """A written file without the secrets: as they are, as HTML and JSON write them, and in hex."""
    for secret in secrets:
        text = secret.decode("utf-8", "replace")
        forms = (secret, html.escape(text).encode(), json.dumps(text)[1:-1].encode(), secret.hex().encode())
        for form in dict.fromkeys(forms):
            data = data.replace(form, STAR * len(form))
    return data


class Masked:
    """The content of an event (`model.Content`), masked."""

    __slots__ = ("_content", "_secrets")

    def __init__(self, content: Content, secrets: Sequence[bytes]) -> None:
        self._content = content
        self._secrets = secrets

    def fields(self) -> Fields:
        """All fields."""
        return self._masked(self._content.fields())

    def message_fields(self, index: int) -> Fields:
        """The headers' fields and those of one message."""
        return self._masked(self._content.message_fields(index))

    def buffers(self) -> Mapping[str, bytes]:
        """The bytes, secrets masked where they stand."""
        found = {name: bytearray(self._mask(data)) for name, data in self._content.buffers().items()}
        for item in _marked(self._content.fields()):
            if item.buffer in found:
                found[item.buffer][item.start : item.stop] = STAR * (item.stop - item.start)
        return {name: bytes(data) for name, data in found.items()}

    def summary(self) -> str:
        """One line for the packet list."""
        return self._mask(self._content.summary().encode()).decode("utf-8", "replace")

    def _masked(self, known: Fields) -> Fields:
        own = set(_marked(known))
        return {
            name: [
                item._replace(value=_stars(item.value) if item in own else self._value(item.value))
                for item in known[name]
            ]
            for name in known
        }

    def _value(self, value: Value) -> Value:
        if isinstance(value, bytes):
            return self._mask(value)
        return self._mask(value.encode()).decode("utf-8", "replace") if isinstance(value, str) else value

    def _mask(self, data: bytes) -> bytes:
        for secret in self._secrets:
            data = data.replace(secret, STAR * len(secret))
        return data


def _marked(known: Fields) -> list[Field]:
    """The fields that are secrets; of a form, the values of those that ask for one."""
    registry = fields.registry()
    found = [item for name in known if name in registry and registry[name].secret for item in known[name]]
    keys = known.get("urlencoded-form.key", ())
    values = known.get("urlencoded-form.value", ())
    found += [value for key, value in zip(keys, values, strict=False) if key.value in PASSWORDS]
    return found


def _secrets(event: Event) -> set[bytes]:
    """What the secret fields of an event hold: their values, and the bytes they stand in, which may be coded."""
    found: set[bytes] = set()
    marked = _marked(event.fields)
    buffers = event.content.buffers() if marked else {}
    for item in marked:
        found.add(
            item.value.encode()
            if isinstance(item.value, str)
            else item.value
            if isinstance(item.value, bytes)
            else b""
        )
        found.add(buffers.get(item.buffer, b"")[item.start : item.stop])
    return found


def _stars(value: Value) -> Value:
    return (
        STAR * len(value) if isinstance(value, bytes) else "*" * len(value) if isinstance(value, str) else 0
    )
