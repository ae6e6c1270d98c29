"""NFLOG: tcpdump.org, LINKTYPE_NFLOG."""

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

NOTED = Header.of(FOREIGN / "nflog.pcap", 1, "nflog", 0, 8)


def test_the_header_and_an_attribute() -> None:
    """Numbers of the attributes stand in the byte order of the machine: here the lower byte first."""
    assert NOTED.layout() == [
        ("nflog.family", 2, 0, 1),
        ("nflog.version", 0, 1, 2),
        ("nflog.res_id", 0, 2, 4),
        ("nflog.tlv_length", 64, 4, 6),
        ("nflog.tlv_type", 9, 6, 8),  # NFULA_PAYLOAD: the packet
    ]
    assert NOTED.value("frame.protocols") == "nflog:ip:udp:dns"


def test_an_attribute_that_does_not_fit_is_malformed() -> None:
    for size in (3, 65):
        data = NOTED.with_bytes(4, bytes([size, 0]))
        assert "_ws.malformed" in {item[0] for item in NOTED.read(data).fields}


def test_cut_short_anywhere() -> None:
    """An attribute is read when all of it is there."""
    assert_cut_short_anywhere(NOTED._replace(stop=4))


def test_any_bytes() -> None:
    assert_any_bytes_are_read(NOTED)
