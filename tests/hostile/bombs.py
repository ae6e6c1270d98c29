"""Bombs: few bytes that unpack to many. Packed by the libraries that real senders use, carried by frames that are in order."""

import gzip
import io
import struct
import tarfile
from collections.abc import Iterator
from datetime import datetime, timedelta

import cramjam
import crc32c
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scapy.layers.inet import IP, TCP

from machinelab.dissect.core import Frame, Source
from machinelab.dissect.protocols.kafka.compression import CODECS
from tests.captures.craft import BACK, THERE, A, B

HUGE = 128 << 20  # bytes that a bomb comes to
ROOM = 60_000  # bytes of a stream that one frame takes
KAFKA, HTTP, DNS, TLS = 9092, 80, 53, 443
EMPTY_RECORD = bytes.fromhex(
    "0c000000010100"
)  # its length, attributes, two deltas, no key, no value, no header


def stream(server: int, data: bytes, *, to_server: bool, room: int = ROOM) -> Iterator[Frame]:
    """One side of a connection, sent in order, in frames as large as IP lets them be."""
    there, ports = (
        (THERE / IP(src=A, dst=B), (2000, server)) if to_server else (BACK / IP(src=B, dst=A), (server, 2000))
    )
    source = Source(0, 1, "wire")
    for at in range(0, len(data), room):
        header = TCP(sport=ports[0], dport=ports[1], flags="PA", seq=1000 + at, ack=1, window=501)
        raw = bytes(there / header / data[at : at + room])
        yield Frame(at, raw, len(raw), source)


# Kafka ---------------------------------------------------------------------------------------------------------------


def packed(codec: int, plain: bytes) -> bytes:
    name = CODECS[codec]
    return bytes(
        cramjam.snappy.compress_raw(plain) if name == "snappy" else getattr(cramjam, name).compress(plain)
    )


def batch(codec: int, records: bytes, count: int) -> bytes:
    """A record batch, format 2, whose checksum is right."""
    counted = struct.pack(">hiqqqhii", codec, count - 1, 0, 0, -1, -1, -1, count) + records
    rest = struct.pack(">ibI", 0, 2, crc32c.crc32c(counted)) + counted
    return struct.pack(">qi", 0, len(rest)) + rest


def produce(*batches: bytes, correlation: int = 1) -> bytes:
    """A request that brings these batches to one partition: Produce, version 7."""
    records = b"".join(batches)
    topic = struct.pack(">h6sii", 6, b"orders", 1, 0) + struct.pack(">i", len(records)) + records
    body = (
        struct.pack(">hhih4s", 0, 7, correlation, 4, b"bomb") + struct.pack(">hhii", -1, 1, 1000, 1) + topic
    )
    return struct.pack(">i", len(body)) + body


def zeros(codec: int, size: int = HUGE) -> bytes:
    return batch(codec, packed(codec, bytes(size)), 1000)


def records(codec: int, size: int) -> bytes:
    """As many records as there can be in so many bytes."""
    count = size // len(EMPTY_RECORD)
    return batch(codec, packed(codec, EMPTY_RECORD * count), count)


# HTTP ----------------------------------------------------------------------------------------------------------------


def reply(body: bytes, kind: str, packing: str = "gzip") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: {packing}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def deep_json(size: int) -> bytes:
    """Names inside of names, and a long list in the innermost: the way to each of its values is as long as all the names."""
    name = b"n" * (size // 28)
    return (b'{"' + name + b'":') * 28 + b"[" + b"1," * 4900 + b"1]" + b"}" * 28


def tokens(count: int) -> bytes:
    """A form of so many signed tokens, each of which has two JSON texts."""
    return b"client_id=bomb&" + b"&".join([b"token=eyJhIjoxfQ.eyJhIjoxfQ.c2ln"] * count)


def in_chunks(body: bytes, kind: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


def zipped(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


# DNS -----------------------------------------------------------------------------------------------------------------


def pointers(*, loop: bool) -> bytes:
    """A reply over TCP, as long as one can be, each of whose records names the end of a chain of pointers, or a loop of them.

    The chain stands in the questions: each has one label, and the name of the question before it.
    """
    links, size = 126, 8
    last = 0xC000 | 12 + (links - 1) * size
    before = [last if loop else 0, *(0xC000 | 12 + number * size for number in range(links - 1))]
    questions = b"".join(b"\x01a" + struct.pack("!HHH", link, 1, 1) for link in before)
    if not loop:
        questions = b"\x02aa\0" + struct.pack("!HH", 1, 1) + questions[size:]
    name = struct.pack("!H", last)
    record = name + struct.pack("!HHIH", 2, 1, 60, 2) + name
    count = (65_000 - len(questions)) // len(record)
    return _framed(struct.pack("!HHHHHH", 7, 0x8180, links, count, 0, 0) + questions + record * count)


def _framed(message: bytes) -> bytes:
    return struct.pack("!H", len(message)) + message


# TLS -----------------------------------------------------------------------------------------------------------------


def certificate(names: int) -> bytes:
    """A certificate for so many names, signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bomb.test")])
    day = datetime(2026, 1, 1)
    listed = x509.SubjectAlternativeName([x509.DNSName(f"{number}.test") for number in range(names)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(2**158)
    )
    made = (
        made.not_valid_before(day)
        .not_valid_after(day + timedelta(days=9))
        .add_extension(listed, critical=False)
    )
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def handshake(*certificates: bytes) -> bytes:
    """The message Certificate of TLS 1.2, over as many records as it takes."""
    chain = b"".join(len(each).to_bytes(3, "big") + each for each in certificates)
    body = len(chain).to_bytes(3, "big") + chain
    whole = b"\x0b" + len(body).to_bytes(3, "big") + body
    pieces = (whole[at : at + (1 << 14)] for at in range(0, len(whole), 1 << 14))
    return b"".join(b"\x16\x03\x03" + struct.pack("!H", len(piece)) + piece for piece in pieces)


# Files ---------------------------------------------------------------------------------------------------------------


def archive(size: int, ending: str = "") -> bytes:
    """An archive of a partition's folder, with a segment of zeros; `ending` says how the archive is packed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{ending}") as made:
        member = tarfile.TarInfo("orders-0/00000000000000000000.log")
        member.size = size
        made.addfile(member, io.BytesIO(bytes(size)))
    return out.getvalue()
