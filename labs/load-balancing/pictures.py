"""A request's way through each balancer: what is rewritten in passing, and what is sent anew."""

from collections.abc import Callable

from machinelab.authoring import Event, Hop, PacketPath, Picture, Run

METHOD = "http.request.method"


def through(balancer: str) -> Callable[[Run], PacketPath | None]:
    """The way of the first request that went by that balancer."""

    def way(run: Run) -> PacketPath | None:
        for event in run.trace.events:
            nodes = event.path(run.trace.names())
            if METHOD in event and not event.again and balancer in nodes[1:-1]:
                return PacketPath(
                    f"packet {event.id}: {event.content.summary()}", _hops(event, nodes), nodes[-1]
                )
        return None

    return way


def _hops(event: Event, nodes: list[str]) -> tuple[Hop, ...]:
    found = []
    for index, (node, seen) in enumerate(zip(nodes, event.way, strict=False)):
        before = event.way[index - 1] if index else seen
        changed = tuple(
            f"{what} {was} → {now}"
            for what, was, now in (("source", before.src, seen.src), ("destination", before.dst, seen.dst))
            if was != now
        )
        kind = (
            ()
            if not changed
            else ("the packet passed on, addresses rewritten",)
            if "nat.node" in event
            else ("a connection of its own",)
        )
        found.append(Hop(node, seen.network, seen.src, seen.dst, (*kind, *changed)))
    return tuple(found)


OF = {
    "l4": ("doors", "kept"),
    "l7": ("doors", "turns", "keys", "affinity", "failover", "drain", "order"),
}
PICTURES = tuple(
    Picture(
        f"way-{balancer}",
        f"A request's way through {balancer}",
        f"The first request that {balancer} passed to a server, with its addresses on each network.",
        through(balancer),
        experiments,
    )
    for balancer, experiments in OF.items()
)
