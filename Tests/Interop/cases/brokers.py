"""Two brokers and an encrypted bus: one broker killed or stopped under load, and a stranger at the door."""

import asyncio

from cases import Cases
from cases.recovery import KILL_AT, USERS, Flow, warm_up
from peers.bus_keys import fresh_keys
from peers.gateway import binary
from peers.program import Program
from stage import Shape, Stage

BROKERS = Cases()

#: Longer than any lease, and than a broker's silence is put up with.
PAUSE = 8.0


def encrypted(attachment: str, path: str) -> Shape:
    return Shape(attachment, path, bus="tcp", users=USERS, replicas={"bus": 2}, encrypted=True)


def _killed(broker: str):
    @BROKERS.case(f"kill -9 and restart of {broker} of two at 200 messages/s: all delivered or told, none lost, none twice",
                  240)
    async def _(stage: Stage):
        async def disturbance():
            await asyncio.sleep(KILL_AT)
            await stage.gateway.kill_service(broker)
            await asyncio.sleep(1)
            await stage.gateway.start_service(broker)

        await _disturbed(stage, broker, disturbance)


def _paused(broker: str):
    @BROKERS.case(f"SIGSTOP of {broker} of two for {PAUSE:g} s at 200 messages/s: none lost, none twice", 240)
    async def _(stage: Stage):
        async def disturbance():
            await asyncio.sleep(1)
            stage.gateway.pause_service(broker)
            try:
                await asyncio.sleep(PAUSE)
            finally:
                stage.gateway.resume_service(broker)

        await _disturbed(stage, broker, disturbance)


async def _disturbed(stage: Stage, broker: str, disturbance) -> None:
    await warm_up(stage)
    flow = Flow(stage)
    await flow.run(disturbance)
    print(f"         {broker}: {flow.verdict()}")


for _broker in ("bus-1", "bus-2"):
    _killed(_broker)
for _broker in ("bus-1", "bus-2"):
    _paused(_broker)


@BROKERS.case("a service whose key the brokers do not admit is refused; both say so, and nobody tells a secret")
async def _(stage: Stage):
    stranger = fresh_keys().service
    environment = {"CAUSEWAY_BUS_CURVE_SECRET_KEY": stranger["secret-key"],
                   "CAUSEWAY_BUS_CURVE_PUBLIC_KEY": stranger["public-key"]}
    program = Program("a stranger", [binary(), "im", "--config", stage.gateway.programs["im"].arguments[-1]],
                      stage.folder / "stranger.log", environment, folder=stage.folder)
    await program.start()
    try:
        await program.says(r"broker refuses this process")
        for broker in ("bus-1", "bus-2"):
            line = await stage.gateway.programs[broker].says(r"peer refused")
            if stranger["public-key"] not in line:
                raise AssertionError(f"{broker} does not say whom it refused: {line}")
        await warm_up(stage)
    finally:
        await program.stop()
    for each in (program, *stage.gateway.programs.values()):
        text = each.log.read_text()
        if any(secret in text for secret in (stranger["secret-key"], *stage.keys.secrets)):
            raise AssertionError(f"{each.name} tells a secret, see {each.log}")
