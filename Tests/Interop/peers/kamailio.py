"""Kamailio with Deploy/kamailio/kamailio.cfg, as the proxy and registrar in front of the gateway."""

import pathlib

from .ports import HOST, free_port
from .program import Program
from .sip_agent import Hop
from .waiting import listens

CONFIGURATION = pathlib.Path(__file__).resolve().parents[3] / "Deploy/kamailio/kamailio.cfg"


class Kamailio:
    def __init__(self, sip_domain: str, xmpp_domain: str, gateway: Hop, folder: pathlib.Path,
                 port: int | None = None):
        self.port = port or free_port()
        run = folder / "kamailio"
        run.mkdir(parents=True)
        definitions = {
            "SIP_DOMAIN": sip_domain, "XMPP_DOMAIN": xmpp_domain,
            "GATEWAY_URI": f"sip:{gateway.host}:{gateway.port};transport={gateway.transport}",
        }
        self.program = Program("kamailio", [
            "kamailio", "-f", CONFIGURATION, "-DD", "-E", "-Y", run, "-w", run, "-P", run / "kamailio.pid",
            "-m", "32", "-l", f"udp:{HOST}:{self.port}", "-l", f"tcp:{HOST}:{self.port}",
            *[argument for name, value in definitions.items() for argument in ("--substdef", f"!{name}!{value}!g")],
        ], folder / "kamailio.log")

    async def start(self) -> "Kamailio":
        await self.program.start()
        await listens(HOST, self.port, 20, "kamailio listens")
        return self

    async def stop(self) -> None:
        await self.program.stop(10)
