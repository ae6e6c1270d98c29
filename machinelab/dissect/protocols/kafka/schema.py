"""Kafka's messages by the schemas of `kio`: which fields an API's version has, in the order they are sent.

kio's classes are made from Apache Kafka's own message definitions (clients/src/main/resources/common/message). They are
asked for one by one, when a message first needs them: there are six hundred.
"""

import dataclasses
import importlib
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from .names import also, name_of

ENTITY = "entity"


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a message: `kind` as kio names it (`int16`, `string`, `entity` …), `heading` what its parts stand under.

    `also` is a second name for the same bytes, where Wireshark's says less than the schema's.
    """

    name: str
    kind: str
    heading: str
    nullable: bool = False
    array: bool = False
    plan: "Plan | None" = None
    also: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A structure: its fields in order, and, if its version is flexible (KIP-482), those that come by tag."""

    slots: tuple[Slot, ...]
    tagged: dict[int, Slot]
    flexible: bool


def title(api: int) -> str:
    """An API's name as Kafka writes it: `ListOffsets`; an unknown number as a number."""
    name = _index().api_key_map.get(api)
    return "".join(part.capitalize() for part in name.split("_")) if name else f"API {api}"


@cache
def plan(api: int, version: int, reply: bool) -> Plan | None:
    """The body of a request or reply; None where kio has none."""
    index = _index()
    kind = index.EntityType.response if reply else index.EntityType.request
    where = index.schema_name_map.get(index.api_key_map.get(api, ""), {}).get(version, {}).get(kind)
    if where is None:
        return None
    module, _, name = where.partition(":")
    return _plan(getattr(importlib.import_module(module), name), "")


@cache
def flexible_header(api: int, version: int, reply: bool) -> bool:
    """Whether the header ends in tagged fields. A reply to ApiVersions never does, since the client may not know them yet (KIP-511)."""
    body = plan(api, version, reply)
    return body is not None and body.flexible and not (reply and api == 18)


@cache
def data_plan(module: str, version: int) -> Plan | None:
    """A structure that stands in a record, such as `leader_change_message`; None where kio has none."""
    where = next(
        (at for at in _index().schema_name_map.get(module, {}).get(version, {}).values()),
        None,
    )
    if where is None:
        return None
    place, _, name = where.partition(":")
    return _plan(getattr(importlib.import_module(place), name), "")


@cache
def _index() -> Any:
    """kio's table of its classes. kio makes strategies for hypothesis where that is installed, for which it is imported: that takes
    longer than to read a thousand packets.
    """
    wanted = "hypothesis" in sys.modules
    if not wanted:
        sys.modules["hypothesis"] = None  # type: ignore[assignment]  # as if it were not there
    try:
        importlib.import_module("kio.static.primitive")
    finally:
        if not wanted:
            del sys.modules["hypothesis"]
    return importlib.import_module("kio.schema.index")


def _plan(entity: Any, within: str) -> Plan:
    slots: list[Slot] = []
    tagged: dict[int, Slot] = {}
    for field in dataclasses.fields(entity):
        slot = _slot(entity.__name__, field, within)
        if "tag" in field.metadata:
            tagged[field.metadata["tag"]] = slot
        else:
            slots.append(slot)
    return Plan(tuple(slots), tagged, entity.__flexible__)


def _slot(owner: str, field: Any, within: str) -> Slot:
    from kio.serial._introspect import classify_field, is_optional

    what = classify_field(field)
    heading = "".join(part.capitalize() for part in field.name.strip("_").split("_"))
    inner = _plan(what.type_, heading) if dataclasses.is_dataclass(what.type_) else None
    kind = ENTITY if inner is not None else str(field.metadata["kafka_type"])
    called = _told_apart(field.name, kind)
    name = "" if inner is not None else name_of(owner, called)
    if name.endswith("authorized_ops") and kind == "int32":
        kind = "uint32"  # a bit for each operation
    return Slot(
        name,
        kind,
        heading,
        is_nullable(field, is_optional),
        what.is_array,
        inner,
        also(owner, field.name, name),
    )


def _told_apart(name: str, kind: str) -> str:
    """Fields of one name that are text in one message and a number in another."""
    return {
        ("mechanism", "int8"): "scram_mechanism",
        ("source_topics", "int16"): "source_topic_numbers",
        ("source_topic_regex", "int16"): "source_regex_numbers",
    }.get((name, kind), name)


def is_nullable(field: Any, optional: Any) -> bool:
    """Whether the field itself may be null (an array of which elements may not be null included)."""
    from types import NoneType
    from typing import get_args

    return NoneType in get_args(field.type) or bool(optional(field))
