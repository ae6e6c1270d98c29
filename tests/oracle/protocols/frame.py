"""What every packet has: the frame, PDML's own headings, malformed packets."""

import re

from tests.oracle.exemptions import Protocol

HEADING = "PDML's own heading, no field"
OPINION = "an expert's opinion; what a packet means is the guide's business"
CLOCK = "frame.time_epoch once more, in other clothes"
MARK = "a mark that somebody made in Wireshark's window"
TWICE = "PDML has it twice, shown and hidden"


def layers(text: str) -> str:
    """A packet's layers without those of ASN.1, which are for us a certificate's fields, and without what an HTTP body is, or
    Encrypted ClientHello in an HTTPS record; several records count once.
    """
    for body in (":data-text-lines", ":media"):
        text = text.replace(body, "")
    text = re.sub(r":(?:x509\w+|pkcs-1|pkix1\w+|cms)(?=:|$)", "", text.replace(":dns:tls", ":dns"))
    first, tls, rest = text.replace(":http:http", ":http").partition(":tls")
    return first + tls + re.sub(r":tls(?=:|$)", "", rest)


EXEMPTIONS = Protocol(
    left_out={
        **dict.fromkeys(("geninfo", "num", "len", "caplen", "timestamp"), HEADING),
        **dict.fromkeys(("frame.time", "frame.time_utc", "frame.time_delta_displayed"), CLOCK),
        **dict.fromkeys(("frame.marked", "frame.ignored"), MARK),
        "frame.offset_shift": "a shift that somebody made in Wireshark's window",
        **dict.fromkeys(
            (
                "_ws.expert",
                "_ws.expert.",
                "_ws.malformed.expert",
                "_ws.string.trailing_stray_characters",
                "frame.time_invalid",
            ),
            OPINION,
        ),
        "text": "tshark's name for a line without a field",
    },
    ours={
        **dict.fromkeys(("nat", "proxied", "sighting"), "what one packet or request is on several networks"),
        **dict.fromkeys(
            ("conntrack", "haproxy", "log", "process", "segment", "sqlitewal", "syscall", "wal"),
            "evidence that is no packet",
        ),
    },
    values={"frame.protocols": layers},
    places={"data": "PDML gives it no place"},
    presence={"_ws.malformed": TWICE, "_ws.short": TWICE},
)
