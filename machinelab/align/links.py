"""Which reply answers which request, by the exchange key and direction that the dissector gives, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..model import Item


@dataclass(slots=True)
class Links:
    """`reply` maps a request's index to its reply's, `request` a reply's to the first request it answers.

    `duplicates` are replies whose request was answered before: duplicates, or forgeries that came too late.
    """

    reply: dict[int, int] = field(default_factory=dict)
    request: dict[int, int] = field(default_factory=dict)
    duplicates: dict[int, int] = field(default_factory=dict)


def link(items: Sequence[Item]) -> Links:
    """Tie replies to requests in one pass. A request that is repeated with the same key is answered with the first."""
    links = Links()
    waiting: dict[object, list[int]] = {}
    answered: dict[object, int] = {}
    for index, item in enumerate(items):
        exchange = item.exchange
        if exchange is None:
            continue
        if not exchange.reply:
            waiting.setdefault(exchange.key, []).append(index)
        elif requests := waiting.pop(exchange.key, None):
            links.request[index] = answered[exchange.key] = requests[0]
            links.reply.update(dict.fromkeys(requests, index))
        elif exchange.key in answered:
            links.duplicates[index] = answered[exchange.key]
    return links
