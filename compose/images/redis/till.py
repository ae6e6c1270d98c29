"""A connection to Redis for the client's programs: sends what it is told to, reads replies by hiredis, and nothing else on the wire."""

import socket
from typing import Any

import hiredis

PORT, PATIENCE = 6379, 8.0  # seconds that a reply may take


class Till:
    """One connection. `ask` waits for the reply; `send` and `read` do not belong together one by one."""

    def __init__(self, host: str) -> None:
        self.wire = socket.create_connection((host, PORT), PATIENCE)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = hiredis.Reader()

    def send(self, *requests: tuple[Any, ...]) -> None:
        """Requests, in one piece."""
        self.wire.sendall(b"".join(hiredis.pack_command(request) for request in requests))

    def read(self) -> Any:
        """The next reply; what the server says of an error is a value, too."""
        while (reply := self.reader.gets()) is False:
            data = self.wire.recv(65536)
            if not data:
                raise ConnectionError("the server has closed the connection")
            self.reader.feed(data)
        return reply

    def ask(self, *words: str) -> Any:
        """A request, and its reply."""
        self.send(words)
        return self.read()

    def close(self) -> None:
        """Close the connection."""
        self.wire.close()
