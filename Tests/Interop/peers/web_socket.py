"""A client of the WebSocket protocol (RFC 6455), whose frames can be wrong on purpose."""

import asyncio
import base64
import hashlib
import secrets
import ssl
import struct

from .ports import HOST
from .waiting import within

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Refused(AssertionError):
    """The handshake was not answered with 101; the text is the answer's first line."""


class WebSocket:
    def __init__(self, port: int, protocol: str | None = "sip", security: ssl.SSLContext | None = None,
                 name: str = HOST):
        self._port, self._protocol, self._security, self._name = port, protocol, security, name
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> "WebSocket":
        security = {"ssl": self._security, "server_hostname": self._name} if self._security else {}
        self._reader, self._writer = await asyncio.open_connection(HOST, self._port, **security)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = ["GET / HTTP/1.1", f"Host: {self._name}:{self._port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Origin: https://phone.example"]
        if self._protocol is not None:
            lines.append(f"Sec-WebSocket-Protocol: {self._protocol}")
        self._writer.write("\r\n".join([*lines, "", ""]).encode())
        try:
            head = await within(10, "the answer to a handshake", self._reader.readuntil(b"\r\n\r\n"))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self._writer.close()
            raise Refused(f"the connection ended: {getattr(error, 'partial', b'')!r}") from None
        start, *fields = head.decode().strip().split("\r\n")
        values = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        if " 101 " not in f"{start} ":
            self._writer.close()
            raise Refused(start)
        accepted = base64.b64encode(hashlib.sha1(f"{key}{_GUID}".encode()).digest()).decode()
        if values.get("sec-websocket-accept") != accepted or values.get("sec-websocket-protocol") != "sip":
            raise AssertionError(f"the handshake was answered {head!r}")
        return self

    async def __aexit__(self, *_) -> None:
        self._writer.close()

    def send(self, payload: bytes, kind: int = TEXT, *, last: bool = True, masked: bool = True, reserved: int = 0,
             length: int | None = None) -> None:
        """One frame; `length` is what it says of itself, where that is not the truth."""
        if self._writer.is_closing():
            return
        size = len(payload) if length is None else length
        mask = 0x80 if masked else 0
        first = (0x80 if last else 0) | reserved << 4 | kind
        if size < 126:
            head = struct.pack("!BB", first, mask | size)
        elif size < 65_536:
            head = struct.pack("!BBH", first, mask | 126, size)
        else:
            head = struct.pack("!BBQ", first, mask | 127, size)
        key = secrets.token_bytes(4) if masked else b""
        if masked:
            payload = bytes(octet ^ key[index % 4] for index, octet in enumerate(payload))
        self._writer.write(head + key + payload)

    async def receive(self, seconds: float = 10) -> tuple[int, bytes] | None:
        """Kind and payload of the next frame; None when the other side has ended the connection."""
        return await within(seconds, "a frame or the end of the connection", self._receive())

    async def ended(self, seconds: float = 10) -> list[tuple[int, bytes]]:
        """The frames that came until the other side ended the connection."""
        async def collect() -> list[tuple[int, bytes]]:
            frames = []
            while (frame := await self._receive()) is not None:
                frames.append(frame)
                if frame[0] == CLOSE:
                    # Whoever is told to close closes too (section 5.5.1).
                    self.send(frame[1], CLOSE)
            return frames

        return await within(seconds, "the end of the connection", collect())

    async def _receive(self) -> tuple[int, bytes] | None:
        try:
            first, second = await self._reader.readexactly(2)
            size = second & 0x7f
            if size >= 126:
                octets = await self._reader.readexactly(2 if size == 126 else 8)
                size = int.from_bytes(octets, "big")
            if second & 0x80:
                raise AssertionError("a server's frame is masked")
            return first & 0x0f, await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
