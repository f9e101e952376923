"""sipp as the user agent: a second implementation's view of the same conversation."""

from cases import Cases
from peers.sipp import Sipp
from peers.waiting import until
from stage import ALICE, BOB, XMPP_DOMAIN, Stage

USER_AGENTS = Cases()
COUNT = 20


def _transport(stage: Stage) -> str:
    return stage.hop.transport


@USER_AGENTS.case("SIP to XMPP: sipp sends 20 MESSAGEs, each is answered 202 and arrives once")
async def _(stage: Stage):
    client = await Sipp("message_client", stage.folder, stage.hop, calls=COUNT, transport=_transport(stage),
                        to=ALICE, text="from sipp", **{"from": BOB}).start()
    got = await stage.alice.receive_all(COUNT, 30)
    succeeded = await client.succeeded()
    texts = {message.text for message in got}
    if succeeded != COUNT or texts != {f"from sipp {number}" for number in range(1, COUNT + 1)}:
        raise AssertionError(f"{succeeded} calls succeeded, Alice got {sorted(texts)}")


@USER_AGENTS.case("SIP to XMPP: sipp is told that a recipient does not exist")
async def _(stage: Stage):
    client = await Sipp("message_client_unknown", stage.folder, stage.hop, transport=_transport(stage),
                        to=f"nobody@{XMPP_DOMAIN}", text="from sipp", **{"from": BOB}).start()
    if await client.succeeded() != 1:
        raise AssertionError("no call succeeded")


@USER_AGENTS.case("XMPP to SIP: sipp receives 20 MESSAGEs and nobody gets an error")
async def _(stage: Stage):
    await stage.agent.stop()
    server = Sipp("message_server", stage.folder, calls=1, transport=_transport(stage), port=stage.agent.port)
    try:
        await server.start()
        await until(10, "sipp is on its port", lambda: _bound(stage.agent.port, _transport(stage)))
        for number in range(COUNT):
            stage.alice.send(BOB, f"for sipp {number}")
        succeeded = await server.succeeded()
    finally:
        await server.program.stop(5)
        await stage.agent.open()
    if succeeded != 1 or not stage.alice.errors.empty():
        raise AssertionError(f"sipp's call of {COUNT} messages failed; {stage.alice.errors.qsize()} errors for Alice")


def _bound(port: int, transport: str) -> bool:
    """Whether anybody has this local port, by the kernel's own table."""
    with open(f"/proc/net/{transport}", encoding="ascii") as table:
        return any(line.split()[1].endswith(f":{port:04X}") for line in list(table)[1:])
