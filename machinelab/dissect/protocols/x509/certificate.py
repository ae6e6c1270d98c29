"""Certificates: RFC 5280 §4.1. Each value with the bytes it stands in; extensions are in a file of their own."""

from ...core import Short
from ...cursor import Cursor
from .der import DerNode, inside, node, oid
from .extensions import Paper, extension

SEQUENCE, VERSION, EXTENSIONS = 0x30, 0xA0, 0xA3
STRINGS = {
    0x14: (0, "teletexString"), 0x13: (1, "printableString"), 0x1C: (2, "universalString"), 0x1E: (3, "bmpString"),
    0x0C: (4, "uTF8String"),
}  # fmt: skip
DIRECTORY = {
    "2.5.4.3",
    "2.5.4.7",
    "2.5.4.8",
    "2.5.4.10",
    "2.5.4.11",
}  # names, places, organisations: RFC 5280 §A.1
COUNTRY = "2.5.4.6"
RSA, EC = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"


def certificate(cursor: Cursor) -> None:
    """A whole certificate. One that is not as it should be is read as far as it goes, and marked."""
    paper = Paper(cursor)
    try:
        _certificate(paper, node(paper.data, cursor.at, cursor.stop))
    except Short:
        cursor.add(cursor.view.broken("x509af", cursor.at))


def rdn_sequence(cursor: Cursor) -> None:
    """A distinguished name on its own, as in a list of authorities."""
    paper = Paper(cursor)
    try:
        _parts(paper, node(paper.data, cursor.at, cursor.stop), "tls.handshake.dname", "")
    except Short:
        cursor.add(cursor.view.broken("x509if", cursor.at))


def _certificate(paper: Paper, whole: DerNode) -> None:
    signed, how, signature = _take(paper, whole, 3)
    paper.label("x509af.signedCertificate_element", signed)
    _signed(paper, signed)
    paper.label("x509af.algorithmIdentifier_element", how)
    _algorithm(paper, how)
    paper.bits("x509af.encrypted", signature)


def _take(paper: Paper, outer: DerNode, count: int) -> list[DerNode]:
    found = list(inside(paper.data, outer))
    if len(found) < count:
        raise Short
    return found[:count]


def _signed(paper: Paper, signed: DerNode) -> None:
    fields = list(inside(paper.data, signed))
    if fields and fields[0].tag == VERSION:
        paper.number("x509af.version", _take(paper, fields.pop(0), 1)[0])
    if len(fields) < 6:
        raise Short
    serial, how, issuer, validity, subject, key, *more = fields
    paper.content("x509af.serialNumber", serial)
    paper.label("x509af.signature_element", how)
    _algorithm(paper, how)
    _name(paper, issuer, "x509af.issuer", "x509if")
    paper.label("x509af.validity_element", validity)
    for name, when in zip(("notBefore", "notAfter"), _take(paper, validity, 2), strict=True):
        _time(paper, f"x509af.{name}", when)
    _name(paper, subject, "x509af.subject", "x509af")
    _key(paper, key)
    for each in more:
        if each.tag == EXTENSIONS:
            _extensions(paper, _take(paper, each, 1)[0])


def _algorithm(paper: Paper, how: DerNode) -> str:
    parts = list(inside(paper.data, how))
    if not parts:
        raise Short
    name = oid(paper.data, parts[0])
    paper.put("x509af.algorithm.id", name, parts[0].body, parts[0].stop)
    return name


def _name(paper: Paper, name: DerNode, field: str, family: str) -> None:
    paper.put(field, 0, name.start, name.stop)
    _parts(paper, name, f"{family}.rdnSequence")


def _parts(paper: Paper, name: DerNode, field: str, shown: str | None = None) -> None:
    parts = list(inside(paper.data, name))
    paper.put(field, len(parts) if shown is None else shown, name.body, name.stop)
    for part in parts:
        pairs = list(inside(paper.data, part))
        paper.put("x509if.RDNSequence_item", len(pairs), part.body, part.stop)
        for pair in pairs:
            paper.label("x509if.RelativeDistinguishedName_item_element", pair)
            kind, value = _take(paper, pair, 2)
            which = oid(paper.data, kind)
            paper.put("x509if.oid", which, kind.body, kind.stop)
            _string(paper, which, value)


def _string(paper: Paper, which: str, value: DerNode) -> None:
    text = paper.data[value.body : value.stop].decode("utf-8", "replace")
    if which == COUNTRY:
        paper.put("x509sat.CountryName", text, value.body, value.stop)
    elif which in DIRECTORY and value.tag in STRINGS:
        number, name = STRINGS[value.tag]
        paper.put("x509sat.DirectoryString", number, value.start, value.stop)
        if f"x509sat.{name}" in paper.known:
            paper.put(f"x509sat.{name}", text, value.body, value.stop)


def _time(paper: Paper, field: str, when: DerNode) -> None:
    """A year of two digits stands for 1950 to 2049: RFC 5280 §4.1.2.5.1."""
    general = when.tag == 0x18
    digits = paper.data[when.body : when.stop].decode("ascii", "replace")
    paper.put(field, int(general), when.start, when.stop)
    if not digits[:-1].isdigit() or not digits.endswith("Z") or len(digits) != (15 if general else 13):
        raise Short
    if not general:
        digits = ("20" if digits < "50" else "19") + digits
    shown = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:14]} (UTC)"
    paper.put(f"x509af.{'generalizedTime' if general else 'utcTime'}", shown, when.body, when.stop)


def _key(paper: Paper, key: DerNode) -> None:
    how, bits = _take(paper, key, 2)
    paper.label("x509af.subjectPublicKeyInfo_element", key)
    paper.label("x509af.algorithm_element", how)
    kind = _algorithm(paper, how)
    parts = list(inside(paper.data, how))
    if kind == EC and len(parts) > 1 and parts[1].tag == 6:
        paper.put("pkcs1.ECParameters", 1, parts[1].start, parts[1].stop)
        paper.put("pkcs1.namedCurve", oid(paper.data, parts[1]), parts[1].body, parts[1].stop)
    if kind != RSA:
        paper.bits("x509af.subjectPublicKey", bits)
    elif bits.size > 1:
        paper.put("x509af.subjectPublicKey", paper.data[bits.body + 1 : bits.stop], bits.body + 1, bits.stop)
        modulus, exponent = _take(paper, node(paper.data, bits.body + 1, bits.stop), 2)
        paper.content("pkcs1.modulus", modulus)
        paper.number("pkcs1.publicExponent", exponent)


def _extensions(paper: Paper, listed: DerNode) -> None:
    found = list(inside(paper.data, listed))
    paper.put("x509af.extensions", len(found), listed.body, listed.stop)
    base = paper.group
    for number, each in enumerate(found, 1):
        paper.group = f"{base}/Extensions/{number}"
        extension(paper, each)
    paper.group = base
