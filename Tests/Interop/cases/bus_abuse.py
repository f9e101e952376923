"""What a broken or hostile program does on the bus: the services say so, refuse it, and carry on."""

import asyncio
import os
from contextlib import asynccontextmanager

from cases import Cases
from peers.bus_peer import BusPeer, generate
from peers.waiting import until
from stage import ALICE, BOB, Stage
from traffic import Pair, Traffic

BUS_ABUSE = Cases()

#: Whoever works on deliveries.
WORKERS = ("im", "sip-edge", "xmpp-edge")
#: A flood: so many deliveries, in parcels of so many.
FLOOD, PARCEL = 20_000, 100


@asynccontextmanager
async def _intruder(stage: Stage):
    peer = BusPeer(stage.gateway.settings["bus"]["connect"][0], generate(stage.folder / "generated"))
    try:
        yield peer
    finally:
        peer.close()


@BUS_ABUSE.case("a parcel that does not decode is dropped with a clear line, and texts get through both ways")
async def _(stage: Stage):
    async with _intruder(stage) as peer:
        for service in WORKERS:
            program = stage.gateway.programs[service]
            since = len(program.lines)

            def complains() -> bool:
                peer.publish_octets(f"{service}/00/", b"\xff this is no parcel")
                return any("bus message dropped" in line for line in program.lines[since:])

            await until(10, f"{service} says that it dropped a message", complains)
    await _talk(stage)


@BUS_ABUSE.case("a delivery without payload, one of an unknown kind and a reply to nothing change nothing")
async def _(stage: Stage):
    async with _intruder(stage) as peer:
        for service in WORKERS:
            for payload in (None, peer.bus.Payload(opaque=peer.bus.Opaque(type="example.Unknown", value=b"?"))):
                reply = await peer.ask(f"{service}/00/", peer.bus.Delivery(
                    id=os.urandom(16), key="nobody", patience_ms=5000, payload=payload))
                if reply.failed.reason not in ("malformed", "unsupported"):
                    raise AssertionError(f"{service} answered {reply} to {payload}")
            peer.publish(f"{service}/00/", replies=[peer.bus.Reply(id=os.urandom(16), ok=peer.bus.Ok())])
    await _talk(stage)


@BUS_ABUSE.case(f"a flood of {FLOOD} deliveries from a broken translator: every text arrives once, in order", 120)
async def _(stage: Stage):
    pairs = [Pair(user, stage.agent, stage.hop, chatter, "component")
             for user in stage.shape.users for chatter in (stage.alice, stage.eve)]
    traffic = await Traffic("flood", pairs, stage.agent, 0.1).start()
    try:
        await traffic.flows(traffic.now, 20)
        async with _intruder(stage) as peer:
            await _flood(peer)
        await traffic.flows(traffic.now, 20)
        await traffic.settle()
    finally:
        traffic.stop()
    tally = traffic.tally()
    print(f"         {tally}", flush=True)
    tally.check()


async def _flood(peer: BusPeer) -> None:
    """Nonsense as fast as it goes; returns when all of it is answered."""
    nonsense = peer.bus.Payload(opaque=peer.bus.Opaque(type="example.Unknown", value=b"?" * 100))

    def delivery():
        return peer.bus.Delivery(id=os.urandom(16), key="nobody", patience_ms=5000, payload=nonsense)

    await peer.ask("im/00/", delivery())  # from here on the way to the broker is open
    open_ids = set()
    for number in range(FLOOD // PARCEL):
        deliveries = [delivery() for _ in range(PARCEL)]
        open_ids |= {each.id for each in deliveries}
        peer.publish(f"im/{number % 256:02x}/", deliveries=deliveries)
        await asyncio.sleep(0)

    def all_answered() -> bool:
        while not peer.replies.empty():
            open_ids.discard(peer.replies.get_nowait().id)
        return not open_ids

    try:
        await until(30, "the flood is answered", all_answered)
    except AssertionError as late:
        raise AssertionError(f"{late}; {len(open_ids)} of {FLOOD} are not") from None


async def _talk(stage: Stage) -> None:
    response = await stage.agent.message("bob", ALICE, "still there", stage.hop)
    if response.status != 202 or (await stage.alice.receive()).text != "still there":
        raise AssertionError(f"answered {response.start}")
    stage.alice.send(BOB, "always")
    if (await stage.agent.receive()).text != "always":
        raise AssertionError("Bob got another text")
