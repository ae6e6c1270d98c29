"""Which request that a proxy sends is which that it received, and how sure that is. Never by time alone.

Two requests are one where method, target and body agree and no header contradicts it. Where several requests agree in all of
that, a header decides that only one of them has (a trace id, a cookie); then the client that the proxy names
(X-Forwarded-For); then the answers, which have to be the same, too; at last that all others had been answered already, or
were not sent yet. Where that is not enough, no tie is made: a missing tie is better than a wrong one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..model import Event
from . import http
from .requests import HOP_BY_HOP, Exchanges, RelayedMessage, Server

SAME, IDENTIFIER, CLIENT, ANSWER, ONLY = "request", "identifier", "client", "answer", "only"
"""How sure a tie is: no other request is like it; a header that no other has decides; who the proxy says asked; what was
answered; that every other had its answer or was not sent yet."""

CHANGED = HOP_BY_HOP | frozenset(
    [
        "host",
        "accept-encoding",
        "cookie",
        "via",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "x-real-ip",
    ]
)
"""Headers that proxies rewrite: another value there contradicts nothing."""

Replies = Mapping[tuple[object, ...], RelayedMessage]


class Relay(NamedTuple):
    """A message that arrived at `node` and that it sent on, over another connection.

    `attempt` counts the times that the node sent this request, this one included; of several, only the last is tied.
    """

    node: str
    arrival: Event
    departure: Event
    sure: str
    attempt: int = 1


class Attempt(NamedTuple):
    """A request that a node sent in vain: it sent another one for the same `arrival` later."""

    node: str
    arrival: Event
    departure: Event
    attempt: int


def relay(found: Exchanges) -> tuple[list[Relay], list[Attempt]]:
    """All ties of requests and of their replies, each message in at most one; and the attempts before them."""
    ties: list[Relay] = []
    vain: list[Attempt] = []
    for server in found.servers:
        for one, sent in _of(server, found.replies):
            if found.exact and not _exact(found.replies, one, sent):
                continue
            # The last one sent is the one whose answer counts; the others were given up.
            sent.sort(key=lambda pair: (pair[0].event.time, pair[0].number))
            *before, (last, sure) = sent
            vain += [
                Attempt(server.node, one.event, each.event, number)
                for number, (each, _) in enumerate(before, 1)
            ]
            ties.append(Relay(server.node, one.event, last.event, sure, len(sent)))
            ties += _answer(server.node, found.replies, one, last, sure)
    return ties, vain


def _exact(replies: Replies, one: RelayedMessage, sent: list[tuple[RelayedMessage, str]]) -> bool:
    """Whether what came back is what was passed back; a message without a reply that was sent several times is tied to none."""
    if not one.key:
        return len(sent) == 1
    answers = [replies[each.key].core for each, _ in sent if each.key in replies]
    return one.key not in replies or not answers or replies[one.key].core in answers


def _answer(
    node: str, replies: Replies, one: RelayedMessage, last: RelayedMessage, sure: str
) -> Iterator[Relay]:
    """The reply that was passed on, unless the proxy made one of its own."""
    theirs, ours = replies.get(last.key), replies.get(one.key)
    if theirs is not None and ours is not None and http.same(theirs.core, ours.core):
        yield Relay(node, theirs.event, ours.event, sure)


def _of(
    server: Server, replies: Replies
) -> Iterator[tuple[RelayedMessage, list[tuple[RelayedMessage, str]]]]:
    """Each request that arrived, with all that were sent for it."""
    alike: dict[tuple[object, ...], _Alike] = {}
    for each in server.arrived:
        alike.setdefault(each.core, _Alike(replies, bool(server.node))).add(each)
    found: dict[int, list[tuple[RelayedMessage, str]]] = defaultdict(list)
    for each in server.left:
        chosen = alike[each.core].choose(each) if each.core in alike else None
        if chosen is not None:
            found[chosen[0].number].append((each, chosen[1]))
    for one in server.arrived:
        sent, answer = found.get(one.number, []), replies.get(one.key)
        same = [
            each
            for each, _ in sent
            if answer and each.key in replies and http.same(replies[each.key].core, answer.core)
        ]
        # Nobody asks again who has the answer that was passed on: two of these, and one of them is another's.
        if sent and len(same) < 2:
            yield one, sent


class _Alike:
    """Requests that arrived and that agree in method, target and body; by header, by client, by what was answered.

    `known`: whether all of them came to one node, and not to whoever it may be.
    """

    def __init__(self, replies: Replies, known: bool) -> None:
        self.replies = replies
        self.known = known
        self.arrived: list[RelayedMessage] = []
        self.by: dict[tuple[str, object], list[RelayedMessage]] = defaultdict(list)

    def add(self, one: RelayedMessage) -> None:
        self.arrived.append(one)
        for line in one.kept:
            self.by[IDENTIFIER, line].append(one)
        self.by[CLIENT, one.event.src].append(one)
        if one.key in self.replies:
            self.by[ANSWER, self.replies[one.key].core].append(one)

    def choose(self, sent: RelayedMessage) -> tuple[RelayedMessage, str] | None:
        """The one that a request which was sent is, and what decided; None if several could be it, or none."""
        options = {
            one.number: one
            for one in self.arrived
            if (self.known or _by_one_node(one, sent)) and _could_be(one, sent, self.replies)
        }
        if len(self._others(self.arrived, sent)) == 1:
            return (next(iter(options.values())), SAME) if options else None
        for sure, mark in self._marks(sent):
            having = self._others(self.by.get((sure, mark), []), sent)
            if len(having) == 1:
                return (having[0], sure) if having[0].number in options else None
            if sure != IDENTIFIER:  # a header that several have is one that everybody sends
                options = {one.number: one for one in having if one.number in options} or options
        # Those that had their answer and those that were not sent yet are left out already.
        return (next(iter(options.values())), ONLY) if len(options) == 1 else None

    def _others(self, ones: list[RelayedMessage], sent: RelayedMessage) -> list[RelayedMessage]:
        """Those that whoever sent this may have received: where nobody knows who is who, what was sent arrived somewhere, too."""
        return ones if self.known else [one for one in ones if _by_one_node(one, sent)]

    def _marks(self, sent: RelayedMessage) -> Iterator[tuple[str, object]]:
        """What may decide, the surest first: headers, the client that the proxy names, the answer."""
        yield from ((IDENTIFIER, line) for line in sorted(sent.kept))
        if sent.forwarded:
            yield CLIENT, sent.forwarded
        if sent.key in self.replies:
            yield ANSWER, self.replies[sent.key].core


def _by_one_node(one: RelayedMessage, sent: RelayedMessage) -> bool:
    """Where nobody knows who is who: whether whoever sent this received that, by its address or by its own word for the client."""
    return one.event.dst == sent.event.src or (sent.forwarded != "" and sent.forwarded == one.event.src)


def _could_be(one: RelayedMessage, sent: RelayedMessage, replies: Replies) -> bool:
    """Whether a request that arrived may be the one that was sent: not after it, not when it had been answered already."""
    slack = one.event.uncertainty + sent.event.uncertainty
    if one.event.stream == sent.event.stream or sent.event.time + slack < one.event.time:
        return False
    if sent.event.dst == one.event.src:  # two that ask each other the same are no proxies
        return False
    answer = replies.get(one.key)
    if answer is not None and answer.event.time + slack < sent.event.time:
        return False
    if sent.forwarded and one.event.src and sent.forwarded not in (one.event.src, one.forwarded):
        return False
    if any(sent.lines.get(name, value) != value for name, value in one.lines.items() if name not in CHANGED):
        return False
    # A proxy may leave headers out; what keeps none of them is a request of its own, as a health check is.
    return not one.kept or bool(one.kept & sent.kept)
