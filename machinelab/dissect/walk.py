"""The first pass: every frame once, in the order of the capture, leaving a `PacketInfo` of what its bytes alone do not tell.

It reads just enough of each header to follow conversations: no field is made here. 60,000 frames a second on one core
is what decided its shape: one look-up per layer, no objects but the `PacketInfo`.
"""

from .core import Application, Contents, Flow, Frame, Outer, PacketInfo, Part, Stream
from .decode_as import DecodeAs
from .echo import Echoes
from .fragments import Fragments
from .links import ARP, BRIDGED, IPV4, IPV6, LINKS
from .network import Addresses, Packet, ipv4, ipv6, upper
from .recognition import guest, recognise, takes
from .registry import application, tables, tunnel
from .segments import segment, starts_anew
from .tcp_header import TcpHeader

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
NAMES = {
    ICMP: "ICMP",
    2: "IGMP",
    TCP: "TCP",
    UDP: "UDP",
    47: "GRE",
    50: "ESP",
    ICMPV6: "ICMPv6",
    89: "OSPF",
    132: "SCTP",
}

# Ping and its reply; errors, which quote what they are about.
ECHOES = {ICMP: (8, 0), ICMPV6: (128, 129)}
TUNNELS = {4: ipv4, 41: ipv6}
NETWORKS = {IPV4: ("IPv4", ipv4), IPV6: ("IPv6", ipv6)}
DEEPEST = 8  # headers inside headers
ERRORS = {ICMP: (3, 4, 5, 11, 12), ICMPV6: (1, 2, 3, 4)}


class Walker:
    """Follows the conversations of one capture. Numbers are Wireshark's: frames from 1, streams from 0.

    `secrets` is what encrypted messages can be decrypted with; `decode_as` says which protocols are on ports of their own.
    """

    def __init__(self, secrets: object = None, decode_as: DecodeAs | None = None) -> None:
        self._secrets = secrets
        self._decode_as = decode_as
        self._shared: dict[str, object] = {}
        self._number = 0
        self._first = 0
        self._previous = 0
        self._fragments = Fragments()
        self._echoes = Echoes()
        self._addresses = Addresses()
        self._ethernet: dict[bytes, tuple[int, tuple[str, str]]] = {}
        self._ethernets = 0
        self._flows: dict[tuple[int, bytes], Flow] = {}
        self._streams: dict[bytes, Stream] = {}
        self._counts = {"udp": 0, "tcp": 0}

    def frame(self, frame: Frame) -> PacketInfo:
        """What the first pass records of the next frame."""
        self._number += 1
        if self._number == 1:
            self._first = self._previous = frame.time
        info = PacketInfo(self._number, frame, self._first, self._previous)
        self._previous = frame.time
        link = LINKS.get(frame.source.link)
        if link is None:
            info.protocol = "link"  # which, its line says
            return info
        data = frame.data
        ethertype, at = link(data)
        if frame.source.link == 1 and ethertype >= 0:
            info.ethernet, info.hardware = self._station(data[:12])
        self._packet(info, ethertype, data, at, len(data))
        return info

    def _packet(
        self, info: PacketInfo, ethertype: int, data: bytes, at: int, end: int, buffer: str = "frame"
    ) -> None:
        """What stands behind a link header, or inside a tunnel: an IP packet, past what carries it, or something else."""
        known = tables().ethertypes
        for _ in range(DEEPEST):
            layer = known.get(ethertype)
            if layer is None or layer.carries is None:
                break
            if ethertype == BRIDGED and end - at >= 14:
                self._bridge(info, data[at : at + 12])
            ethertype, at = layer.carries(data, at, end)
        packet = None
        if ethertype in NETWORKS:
            info.protocol, read = NETWORKS[ethertype]
            packet = read(data, at, end)
        if packet is not None:
            self._network(info, _bounded(packet, info.frame, buffer), data, buffer)
        elif not info.streams:
            _hardware(info, ethertype)

    def _bridge(self, info: PacketInfo, pair: bytes) -> None:
        """An Ethernet frame inside a tunnel."""
        info.bridged = (*info.bridged, self._station(pair)[0])

    def _station(self, pair: bytes) -> tuple[int, tuple[str, str]]:
        found = self._ethernet.get(pair)
        if found is None:
            dst, src = pair[:6].hex(":"), pair[6:].hex(":")
            self._ethernet[pair[6:] + pair[:6]] = self._ethernets, (dst, src)
            found = self._ethernet[pair] = self._ethernets, (src, dst)
            self._ethernets += 1
        return found

    def _network(self, info: PacketInfo, packet: Packet, data: bytes, buffer: str = "frame") -> None:
        number, src, dst = self._addresses.find(packet.addresses)
        # In a tunnel, who speaks to whom is what the innermost header says.
        info.streams, info.src, info.dst = (*info.streams, number), src, dst
        info.addresses = packet.addresses
        if packet.ident >= 0:
            if packet.missing:
                return
            key = (info.frame.source.index, packet.addresses, packet.ident, packet.proto)
            whole = self._fragments.add(
                key, info, packet.offset, packet.more, data[packet.start : packet.stop]
            )
            info.reassembly = whole
            if whole.at != info.number:
                return
            data, buffer = (
                whole.data,
                "Reassembled IPv4" if len(packet.addresses) == 8 else "Reassembled IPv6",
            )
            packet = upper(data, packet.proto, 0, len(data), packet.addresses)
        proto, carriers = packet.proto, tables().protocols
        info.protocol = NAMES.get(proto, info.protocol)
        if proto == UDP and packet.stop - packet.start >= 8:
            self._datagram(info, packet, data, buffer)
        elif proto == TCP and packet.stop - packet.start >= 20:
            self._segment(info, packet, data, buffer)
        elif proto in (ICMP, ICMPV6):
            self._control(info, packet, data)
        elif proto in TUNNELS and len(info.streams) < DEEPEST:
            inside = TUNNELS[proto](data, packet.start, packet.stop)
            if inside is not None:
                self._network(info, _bounded(inside, info.frame, buffer), data, buffer)
        elif proto in carriers and len(info.streams) < DEEPEST:
            carries = carriers[proto].carries
            if carries is not None:
                ethertype, at = carries(data, packet.start, packet.stop)
                self._packet(info, ethertype, data, at, packet.stop, buffer)

    def _control(self, info: PacketInfo, packet: Packet, data: bytes) -> None:
        """Pings with their replies, errors with the streams they are about."""
        proto, start, stop = packet.proto, packet.start, packet.stop
        if stop - start < 8:
            return
        kind = data[start]
        if kind in ECHOES[proto]:
            reply = kind == ECHOES[proto][1]
            identity = data[start + 4 : start + 8]
            info.echo = self._echoes.observe(info, packet.addresses, identity, reply)
            info.exchange = self._echoes.exchange(info, packet.addresses, identity, reply)
            return
        inside = (ipv4 if proto == ICMP else ipv6)(data, start + 8, stop) if kind in ERRORS[proto] else None
        if inside is None:
            return
        info.streams = (*info.streams, self._addresses.find(inside.addresses)[0])
        transport, least = {UDP: ("udp", 8), TCP: ("tcp", 20)}.get(inside.proto, ("", 0))
        if transport and inside.ident < 0 and inside.stop - inside.start >= least:
            ports = data[inside.start : inside.start + 4]
            key = (info.frame.source.index, transport[0].upper().encode() + inside.addresses + ports)
            info.quoted = self._flows.get(key) or self._new(info, key, transport, ports)
            if transport == "tcp":
                _count(info, info.quoted)

    def _datagram(self, info: PacketInfo, packet: Packet, data: bytes, buffer: str) -> None:
        _, start, stop, addresses, *_ = packet
        key = (info.frame.source.index, b"U" + addresses + data[start : start + 4])
        flow = self._flows.get(key) or self._new(info, key, "udp", data[start : start + 4])
        info.flow = flow
        _count(info, flow)
        length = data[start + 4] << 8 | data[start + 5]
        stop = min(stop, start + length) if length >= 8 else stop
        if stop <= start + 8:
            return
        if flow.tunnel is not None and flow.tunnel.carries is not None and len(info.streams) < DEEPEST:
            ethertype, at = flow.tunnel.carries(data, start + 8, stop)
            info.outer = (*info.outer, Outer(flow, info.pnum, info.before))
            info.flow, info.protocol = None, flow.tunnel.name.upper()
            self._packet(info, ethertype, data, at, stop, buffer)
            return
        if takes(flow, data[start + 8 : stop]):
            assert flow.application is not None and flow.session is not None
            flow.fits = True
            reader = flow.application, flow.session
        elif (found := guest(flow, data[start + 8 : stop])) is not None:
            reader = found
        else:
            return
        protocol, session = reader
        if protocol.split is not None:
            parts = _split(protocol, flow, data[start + 8 : stop], start + 8, buffer)
            for part in parts:
                part.session = session
            _observe(info, flow, parts, data)
            return
        part = Part(protocol, start + 8, stop, to_server=flow.to_server, buffer=buffer)
        part.exchange, part.state = session.observe(data[start + 8 : stop], info, flow.to_server)
        info.parts = (part,)
        info.protocol = protocol.label

    def _segment(self, info: PacketInfo, packet: Packet, data: bytes, buffer: str) -> None:
        _, start, stop, addresses, *_ = packet
        key = (info.frame.source.index, b"T" + addresses + data[start : start + 4])
        flow = self._flows.get(key)
        header = TcpHeader(data, start)
        if flow is None or starts_anew(flow, header):
            header.anew = flow is not None
            flow = self._new(info, key, "tcp", data[start : start + 4], header)
        info.flow = flow
        _count(info, flow)
        if flow.application is None and flow.segments is None and stop > start + header.size:
            recognise(flow, data[start + header.size : stop], info.number)
        if flow.application is not None and flow.session is None and stop > start + header.size:
            info.protocol = flow.application.label
        for owner, parts in segment(info, flow, header, data, start, stop, packet.missing):
            held, name = (data, buffer) if owner is info else _buffer(owner)
            for part in parts:
                if part.data is None:
                    part.buffer = name
            _observe(owner, flow, parts, held)

    def _new(
        self,
        info: PacketInfo,
        key: tuple[int, bytes],
        kind: str,
        ports: bytes,
        header: TcpHeader | None = None,
    ) -> Flow:
        """A conversation seen for the first time on this network: both of its directions."""
        name = key[1]
        half = (len(name) - 5) // 2
        back = name[:1] + name[1 + half : 1 + 2 * half] + name[1 : 1 + half] + ports[2:] + ports[:2]
        stream = self._streams.get(name)
        if stream is None or (header is not None and stream.ended_by(header.seq, name)):
            stream = Stream(kind, self._counts[kind], info.time, secrets=self._secrets, shared=self._shared)
            self._counts[kind] += 1
            self._streams[name] = self._streams[back] = stream
            stream.last = info.time
        protocol, to_server = application(
            kind, ports[0] << 8 | ports[1], ports[2] << 8 | ports[3], self._decode_as
        )
        session = protocol.session(stream) if protocol and protocol.session else None
        if session is not None:
            stream.sessions.append(session)
        flow = Flow(stream, protocol, session, to_server, name)
        other = Flow(stream, protocol, session, not to_server, back)
        flow.other, other.other = other, flow
        if kind == "udp" and protocol is None:
            flow.tunnel = other.tunnel = tunnel(ports[0] << 8 | ports[1], ports[2] << 8 | ports[3])
        self._flows[key] = flow
        self._flows[key[0], back] = other
        return flow


def _bounded(packet: Packet, frame: Frame, buffer: str = "frame") -> Packet:
    """The packet without bytes that its header announces and that never were on the wire: those are not missing."""
    if not packet.missing:
        return packet
    cut = frame.length - len(frame.data) if buffer == "frame" else 0
    return packet._replace(missing=max(0, min(packet.missing, cut)))


def _buffer(info: PacketInfo) -> tuple[bytes, str]:
    """What the TCP segment of an earlier packet stands in, and its name: the frame, or what was put together from fragments."""
    whole = info.reassembly
    if whole is None or whole.at != info.number:
        return info.data, "frame"
    return whole.data, "Reassembled IPv4" if len(info.addresses) == 8 else "Reassembled IPv6"


def _split(protocol: Application, flow: Flow, payload: bytes, at: int, buffer: str) -> list[Part]:
    """The messages of a datagram of a protocol that may put several into one; the last takes what is left."""
    assert protocol.split is not None
    parts, start = [], 0
    for size in protocol.split(payload):
        if size <= 0 or start + size > len(payload):
            break
        parts.append(Part(protocol, at + start, at + start + size, to_server=flow.to_server, buffer=buffer))
        start += size
    if start < len(payload):
        parts.append(Part(protocol, at + start, at + len(payload), to_server=flow.to_server, buffer=buffer))
    return parts


def _observe(info: PacketInfo, flow: Flow, parts: list[Part], data: bytes) -> None:
    """Have the sessions see the messages that a packet completes, in their order; `data` is the buffer of those in one piece."""
    for number, part in enumerate(parts, 1):
        part.number = number
        if part.announced >= 0:
            continue
        whole = part.data if part.data is not None else data
        session = part.session or flow.session
        assert session is not None
        payload = whole[part.start + part.framing : part.stop]
        part.exchange, part.state = session.observe(payload, info, part.to_server)
        if isinstance(part.state, Contents):
            part.state.frames = part.frames or (info.number,)
    info.parts = tuple(parts)
    info.protocol = parts[-1].protocol.label


def _count(info: PacketInfo, flow: Flow) -> None:
    """One packet more of a stream, be it quoted in an ICMP error."""
    stream = flow.stream
    info.before = stream.last
    stream.last = info.time
    stream.count += 1
    info.pnum = stream.count


def _hardware(info: PacketInfo, ethertype: int) -> None:
    """For what is not IP, the hardware addresses stand for who speaks to whom."""
    info.src, info.dst = info.hardware
    if ethertype == ARP:
        info.protocol = "ARP"
    elif not info.protocol:
        info.protocol = (
            "LLC" if 0 <= ethertype < 1536 else f"0x{ethertype:04x}" if ethertype >= 0 else "Ethernet"
        )
