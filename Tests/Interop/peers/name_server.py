"""A name server of a few records (RFC 1035), so that the peers find each other by DNS without any DNS being there.

Prosody asks it for `_xmpp-server._tcp` of the SIP domain, the gateway for that of the XMPP domain.
"""

import asyncio
import ipaddress
import struct

from .ports import HOST, free_port

_A, _SRV, _IN = 1, 33, 1
_OK_AUTHORITATIVE, _NO_SUCH_NAME = 0x8580, 3


class NameServer:
    """Answers A and SRV from two tables; a name in neither does not exist."""

    def __init__(self):
        self.port = free_port()
        self.addresses: dict[str, str] = {}
        #: name -> (target, port), any of them
        self.services: dict[str, list[tuple[str, int]]] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def serve(self, service: str, domain: str, *ports: int) -> None:
        """SRV for the service, whose targets are equals, and their address."""
        host = f"host.{domain}"
        self.services[f"{service}.{domain}"] = [(host, port) for port in ports]
        self.addresses[host] = HOST

    async def open(self) -> "NameServer":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Queries(self), local_addr=(HOST, self.port))
        return self

    async def close(self) -> None:
        if self._transport:
            self._transport.close()

    def answer(self, query: bytes) -> bytes:
        identifier, _, _, _, _, _ = struct.unpack_from("!6H", query)
        name, end = _read_name(query, 12)
        kind, _ = struct.unpack_from("!2H", query, end)
        question = query[12:end + 4]
        records = self._data(name.lower(), kind)
        known = name.lower() in self.addresses or name.lower() in self.services
        flags = _OK_AUTHORITATIVE | (0 if known else _NO_SUCH_NAME)
        header = struct.pack("!6H", identifier, flags, 1, len(records), 0, 0)
        answers = [b"\xc0\x0c" + struct.pack("!HHIH", kind, _IN, 1, len(data)) + data for data in records]
        return header + question + b"".join(answers)

    def _data(self, name: str, kind: int) -> list[bytes]:
        if kind == _A and name in self.addresses:
            return [ipaddress.IPv4Address(self.addresses[name]).packed]
        if kind == _SRV:
            return [struct.pack("!3H", 0, 0, port) + _write_name(target)
                    for target, port in self.services.get(name, [])]
        return []


class _Queries(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer):
        self._server = server

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, query: bytes, source: tuple[str, int]) -> None:
        self._transport.sendto(self._server.answer(query), source)


def _read_name(octets: bytes, start: int) -> tuple[str, int]:
    labels = []
    while length := octets[start]:
        labels.append(octets[start + 1:start + 1 + length].decode("ascii"))
        start += 1 + length
    return ".".join(labels), start + 1


def _write_name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".")) + b"\0"
