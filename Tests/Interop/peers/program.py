"""One child process: its output kept line by line, its end always by its own pid."""

import asyncio
import ctypes
import os
import pathlib
import re
import signal
import time

from .waiting import Late, within

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """Run in the child: no program outlives a runner that was killed."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Program:
    """Starts, watches and ends a program. Both of its outputs go to `log`, and line by line to `lines`."""

    def __init__(self, name: str, arguments: list[str], log: pathlib.Path, environment: dict[str, str] | None = None,
                 folder: pathlib.Path | None = None):
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.log = log
        self.lines: list[str] = []
        self._environment = {**os.environ, **(environment or {})}
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task | None = None
        self._silent = False
        self._grew = asyncio.Condition()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self) -> "Program":
        self.lines = []
        self._silent = False
        self._process = await asyncio.create_subprocess_exec(
            *self.arguments, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, env=self._environment, cwd=self._folder, limit=1 << 20,
            preexec_fn=_end_with_parent)
        self._reader = asyncio.create_task(self._read(self._process.stdout))
        return self

    async def says(self, pattern: str, seconds: float = 20, since: int = 0) -> str:
        """The first line from line number `since` on that the pattern is found in."""
        wanted = re.compile(pattern)
        position = since

        async def search() -> str:
            nonlocal position
            async with self._grew:
                while True:
                    while position < len(self.lines):
                        position += 1
                        if wanted.search(self.lines[position - 1]):
                            return self.lines[position - 1]
                    if self._silent:
                        raise Late(f"{self.name} ended without saying /{pattern}/; {self.last_words()}")
                    await self._grew.wait()

        try:
            return await within(seconds, f"{self.name} says /{pattern}/", search())
        except Late as late:
            raise Late(f"{late}; {self.last_words()}") from None

    async def ended(self, seconds: float) -> int:
        """The exit status, waited for."""
        try:
            status = await within(seconds, f"{self.name} ends", self._process.wait())
        except Late as late:
            raise Late(f"{late}; {self.last_words()}") from None
        await self._reader
        return status

    async def stop(self, seconds: float = 30, by: signal.Signals = signal.SIGTERM) -> int | None:
        """Asks the program to end, kills it when it does not, and returns its exit status."""
        if not self.running:
            return self._process.returncode if self._process else None
        self.signal(by)
        try:
            return await self.ended(seconds)
        except Late:
            return await self.kill()

    async def kill(self) -> int:
        """kill -9."""
        if self.running:
            self.signal(signal.SIGKILL)
        return await self.ended(10)

    def signal(self, number: signal.Signals) -> None:
        # Not by send_signal: it may reap the process itself, and asyncio then never learns its status.
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    def last_words(self) -> str:
        tail = "\n      ".join(self.lines[-12:]) or "(nothing)"
        return f"its last words, of {self.log}:\n      {tail}"

    async def _read(self, stream: asyncio.StreamReader) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"--- {time.strftime('%H:%M:%S')} {' '.join(self.arguments)}\n")
            async for octets in stream:
                line = octets.decode("utf-8", "replace").rstrip("\n")
                log.write(line + "\n")
                log.flush()
                async with self._grew:
                    self.lines.append(line)
                    self._grew.notify_all()
        async with self._grew:
            self._silent = True
            self._grew.notify_all()
