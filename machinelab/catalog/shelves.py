"""Every guide there is or will be, by shelf, and the orders to read them in."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A guide as it is listed: `title` as published."""

    id: str
    title: str
    shelf: str


class Progression(NamedTuple):
    """Guides in an order that leads somewhere."""

    id: str
    title: str
    guides: tuple[str, ...]


SHELVES = {
    "wire": "The wire",
    "storage": "Storage and state",
    "runtimes": "Concurrency and runtimes",
    "scale": "At scale",
    "identity": "Identity",
    "theory": "Theory",
    "journey": "The journey",
    "own": "Your own",
}

_TITLES = {
    "wire": {
        "tls": "The TLS handshake",
        "sni": "SNI, the name in the clear",
        "http": "HTTP, the shape of it",
        "dns": "DNS, how names resolve",
        "tcp": "The TCP handshake",
        "websockets": "WebSockets",
        "k8s": "K8s networking",
        "vpc": "VPC networking",
        "nat": "NAT traversal",
        "bgp": "BGP, the glue",
    },
    "storage": {
        "indexing": "Database indexing",
        "wal": "Write-ahead logging",
        "acid": "ACID transactions",
        "hash-tables": "Hash tables",
        "ring-buffers": "Ring buffers",
        "kafka": "Kafka, as a river",
        "redis": "Redis internals",
    },
    "runtimes": {
        "gc": "Garbage collection",
        "malloc": "Memory allocation",
        "event-loops": "Event loops",
        "thread-pools": "Thread pools",
        "go-channels": "Go channels",
    },
    "scale": {
        "http-caching": "HTTP caching",
        "cdn": "CDN anatomy",
        "queues": "Message queues",
        "realtime": "Realtime communication",
        "api-gateway": "API gateways",
        "reverse-proxy": "Reverse proxies",
        "load-balancing": "Load balancing",
        "autoscaling": "Autoscaling",
        "service-discovery": "Service discovery",
    },
    "identity": {"oauth2": "OAuth 2, the flows"},
    "theory": {
        "distributed-ids": "Distributed IDs",
        "max-flow": "Max-flow",
        "graph-routing": "Graph routing",
    },
    "journey": {"journey": "The Internet, a journey"},
}

ENTRIES = {id: Entry(id, title, shelf) for shelf, titles in _TITLES.items() for id, title in titles.items()}

START_HERE = ("dns", "tls", "oauth2", "kafka")

PROGRESSIONS = (
    Progression(
        "wire-up",
        "Wire up: from transport to application",
        ("tcp", "dns", "tls", "sni", "http", "websockets", "realtime", "http-caching", "cdn", "journey"),
    ),
    Progression(
        "storage",
        "Storage and reliability",
        ("wal", "acid", "indexing", "kafka", "queues", "redis", "distributed-ids"),
    ),
    Progression("identity", "Identity", ("tls", "http", "oauth2", "api-gateway", "reverse-proxy")),
)
