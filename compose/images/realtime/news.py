"""News as both sides of the lab know them: numbered messages, made one after another while somebody listens.

A message is JSON: its number, when it was made (seconds since the epoch, by the system's clock), and padding up to the size
that was asked for. `Story` makes them on the server; `Arrivals` writes down on the client when each came.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

HOME = Path("/run/lab")
NEXT = HOME / "next.json"  # what the next story is to be, left there by `prepare`


def message(number: int, size: int) -> str:
    """The message of that number, made now; it has `size` bytes, or as many as it needs."""
    bare = json.dumps({"n": number, "made": f"{time.time():.6f}", "text": ""})
    return bare[:-2] + "." * max(0, size - len(bare)) + bare[-2:]


class Story:
    """Messages from 1 to `count`, one every `gap` seconds; the one numbered `long` is three times as long as the others."""

    def __init__(self, count: int = 5, gap: float = 0.4, size: int = 100, long: int = 0) -> None:
        self.count = count
        self.messages: list[str] = []
        self._gap, self._size, self._long = gap, size, long
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(self._tell())

    @property
    def over(self) -> bool:
        """Whether the last message has been made."""
        return len(self.messages) == self.count

    async def _tell(self) -> None:
        began = time.monotonic()
        for number in range(1, self.count + 1):
            await asyncio.sleep(max(0.0, began + number * self._gap - time.monotonic()))
            async with self._news:
                size = self._size * (3 if number == self._long else 1)
                self.messages.append(message(number, size))
                self._news.notify_all()

    async def after(self, number: int, patience: float | None = None) -> list[str]:
        """The messages after that one, as soon as there is any; none if `patience` (in seconds) ends before, or the story did."""
        if number >= self.count:
            return []
        try:
            async with asyncio.timeout(patience), self._news:
                await self._news.wait_for(lambda: len(self.messages) > number)
        except TimeoutError:
            return []
        return self.messages[number:]


def prepare(**story: Any) -> None:
    """Have the next listener hear a new story."""
    rest = NEXT.with_suffix(".new")
    rest.write_text(json.dumps(story))
    rest.rename(NEXT)


class Newsroom:
    """The story that is being told."""

    def __init__(self) -> None:
        self._story: Story | None = None
        self._said: dict[str, Any] = {}

    def story(self, fresh: bool = True) -> Story:
        """The one under way. A listener who is `fresh` hears a new one if one was prepared, or the last one is over: it begins now."""
        prepared = NEXT.exists()
        if prepared:
            self._said = json.loads(NEXT.read_text())
            NEXT.unlink()
        if self._story is None or prepared or (fresh and self._story.over):
            self._story = Story(**self._said)
        return self._story


class Arrivals:
    """The client's log: a line for each message, with the times of two programs by one clock, for containers share their host's.

    `prefix` stands before the server's paths.
    """

    def __init__(self, count: int, prefix: str = "") -> None:
        self.count, self.prefix, self.last = count, prefix, 0
        self._log = (HOME / "arrivals.log").open("a", buffering=1)

    def note(self, text: str) -> None:
        """A message is here."""
        now, said = time.time(), json.loads(text)
        self._log.write(f"{now:.6f} message {said['n']} made {said['made']}\n")
        self.last = max(self.last, int(said["n"]))

    @property
    def complete(self) -> bool:
        """Whether the last message is here."""
        return self.last >= self.count
