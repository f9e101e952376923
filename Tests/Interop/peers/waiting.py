"""Waiting for something that happens, never for time to pass."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class Late(AssertionError):
    """What was waited for did not happen before its deadline."""


async def within(seconds: float, what: str, awaitable) -> Value:
    """The awaitable's value, or Late naming what did not come."""
    try:
        return await asyncio.wait_for(awaitable, seconds)
    except asyncio.TimeoutError:
        raise Late(f"{what}: not within {seconds:g} s") from None


async def until(seconds: float, what: str, condition: Callable[[], bool]) -> None:
    """Returns when the condition holds; asks often enough that nobody notices."""

    async def ask():
        while not condition():
            await asyncio.sleep(0.01)

    await within(seconds, what, ask())


async def listens(host: str, port: int, seconds: float, what: str) -> None:
    """Returns when something accepts TCP connections there."""

    async def knock():
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return

    await within(seconds, f"{what} on {host}:{port}", knock())
