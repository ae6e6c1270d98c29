"""Which packets of a capture may belong to a protocol that is recognised by its bytes, whatever the ports.

A quick look at a few bytes of all packets (`Application.marks`), then the recognisers' own word on those that are left. What is
recognised in one packet may read all of its conversation; so all of it is left to the dissector.
"""

from collections.abc import Callable, Collection
from functools import cached_property

import numpy as np

from ..dissect.core import Application
from ..dissect.registry import tables
from .headers import TCP, UDP, Headers, Mask, Numbers


class Recognised:
    """By layer, which packets are in a conversation of which one packet is recognised as that protocol's."""

    def __init__(self, headers: Headers, slow_names: Callable[[], Collection[bytes]]) -> None:
        """`slow_names`: the conversations of slow-path packets: U or T, addresses, ports."""
        self._headers = headers
        self._slow_names = slow_names
        self._found: dict[str, Mask] = {}

    def of(self, layer: str) -> Mask:
        """The packets that may hold a protocol's fields; of a layer that is carried by others, those that may be read by any."""
        known = tables()
        layers = {a.layer for a in (*known.datagrams, *known.streams, *known.preambles)}
        if layer in layers:
            return self._layer(layer) | self._anything
        every: Mask = np.logical_or.reduce([*map(self._layer, sorted(layers)), self._anything])
        return every

    def _layer(self, layer: str) -> Mask:
        """The conversations of which a packet is recognised as one of this protocol's."""
        if layer not in self._found:
            found = np.zeros(self._headers.count, np.bool_)
            for proto, applications in ((UDP, tables().datagrams), (TCP, tables().streams)):
                for each in applications:
                    if each.layer == layer:
                        found |= self._conversation(proto, self._rows(proto, each))
            self._found[layer] = found
        return self._found[layer]

    @cached_property
    def _anything(self) -> Mask:
        """Behind a header before a connection's own bytes any protocol may be recognised; and in what slow-path packets begin."""
        rows = [self._rows(TCP, each) for each in tables().preambles]
        found = self._conversation(TCP, np.concatenate(rows) if rows else np.zeros(0, np.int64))
        if self._headers.slow.any():
            ports = {int.from_bytes(name[-4:], "big") for name in self._slow_names() if len(name) > 4}
            rows_with_ports = np.nonzero(np.isin(self._headers.shape.proto, (UDP, TCP)))[0]
            here = (
                self._headers.index.offset[rows_with_ports] + self._headers.shape.transport[rows_with_ports]
            )
            found[rows_with_ports[np.isin(self._headers.four[here], list(ports))]] = True
        return found

    def _rows(self, proto: int, application: Application) -> Numbers:
        """The packets, of ports that are not its own, that begin as the protocol's messages do."""
        headers, shape = self._headers, self._headers.shape
        own = headers.application(application.layer)
        framing = application.framing if proto == TCP else 0
        size = shape.stop - shape.payload.astype(np.int32)
        rows = np.nonzero((shape.proto == proto) & (size > 0) & ((shape.application != own) | (own == 0)))[0]
        for place, octets in application.marks:
            rows = rows[size[rows] > place + framing]
            allowed = np.zeros(256, np.bool_)
            allowed[list(octets)] = True
            at = headers.index.offset[rows] + shape.payload[rows] + framing + place
            rows = rows[allowed[headers.data[at]]]
        return rows[
            np.fromiter((self._is(application, proto, row) for row in rows.tolist()), np.bool_, len(rows))
        ]

    def _is(self, application: Application, proto: int, row: int) -> bool:
        shape, index = self._headers.shape, self._headers.index
        at = int(index.offset[row])
        payload = bytes(index.data[at + int(shape.payload[row]) : at + int(shape.stop[row])])
        if proto == UDP:
            return application.is_datagram is not None and application.is_datagram(payload, False)
        preamble = application.is_preamble is not None and application.is_preamble(payload)
        return preamble or (application.is_stream is not None and application.is_stream(payload) is not None)

    def _conversation(self, proto: int, rows: Numbers) -> Mask:
        """All packets between the ports and addresses of these, and may be a few more."""
        found = np.zeros(self._headers.count, np.bool_)
        if len(rows):
            every = np.nonzero(self._headers.shape.proto == proto)[0]
            keys = self._headers.conversation_keys(every)
            found[every[np.isin(keys, keys[np.isin(every, rows)])]] = True
        return found
