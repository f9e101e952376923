"""A gateway with everything around it: an XMPP server, SIP user agents, and perhaps a SIP proxy in between."""

import pathlib
from collections.abc import Callable
from dataclasses import dataclass, field

from peers import gateway as gateways
from peers.bus_keys import fresh_keys
from peers.certificate import Authority, Identity, self_signed
from peers.chat_user import ChatUser
from peers.dialog_agent import DialogAgent
from peers.gateway import Gateway
from peers.kamailio import Kamailio
from peers.name_server import NameServer
from peers.ports import HOST, free_port
from peers.postgresql import PostgreSQL
from peers.prosody import Prosody
from peers.sip_agent import Hop, SIPAgent

XMPP_DOMAIN, SIP_DOMAIN = "wonder.example", "sip.example"
#: A second SIP domain, where a stage attaches one of each kind.
PHONE_DOMAIN = "phones.example"
ALICE, EVE = f"alice@{XMPP_DOMAIN}", f"eve@{XMPP_DOMAIN}"
BOB, CAROL = f"bob@{SIP_DOMAIN}", f"carol@{SIP_DOMAIN}"
SECRET = "interop secret"


@dataclass(frozen=True)
class Shape:
    """What a stage looks like."""

    #: component (XEP-0114), s2s (RFC 6120, TLS with certificates nobody knows, and dialback), or s2s-trusted
    #: (certificates of a common authority: SASL EXTERNAL, and XEP-0198 on the streams), or both: the SIP domain as
    #: component, the phone domain by s2s-trusted
    attachment: str
    #: direct: user agents on UDP and TCP; direct-udp: on UDP alone; direct-ws: browsers too; kamailio-udp, kamailio-tcp:
    #: a proxy in between, and how it talks with the gateway; direct-tls, kamailio-tls: both sides have certificates, and
    #: nobody is believed for his address
    path: str
    #: one process or several, and what their bus crosses: "", tcp or ipc
    bus: str = ""
    users: tuple[str, ...] = ("bob", "carol")
    #: XMPP users besides alice and eve
    chatters: tuple[str, ...] = ()
    #: how many processes of a service, where not one
    replicas: dict[str, int] = field(default_factory=dict, hash=False)
    #: what they keep their state in: "", sqlite or postgresql
    store: str = ""
    #: whether only who has a key may use the bus; the brokers have one of their own
    encrypted: bool = False
    #: whether the dialog agent is on the bus, so that there are calls
    has_calls: bool = False
    #: What else the gateway is told; made of the stage where it depends on its ports
    settings: dict | Callable[["Stage"], dict] = field(default_factory=dict, hash=False, compare=False)

    def __str__(self) -> str:
        replicas = " ".join(f"{count} {service}" for service, count in self.replicas.items())
        bus = f"{'encrypted ' if self.encrypted else ''}bus over {self.bus}" if self.bus else ""
        return ", ".join(filter(None, (self.attachment, self.path, bus, replicas, self.store)))

    @property
    def has_tls(self) -> bool:
        return self.path.endswith("-tls")

    @property
    def splits(self) -> bool:
        """Whether the gateway's next hop has no transport for a long text in one piece."""
        return self.path in ("direct-udp", "kamailio-udp")


class Stage:
    """Started whole, ended whole; cases may stop and start single parts of it."""

    def __init__(self, shape: Shape, folder: pathlib.Path):
        self.shape = shape
        self.folder = folder
        folder.mkdir(parents=True)
        self.name_server = NameServer()
        by_component = shape.attachment in ("component", "both")
        trusted = shape.attachment in ("s2s-trusted", "both") or shape.has_tls
        self.authority = Authority(folder / "authority") if trusted else None
        self.prosody = Prosody(XMPP_DOMAIN, SIP_DOMAIN, folder, component_secret=SECRET if by_component else "",
                               name_server=self.name_server, authority=self.authority)
        self.agent = SIPAgent(SIP_DOMAIN, list(shape.users), tcp=shape.path != "direct-udp",
                              identity=self.peer_identity(SIP_DOMAIN) if shape.has_tls else None)
        #: The telephone of the phone domain's users; what is said to them rings where the others' does.
        self.phones = SIPAgent(PHONE_DOMAIN, list(shape.users))
        self.sip_ports = [free_port() for _ in range(shape.replicas.get("sip-edge", 1))]
        self.server_ports = [free_port() for _ in range(shape.replicas.get("xmpp-edge", 1))]
        self.sip_port, self.server_port = self.sip_ports[0], self.server_ports[0]
        self.sips_port, self.ws_port = free_port(), free_port()
        for domain in (SIP_DOMAIN, PHONE_DOMAIN):
            self.name_server.serve("_xmpp-server._tcp", domain, *self.server_ports)
        self.name_server.serve("_xmpp-server._tcp", XMPP_DOMAIN, self.prosody.server_port)
        self.kamailio: Kamailio | None = None
        self.hop = Hop(self.sips_port, "tls", name=XMPP_DOMAIN) if shape.has_tls else Hop(self.sip_port, "udp")
        if shape.path.startswith("kamailio"):
            transport = shape.path.removeprefix("kamailio-")
            port = self.sips_port if shape.has_tls else self.sip_port
            self.kamailio = Kamailio(SIP_DOMAIN, XMPP_DOMAIN, Hop(port, transport), folder,
                                     identity=self.agent.identity)
            self.hop = Hop(self.kamailio.port, "tcp" if shape.has_tls else transport)
        self.postgresql = PostgreSQL(folder) if shape.store == "postgresql" else None
        self.keys = fresh_keys() if shape.encrypted else None
        self.gateway = Gateway(self._settings(), folder, separate=bool(shape.bus), bus=shape.bus,
                               replicas=self._replicas())
        self.dialog_agent = DialogAgent(self.gateway.settings["bus"]["connect"][0], folder) if shape.has_calls else None
        self.alice = ChatUser(f"{ALICE}/wonderland", SECRET, self.prosody.client_port)
        self.eve = ChatUser(f"{EVE}/garden", SECRET, self.prosody.client_port)
        self.chatters = [ChatUser(f"{user}@{XMPP_DOMAIN}/burrow", SECRET, self.prosody.client_port)
                         for user in shape.chatters]

    async def start(self) -> "Stage":
        await self.name_server.open()
        for user in ("alice", "eve", *self.shape.chatters):
            self.prosody.add_account(user, SECRET)
        await self.prosody.start()
        await self.agent.open()
        await self.phones.open()
        if self.postgresql:
            await self.postgresql.start()
        if self.kamailio:
            await self.kamailio.start()
            await self.register()
        await self.gateway.start()
        if self.dialog_agent:
            await self.dialog_agent.start()
        for user in (self.alice, self.eve, *self.chatters):
            await user.connect()
        return self

    async def stop(self) -> None:
        for user in (self.alice, self.eve, *self.chatters):
            await user.disconnect()
        if self.dialog_agent:
            await self.dialog_agent.stop()
        await self.gateway.stop()
        if self.postgresql:
            await self.postgresql.stop()
        await self.agent.stop()
        await self.phones.stop()
        if self.kamailio:
            await self.kamailio.stop()
        await self.prosody.stop()
        await self.name_server.close()

    def forget(self) -> None:
        """Drops what a failed case left behind, so that the next one is judged for itself."""
        chatters = (self.alice, self.eve, *self.chatters)
        for queue in (self.agent.inbox, *(queue for user in chatters for queue in (user.inbox, user.errors))):
            while not queue.empty():
                queue.get_nowait()
        self.agent.answers.clear()

    async def register(self) -> None:
        """The SIP users at the proxy."""
        for user in self.shape.users:
            await self.agent.register(user, self.hop)

    async def stop_sip(self) -> None:
        """The gateway's next hop on the SIP side is gone."""
        await (self.kamailio or self.agent).stop()

    async def start_sip(self) -> None:
        if self.kamailio:
            await self.kamailio.start()
            await self.register()
        else:
            await self.agent.open()

    async def stop_xmpp(self) -> None:
        await self.alice.disconnect()
        await self.eve.disconnect()
        await self.prosody.stop()

    async def start_xmpp(self) -> None:
        await self.prosody.start()
        await self.alice.connect()
        await self.eve.connect()

    def _settings(self) -> dict:
        shape = self.shape
        transport = f";transport={self.hop.transport}" if self.kamailio else ""
        next_hop = self.kamailio.port if self.kamailio else self.agent.port
        others = {"sip": {"outbound-proxy": f"sip:{HOST}:{next_hop}{transport}"}, "xmpp": {"listen": []}}
        if shape.attachment in ("component", "both"):
            others["xmpp"]["components"] = [
                {"host": HOST, "port": self.prosody.component_port, "domain": SIP_DOMAIN, "secret": SECRET}]
        if shape.attachment != "component":
            issue = self.authority.issue if self.authority else self_signed
            domain = PHONE_DOMAIN if shape.attachment == "both" else SIP_DOMAIN
            certificate, key = issue(domain, self.folder / "certificates")
            others["tls"] = {"certificate": str(certificate), "key": str(key)}
            others["xmpp"] |= {"listen": [_server_address(self.server_port)], "s2s-security": "dialback"}
            if self.authority:
                others["tls"]["trust"] = str(self.authority.certificate)
                others["xmpp"]["s2s-security"] = "required"
            if self.kamailio:
                others["dns"] = {"server": f"{HOST}:{self.name_server.port}"}
            else:
                others["xmpp"]["routes"] = {XMPP_DOMAIN: f"xmpp://{HOST}:{self.prosody.server_port}"}
        if shape.attachment == "both":
            others["domains"] = [SIP_DOMAIN, PHONE_DOMAIN]
        if shape.has_tls:
            others = self._with_tls(others)
        if shape.path == "direct-ws":
            others["sip"]["listen"] = [f"{transport}://{HOST}:{port}" for transport, port in (
                ("udp", self.sip_port), ("tcp", self.sip_port), ("ws", self.ws_port))]
        if shape.store:
            others["store"] = self.postgresql.uri if self.postgresql else f"sqlite:{self.folder}/causeway.db"
        if self.keys:
            others["bus"] = {"curve": self.keys.service}
        settings = gateways.settings(SIP_DOMAIN, self.sip_port, **others)
        special = shape.settings(self) if callable(shape.settings) else shape.settings
        for key, value in special.items():
            settings[key] = {**settings.get(key, {}), **value} if isinstance(value, dict) else value
        return settings

    def peer_identity(self, domain: str) -> Identity:
        """A certificate of the authority that everybody trusts here."""
        return self.authority.identity(domain, self.folder / "peers")

    def _with_tls(self, others: dict) -> dict:
        self.name_server.addresses[SIP_DOMAIN] = HOST
        next_hop = self.kamailio.tls_port if self.kamailio else self.agent.tls_port
        certificate, key = self.authority.issue(XMPP_DOMAIN, self.folder / "certificates")
        served = {XMPP_DOMAIN: {"certificate": str(certificate), "key": str(key)}}
        return others | {
            "sip": {"listen": [f"tls://{HOST}:{self.sips_port}"], "trusted": [],
                    "outbound-proxy": f"sip:{SIP_DOMAIN}:{next_hop};transport=tls"},
            "tls": {**others.get("tls", {"certificate": str(certificate), "key": str(key)}), "domains": served,
                    "trust": str(self.authority.certificate)},
            "dns": {"server": f"{HOST}:{self.name_server.port}"}}

    def _replicas(self) -> dict[str, list[dict[str, str]]]:
        """What differs between the processes of a service: where they listen."""
        replicas: dict[str, list[dict[str, str]]] = {
            service: [{} for _ in range(count)] for service, count in self.shape.replicas.items()}
        if self.keys:
            replicas["bus"] = [{**environment, **self.keys.broker} for environment in replicas.get("bus", [{}])]
        for environment, port in zip(replicas.get("sip-edge", []), self.sip_ports):
            environment["CAUSEWAY_SIP_LISTEN"] = f"udp://{HOST}:{port},tcp://{HOST}:{port}"
        if self.shape.attachment != "component":
            for environment, port in zip(replicas.get("xmpp-edge", []), self.server_ports):
                environment["CAUSEWAY_XMPP_LISTEN"] = _server_address(port)
        return replicas


def _server_address(port: int) -> str:
    return f"xmpp://{HOST}:{port}"
