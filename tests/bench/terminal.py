"""Seconds until a program has written some text on its terminal: `python3 terminal.py TEXT PROGRAM …` prints them.

Standard library only: it is also run inside containers, so that what is measured is the program and not a container's start.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence

SIZE = (24, 80)


def paint(argv: Sequence[str], wanted: bytes, patience: float = 60.0) -> tuple[float, float]:
    """Seconds until a program has written some text on its terminal (80x24), and the processor seconds it took."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execvp(argv[0], list(argv))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    start, seen = time.monotonic(), b""
    while wanted not in seen and time.monotonic() - start < patience:
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
    took = time.monotonic() - start if wanted in seen else float("nan")
    os.kill(pid, signal.SIGKILL)
    used = os.wait4(pid, 0)[2]
    os.close(terminal)
    return took, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(*paint(sys.argv[2:], sys.argv[1].encode()))
