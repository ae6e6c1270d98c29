"""Fields of the protocols that Scapy reads for us: `scapy.<protocol>.<field>`, described by Scapy's own field descriptors.

A protocol's main header is `scapy.ntp.stratum`; its other layers, options and records have their class between the two:
`scapy.ospf.ospf_hello.prio`. Scapy is imported when such a name is met, and of it the protocol's own module alone (0.25 s
for the first, a few ms for each after it; `scapy.all` would be 0.9 s).
"""

import importlib
import logging
import warnings
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from . import FieldType, label, octets

PREFIX = "scapy."
FIELDS: Mapping[str, FieldType] = {}


class Home(NamedTuple):
    """Where Scapy has a protocol: `header` is the class of its first bytes, `modules` where it may stand (releases differ)."""

    header: str
    modules: tuple[str, ...]


def _home(header: str, *modules: str) -> Home:
    return Home(header, tuple(f"scapy.{module}" for module in modules))


HOMES: Mapping[str, Home] = {
    "bfd": _home("BFD", "contrib.bfd"),
    "bgp": _home("BGP", "contrib.bgp"),
    "cdp": _home("CDPv2_HDR", "contrib.cdp"),
    "coap": _home("CoAP", "contrib.coap"),
    "dhcp": _home("BOOTP", "layers.dhcp"),
    "dhcpv6": _home("_dhcp6_dispatcher", "layers.dhcp6"),
    "diameter": _home("DiamG", "contrib.diameter"),
    "dtp": _home("DTP", "contrib.dtp"),
    "eapol": _home("EAPOL", "layers.eap"),
    "eigrp": _home("EIGRP", "contrib.eigrp"),
    "esp": _home("ESP", "layers.ipsec"),
    "gtp": _home("GTPHeader", "contrib.gtp"),
    "hsrp": _home("HSRP", "layers.hsrp"),
    "igmp": _home("IGMP", "layers.igmp", "contrib.igmp"),
    "isakmp": _home("ISAKMP", "layers.isakmp"),
    "l2tp": _home("L2TP", "layers.l2tp"),
    "ldp": _home("LDP", "contrib.ldp"),
    "lldp": _home("LLDPDU", "contrib.lldp"),
    "mobileip": _home("MobileIP", "layers.mobileip"),
    "modbus": _home("ModbusADURequest", "contrib.modbus"),
    "modbus_response": _home("ModbusADUResponse", "contrib.modbus"),
    "mqtt": _home("MQTT", "contrib.mqtt"),
    "nbdgm": _home("NBTDatagram", "layers.netbios"),
    "nbns": _home("NBNSHeader", "layers.netbios"),
    "nbss": _home("NBTSession", "layers.netbios", "layers.smb"),
    "ntp": _home("NTP", "layers.ntp"),
    "ospf": _home("OSPF_Hdr", "contrib.ospf"),
    "ospfv3": _home("OSPFv3_Hdr", "contrib.ospf"),
    "pim": _home("PIMv2Hdr", "contrib.pim"),
    "pptp": _home("PPTP", "layers.pptp"),
    "ptp": _home("PTP", "contrib.ptp_v2"),
    "radius": _home("Radius", "layers.radius"),
    "rip": _home("RIP", "layers.rip"),
    "ripng": _home("RIPng", "contrib.ripng"),
    "rsvp": _home("RSVP", "contrib.rsvp"),
    "sctp": _home("SCTP", "layers.sctp"),
    "skinny": _home("Skinny", "layers.skinny"),
    "slow": _home("SlowProtocol", "contrib.slowprot", "contrib.lacp"),
    "snmp": _home("SNMP", "layers.snmp"),
    "stp": _home("STP", "layers.l2"),
    "tacacs": _home("TacacsHeader", "contrib.tacacs"),
    "tftp": _home("TFTP", "layers.tftp"),
    "vrrp": _home("VRRP", "layers.vrrp"),
    "vrrpv3": _home("VRRPv3", "layers.vrrp"),
    "vtp": _home("VTP", "contrib.vtp"),
    "wireguard": _home("Wireguard", "contrib.wireguard"),
}


@cache
def load(protocol: str) -> tuple[ModuleType, ...]:
    """Scapy's modules of a protocol, those that this Scapy has. Raises ImportError where it has none of them."""
    # Scapy warns of interfaces without an address, and its ciphers of their age: neither is about the packet.
    logging.getLogger("scapy").setLevel(logging.CRITICAL)
    found: list[ModuleType] = []
    missing: ImportError | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in HOMES[protocol].modules:
            try:
                found.append(importlib.import_module(name))
            except ImportError as error:
                missing = error
    if not found:
        raise missing or ImportError(protocol)
    return tuple(found)


def header(protocol: str) -> Any:
    """The class of a protocol's first bytes. Raises ImportError where this Scapy has none."""
    for module in load(protocol):
        found = getattr(module, HOMES[protocol].header, None)
        if found is not None:
            return found
    raise ImportError(HOMES[protocol].header)


def layer_name(protocol: str, layer: Any) -> str:
    """What stands before a field's own name: `scapy.ntp`, or `scapy.ospf.ospf_hello`."""
    own = layer.__name__
    if own == HOMES[protocol].header or any(fnmatchcase(own, main) for main in MAIN.get(protocol, ())):
        return f"{PREFIX}{protocol}"
    return f"{PREFIX}{protocol}.{own.lower().strip('_')}"


# Headers that Scapy chooses by their first bytes: they are the protocol's own header nonetheless.
MAIN: Mapping[str, tuple[str, ...]] = {
    "bgp": ("BGPHeader",),
    "dhcpv6": ("DHCP6_*", "DHCP6"),
    "igmp": ("IGMP", "IGMP_*", "IGMPv3_MR", "IGMPv3_MQ"),
    "ntp": ("NTPHeader", "NTPControl", "NTPPrivate"),
}


_MET: dict[str, FieldType] = {}


def met(name: str, field: Any, layer: Any) -> FieldType:
    """The type of a field that a packet has: layers may load more of Scapy while they read, with layers of the same name."""
    found = described(name)
    if found is None:
        found = _MET[name] = kind_of(field, layer)
    return found


def met_layer(protocol: str, layer: Any) -> str:
    """The name of a layer that a packet has, made known: a list may hold layers of Scapy's that no protocol's module has."""
    name = layer_name(protocol, layer)
    if described(name) is None:
        _MET[name] = label(f"{layer.__name__}: Scapy's layer")
    return name


def described(name: str) -> FieldType | None:
    """The type of a `scapy.…` name, from Scapy's descriptor; None if Scapy has no such field."""
    return _MET.get(name) or _described(name)


@cache
def _described(name: str) -> FieldType | None:
    parts = name.split(".")
    if len(parts) < 2 or parts[0] != "scapy" or parts[1] not in HOMES:
        return None
    if parts[2:] == ["unread"]:
        return octets("bytes that Scapy's layer leaves, or gives no value of their field's type for")
    try:
        layers = _layers(parts[1])
    except ImportError:
        return None
    if layers.get(name):
        return label(f"{layers[name][0].__name__}: Scapy's layer")
    before, _, own = name.rpartition(".")
    for layer in layers.get(before, ()):
        for field in fields_of(layer):
            if plain(field.name) == own:
                return kind_of(field, layer)
    return None


def plain(name: str) -> str:
    """A field's name as a filter can write it."""
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in name.lower()).strip("_") or "field"


@cache
def _layers(protocol: str) -> Mapping[str, list[Any]]:
    """The layers that may stand in a protocol's packets, by the name that goes before their fields; its own modules' first."""
    modules = {module.__name__ for module in load(protocol)}
    from scapy.packet import Packet

    found: dict[str, list[Any]] = {f"{PREFIX}{protocol}": []}
    for layer in sorted(
        _subclasses(Packet), key=lambda each: (each.__module__ not in modules, each.__module__, each.__name__)
    ):
        kept = found.setdefault(layer_name(protocol, layer), [])
        if not kept or layer.__module__ == kept[0].__module__:
            kept.append(layer)
    first = header(protocol)
    if isinstance(first, type):
        found[f"{PREFIX}{protocol}"].insert(0, first)
    return found


def _subclasses(of: Any) -> Iterable[Any]:
    for each in of.__subclasses__():
        yield each
        yield from _subclasses(each)


def fields_of(layer: Any) -> Iterable[Any]:
    """A layer's field descriptors; of an ASN.1 layer, those of the tree that it is."""
    return getattr(layer, "fields_desc", ())


def kind_of(field: Any, layer: Any) -> FieldType:
    """A descriptor as our registry has it: numbers, addresses, characters, bytes; what holds layers is a label."""
    inner = innermost(field)
    meaning = f"{field.name}, in Scapy's {layer.__name__} ({type(inner).__name__})"
    if type(inner).__name__ == "MultipleTypeField":
        kinds = {_kind(innermost(each)) for each in (inner.dflt, *[pair[0] for pair in inner.flds])}
        kind, digits = kinds.pop() if len(kinds) == 1 else ("string", 0)
        return FieldType(kind, meaning, digits)
    kind, digits = _kind(inner)
    words = getattr(inner, "i2s", None)
    names = (
        {k: str(v).upper() for k, v in words.items() if isinstance(k, int)} if isinstance(words, dict) else {}
    )
    return FieldType(kind, meaning, digits, names if kind in ("uint", "int") else {})


def innermost(field: Any, *, lists: bool = False) -> Any:
    """Past what only says when a field is there, and how it is padded; `lists`: not into a list's element."""
    for _ in range(8):
        kind = type(field).__name__
        if kind in WRAPPERS:
            field = field.fld
        elif kind == "FieldListField" and not lists:
            field = field.field
        elif kind == "ASN1F_optional":
            field = field._field
        else:
            break
    return field


WRAPPERS = {
    "ConditionalField",
    "PadField",
    "ReversePadField",
    "Emph",
    "MayEnd",
    "ActionField",
    "TrailerField",
}


def _kind(field: Any) -> tuple[str, int]:
    names = {each.__name__ for each in type(field).__mro__}
    if names & {
        "_PacketField",
        "PacketField",
        "PacketListField",
        "ASN1F_PACKET",
        "ASN1F_CHOICE",
        "ASN1F_SEQUENCE_OF",
    }:
        return "none", 0
    for mark, kind in KINDS.items():
        if mark in names:
            return kind, 0
    size = getattr(field, "sz", 0)
    digits = 2 * size if names & HEXADECIMAL and isinstance(size, int) and size > 0 else 0
    form = str(getattr(field, "fmt", "")).lstrip("!<>=@")
    if names & NUMBERS or form in ("B", "H", "I", "Q", "L"):
        return "uint", digits
    return ("int", 0) if form in ("b", "h", "i", "q", "l") else ("string", 0)


# What a descriptor's class, or one that it inherits from, says of its values. The first that fits.
KINDS = {
    "_BOOTP_chaddr": "bytes", "DHCPOptionsField": "none", "IPField": "ipv4", "IP6Field": "ipv6", "MACField": "ether", "TimeStampField": "string", "UTCTimeField": "string", "BCDFloatField": "float",
    "FixedPointField": "float", "IEEEFloatField": "float", "IEEEDoubleField": "float", "ScalingField": "float",
    "XStrField": "bytes", "XStrLenField": "bytes", "XStrFixedLenField": "bytes", "XStrNullField": "bytes", "StrField": "string",
    "_StrField": "string",
    "SignedByteField": "int", "SignedShortField": "int", "SignedIntField": "int", "SignedLongField": "int",
    "ASN1F_IPADDRESS": "string", "ASN1F_INTEGER": "int", "ASN1F_UNIX_TIMESTAMP": "int",
}  # fmt: skip
HEXADECIMAL = {"XByteField", "XShortField", "XIntField", "XLongField", "XShortEnumField"}
NUMBERS = {"BitField", "FlagsField", "BitEnumField", "ByteField", "ShortField", "IntField", "LongField", "ThreeBytesField", "LenField"}  # fmt: skip
