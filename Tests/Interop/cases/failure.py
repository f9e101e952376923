"""Peers that are gone and come back: whoever sends is told in time, and no restart of the gateway is needed after."""

import asyncio

from cases import Cases
from peers.waiting import Late
from stage import ALICE, BOB, Stage

FAILURE = Cases()

#: RFC 3261 Timer F, the longest that a SIP request waits, and time for its news to travel.
SIP_DEADLINE = 32 + 6


@FAILURE.case("XMPP to SIP: with the SIP peer stopped, the sender gets the mapped error within the deadline", 90)
async def _(stage: Stage):
    await stage.stop_sip()
    sent = stage.alice.send(BOB, "Are you there?")
    error = await stage.alice.receive_error(SIP_DEADLINE)
    if error.id != sent or error.condition not in ("remote-server-timeout", "remote-server-not-found"):
        raise AssertionError(f"error {error.condition} for {error.id}, sent was {sent}")


@FAILURE.case("the SIP peer, back again, is used again", 90)
async def _(stage: Stage):
    await stage.start_sip()
    await _eventually_to_bob(stage)
    await _eventually_to_alice(stage)


@FAILURE.case("SIP to XMPP: with the XMPP server stopped, the sender gets the mapped answer within the deadline", 90)
async def _(stage: Stage):
    await stage.stop_xmpp()
    response = await stage.agent.message("bob", ALICE, "Are you there?", stage.hop, seconds=SIP_DEADLINE)
    if response.status not in (480, 502, 504):
        raise AssertionError(f"answered {response.status} {response.reason}")


@FAILURE.case("the XMPP server, back again, is used again", 120)
async def _(stage: Stage):
    await stage.start_xmpp()
    await _eventually_to_alice(stage)
    await _eventually_to_bob(stage)


async def _eventually_to_bob(stage: Stage, seconds: float = 60) -> None:
    """A refusal while the link comes back is an answer; silence is not."""
    attempt = 0
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        attempt += 1
        text = f"attempt {attempt}"
        stage.alice.send(BOB, text)
        got, failed = asyncio.create_task(stage.agent.inbox.get()), asyncio.create_task(stage.alice.errors.get())
        done, pending = await asyncio.wait((got, failed), timeout=SIP_DEADLINE, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if got in done:
            if got.result().text != text:
                raise AssertionError(f"Bob got {got.result().text!r}, sent was {text!r}")
            return
        if not done:
            raise Late(f"neither a message for Bob nor an error for Alice within {SIP_DEADLINE} s")
        if asyncio.get_running_loop().time() > deadline:
            raise Late(f"{attempt} attempts within {seconds:g} s, the last error: {failed.result().condition}")
        await asyncio.sleep(0.2)


async def _eventually_to_alice(stage: Stage, seconds: float = 60) -> None:
    attempt = 0
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        attempt += 1
        text = f"attempt {attempt}"
        response = await stage.agent.message("bob", ALICE, text, stage.hop)
        if response.status == 202:
            message = await stage.alice.receive()
            if message.text != text:
                raise AssertionError(f"Alice got {message.text!r}, sent was {text!r}")
            return
        if asyncio.get_running_loop().time() > deadline:
            raise Late(f"{attempt} attempts within {seconds:g} s, the last answer: {response.start}")
        await asyncio.sleep(0.2)
