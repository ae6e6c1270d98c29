"""What one DTLS association is found out to be, in the order of its records: roles, keys, whole handshake messages, what the data is.

RFC 6347 §4.1, §4.2. Records of DTLS 1.2 are opened here, once, if their keys are known. Those of 1.3 stay closed.
"""

from ....model import Exchange
from ...core import Application, Inner, PacketInfo, Session, Stream
from ...registry import negotiable, tables
from ...secrets import Secrets
from ...tls.crypto import SUITES, Keys, digest, key_block, prf
from ...tls.hello import hello
from ...tls.message import TLS_1_2
from .handshake import CLIENT_HELLO, Assemblies, as_tls, in_one, part
from .records import DATA, HANDSHAKE, MESSAGE, NOTHING, VERSIONS, Chosen, HandshakeMessage, Record, header
from .records import as_tls as record_as_tls

SERVER_HELLO, VERIFY_REQUEST, FINISHED = 2, 3, 20
LONGEST = 1 << 18  # bytes of handshake messages that are remembered
MOST = 64  # messages in a record


class Association:
    """A `core.Session`. Who is client, the ClientHello tells: in WebRTC that may be either side (RFC 8842 §5.1)."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._secrets = stream.secrets if isinstance(stream.secrets, Secrets) else Secrets()
        self._client = True  # the direction in which the client sends
        self._chosen = NOTHING
        self._alpn = ""
        self._randoms = {True: b"", False: b""}
        self._transcript = bytearray()
        self._learned: set[tuple[bool, int]] = set()
        self._keys: dict[bool, Keys] | None = None
        self._assemblies = {True: Assemblies(), False: Assemblies()}
        self._application: Application | None = None
        self._session: Session | None = None

    def size(self, data: "bytes | bytearray", start: int, to_server: bool) -> int:
        """Over TCP it is not read."""
        return -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """Open the record if that can be; put handshake messages together, have the data read."""
        found = header(payload, 0)
        record = Record(to_server=to_server)
        if found is None:
            return None, record
        record.kind, record.sequence = found.kind, found.epoch << 48 | found.sequence
        record.sealed = found.short or found.epoch > 0
        content: bytes | None = payload[found.size :]
        if record.sealed:
            content = self._open(payload, record, found.epoch)
        if record.kind == HANDSHAKE and content is not None:
            self._handshake(record, content, to_server)
            # A part of a message is one message of the packet, too: it is asked about by itself.
            record.inner.extend(record.messages or [Inner()])
        elif record.kind == DATA and content is not None:
            self._data(record, content, info, to_server)
        else:
            record.inner.append(Inner())
        record.chosen = self._chosen
        return None, record

    def _open(self, payload: bytes, record: Record, epoch: int) -> bytes | None:
        """One more epoch would be a renegotiation: nobody does that any more (RFC 9325 §3.5)."""
        keys = self._find_keys() if epoch == 1 and record.kind else None
        if keys is None:
            return None
        record.keys = keys[record.to_server == self._client]
        opened = record.keys.read(record_as_tls(payload), record.sequence)
        if opened is None:
            record.keys = None
        elif record.kind != DATA:  # data is opened again when somebody looks
            record.plain = opened
        return opened

    def _find_keys(self) -> dict[bool, Keys] | None:
        suite = SUITES.get(self._chosen.suite)
        if self._keys is None and suite is not None and self._chosen.version == TLS_1_2:
            master = self._secrets.get("CLIENT_RANDOM", self._randoms[True])
            if master:
                pair = key_block(suite, master, self._randoms[True], self._randoms[False])
                self._keys = {True: pair[0], False: pair[1]}
        return self._keys

    def _handshake(self, record: Record, content: bytes, to_server: bool) -> None:
        """Cut messages, and parts of messages, out of a record."""
        at = 0
        while len(record.messages) < MOST and (found := part(content, at)) is not None:
            stop = at + MESSAGE + found.size
            body = content[at + MESSAGE : stop]
            message: HandshakeMessage | None
            if found.whole:
                message = HandshakeMessage(start=at, stop=stop)
            else:
                message = self._assemblies[to_server].add(record, found, body)
            if message is not None:
                record.messages.append(message)
                self._learn(in_one(found, body if message.data is None else message.data), message, to_server)
            at = stop

    def _learn(self, whole: bytes, message: HandshakeMessage, to_server: bool) -> None:
        """Take note of a message; of one that is sent again, for its flight was lost, no second time."""
        kind, number = whole[0], whole[4] << 8 | whole[5]
        suite = SUITES.get(self._chosen.suite)
        if (
            kind == VERIFY_REQUEST
        ):  # it, and the hello before it, are no part of the handshake: RFC 6347 §4.2.1
            self._transcript.clear()
            self._learned.clear()
            return
        if kind == CLIENT_HELLO and hello(as_tls(whole), client=True).random != self._randoms[True]:
            self._client, self._chosen, self._keys = (
                to_server,
                NOTHING,
                None,
            )  # another handshake between the same ports
            self._transcript.clear()
            self._learned.clear()
        if suite is not None and kind != SERVER_HELLO:
            message.transcript = digest(suite.hash, bytes(self._transcript))
        if kind == CLIENT_HELLO:
            self._randoms[True] = hello(as_tls(whole), client=True).random
        elif kind == SERVER_HELLO:
            said = hello(as_tls(whole), client=False)
            self._randoms[False], self._alpn, self._keys = said.random, said.alpn, None
            self._chosen = Chosen(VERSIONS.get(said.version, 0), said.suite)
            if chosen := SUITES.get(said.suite):
                message.transcript = digest(chosen.hash, bytes(self._transcript))
        elif kind == FINISHED and suite is not None and (keys := self._find_keys()) is not None:
            name = "client" if to_server == self._client else "server"
            message.verify = prf(keys[True].secret, f"{name} finished", message.transcript, 12, suite.hash)
        if (to_server, number) not in self._learned and len(self._transcript) < LONGEST:
            self._learned.add((to_server, number))
            self._transcript += whole

    def _data(self, record: Record, content: bytes, info: PacketInfo, to_server: bool) -> None:
        """Each record of data is a message of the application, which ALPN names, or which knows its own: RFC 8833."""
        from_client = to_server == self._client
        if self._session is None:
            self._choose(content, from_client)
        if self._session is None or self._session.size(content, 0, from_client) != len(content):
            record.inner.append(Inner())
            return
        record.application = self._application
        exchange, record.state = self._session.observe(content, info, from_client)
        record.inner.append(Inner(exchange))

    def _choose(self, content: bytes, from_client: bool) -> None:
        known = tables().alpn
        candidates = (
            [known[self._alpn]]
            if self._alpn in known
            else []
            if self._alpn
            else [each for each in negotiable() if not each.framing]  # a length of its own: TCP's
        )
        for each in candidates:
            session = each.session(self._stream) if each.session else None
            if session is not None and session.size(content, 0, from_client) == len(content):
                self._application, self._session = each, session
                return
