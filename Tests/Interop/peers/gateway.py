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
SERVICES = ("bus", "im", "software-version", "xmpp-edge", "sip-edge")


def binary() -> pathlib.Path:
    """$CAUSEWAY, or the newest build."""
    if named := os.environ.get("CAUSEWAY"):
        return pathlib.Path(named)
    built = [path for kind in ("release", "debug") if (path := ROOT / ".build" / kind / "causeway").exists()]
    if not built:
        raise SystemExit("no causeway to test: run `swift build --product causeway` first, or set CAUSEWAY to its path")
    return max(built, key=lambda path: path.stat().st_mtime)


class Gateway:
    """`settings` is the configuration file as a value: JSON is YAML.

    `replicas`: for each service of which there is not just one, the variables of each replica's environment; all read
    the same file. A replica is called `im-2`, a service of one process `im`.
    """

    def __init__(self, settings: dict, folder: pathlib.Path, name: str = "causeway", separate: bool = False,
                 bus: str = "tcp", replicas: dict[str, list[dict[str, str]]] | None = None):
        self.settings = settings
        self.separate = separate
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        environments = {command: [{}] for command in (SERVICES if separate else ("run",))} | (replicas or {})
        if separate:
            brokers = [f"tcp://{HOST}:{free_pair()}" if bus == "tcp" else f"ipc://{folder}/{broker}"
                       for broker in names("bus", len(environments["bus"]))]
            settings["bus"] = {**settings.get("bus", {}), "connect": brokers, "listen": brokers[0]}
            environments["bus"] = [{"CAUSEWAY_BUS_LISTEN": broker, **environment}
                                   for broker, environment in zip(brokers, environments["bus"])]
        self._file = folder / f"{name}.yaml"
        self._file.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n")
        #: Of each service, what its processes are called.
        self.replicas = {command: names(command, len(each)) for command, each in environments.items()}
        self.programs = {
            called: Program(f"causeway {called}", [binary(), command, "--config", self._file],
                            folder / f"{name}-{called}.log", environment, folder=folder)
            for command, each in environments.items() for called, environment in zip(self.replicas[command], each)
        }

    async def start(self) -> "Gateway":
        """All of it, each once the one before it says that its sockets are bound."""
        for command in self.programs:
            await self.start_service(command)
        return self

    async def start_service(self, command: str) -> None:
        await self.programs[command].start()
        await self.programs[command].says(r"\bready services=", 20)

    async def kill_service(self, command: str) -> None:
        await self.programs[command].kill()

    def pause_service(self, command: str) -> None:
        """SIGSTOP: as when a machine sleeps, or a virtual one is moved."""
        self.programs[command].signal(signal.SIGSTOP)

    def resume_service(self, command: str) -> None:
        self.programs[command].signal(signal.SIGCONT)

    async def stop(self) -> list[int]:
        """SIGTERM to all, edges first; their exit statuses."""
        return [await program.stop(30) for program in reversed(self.programs.values())]

    def terminate(self) -> None:
        for program in self.programs.values():
            program.signal(signal.SIGTERM)


def names(command: str, count: int) -> list[str]:
    """What the processes of a service are called."""
    return [command] if count == 1 else [f"{command}-{number}" for number in range(1, count + 1)]


async def reachable(hop: Hop) -> None:
    """Returns when the gateway's SIP port accepts connections."""
    await listens(hop.host, hop.port, 20, "the gateway's SIP port")


def settings(sip_domain: str, sip_port: int, **others: object) -> dict:
    """Defaults of every test: loopback only, limits that the tests' own load does not meet."""
    base = {
        "domains": [sip_domain],
        "sip": {"listen": [f"udp://{HOST}:{sip_port}", f"tcp://{HOST}:{sip_port}"]},
        "xmpp": {"listen": []},
        "limits": {"per-peer-rate": "5000/s", "per-user-rate": "5000/s"},
        "log": {"level": "debug"},
    }
    for key, value in others.items():
        base[key] = {**base[key], **value} if isinstance(base.get(key), dict) else value
    return base
