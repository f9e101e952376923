"""SIGTERM: nothing in flight is dropped, and the exit status is 0."""

import asyncio
import signal

from cases import Cases
from peers.waiting import until
from stage import ALICE, BOB, Stage

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
    # What was in flight has arrived: nobody has anything left to wait for, least of all for each other.
    await _all_exit_with_zero(stage, 8)
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
            # Answered after what Alice said, in the same conversation: with this, nothing is in flight any more.
            response = await stage.agent.message("bob", ALICE, "again", stage.hop)
            if response.status != 202:
                raise AssertionError(f"answered {response.start}")
            return
        await asyncio.sleep(0.2)
    raise AssertionError("no text reached Bob after the restart")


@SHUTDOWN.case("an idle gateway exits with 0 within five seconds of SIGTERM")
async def _(stage: Stage):
    stage.gateway.terminate()
    await _all_exit_with_zero(stage, 5)


async def _all_exit_with_zero(stage: Stage, seconds: float) -> None:
    for program in stage.gateway.programs.values():
        status = await program.ended(seconds)
        if status != 0:
            ended = f"by {signal.Signals(-status).name}" if status < 0 else f"with {status}"
            raise AssertionError(f"{program.name} ended {ended}; {program.last_words()}")
