"""Prosody with Deploy/prosody/prosody.cfg.lua, on ports and in a folder of its own."""

import pathlib

from .certificate import Authority, self_signed
from .name_server import NameServer
from .ports import HOST, free_port
from .program import Program
from .waiting import listens

CONFIGURATION = pathlib.Path(__file__).resolve().parents[3] / "Deploy/prosody/prosody.cfg.lua"


class Prosody:
    """With a component secret, the SIP domain is a component of this server; without, a server of its own."""

    def __init__(self, xmpp_domain: str, sip_domain: str, folder: pathlib.Path, component_secret: str = "",
                 name_server: NameServer | None = None, authority: Authority | None = None,
                 client_port: int | None = None):
        self.domain = xmpp_domain
        self.client_port = client_port or free_port()
        self.server_port, self.component_port = free_port(), free_port()
        self._has_component = bool(component_secret)
        self._state = folder / "prosody"
        self._state.mkdir(parents=True)
        issue = authority.issue if authority else self_signed
        issue(xmpp_domain, self._state / "certs")
        self.program = Program("prosody", ["prosody", "-F", "--config", CONFIGURATION], folder / "prosody.log", {
            "XMPP_DOMAIN": xmpp_domain, "SIP_DOMAIN": sip_domain, "PROSODY_STATE": str(self._state),
            "PROSODY_LISTEN": HOST, "PROSODY_LOG": "debug", "C2S_PORT": str(self.client_port),
            "S2S_PORT": str(self.server_port), "COMPONENT_PORT": str(self.component_port), "S2S_TIMEOUT": "10",
            "SIP_COMPONENT_SECRET": component_secret,
            "XMPP_TRUST": str(authority.certificate) if authority else "",
            "NAME_SERVER": f"{HOST}@{name_server.port}" if name_server else "",
        })

    def add_account(self, user: str, password: str) -> None:
        """Written as Prosody's internal storage writes it, so that no prosodyctl has to run."""
        encoded = "".join(c if c.isascii() and c.isalnum() else f"%{ord(c):02x}" for c in self.domain)
        accounts = self._state / "data" / encoded / "accounts"
        accounts.mkdir(parents=True, exist_ok=True)
        (accounts / f"{user}.dat").write_text(f'return {{\n\t["password"] = "{password}";\n}};\n')

    async def start(self) -> "Prosody":
        await self.program.start()
        ports = {"clients": self.client_port, "servers": self.server_port}
        if self._has_component:
            ports["components"] = self.component_port
        for what, port in ports.items():
            await listens(HOST, port, 20, f"prosody listens for {what}")
        return self

    async def stop(self) -> None:
        await self.program.stop(10)
