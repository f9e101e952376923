"""The gateway under test: one process, or one for each service."""

import json
import os
import pathlib
import signal

from .ports import HOST, free_pair
from .program import Program
from .sip_agent import Hop
from .waiting import listens

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVICES = ("bus", "im", "xmpp-edge", "sip-edge")


def binary() -> pathlib.Path:
    """$CAUSEWAY, or the newest build."""
    if named := os.environ.get("CAUSEWAY"):
        return pathlib.Path(named)
    built = [path for kind in ("release", "debug") if (path := ROOT / ".build" / kind / "causeway").exists()]
    if not built:
        raise SystemExit("no causeway to test: run `swift build --product causeway` first, or set CAUSEWAY to its path")
    return max(built, key=lambda path: path.stat().st_mtime)


class Gateway:
    """`settings` is the configuration file as a value: JSON is YAML."""

    def __init__(self, settings: dict, folder: pathlib.Path, name: str = "causeway", separate: bool = False,
                 bus: str = "tcp"):
        self.settings = settings
        self.separate = separate
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if separate:
            address = f"tcp://{HOST}:{free_pair()}" if bus == "tcp" else f"ipc://{folder}/bus"
            settings["bus"] = {"connect": address, "listen": address}
        self._file = folder / f"{name}.yaml"
        self._file.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n")
        self.programs = {
            command: Program(f"causeway {command}", [binary(), command, "--config", self._file],
                             folder / f"{name}-{command}.log", folder=folder)
            for command in (SERVICES if separate else ("run",))
        }

    async def start(self) -> "Gateway":
        """All of it, each once the one before it says that its sockets are bound."""
        for command in self.programs:
            await self.start_service(command)
        return self

    async def start_service(self, command: str) -> None:
        await self.programs[command].start()
        await self.programs[command].says(r"\bready\b", 20)

    async def kill_service(self, command: str) -> None:
        await self.programs[command].kill()

    async def stop(self) -> list[int]:
        """SIGTERM to all, edges first; their exit statuses."""
        return [await program.stop(30) for program in reversed(self.programs.values())]

    def terminate(self) -> None:
        for program in self.programs.values():
            program.signal(signal.SIGTERM)


async def reachable(hop: Hop) -> None:
    """Returns when the gateway's SIP port accepts connections."""
    await listens(hop.host, hop.port, 20, "the gateway's SIP port")


def settings(sip_domain: str, sip_port: int, **others: object) -> dict:
    """Defaults of every test: loopback only, limits that the tests' own load does not meet."""
    base = {
        "domains": [sip_domain],
        "sip": {"listen": [f"udp://{HOST}:{sip_port}", f"tcp://{HOST}:{sip_port}"]},
        "xmpp": {"listen": []},
        "limits": {"per-peer-rate": "5000/s"},
        "log": {"level": "debug"},
    }
    for key, value in others.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base
