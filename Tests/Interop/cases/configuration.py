"""Wrong configurations: one line that names the key, the value and what was expected; exit status 2; nothing starts."""

import json
import pathlib
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from peers.gateway import SERVICES, binary, settings
from peers.ports import HOST, free_pair, free_port
from peers.program import Program

#: What the log may say besides the one line.
_REMARK = re.compile(r"^\S+ (debug|info|notice)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wrong:
    """A configuration, and what the complaint about it has to name."""

    sentence: str
    names: tuple[str, ...]
    text: str = ""
    change: dict = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    command: str = "run"


#: Of two pairs, from zmq_curve(7).
PUBLIC_KEY, OTHER_SECRET_KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

WRONG = [
    Wrong("an unknown key", ("sip.listn",), change={"sip": {"listn": "udp://127.0.0.1:5060"}}),
    Wrong("an unknown key at the top", ("domain",), change={"domain": "sip.example"}),
    Wrong("a bad listening address", ("sip.listen", "gopher://127.0.0.1"),
          change={"sip": {"listen": "gopher://127.0.0.1"}}),
    Wrong("a port that is none", ("sip.listen", "99999"), change={"sip": {"listen": "udp://127.0.0.1:99999"}}),
    Wrong("a bad word where one of a few is meant", ("xmpp.s2s-security", "maybe"),
          change={"xmpp": {"s2s-security": "maybe"}}),
    Wrong("a bad number", ("limits.stanza", "lots"), change={"limits": {"stanza": "lots"}}),
    Wrong("a bad rate", ("limits.per-peer-rate", "often"), change={"limits": {"per-peer-rate": "often"}}),
    Wrong("a bad network", ("sip.trusted", "300.0.0.0/8"), change={"sip": {"trusted": ["300.0.0.0/8"]}}),
    Wrong("a component without a secret", ("secret",),
          change={"xmpp": {"components": [{"host": HOST, "port": 5347, "domain": "sip.example"}]}}),
    Wrong("a certificate that is not there", ("tls.certificate", "/nowhere/cert.pem"),
          change={"tls": {"certificate": "/nowhere/cert.pem", "key": "/nowhere/key.pem"}}),
    Wrong("a key of the bus that is none", ("bus.curve.server-key",), change={"bus": {"curve": {"server-key": "short"}}}),
    Wrong("an encrypted bus without a key of one's own", ("bus.curve.secret-key",),
          change={"bus": {"curve": {"server-key": PUBLIC_KEY}}}, command="im"),
    Wrong("a public key that does not go with the secret one", ("bus.curve.public-key",), command="im", change={
        "bus": {"curve": {"server-key": PUBLIC_KEY, "public-key": PUBLIC_KEY, "secret-key": OTHER_SECRET_KEY}}}),
    Wrong("a broker with another broker's secret key", ("bus.curve.secret-key", "bus.curve.server-key"), command="bus",
          change={"bus": {"curve": {"server-key": PUBLIC_KEY, "secret-key": OTHER_SECRET_KEY}}}),
    Wrong("a broker that others reach, without keys", ("bus.listen", "tcp://0.0.0.0:", "bus.curve"), command="bus",
          change={"bus": {"listen": f"tcp://0.0.0.0:{free_pair()}"}}),
    Wrong("text that is not YAML", ("broken.yaml",), text="sip: {listen: [\n"),
    Wrong("a bad value in the environment", ("gopher://127.0.0.1",),
          environment={"CAUSEWAY_SIP_LISTEN": "gopher://127.0.0.1"}),
    *(Wrong(f"an unknown key, {command}", ("sip.listn",), change={"sip": {"listn": "x"}}, command=command)
      for command in SERVICES),
]


def configuration_cases(folder: pathlib.Path) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """Sentence and play of each; they need no stage."""
    folder.mkdir(parents=True)
    cases = [(f"configuration: {wrong.sentence} is refused in one line with status 2", _refusal(wrong, folder, number))
             for number, wrong in enumerate(WRONG)]
    for kind, key in (("udp", "sip.listen"), ("tcp", "sip.listen"), ("tcp", "xmpp.listen")):
        cases.append((f"configuration: a {kind} port in use for {key} is refused in one line with status 2",
                      _port_in_use(kind, key, folder)))
    cases.append(("configuration: a file that is not there is refused in one line with status 2", _no_file(folder)))
    return cases


def _refusal(wrong: Wrong, folder: pathlib.Path, number: int):
    async def play():
        place = folder / f"wrong-{number}"
        place.mkdir()
        file = place / "broken.yaml"
        text = wrong.text or json.dumps(settings("sip.example", free_port(), **wrong.change))
        file.write_text(text)
        await _refused(wrong.command, file, wrong.names, wrong.environment)

    return play


def _port_in_use(kind: str, key: str, folder: pathlib.Path):
    async def play():
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM) as holder:
            holder.bind((HOST, port))
            if kind == "tcp":
                holder.listen()
            section, name = key.split(".")
            scheme = "xmpp" if section == "xmpp" else kind
            file = folder / f"port-{section}-{kind}.yaml"
            file.write_text(json.dumps(settings(
                "sip.example", free_port(), **{section: {name: [f"{scheme}://{HOST}:{port}"]}})))
            await _refused("run", file, (key, str(port)), {})

    return play


def _no_file(folder: pathlib.Path):
    async def play():
        await _refused("run", folder / "missing.yaml", ("missing.yaml",), {})

    return play


async def _refused(command: str, file: pathlib.Path, names: tuple[str, ...], environment: dict[str, str]) -> None:
    program = Program(f"causeway {command}", [binary(), command, "--config", file], file.with_suffix(".log"),
                      environment, folder=file.parent)
    await program.start()
    try:
        status = await program.ended(20)
    finally:
        await program.kill()
    complaints = [line for line in program.lines if line.strip() and not _REMARK.search(line)]
    if status != 2 or len(complaints) != 1 or not all(name in complaints[0] for name in names):
        raise AssertionError(f"exit status {status}, expected 2 and one line naming {names}; {program.last_words()}")
