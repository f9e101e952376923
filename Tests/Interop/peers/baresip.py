"""baresip: a telephone whose sound goes nowhere, told what to do over its ctrl_tcp module.

Texts that it receives are shown by its cons module alone.
"""

import asyncio
import json
import pathlib
import re

from .peer_text import PeerText
from .ports import HOST, free_port
from .program import Program
from .sip_agent import Hop
from .waiting import within

#: How baresip shows a text: the sender's URI, and the text in quotes.
_TEXT = re.compile(r'\rsip:([^;>: ]+@[^;>: ]+)[^ ]*: "(.*?)"\n', re.DOTALL)


class Baresip:
    """A user of `domain` at the registrar and proxy `hop`, who writes to `contacts` alone."""

    def __init__(self, user: str, domain: str, hop: Hop, folder: pathlib.Path, contacts: tuple[str, ...],
                 authority: pathlib.Path | None = None):
        self.user, self.domain = user, domain
        self.port, self._control_port, self._console_port = free_port(), free_port(), free_port()
        self.received: asyncio.Queue[PeerText] = asyncio.Queue()
        #: What baresip tells of itself, by type.
        self.events: asyncio.Queue[dict] = asyncio.Queue()
        home = folder / f"baresip-{user}"
        home.mkdir(parents=True)
        uri = f"sip:{hop.host}:{hop.port};transport={hop.transport}"
        (home / "config").write_text(_configuration(self.port, self._control_port, self._console_port, authority))
        (home / "accounts").write_text(
            f'<sip:{user}@{domain};transport={hop.transport}>;outbound="{uri}";regint=3600;answermode=manual\n')
        (home / "contacts").write_text("".join(f'"{contact}" <sip:{contact}>\n' for contact in contacts))
        self.program = Program(f"baresip {user}", ["baresip", "-f", home, "-v", "-s"], folder / f"baresip-{user}.log",
                               folder=home)
        self._control: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._console: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._answers: asyncio.Queue[dict] = asyncio.Queue()
        self._tasks: list[asyncio.Task] = []

    async def start(self) -> "Baresip":
        """Registered."""
        await self.program.start()
        self._control = await within(20, "baresip takes commands", _connect(self._control_port))
        self._console = await within(20, "baresip shows texts", _connect(self._console_port))
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]
        await self.program.says(r"200 OK .*\[1 binding\]", 20)
        return self

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for _, writer in filter(None, (self._control, self._console)):
            writer.close()
        await self.program.stop(10)

    async def message(self, to: str, text: str) -> None:
        """Sends a text; baresip does not say what became of it."""
        while not re.search(rf"^> .*<sip:{re.escape(to)}>", await self.command("contacts"), re.MULTILINE):
            await self.command("contact_next")
        await self.command("message", text)

    async def receive(self, seconds: float = 10) -> PeerText:
        return await within(seconds, f"a text for baresip's {self.user}", self.received.get())

    async def dial(self, to: str) -> None:
        """Begins a call; events tell what becomes of it: CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED."""
        await self.command("dial", to)

    async def accept(self, seconds: float = 10) -> dict:
        """Answers the call that comes."""
        incoming = await self.event("CALL_INCOMING", seconds)
        await self.command("accept")
        await self.event("CALL_ESTABLISHED", seconds)
        return incoming

    async def hang_up(self) -> None:
        await self.command("hangup")

    async def event(self, kind: str, seconds: float = 10) -> dict:
        """The next event of a kind; those before it are forgotten."""
        async def search() -> dict:
            while (event := await self.events.get()).get("type") != kind:
                pass
            return event

        return await within(seconds, f"baresip's {kind}", search())

    async def command(self, command: str, parameters: str = "") -> str:
        text = json.dumps({"command": command, "params": parameters, "token": command}).encode("utf-8")
        self._control[1].write(b"%d:%s," % (len(text), text))
        answer = await within(10, f"baresip's answer to {command}", self._answers.get())
        if not answer["ok"]:
            raise AssertionError(f"baresip refused {command} {parameters!r}: {answer.get('data')}")
        return answer.get("data", "")

    async def _listen(self) -> None:
        """Netstrings of JSON: answers to commands, and events."""
        reader = self._control[0]
        try:
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                value = json.loads((await reader.readexactly(length + 1))[:-1])
                (self._answers if value.get("response") else self.events).put_nowait(value)
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _watch(self) -> None:
        shown = ""
        while octets := await self._console[0].read(65536):
            shown += octets.decode("utf-8", "replace")
            while found := _TEXT.search(shown):
                self.received.put_nowait(PeerText(found[1], found[2]))
                shown = shown[found.end():]


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        try:
            return await asyncio.open_connection(HOST, port)
        except ConnectionError:
            await asyncio.sleep(0.05)


def _configuration(port: int, control_port: int, console_port: int, authority: pathlib.Path | None) -> str:
    return "\n".join([
        "poll_method epoll", f"sip_listen {HOST}:{port}", f"net_interface {HOST}", "net_af ipv4", "call_max_calls 4",
        *([f"sip_cafile {authority}"] if authority else []),
        "audio_player aubridge,nil", "audio_source aubridge,nil", "audio_alert aubridge,nil", "rtp_ports 32100-32400",
        "module_path /usr/lib/baresip/modules", "module g711.so", "module aubridge.so", "module_tmp account.so",
        "module_app contact.so", "module_app menu.so", "module_app ctrl_tcp.so", "module cons.so",
        f"ctrl_tcp_listen {HOST}:{control_port}", f"cons_listen {HOST}:{console_port}", ""])
