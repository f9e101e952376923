"""sipp as user agent: scenarios in sipp/, each run a bounded number of times."""

import csv
import pathlib

from .ports import HOST, free_port
from .program import Program
from .sip_agent import Hop

SCENARIOS = pathlib.Path(__file__).resolve().parents[1] / "sipp"


class Sipp:
    """One run of one scenario; `keys` fill in [name] of the scenario, `credentials` are a user and a password."""

    def __init__(self, scenario: str, folder: pathlib.Path, hop: Hop | None = None, calls: int = 1, rate: int = 10,
                 transport: str = "udp", port: int | None = None, credentials: tuple[str, str] | None = None,
                 **keys: str):
        self.port = port or free_port()
        target = [f"{hop.host}:{hop.port}"] if hop else []
        replaced = [argument for name, value in keys.items() for argument in ("-key", name, value)]
        if credentials:
            # Else it proves who it is for the address that it sends to.
            replaced += ["-au", credentials[0], "-ap", credentials[1], "-auth_uri", keys["to"]]
        folder.mkdir(parents=True, exist_ok=True)
        self._errors = folder / f"sipp-{scenario}-{self.port}.errors"
        self._statistics = folder / f"sipp-{scenario}-{self.port}.csv"
        self.program = Program(f"sipp {scenario}", [
            "sipp", *target, "-sf", SCENARIOS / f"{scenario}.xml", "-i", HOST, "-p", str(self.port),
            "-t", {"udp": "u1", "tcp": "t1"}[transport], "-m", str(calls), "-r", str(rate), "-nostdin",
            "-recv_timeout", "40000", "-timeout", "60", "-timeout_error", "-trace_err", "-error_file", self._errors,
            "-trace_stat", "-stf", self._statistics, "-fd", "1", *replaced], folder / f"sipp-{scenario}.log",
            folder=folder)

    async def start(self) -> "Sipp":
        await self.program.start()
        return self

    async def succeeded(self, seconds: float = 60) -> int:
        """The number of calls that went as the scenario says; an assertion when sipp says that any did not."""
        status = await self.program.ended(seconds)
        if status != 0:
            complaint = self._errors.read_text(errors="replace")[-1000:] if self._errors.exists() else ""
            raise AssertionError(f"{self.program.name} ended with {status}: {complaint}{self.program.last_words()}")
        with self._statistics.open() as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        return int(last["SuccessfulCall(C)"])
