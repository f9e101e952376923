"""Linphone, by its daemon: a telephone with a null sound card, told what to do over a local socket."""

import asyncio
import os
import pathlib
import re

from .peer_text import PeerText
from .ports import HOST, free_port
from .program import Program
from .sip_agent import Hop
from .sip_message import address
from .waiting import within

_STATUS = re.compile(r"Status: (\w+)")


class Linphone:
    """A user of `domain` at the registrar and proxy `hop`; `received` are the texts that came."""

    def __init__(self, user: str, domain: str, hop: Hop, folder: pathlib.Path, authority: pathlib.Path | None = None):
        self.user, self.domain = user, domain
        self.port = free_port()
        self.received: asyncio.Queue[PeerText] = asyncio.Queue()
        self._outcomes: dict[str, asyncio.Future[bool]] = {}
        home = folder / f"linphone-{user}"
        home.mkdir(parents=True)
        # The daemon makes its socket in /tmp, by a name that may lead through folders.
        self._socket = home / "control"
        name = os.path.relpath(self._socket, "/tmp")
        configuration = home / "linphonerc"
        configuration.write_text(_configuration(user, domain, hop, self.port, home, authority))
        self.program = Program(f"linphone {user}", [
            "linphone-daemon", "--config", configuration, "--pipe", name, "--log", home / "linphone.log",
            "--disable-stats-events"], folder / f"linphone-{user}.log", {"HOME": str(home)}, folder=home)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> "Linphone":
        """Registered."""
        await self.program.start()
        await within(20, "linphone takes commands", self._connect())
        self._listening = asyncio.create_task(self._poll())
        await within(20, f"linphone registers {self.user}", self._registered())
        return self

    async def stop(self) -> None:
        if self._listening:
            self._listening.cancel()
        if self._writer:
            self._writer.close()
        await self.program.stop(10)

    async def message(self, to: str, text: str, seconds: float = 20) -> bool:
        """Sends a text and tells whether its final response was a good one."""
        outcome = asyncio.get_running_loop().create_future()
        async with self._turn:
            answer = await self._tell(f"message sip:{to} {text}")
            self._outcomes[re.search(r"Id: (\S+)", answer)[1]] = outcome
        return await within(seconds, f"the answer to linphone's message to {to}", outcome)

    async def receive(self, seconds: float = 10) -> PeerText:
        return await within(seconds, f"a text for linphone's {self.user}", self.received.get())

    async def dial(self, to: str) -> str:
        """Begins a call; its id."""
        answer = await self.command(f"call sip:{to}")
        return re.search(r"Id: (\d+)", answer)[1]

    async def accept(self, seconds: float = 10) -> None:
        """Answers the call that comes."""
        async def attempts():
            while "Status: Ok" not in await self.command("answer"):
                await asyncio.sleep(0.05)

        await within(seconds, f"a call for linphone's {self.user}", attempts())

    async def hang_up(self) -> None:
        await self.command("terminate")

    async def call_is(self, state: str, call: str = "", seconds: float = 10) -> None:
        """Returns when a call, or the current one, is in a state: OutgoingRinging, StreamsRunning, Paused, End."""
        async def look():
            while f"State: LinphoneCall{state}" not in await self.command(f"call-status {call}".strip()):
                await asyncio.sleep(0.05)

        await within(seconds, f"linphone's call is {state}", look())

    async def command(self, text: str) -> str:
        async with self._turn:
            return await self._tell(text)

    async def _connect(self) -> None:
        while True:
            try:
                self._reader, self._writer = await asyncio.open_unix_connection(str(self._socket))
                return
            except (FileNotFoundError, ConnectionError):
                await asyncio.sleep(0.05)

    async def _registered(self) -> None:
        while "LinphoneRegistrationOk" not in await self.command("register-status ALL"):
            await asyncio.sleep(0.05)

    async def _tell(self, command: str) -> str:
        """The answer to a command: lines with values, the first of which is the status."""
        self._writer.write(command.encode("utf-8") + b"\n")
        answer = (await self._reader.read(65536)).decode("utf-8")
        if _STATUS.search(answer) is None:
            raise AssertionError(f"linphone answered {command!r} with {answer!r}")
        return answer

    async def _poll(self) -> None:
        """The daemon keeps what happened until it is asked; one answer has one event."""
        while True:
            event = await self.command("pop-event")
            fields = dict(re.findall(r"^([\w-]+): (.*)$", event, re.MULTILINE))
            if fields.get("Event-type") == "message-received":
                content = event.split("Content: ", 1)[1].strip()
                self.received.put_nowait(PeerText(address(fields["From"]), content[1:-1]))
            elif fields.get("Event-type") == "message-state-changed":
                self._settle(fields["Id"], fields["State"].removeprefix("LinphoneChatMessageState"))
            elif "Event-type" not in fields:
                await asyncio.sleep(0.02)

    def _settle(self, message: str, state: str) -> None:
        outcome = self._outcomes.get(message)
        if outcome and not outcome.done() and state in ("Delivered", "NotDelivered"):
            outcome.set_result(state == "Delivered")


def _configuration(user: str, domain: str, hop: Hop, port: int, home: pathlib.Path,
                   authority: pathlib.Path | None) -> str:
    proxy = f"<sip:{hop.host}:{hop.port};transport={hop.transport}>"
    ports = {name: port if name == hop.transport else 0 for name in ("udp", "tcp", "tls")}
    return "\n".join([
        "[sip]", f"sip_port={ports['udp']}", f"sip_tcp_port={ports['tcp']}", f"sip_tls_port={ports['tls']}",
        "default_proxy=0", "guess_hostname=0", f"contact=sip:{user}@{HOST}", "use_ipv6=0",
        "register_only_when_network_is_up=0", f"bind_address={HOST}", "verify_server_cn=0",
        *([f"root_ca={authority}"] if authority else []),
        "[proxy_0]", f"reg_proxy={proxy}", f"reg_route={proxy}", f"reg_identity=sip:{user}@{domain}",
        "reg_expires=3600", "reg_sendregister=1", "publish=0",
        "[sound]", "playback_dev_id=", "capture_dev_id=", "local_ring=", "remote_ring=",
        "[storage]", f"uri={home}/linphone.db", "[misc]", "log_collection=0", ""])
