"""Requests and replies on two wires, made byte by byte: what a proxy between them would have made of them."""

from dataclasses import dataclass, replace

from machinelab.correlate import correlate
from machinelab.dissect.core import Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Event, Trace
from tests.unit.correlate.wires import HOME, NODES, PUBLIC, TCP, Wire

CLIENT, FRONT, BACK, SERVER = "10.0.1.7", "10.0.1.1", "198.18.0.2", "198.19.0.9"
MS = 1_000_000


@dataclass(frozen=True)
class Talk:
    """One connection with one request on it, and an answer; `at` in milliseconds, `took` until the answer (−1: none)."""

    port: int
    head: str = "GET /a HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n"
    body: str = ""
    at: int = 0
    took: int = 100
    status: str = "200 OK"
    answer: str = "yes"
    front: bool = True

    def packets(self) -> list[Wire]:
        """The request, and the answer if there is one."""
        one, other = ((CLIENT, self.port), (FRONT, 80)) if self.front else ((BACK, self.port), (SERVER, 80))
        source: Source = HOME if self.front else PUBLIC
        names = ("host", "in") if self.front else ("out", "server")
        length = f"Content-Length: {len(self.body)}\r\n" if self.body else ""
        asked = Wire(
            one,
            other,
            f"{self.head}{length}\r\n{self.body}".encode(),
            1,
            64,
            TCP,
            1,
            0,
            source,
            names,
            self.at * MS,
        )
        said = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(self.answer)}\r\n\r\n{self.answer}".encode()
        told = replace(
            asked,
            src=other,
            dst=one,
            payload=said,
            ident=2,
            link=names[::-1],
            time=(self.at + self.took) * MS,
        )
        return [asked, told] if self.took >= 0 else [asked]


def passed(talk: Talk, port: int, more: str = f"X-Forwarded-For: {CLIENT}\r\n", after: int = 1) -> Talk:
    """The same request as a proxy sends it on: with headers more, and answered a little sooner than the client is."""
    took = talk.took - 2 * after if talk.took >= 0 else -1
    return replace(talk, port=port, head=talk.head + more, at=talk.at + after, took=took, front=False)


def trace(*talks: Talk, nodes: bool = True) -> Trace:
    """A capture of all of them; with or without who is who."""
    walker, cache = Walker(), Cache()
    packets = sorted((wire for talk in talks for wire in talk.packets()), key=lambda wire: wire.time)
    return Trace(tuple(event(walker.frame(wire.frame()), cache) for wire in packets), NODES if nodes else {})


def tied(*talks: Talk, nodes: bool = True) -> dict[int, int]:
    """The client's port of each request that was tied → the proxy's port behind it."""
    found = correlate(trace(*talks, nodes=nodes))
    by_number = {event.number: event for event in found.events}
    return {
        int(str(event["tcp.srcport"])): int(str(by_number[event.sightings[1].number]["tcp.srcport"]))
        for event in requests(found)
        if event.sightings and not event.again
    }


def requests(found: Trace) -> list[Event]:
    """All packets with a request in them."""
    return [event for event in found.events if "http.request.method" in event]
