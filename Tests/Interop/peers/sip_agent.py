"""A SIP user agent over UDP, TCP and TLS, for what sipp cannot tell: who got which text, in which order, how often.

One agent is the telephone of a whole domain: it has any number of users on one port, answers MESSAGE for those it knows
with 200 and for others with 404, absorbs retransmissions (RFC 3261 section 17.2.2) and retransmits itself (17.1.2).
"""

import asyncio
import itertools
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from .certificate import Identity
from .ports import HOST, free_port
from .sip_message import SIPMessage, StreamFramer, parse
from .waiting import Late, within

T1, T2 = 0.5, 4.0
TIMER_F = TIMER_J = 64 * T1
#: RFC 3261 section 18.1.1: larger requests go over TCP when the next hop has it.
LARGEST_DATAGRAM = 1300
#: What an agent says that it is (section 20.35).
SOFTWARE = "Telephone/1.0 (Debian)"


@dataclass(frozen=True)
class Hop:
    """Where requests go first: the gateway itself, or a proxy before it."""

    port: int
    transport: str
    host: str = HOST
    #: Whose certificate is demanded on TLS; "" means the host's.
    name: str = ""


@dataclass
class Received:
    """A MESSAGE as it reached a user, once however often it was retransmitted."""

    user: str
    sender: str
    text: str
    transport: str
    message: SIPMessage


class SIPAgent:
    """With an identity it takes TLS connections, at a port of their own; it makes them with or without."""

    def __init__(self, domain: str, users: list[str], port: int | None = None, tcp: bool = True,
                 identity: Identity | None = None):
        self.domain = domain
        self.identity = identity
        self.tls_port = free_port() if identity else 0
        self.port = port or free_port()
        self.retransmissions = 0
        #: Requests that reached us a second time by another way; refused, not shown.
        self.merged = 0
        self.inbox: asyncio.Queue[Received] = asyncio.Queue()
        #: What a user answers, when it is not 200: status, reason and perhaps header fields; None: nothing, as if the
        #: request had been lost.
        self.answers: dict[str, Callable[[SIPMessage], tuple | None]] = {}
        #: What is answered to REGISTER, of which an agent knows nothing otherwise.
        self.registrar: Callable[[SIPMessage], tuple] | None = None
        self._users = set(users)
        self._with_tcp = tcp
        self._datagrams: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.Server] = []
        self._connections: dict[tuple[Hop, str], asyncio.StreamWriter] = {}
        self._open: set[asyncio.StreamWriter] = set()
        self._clients: dict[str, asyncio.Queue[SIPMessage]] = {}
        self._answered: dict[str, bytes] = {}
        #: Until when the transaction of a request lasts, by what the request says of itself.
        self._ongoing: dict[tuple[str, ...], float] = {}
        self._sequence = itertools.count(1)
        self._tasks: set[asyncio.Task] = set()

    async def open(self) -> "SIPAgent":
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self), local_addr=(HOST, self.port))
        if self._with_tcp:
            self._servers.append(await asyncio.start_server(self._serve, HOST, self.port))
        if self.identity:
            self._servers.append(await asyncio.start_server(
                self._serve_tls, HOST, self.tls_port, ssl=self.identity.context(ssl.Purpose.CLIENT_AUTH)))
        return self

    async def stop(self) -> None:
        """Gone, as if switched off: sockets closed, connections with them."""
        if self._datagrams:
            self._datagrams.close()
        for server in self._servers:
            server.close()
        self._servers.clear()
        for writer in list(self._open):
            writer.close()
        for task in list(self._tasks):
            task.cancel()
        self._connections.clear()
        await asyncio.sleep(0)

    # Sending

    async def message(self, user: str, to: str, text: str, hop: Hop, headers: list[tuple[str, str]] = (),
                      seconds: float = TIMER_F + 3, force_udp: bool = False) -> SIPMessage:
        """The final response to a MESSAGE (RFC 3428)."""
        return await self.request("MESSAGE", user, f"sip:{to}", hop,
                                  [("Content-Type", "text/plain;charset=UTF-8"), *headers], text.encode("utf-8"),
                                  seconds=seconds, force_udp=force_udp)

    async def register(self, user: str, hop: Hop) -> None:
        contact = f"<sip:{user}@{HOST}:{self.port};transport={hop.transport}>"
        response = await self.request("REGISTER", user, f"sip:{self.domain}", hop,
                                      [("Contact", contact), ("Expires", "3600")], to=f"sip:{user}@{self.domain}")
        if response.status != 200:
            raise AssertionError(f"REGISTER of {user} was answered {response.status} {response.reason}")

    async def request(self, method: str, user: str, uri: str, hop: Hop, headers: list[tuple[str, str]] = (),
                      body: bytes = b"", to: str | None = None, seconds: float = TIMER_F + 3,
                      force_udp: bool = False) -> SIPMessage:
        branch = f"z9hG4bK{secrets.token_hex(8)}"
        request = SIPMessage(f"{method} {uri} SIP/2.0", [
            ("Via", "?"), ("Max-Forwards", "70"),
            ("From", f"<sip:{user}@{self.domain}>;tag={secrets.token_hex(4)}"), ("To", f"<{to or uri}>"),
            ("Call-ID", secrets.token_hex(12)), ("CSeq", f"{next(self._sequence)} {method}"), *headers], body)
        transport = hop.transport
        if transport == "udp" and not force_udp and len(request.octets()) > LARGEST_DATAGRAM - 100:
            transport = "tcp"
        port = self.tls_port if transport == "tls" else self.port
        request.headers[0] = ("Via", f"SIP/2.0/{transport.upper()} {HOST}:{port};rport;branch={branch}")
        responses = self._clients[branch] = asyncio.Queue()
        try:
            return await within(seconds, f"final response to {method} {uri}",
                                self._transact(request, hop, transport, responses))
        finally:
            del self._clients[branch]

    async def _transact(self, request: SIPMessage, hop: Hop, transport: str, responses: asyncio.Queue) -> SIPMessage:
        octets = request.octets()
        if transport in ("tcp", "tls"):
            (await self._connection(hop, transport)).write(octets)
        else:
            self._datagrams.sendto(octets, (hop.host, hop.port))
        interval = T1
        while True:
            patience = interval if transport == "udp" else None
            try:
                response = await asyncio.wait_for(responses.get(), patience)
            except asyncio.TimeoutError:
                self.retransmissions += 1
                self._datagrams.sendto(octets, (hop.host, hop.port))
                interval = min(interval * 2, T2)
                continue
            if response.status >= 200:
                return response
            interval = T2

    # Receiving

    async def receive(self, seconds: float = 10) -> Received:
        return await within(seconds, "a MESSAGE", self.inbox.get())

    async def receive_all(self, count: int, seconds: float = 20) -> list[Received]:
        got: list[Received] = []

        async def collect():
            while len(got) < count:
                got.append(await self.inbox.get())

        try:
            await within(seconds, f"{count} MESSAGEs", collect())
        except Late as late:
            raise Late(f"{late}; there were {len(got)}") from None
        return got

    def heard(self, octets: bytes | SIPMessage, transport: str, answer: Callable[[bytes], None]) -> None:
        """Something from the network; `answer` sends octets back where it came from."""
        if isinstance(octets, bytes) and not octets.strip():
            return  # a keep-alive (RFC 5626 section 4.4.1)
        message = octets if isinstance(octets, SIPMessage) else parse(octets)
        if not message.is_request:
            waiting = self._clients.get(message.branch.split(" ")[0])
            if waiting:
                waiting.put_nowait(message)
            return
        key = f"{message.method} {message.branch}"
        if key not in self._answered:
            response = self._decide(message, transport)
            if response is None:
                return
            self._answered[key] = response.octets()
        answer(self._answered[key])

    def _decide(self, request: SIPMessage, transport: str) -> SIPMessage | None:
        tag = secrets.token_hex(4)
        if request.method == "OPTIONS":
            if request.user and request.user not in self._users:
                return request.response(404, "Not Found", tag)
            return request.response(200, "OK", tag, [("Server", SOFTWARE)])
        if request.method != "REGISTER" and self._is_merged(request):
            self.merged += 1
            return request.response(482, "Loop Detected", tag)
        if request.method == "REGISTER" and self.registrar:
            return _response(request, self.registrar(request), tag)
        if request.method != "MESSAGE":
            return request.response(405, "Method Not Allowed", tag, [("Allow", "MESSAGE, OPTIONS")])
        if request.user not in self._users:
            return request.response(404, "Not Found", tag)
        if request.user in self.answers:
            decided = self.answers[request.user](request)
            if decided is None:
                return None
            if decided[0] >= 300:
                return _response(request, decided, tag)
        self._ongoing[_identity(request)] = asyncio.get_running_loop().time() + TIMER_J
        self.inbox.put_nowait(Received(request.user, request.sender, request.text, transport, request))
        return request.response(200, "OK", tag)

    def _is_merged(self, request: SIPMessage) -> bool:
        """RFC 3261 section 8.2.2.2: what arrived by another path is still being worked on, or just has been."""
        return self._ongoing.get(_identity(request), 0.0) > asyncio.get_running_loop().time()

    # Connections

    async def _connection(self, hop: Hop, transport: str) -> asyncio.StreamWriter:
        writer = self._connections.get((hop, transport))
        if writer is None or writer.is_closing():
            security = {}
            if transport == "tls":
                context = self.identity.context(ssl.Purpose.SERVER_AUTH)
                security = {"ssl": context, "server_hostname": hop.name or hop.host}
            reader, writer = await asyncio.open_connection(hop.host, hop.port, **security)
            self._connections[(hop, transport)] = writer
            task = asyncio.create_task(self._serve(reader, writer, transport))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return writer

    async def _serve_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, "tls")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, transport: str = "tcp") -> None:
        framer = StreamFramer()
        self._open.add(writer)
        try:
            while octets := await reader.read(65536):
                for message in framer.feed(octets):
                    self.heard(message, transport, writer.write)
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


def _response(request: SIPMessage, decided: tuple, tag: str) -> SIPMessage:
    status, reason, *headers = decided
    return request.response(status, reason, tag, *headers)


def _identity(request: SIPMessage) -> tuple[str, ...]:
    return tuple(request.header(name) or "" for name in ("From", "Call-ID", "CSeq"))


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, agent: SIPAgent):
        self._agent = agent
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, octets: bytes, source: tuple[str, int]) -> None:
        self._agent.heard(octets, "udp", lambda answer: self._transport.sendto(answer, source))

    def error_received(self, error: OSError) -> None:
        """A port unreachable: the retransmission or its timer tells."""
