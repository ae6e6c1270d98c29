"""DNSSEC records: RFC 4034 (DNSKEY, RRSIG, NSEC, DS), RFC 5155 (NSEC3), RFC 7344 (CDS, CDNSKEY)."""

from base64 import b32hexencode
from collections.abc import Callable

from ....model import Field
from ...core import Short
from .names import Rdata, Reader

BILLION = 1_000_000_000


def _signature(rdata: Rdata) -> None:
    """RRSIG: RFC 4034 §3.1."""
    reader, at, stop, group = rdata
    if stop - at < 18:
        raise Short
    reader.uint("dns.rrsig.type_covered", at, 2, stop, group)
    reader.uint("dns.rrsig.algorithm", at + 2, 1, stop, group)
    reader.uint("dns.rrsig.labels", at + 3, 1, stop, group)
    reader.uint("dns.rrsig.original_ttl", at + 4, 4, stop, group)
    for name, place in (("expiration", at + 8), ("inception", at + 12)):
        when = int.from_bytes(reader.data[place : place + 4], "big") * BILLION
        reader.add(Field(f"dns.rrsig.signature_{name}", when, place, place + 4, reader.buffer, 0, group))
    reader.uint("dns.rrsig.key_tag", at + 16, 2, stop, group)
    after = reader.put_name("dns.rrsig.signers_name", at + 18, stop, group)
    reader.octets("dns.rrsig.signature", after, stop, group)


def _key(rdata: Rdata) -> None:
    """DNSKEY: RFC 4034 §2.1; its flags RFC 5011 §7."""
    reader, at, stop, group = rdata
    flags = reader.uint("dns.dnskey.flags", at, 2, stop, group)
    buffer, inner = reader.buffer, f"{group}/Flags"
    reader.view.out += (
        Field("dns.dnskey.flags.zone_key", bool(flags & 0x0100), at, at + 2, buffer, 0x0100, inner),
        Field("dns.dnskey.flags.key_revoked", bool(flags & 0x0080), at, at + 2, buffer, 0x0080, inner),
        Field("dns.dnskey.flags.secure_entry_point", bool(flags & 1), at, at + 2, buffer, 0x0001, inner),
        Field("dns.dnskey.flags.reserved", flags & 0xFE7E, at, at + 2, buffer, 0xFE7E, inner),
    )
    reader.uint("dns.dnskey.protocol", at + 2, 1, stop, group)
    reader.uint("dns.dnskey.algorithm", at + 3, 1, stop, group)
    if reader.cut:
        raise Short
    tag = _tag(reader.data[at:stop])
    reader.add(Field("dns.dnskey.key_id", tag, at, at, buffer, 0, group))
    reader.octets("dns.dnskey.public_key", at + 4, stop, group)


def _tag(key: bytes) -> int:
    """The key tag of RFC 4034 appendix B: a checksum that distinguishes most keys."""
    total = sum(key[0::2]) * 256 + sum(key[1::2])
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF


def _delegation(rdata: Rdata) -> None:
    """DS: RFC 4034 §5.1."""
    reader, at, stop, group = rdata
    reader.uint("dns.ds.key_id", at, 2, stop, group)
    reader.uint("dns.ds.algorithm", at + 2, 1, stop, group)
    reader.uint("dns.ds.digest_type", at + 3, 1, stop, group)
    reader.octets("dns.ds.digest", at + 4, stop, group)


def _next(rdata: Rdata) -> None:
    """NSEC: RFC 4034 §4.1."""
    reader, at, stop, group = rdata
    after = reader.put_name("dns.nsec.next_domain_name", at, stop, group)
    _types(reader, after, stop, group)


def _types(reader: Reader, at: int, stop: int, group: str) -> None:
    """The bit map of types: RFC 4034 §4.1.2. Each type stands in the byte that holds its bit."""
    data, buffer, add = reader.data, reader.buffer, reader.add
    while at < stop:
        if at + 2 > stop or at + 2 + data[at + 1] > stop:
            raise Short
        window, size = data[at] << 8, data[at + 1]
        at += 2
        for place in range(size):
            octet = data[at + place]
            for bit in range(8):
                if octet & 0x80 >> bit:
                    kind = window | place << 3 | bit
                    add(Field("dns.resp.type", kind, at + place, at + place + 1, buffer, 0, group))
        at += size


def _hash(rdata: Rdata, proof: bool) -> int:
    """What NSEC3 (a proof) and NSEC3PARAM share: RFC 5155 §3.2, §4.2."""
    reader, at, stop, group = rdata
    reader.uint("dns.nsec3.algo", at, 1, stop, group)
    flags = reader.uint("dns.nsec3.flags", at + 1, 1, stop, group)
    if proof:
        opt_out, inner = bool(flags & 1), f"{group}/Flags"
        reader.add(Field("dns.nsec3.flags.opt_out", opt_out, at + 1, at + 2, reader.buffer, 0x01, inner))
    reader.uint("dns.nsec3.iterations", at + 2, 2, stop, group)
    size = reader.uint("dns.nsec3.salt_length", at + 4, 1, stop, group)
    if at + 5 + size > stop:
        raise Short
    reader.octets("dns.nsec3.salt_value", at + 5, at + 5 + size, group)
    return at + 5 + size


def _parameters(rdata: Rdata) -> None:
    _hash(rdata, False)


def _next_hash(rdata: Rdata) -> None:
    reader, _, stop, group = rdata
    at = _hash(rdata, True)
    size = reader.uint("dns.nsec3.hash_length", at, 1, stop, group)
    end = at + 1 + size
    if end > stop:
        raise Short
    text = b32hexencode(reader.data[at + 1 : end]).decode().rstrip("=").lower()
    reader.add(Field("dns.nsec3.hash_value", text, at + 1, end, reader.buffer, 0, group))
    _types(reader, end, stop, group)


SECURITY: dict[int, Callable[[Rdata], None]] = {
    43: _delegation,
    46: _signature,
    47: _next,
    48: _key,
    50: _next_hash,
    51: _parameters,
    59: _delegation,
    60: _key,
}
