"""What a field of Scapy's is called here: Wireshark's name where a table stands for it, else `scapy.…`."""

from functools import lru_cache
from typing import Any

from ...fields import FieldType, registry
from ...fields import scapy_layers as described
from .wireshark import NAMES, TITLES


def title_of(protocol: str, layer: Any) -> str:
    """The name of a layer's own line."""
    return TITLES.get((protocol, layer.__name__)) or described.met_layer(protocol, layer)


@lru_cache(8192)
def named(protocol: str, layer: type[Any], field: Any) -> tuple[str, FieldType]:
    """A field's name and type."""
    known = NAMES.get((layer.__name__, field.name))
    if known:
        return known, registry()[known]
    name = f"{described.layer_name(protocol, layer)}.{described.plain(field.name)}"
    return name, described.met(name, field, layer)
