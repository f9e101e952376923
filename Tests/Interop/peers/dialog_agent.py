"""The dialog agent of Tests/DialogAgent: a service on the gateway's bus that answers calls and makes them."""

import os
import pathlib

from .gateway import binary
from .program import Program


def agent_binary() -> pathlib.Path:
    """$DIALOG_AGENT, or what was built beside the gateway."""
    return pathlib.Path(os.environ.get("DIALOG_AGENT") or binary().with_name("DialogAgent"))


class DialogAgent:
    """What it does with a call, the user part of the address that is called says: answer, reliable, ring, busy, update,
    reinvite, hangup, giveup. A REFER has it call, and go on by the name that the REFER was for."""

    def __init__(self, broker: str, folder: pathlib.Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.program = Program("dialog agent", [agent_binary(), "--connect", broker, "--store", folder / "agent.db"],
                               folder / "dialog-agent.log", folder=folder)

    async def start(self) -> "DialogAgent":
        await self.program.start()
        await self.program.says("agent ready")
        return self

    async def kill(self) -> None:
        await self.program.kill()

    async def stop(self) -> None:
        await self.program.stop(10)

    @property
    def marked(self) -> int:
        """Where the journal ends now; give it to `notes`."""
        return len(self.program.lines)

    async def notes(self, pattern: str, since: int = 0, seconds: float = 20) -> str:
        return await self.program.says(pattern, seconds, since)
