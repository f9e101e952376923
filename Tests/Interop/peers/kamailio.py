"""Kamailio with Deploy/kamailio/kamailio.cfg, as the proxy and registrar in front of the gateway."""

import pathlib

from .certificate import Identity
from .ports import HOST, free_port
from .program import Program
from .sip_agent import Hop
from .waiting import listens

CONFIGURATION = pathlib.Path(__file__).resolve().parents[3] / "Deploy/kamailio/kamailio.cfg"


class Kamailio:
    """With an identity it speaks TLS too, and asks of whoever it connects to for a certificate of that authority."""

    def __init__(self, sip_domain: str, xmpp_domain: str, gateway: Hop, folder: pathlib.Path,
                 port: int | None = None, identity: Identity | None = None):
        self.port = port or free_port()
        self.tls_port = free_port() if identity else 0
        run = folder / "kamailio"
        run.mkdir(parents=True)
        definitions = {
            "SIP_DOMAIN": sip_domain, "XMPP_DOMAIN": xmpp_domain,
            "GATEWAY_URI": f"sip:{gateway.host}:{gateway.port};transport={gateway.transport}",
        }
        listening = [f"udp:{HOST}:{self.port}", f"tcp:{HOST}:{self.port}"]
        configuration = CONFIGURATION
        if identity:
            listening.append(f"tls:{HOST}:{self.tls_port}")
            configuration = _with_tls(identity, run)
        self.program = Program("kamailio", [
            "kamailio", "-f", configuration, "-DD", "-E", "-Y", run, "-w", run, "-P", run / "kamailio.pid",
            "-m", "64" if identity else "32", *[argument for address in listening for argument in ("-l", address)],
            *[argument for name, value in definitions.items() for argument in ("--substdef", f"!{name}!{value}!g")],
        ], folder / "kamailio.log")

    async def start(self) -> "Kamailio":
        await self.program.start()
        for port in filter(None, (self.port, self.tls_port)):
            await listens(HOST, port, 20, "kamailio listens")
        return self

    async def stop(self) -> None:
        await self.program.stop(10)


def _with_tls(identity: Identity, run: pathlib.Path) -> pathlib.Path:
    """The same configuration, and TLS before it."""
    certificates = "\n".join([
        "method = TLSv1.2+", "verify_certificate = yes", f"certificate = {identity.certificate}",
        f"private_key = {identity.key}", f"ca_list = {identity.authority}"])
    (run / "tls.cfg").write_text(f"[server:default]\n{certificates}\nrequire_certificate = no\n\n"
                                 f"[client:default]\n{certificates}\nrequire_certificate = yes\n")
    configuration = run / "kamailio.cfg"
    configuration.write_text(f'#!KAMAILIO\nenable_tls=yes\nloadmodule "tls.so"\n'
                             f'modparam("tls", "config", "{run}/tls.cfg")\ninclude_file "{CONFIGURATION}"\n')
    return configuration
