"""What one TLS connection is found out to be, in the order of its records: versions, keys, whole handshake messages.

RFC 9846 §2, §4.1, §5; RFC 5246 §6, §7. Each record is opened here, once, if its keys are known; fields are made later.
"""

from dataclasses import dataclass, field

from ....model import Exchange
from ...core import Inner, PacketInfo, Stream
from ...secrets import Secrets
from ...tls.crypto import SUITES, Keys, Suite, expand_label, key_block, mac, prf, traffic
from ...tls.crypto import following as next_generation
from ...tls.hello import Hello, encrypted_alpn, hello
from .data import ApplicationData
from .inner import Opener, confirmed, sealed
from .records import ALERT, CHANGE, DATA, HANDSHAKE, MODERN, HandshakeMessage, Record
from .transcript import Transcript

HELLO_REQUEST, CLIENT_HELLO, SERVER_HELLO, TICKET, ENCRYPTED_EXTENSIONS, CLIENT_KEY, FINISHED, KEY_UPDATE = (
    0,
    1,
    2,
    4,
    8,
    16,
    20,
    24,
)
CLOSE = b"\0"  # close_notify: RFC 9846 §6.1
LARGEST = (1 << 14) + 2048 + 5  # a record with its header: RFC 5246 §6.2.3; RFC 9846 §5.2 allows less
LONGEST = 1 << 18  # bytes of a handshake message; a chain of certificates has some thousands
MOST = 64  # messages in a record; a whole flight has six
GUESSES = 64  # connections of a key log whose keys are tried where an encrypted hello hides which one it is


@dataclass(slots=True)
class Side:
    """One sender: the keys it uses, those it may use next, and the beginning of an unfinished message."""

    keys: Keys | None = None
    queue: list[Keys] = field(default_factory=list)
    sealed: bool = False
    rest: bytes = b""
    passed: int = 0  # bytes to come of a message that is too long to keep
    begun: tuple[Record, ...] = ()


class Connection:
    """A `core.Session`. `version` and `suite` are what the server chose; 0 until then.

    `inner_random` is that of the ClientHello that stood encrypted inside the other, once the server is known to have taken it.
    """

    def __init__(self, stream: Stream) -> None:
        self.version = 0
        self.suite = 0
        self.inner_random = b""
        self._secrets = stream.secrets if isinstance(stream.secrets, Secrets) else Secrets()
        self._opener = Opener(self._secrets)
        self._sides = {True: Side(), False: Side()}
        self._application_messages = ApplicationData(stream)
        self._randoms = {True: b"", False: b""}
        self._transcript = Transcript()
        self._inner_transcript = Transcript()  # with the inner hellos in the place of the outer ones
        self._inner_hello: bytes | None = None
        self._conceals = False  # whether the last ClientHello held an encrypted one, or made as if
        self._guesses: dict[bytes, bytes] = {}  # the client random of each secret that is being tried
        self._sealed_secret = b""
        self._extended = False
        self._session_hash = b""
        self._master: bytes | None = None

    def size(self, data: "bytes | bytearray", start: int, to_server: bool) -> int:
        """Five bytes of header tell: RFC 9846 §5.1."""
        if not CHANGE <= data[start] <= DATA + 1 or (len(data) - start > 1 and data[start + 1] != 3):
            return -1
        if len(data) - start < 5:
            return 0
        size = 5 + (data[start + 3] << 8 | data[start + 4])
        return size if size <= LARGEST else -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """Open the record if that can be, and put handshake messages together."""
        side = self._sides[to_server]
        record = Record(kind=payload[0], to_server=to_server, session=self)
        content: bytes | None = payload[5:]
        if self._is_sealed(payload[0], side):
            record.sealed = True
            content = self._open(side, payload, record)
        if record.kind == HANDSHAKE and content is not None:
            self._handshake(record, side, content, to_server)
            record.inner.extend(record.handshake_messages)
            if record.unread >= 0:
                record.inner.append(Inner())
        elif record.kind == DATA:
            self._application_messages.take(record, content, info, to_server)
        else:
            if record.kind == CHANGE and self.version < MODERN:
                self._change(side, to_server)
            elif record.kind == ALERT and not self.version and not to_server:
                self.version = (
                    payload[1] << 8 | payload[2]
                )  # a server that refuses at once says no more of itself
            record.inner.append(Inner())
            if record.kind == ALERT and content is not None and content[1:2] == CLOSE:
                self._application_messages.close(record, info, to_server)
        return None, record

    def crypto(self, content: bytes, info: PacketInfo, to_server: bool) -> Record:
        """Handshake messages that come without records, in QUIC's CRYPTO frames, decrypted already: RFC 9001 §4.1.3."""
        record = Record(kind=HANDSHAKE, to_server=to_server, session=self, frames=(info.number,))
        self._handshake(record, self._sides[to_server], content, to_server)
        record.inner.extend(record.handshake_messages)
        return record

    @property
    def client_random(self) -> bytes:
        """What a key log knows the connection by; empty before its ClientHello."""
        return self._randoms[True]

    @property
    def alpn(self) -> str:
        """The application's protocol that the server chose; empty: none, or not yet."""
        return self._application_messages.alpn

    def _is_sealed(self, kind: int, side: Side) -> bool:
        return side.sealed or kind == DATA

    def _open(self, side: Side, payload: bytes, record: Record) -> bytes | None:
        """Try the sender's keys, then those that may follow: a wrong key is found out by its tag."""
        candidates = [side.keys] if side.keys else []
        candidates += side.queue
        if side.keys and side.keys.modern and side.keys.label.rpartition("_")[2].isdigit():
            candidates.append(next_generation(side.keys))
        for keys in candidates:
            sequence = keys.sequence
            opened = keys.open(payload)
            if opened is None:
                continue
            place = next((place for place, held in enumerate(side.queue) if held is keys), -1)
            side.queue = side.queue[place + 1 :]
            side.keys = keys
            record.keys, record.sequence = keys, sequence
            if self._guesses:
                self._guessed(keys)
            if keys.modern:
                record.kind = opened[-1] if opened else 0
                opened = opened[:-1]
            # Data is opened again when somebody looks: a long download is not held twice.
            record.plain = opened if record.kind != DATA else None
            return opened
        return None

    def _change(self, side: Side, to_server: bool) -> None:
        """ChangeCipherSpec in TLS 1.2: from here on this side seals."""
        side.sealed = True
        suite = SUITES.get(self.suite)
        master = self._find_master(suite)
        if suite is not None and master:
            pair = key_block(suite, master, self._randoms[True], self._randoms[False])
            side.keys = pair[0 if to_server else 1]

    def _find_master(self, suite: Suite | None) -> bytes | None:
        """The master secret: logged, or made from a premaster secret that RSA carried (RFC 5246 §8.1, RFC 7627 §4)."""
        if self._master is None:
            self._master = self._secrets.get("CLIENT_RANDOM", self._randoms[True])
        if self._master is None and suite is not None and suite.static and self._sealed_secret:
            premaster = self._secrets.premaster(self._sealed_secret)
            if premaster and self._extended:
                self._master = prf(premaster, "extended master secret", self._session_hash, 48, suite.hash)
            elif premaster:
                seed = self._randoms[True] + self._randoms[False]
                self._master = prf(premaster, "master secret", seed, 48, suite.hash)
        return self._master

    def _handshake(self, record: Record, side: Side, content: bytes, to_server: bool) -> None:
        """Cut messages out of the records' contents; one may span several records (RFC 9846 §5.1)."""
        if side.passed:
            record.unread = 0
            side.passed = max(0, side.passed - len(content))
            return
        before, data, at = len(side.rest), side.rest + content, 0
        while len(data) - at >= 4:
            stop = at + 4 + int.from_bytes(data[at + 1 : at + 4], "big")
            if stop - at > LONGEST or len(record.handshake_messages) == MOST:
                record.unread = max(0, at - before)
                side.passed = stop - len(data) if stop - at > LONGEST else 0
                at = len(data)
                break
            if stop > len(data):
                break
            whole = data[at:stop]
            handshake_message = HandshakeMessage(start=at - before, stop=stop - before)
            if at < before:
                handshake_message = HandshakeMessage(
                    before=side.begun, begun=side.begun, stop=len(whole), data=whole
                )
                for earlier in side.begun:
                    earlier.finisher = record
            record.handshake_messages.append(handshake_message)
            self._learn(whole, handshake_message, to_server)
            at = stop
        side.rest = data[at:]
        if not side.rest:
            side.begun = ()
        else:
            side.begun = (*(side.begun if at == 0 else ()), record)
            record.left = max(0, at - before), len(content)

    def _learn(self, message: bytes, handshake_message: HandshakeMessage, to_server: bool) -> None:
        kind = message[0]
        suite = SUITES.get(self.suite)
        if kind != SERVER_HELLO:
            handshake_message.transcript = self._transcript.digest()
        if kind == CLIENT_HELLO:
            self._client_hello(message, handshake_message)
        elif kind == SERVER_HELLO:
            self._server_hello(message, handshake_message)
        elif kind == ENCRYPTED_EXTENSIONS:
            self._application_messages.alpn = encrypted_alpn(message)
        elif kind == FINISHED and suite is not None and handshake_message.transcript:
            self._finished(suite, handshake_message, to_server)
        elif kind == CLIENT_KEY:
            self._sealed_secret = message[6:]
        # What comes after the handshake is no part of it (RFC 9846 §4.1); a ticket of TLS 1.2 is (RFC 5077 §3.3).
        late = kind == KEY_UPDATE or (kind == TICKET and self.version == MODERN)
        if kind != HELLO_REQUEST and not late:
            self._transcript.add(message)
            if self._inner_hello is not None:
                self._inner_transcript.add(self._inner_hello if kind == CLIENT_HELLO else message)
        if kind == CLIENT_KEY:
            self._session_hash = self._transcript.digest()

    def _client_hello(self, message: bytes, handshake_message: HandshakeMessage) -> None:
        self._conceals = sealed(message) is not None
        self._inner_hello = handshake_message.inner_hello = self._opener.open(message)
        self._randoms[True] = message[6:38]
        said = hello(self._inner_hello or message, client=True)
        early = self._secrets.get("CLIENT_EARLY_TRAFFIC_SECRET", said.random) if said.early else None
        if early is None:
            return
        # The PSK decides about the suite (RFC 9846 §4.3.10); its hash is as long as the secret.
        hash = "sha384" if len(early) == 48 else "sha256"
        fitting = [SUITES[code] for code in said.suites if code in SUITES and 0x1300 < code < 0x1306]
        self._sides[True].queue = [
            traffic(suite, early, "CLIENT_EARLY_TRAFFIC_SECRET") for suite in fitting if suite.hash == hash
        ]

    def _server_hello(self, message: bytes, handshake_message: HandshakeMessage) -> None:
        said = hello(message, client=False)
        self.version, self.suite, self._extended = said.version, said.suite, said.extended
        self._application_messages.alpn = said.alpn
        if self.version == MODERN:
            # A ChangeCipherSpec that a client sent before this, behind early data, meant nothing after all.
            self._sides[True].sealed = self._sides[False].sealed = False
        suite = SUITES.get(said.suite)
        if suite is None:
            return
        transcripts = self._transcript, self._inner_transcript
        for each in transcripts:
            each.begin(suite.hash)
        if said.retry:
            for each in transcripts:
                each.restart(suite.hash)
            return
        if self._inner_hello is not None:
            self._decide(self._inner_hello, message, handshake_message, suite)
        handshake_message.transcript = self._transcript.digest()
        self._randoms[False] = said.random
        if self.version == MODERN:
            self._expect(suite, said)

    def _decide(
        self, inner: bytes, message: bytes, handshake_message: HandshakeMessage, suite: Suite
    ) -> None:
        """Whether the server answers the inner hello or the outer: RFC 9849 §6.1.4."""
        handshake_message.accepted = confirmed(inner, self._inner_transcript, message, suite.hash)
        if handshake_message.accepted:
            self._transcript = self._inner_transcript
            self.inner_random = self._randoms[True] = inner[6:38]
        self._inner_hello = None

    def _expect(self, suite: Suite, said: Hello) -> None:
        """Queue the secrets of this connection; where an encrypted hello hides its random, those of all others in the log."""
        randoms = [self._randoms[True]]
        if self._conceals and self._secrets.get("SERVER_HANDSHAKE_TRAFFIC_SECRET", randoms[0]) is None:
            randoms = sorted(self._secrets.randoms())[:GUESSES]
        for random in randoms:
            for to_server, name in ((True, "CLIENT"), (False, "SERVER")):
                for label in (f"{name}_HANDSHAKE_TRAFFIC_SECRET", f"{name}_TRAFFIC_SECRET_0"):
                    secret = self._secrets.get(label, random)
                    if secret is None:
                        continue
                    self._sides[to_server].queue.append(traffic(suite, secret, label))
                    if random != self._randoms[True]:
                        self._guesses[secret] = random

    def _guessed(self, keys: Keys) -> None:
        """A guess was right: the key log's random is that of the inner hello (RFC 9850 §2), and so the server took it.

        What the inner hello said is not known: no transcript from here on.
        """
        right = self._guesses.get(keys.secret)
        if right is None:
            return
        self.inner_random = self._randoms[True] = right
        for side in self._sides.values():
            side.queue = [each for each in side.queue if self._guesses.get(each.secret) == right]
        self._guesses = {}
        self._transcript = Transcript()

    def _finished(self, suite: Suite, handshake_message: HandshakeMessage, to_server: bool) -> None:
        """What Finished should hold: RFC 9846 §4.5.3, RFC 5246 §7.4.9."""
        name = "CLIENT" if to_server else "SERVER"
        if self.version != MODERN:
            if self._master:
                label = f"{name.lower()} finished"
                handshake_message.verify = prf(
                    self._master, label, handshake_message.transcript, 12, suite.hash
                )
            return
        secret = self._secrets.get(f"{name}_HANDSHAKE_TRAFFIC_SECRET", self._randoms[True])
        if secret:
            handshake_message.key = expand_label(
                secret, "finished", b"", len(handshake_message.transcript), suite.hash
            )
            handshake_message.verify = mac(handshake_message.key, handshake_message.transcript, suite.hash)
