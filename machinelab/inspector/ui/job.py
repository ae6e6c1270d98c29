"""One task at a time that looks through many events, and that can be asked to stop."""

import asyncio
from collections.abc import Awaitable, Callable

from ...errors import LabError


class Job:
    """Runs such a task. `halted`: it has been asked to stop, and has to look at this between two pieces of its work."""

    def __init__(self, failed: Callable[[LabError], None]) -> None:
        self._failed = failed
        self.task: asyncio.Task[None] | None = None
        self.halted = False

    def start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Begin a task; the one before is asked to stop, and waited for."""
        self.task = asyncio.create_task(self._run(work, self.task))

    def stop(self) -> bool:
        """Ask the task that is going on to stop; whether there is one."""
        self.halted = self.task is not None
        return self.halted

    def done(self) -> None:
        """The task says that it has found what it looked for."""
        if self.task is asyncio.current_task():
            self.task = None

    async def _run(self, work: Callable[[], Awaitable[None]], before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            self.halted = True
            await asyncio.gather(before, return_exceptions=True)
        self.halted = False
        try:
            await work()
        except LabError as error:
            self.done()
            self._failed(error)
        finally:
            self.done()
