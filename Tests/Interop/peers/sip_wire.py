"""Octets to and from a SIP port, for tests that send what no user agent would."""

import asyncio

from .ports import HOST
from .sip_message import SIPMessage, StreamFramer
from .waiting import within


class Datagrams(asyncio.DatagramProtocol):
    """A UDP socket with an address of its own."""

    def __init__(self, host: str = HOST, port: int = 0):
        self._local = (host, port)
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> "Datagrams":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=self._local)
        return self

    async def __aexit__(self, *_) -> None:
        self._transport.close()
        # The socket is closed on the next turn of the loop.
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        return self._transport.get_extra_info("sockname")[1]

    @property
    def waiting(self) -> int:
        """How many datagrams came that nobody has looked at."""
        return self._heard.qsize()

    def send(self, octets: bytes, port: int, host: str = HOST) -> None:
        self._transport.sendto(octets, (host, port))

    async def receive(self, seconds: float) -> bytes:
        return await within(seconds, "a datagram", self._heard.get())

    def datagram_received(self, octets: bytes, _) -> None:
        self._heard.put_nowait(octets)

    def error_received(self, error: OSError) -> None:
        """A port unreachable; whoever waits for an answer finds out."""


class Stream:
    """A TCP connection; what comes is cut into messages."""

    def __init__(self, port: int, local: str = HOST, host: str = HOST):
        self._address, self._local = (host, port), (local, 0)
        self._framer = StreamFramer()
        self._messages: list[SIPMessage] = []
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> "Stream":
        self._reader, self._writer = await asyncio.open_connection(*self._address, local_addr=self._local)
        return self

    async def __aexit__(self, *_) -> None:
        self._writer.close()

    @property
    def has_heard(self) -> bool:
        """Whether anything is there to read, the end among it."""
        return bool(self._messages or self._reader._buffer) or self._reader.at_eof()

    def write(self, octets: bytes) -> None:
        self._writer.write(octets)

    async def drain(self) -> None:
        await self._writer.drain()

    async def receive(self, seconds: float) -> SIPMessage | None:
        """The next message; None when the other side has ended the connection."""
        return await within(seconds, "a message or the end of the connection", self._receive())

    async def ended(self, seconds: float) -> list[SIPMessage]:
        """What came until the other side ended the connection."""
        async def collect() -> list[SIPMessage]:
            messages = []
            while (message := await self._receive()) is not None:
                messages.append(message)
            return messages

        return await within(seconds, "the end of the connection", collect())

    async def _receive(self) -> SIPMessage | None:
        while not self._messages:
            try:
                octets = await self._reader.read(65536)
            except ConnectionError:
                octets = b""
            if not octets:
                return None
            self._messages = self._framer.feed(octets)
        return self._messages.pop(0)
