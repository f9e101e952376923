"""kill -9 of a service under load: every message arrives, or its sender is told; none vanishes, none comes twice."""

import asyncio
from collections import Counter

from cases import Cases
from peers.waiting import Late
from stage import EVE, SIP_DOMAIN, Stage

RECOVERY = Cases()

USERS = tuple(f"user{number}" for number in range(20))
RATE, SECONDS = 100, 8  # each way, so 200 messages/s in all
KILL_AT = 3.0
#: The longest that a SIP transaction lasts (Timer F), and what an XMPP server then needs to give up on a stream.
SETTLING = 60


class Flow:
    """Messages of both directions, each with a text of its own, and what became of every one."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self.sent: dict[str, str] = {}
        self.told: dict[str, str] = {}
        self.arrived: Counter[str] = Counter()
        self._ids: dict[str, str] = {}
        self._tasks: list[asyncio.Task] = []

    async def run(self, disturbance) -> None:
        listeners = [asyncio.create_task(self._listen_sip()), asyncio.create_task(self._listen_xmpp()),
                     asyncio.create_task(self._listen_errors())]
        disturbing = asyncio.create_task(disturbance())
        try:
            await self._send()
            await disturbing
            await asyncio.wait(self._tasks, timeout=SETTLING)
            await self._settle()
        finally:
            for task in (*listeners, disturbing, *self._tasks):
                task.cancel()

    def verdict(self) -> str:
        """Raises for what vanished or came twice, else a line of figures."""
        vanished = [text for text in self.sent if not self.arrived[text] and text not in self.told]
        twice = [text for text, count in self.arrived.items() if count > 1]
        lines = []
        if vanished:
            lines.append(f"{len(vanished)} vanished: {vanished[:5]}")
        if twice:
            lines.append(f"{len(twice)} came twice: {twice[:5]}")
        failed = [text for text in self.told if not self.arrived[text]]
        figures = f"{len(self.sent)} sent, {len(self.arrived)} arrived, {len(failed)} refused and told"
        if lines:
            raise AssertionError("; ".join([*lines, figures]))
        if len(failed) > len(self.sent) // 2:
            raise AssertionError(f"more than half refused: {figures}; {Counter(self.told.values())}")
        return figures

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, start + number / RATE - loop.time()))
            user = USERS[number % len(USERS)]
            self._tasks.append(asyncio.create_task(self._send_sip(user, f"S{number}")))
            text = f"X{number}"
            self.sent[text] = user
            self._ids[self._stage.alice.send(f"{user}@{SIP_DOMAIN}", text)] = text

    async def _send_sip(self, user: str, text: str) -> None:
        self.sent[text] = user
        try:
            response = await self._stage.agent.message(user, EVE, text, self._stage.hop)
        except Late:
            return  # silence, and so not told
        if response.status >= 300:
            self.told[text] = str(response.status)

    async def _listen_sip(self) -> None:
        while True:
            self.arrived[(await self._stage.agent.inbox.get()).text] += 1

    async def _listen_xmpp(self) -> None:
        while True:
            self.arrived[(await self._stage.eve.inbox.get()).text] += 1

    async def _listen_errors(self) -> None:
        while True:
            error = await self._stage.alice.errors.get()
            if error.id in self._ids:
                self.told[self._ids[error.id]] = error.condition

    async def _settle(self) -> None:
        """Until everything is accounted for, and then long enough that a late second copy would show."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SETTLING
        while loop.time() < deadline:
            if all(self.arrived[text] or text in self.told for text in self.sent):
                await asyncio.sleep(3)
                return
            await asyncio.sleep(0.1)


def _recovery_of(service: str):
    @RECOVERY.case(f"kill -9 and restart of {service} at 200 messages/s: all delivered or told, none lost, none twice",
                   240)
    async def _(stage: Stage):
        async def disturbance():
            await asyncio.sleep(KILL_AT)
            await stage.gateway.kill_service(service)
            await stage.gateway.start_service(service)

        await warm_up(stage)
        flow = Flow(stage)
        await flow.run(disturbance)
        print(f"         {service}: {flow.verdict()}")


async def warm_up(stage: Stage) -> None:
    """Both directions work: streams are up and the recipient is known to exist."""
    for attempt in range(100):
        response = await stage.agent.message(USERS[0], EVE, "warm-up", stage.hop)
        if response.status == 202:
            await stage.eve.receive()
            break
        await asyncio.sleep(0.2)
    else:
        raise Late(f"100 attempts to reach {EVE}, the last answer: {response.start}")
    stage.alice.send(f"{USERS[0]}@{SIP_DOMAIN}", "warm-up")
    await stage.agent.receive()


for _service in ("bus", "im", "sip-edge", "xmpp-edge"):
    _recovery_of(_service)
