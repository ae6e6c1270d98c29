"""A drawing of each kind, small."""

from machinelab.model import (
    Branch,
    Bytes,
    Drawing,
    Edge,
    Flight,
    Flights,
    Graph,
    GraphNode,
    HeaderField,
    Hop,
    Interface,
    Matrix,
    PacketPath,
    PlacedNode,
    Slot,
    SlotRow,
    Slots,
    Span,
    States,
    Timeline,
    Topology,
    Transfer,
    Transition,
    Tree,
    Waterfall,
)


def node(name: str, what: str, *feet: tuple[str, str]) -> PlacedNode:
    return PlacedNode(name, tuple(Interface(*foot) for foot in feet), what)


TOP = Topology(
    (
        ("home_a", "10.71.1.0/24"),
        ("home_b", "10.71.2.0/24"),
        ("carrier", "100.64.71.0/24"),
        ("public", "198.18.71.0/24"),
        ("beyond", "198.19.71.0/24"),
    ),
    (
        node("alice", "a host of home A", ("home_a", "10.71.1.10")),
        node("anna", "another host of home A", ("home_a", "10.71.1.20")),
        node(
            "nat-a",
            "home A's translator (nftables)",
            ("home_a", "10.71.1.254"),
            ("carrier", "100.64.71.2"),
            ("public", "198.18.71.2"),
        ),
        node(
            "cgn",
            "the carrier's translator (nftables)",
            ("carrier", "100.64.71.254"),
            ("public", "198.18.71.4"),
        ),
        node("nat-b", "home B's translator (nftables)", ("home_b", "10.71.2.254"), ("public", "198.18.71.3")),
        node("bob", "a host of home B", ("home_b", "10.71.2.10")),
        node("server", "where peers meet", ("public", "198.18.71.10")),
        node("stun", "coturn, with two addresses", ("public", "198.18.71.20"), ("beyond", "198.19.71.20")),
        node("stranger", "somebody outside", ("public", "198.18.71.66")),
    ),
)
DRAWINGS: dict[str, Drawing] = {
    "topology": TOP,
    "path": PacketPath(
        "12 hello",
        (
            Hop("alice", "home_a", "10.71.1.10:5000", "198.18.71.10:7000"),
            Hop(
                "nat-a",
                "public",
                "198.18.71.2:60377",
                "198.18.71.10:7000",
                ("source 10.71.1.10:5000 → 198.18.71.2:60377", "ttl 64 → 63"),
            ),
        ),
        "server",
    ),
    "states": States(
        ("CLOSED", "SYN-SENT", "ESTABLISHED"),
        (
            Transition("CLOSED", "SYN-SENT", "active open: send SYN", ("1",)),
            Transition("SYN-SENT", "ESTABLISHED", "SYN ACK received, ACK sent", ("2",)),
            Transition("SYN-SENT", "CLOSED", "close"),
        ),
        (("client", "ESTABLISHED"),),
    ),
    "bytes": Bytes(
        "packet 1",
        (
            HeaderField("Source Port", 16, "42472"),
            HeaderField("Destination Port", 16, "9507"),
            HeaderField("Sequence Number", 32, "0"),
            HeaderField("Acknowledgment Number", 32, "0"),
            HeaderField("Offset", 4, "10"),
            HeaderField("Reserved", 4, "0"),
            *(
                HeaderField(n, 1, v)
                for n, v in zip(
                    ("CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"), "00000010", strict=True
                )
            ),
            HeaderField("Window", 16, "64240"),
        ),
        "RFC 9293 §3.1",
    ),
    "tree": Tree(
        Branch(
            ".",
            (
                Branch(
                    "test",
                    (
                        Branch(
                            "example.test",
                            (
                                Branch("www.example.test", (), True, ("A 198.51.100.80",)),
                                Branch("mail.example.test"),
                            ),
                            True,
                            ("packet 7",),
                        ),
                        Branch("shop.test"),
                    ),
                    True,
                    ("packet 4: refers to ns1.nic.test",),
                ),
                Branch("arpa"),
            ),
            True,
        )
    ),
    "slots": Slots(
        (
            SlotRow("1", (Slot("10.71.1.10:5000", "new"), Slot("198.18.71.2:60377"), Slot("server"))),
            SlotRow(
                "2", (Slot("10.71.1.10:5001", "gone"), Slot("198.18.71.2:60378"), Slot("server")), "expired"
            ),
        ),
        ("inside", "outside", "remote"),
    ),
    "timeline": Timeline(
        (
            ("client", (Span(0, 3, "BEGIN"), Span(5, 9, "COMMIT", "here"))),
            ("wal", (Span(2, 2, "flush", "here"), Span(8, 8.5, "fsync", "bad"))),
        )
    ),
    "waterfall": Waterfall(
        (
            Transfer("stream 1  /", (Span(0, 4, ""), Span(4, 9, "", "here")), "5.1 kB"),
            Transfer("stream 3  /app.js", (Span(9, 12, ""), Span(12, 31, "", "here")), "48 kB, in 34 frames"),
            Transfer("stream 5  /style.css", (Span(9, 13, ""), Span(13, 15, "", "here")), "2 kB"),
            Transfer(
                "stream 7  /a-long-name-of-a-picture.png", (Span(9, 27, ""), Span(27, 40, "", "bad")), "reset"
            ),
        ),
        (("", "waiting for the first byte"), ("here", "receiving"), ("bad", "broken off")),
    ),
    "flights": Flights(
        ("client", "server"),
        (
            Flight(0.0, "client", "server", "SYN"),
            Flight(0.1, "server", "client", "SYN ACK"),
            Flight(7.3, "client", "server", "ClientHello"),
            Flight(
                8.0,
                "server",
                "client",
                "ServerHello; EncryptedExtensions; Certificate; CertificateVerify; Finished",
            ),
            Flight(50.7, "client", "server", "Finished; GET /", "here"),
            Flight(51.2, "server", "client", "200 OK", "here"),
        ),
        ((0, 1, "round trip 1"), (2, 3, "round trip 2: the keys"), (4, 5, "round trip 3: the request")),
    ),
    "matrix": Matrix(
        "level",
        "anomaly",
        ("dirty", "phantom"),
        ("rc", "rr", "ser"),
        (("✓", "✗"), ("✓", "✗"), ("✓", "✓")),
        (("✓", "cannot happen"), ("✗", "happens")),
        ((1, 1),),
    ),
    "graph": Graph(
        tuple(
            GraphNode(n, t)
            for n, t in (
                ("0", ""),
                ("Early Secret", "PSK"),
                ("client_early_traffic", ""),
                ("Handshake Secret", "(EC)DHE"),
                ("client_hs", ""),
                ("server_hs", ""),
                ("Master Secret", ""),
                ("c_ap", ""),
                ("s_ap", ""),
                ("resumption", ""),
            )
        ),
        (
            Edge("0", "Early Secret", marked=True),
            Edge("Early Secret", "client_early_traffic"),
            Edge("Early Secret", "Handshake Secret", "derived", True),
            Edge("Handshake Secret", "client_hs"),
            Edge("Handshake Secret", "server_hs"),
            Edge("Handshake Secret", "Master Secret", "", True),
            Edge("Master Secret", "c_ap"),
            Edge("Master Secret", "s_ap"),
            Edge("Master Secret", "resumption"),
        ),
    ),
}
