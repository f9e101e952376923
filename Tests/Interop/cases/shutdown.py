"""SIGTERM: nothing in flight is dropped, and the exit status is 0."""

import asyncio
import signal

from cases import Cases
from peers.waiting import until
from stage import BOB, Stage

SHUTDOWN = Cases()


@SHUTDOWN.case("SIGTERM lets a message in flight arrive, then every process exits with 0")
async def _(stage: Stage):
    seen: list[str] = []

    def lose_the_first(request):
        seen.append(request.text)
        return None if len(seen) == 1 else (200, "OK")

    stage.agent.answers["bob"] = lose_the_first
    stage.alice.send(BOB, "just before the end")
    await until(10, "the first transmission reaches Bob", lambda: bool(seen))
    stage.gateway.terminate()
    got = await stage.agent.receive(25)
    if got.text != "just before the end":
        raise AssertionError(f"Bob got {got.text!r}")
    await _all_exit_with_zero(stage)
    if not stage.alice.errors.empty():
        raise AssertionError(f"Alice was told {stage.alice.errors.get_nowait().condition} although Bob got the text")


@SHUTDOWN.case("the gateway starts again on the same ports at once")
async def _(stage: Stage):
    stage.agent.answers.clear()
    await stage.gateway.start()
    for _ in range(100):
        stage.alice.send(BOB, "again")
        got, failed = asyncio.create_task(stage.agent.inbox.get()), asyncio.create_task(stage.alice.errors.get())
        done, pending = await asyncio.wait((got, failed), timeout=40, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if got in done:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("no text reached Bob after the restart")


@SHUTDOWN.case("an idle gateway exits with 0 within five seconds of SIGTERM")
async def _(stage: Stage):
    stage.gateway.terminate()
    await _all_exit_with_zero(stage, 5)


async def _all_exit_with_zero(stage: Stage, seconds: float = 25) -> None:
    for program in stage.gateway.programs.values():
        status = await program.ended(seconds)
        if status != 0:
            ended = f"by {signal.Signals(-status).name}" if status < 0 else f"with {status}"
            raise AssertionError(f"{program.name} ended {ended}; {program.last_words()}")
