"""SIP over WebSocket (RFC 7118), as browsers speak it, and what else may come to such a port."""

import asyncio
import secrets

from cases import Cases
from cases.hostile import goes_on, grew_little, is_closed_on, memory
from cases.malformed import request
from peers.ports import HOST
from peers.sip_message import SIPMessage, parse
from peers.web_socket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Refused, WebSocket
from stage import ALICE, BOB, Stage

WEB_SOCKET = Cases()
#: A browser has no address that it could name (RFC 7118 section 5.2).
NOWHERE = "df7jal23ls0d.invalid"


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


def _from_browser(method: str, body: bytes = b"", to: str = ALICE) -> SIPMessage:
    message = request(method, "ws", NOWHERE, 5060, to=to, body=body)
    message.headers[0] = ("Via", message.headers[0][1].replace(":5060", ""))
    return message


async def _answer(socket: WebSocket) -> SIPMessage:
    frame = await socket.receive()
    if frame is None or frame[0] not in (TEXT, BINARY):
        raise AssertionError(f"expected a SIP message in a frame, got {frame!r}")
    return parse(frame[1])


async def _is_alive(socket: WebSocket) -> None:
    options = _from_browser("OPTIONS", to=HOST)
    socket.send(options.octets())
    answer = await _answer(socket)
    _expect((answer.status, answer.header("Call-ID")), (200, options.header("Call-ID")), "answer to OPTIONS")


@WEB_SOCKET.case("a browser sends messages, in text and binary frames, whole and in pieces, with and without a length")
async def _(stage: Stage):
    async with WebSocket(stage.ws_port) as socket:
        for kind in (TEXT, BINARY):
            for cuts in (1, 3):
                text = f"Grüße {kind} in {cuts}"
                octets = _from_browser("MESSAGE", text.encode()).octets()
                if cuts == 3:
                    octets = octets.replace(b"Content-Length: %d\r\n" % len(text.encode()), b"")
                size = len(octets) // cuts + 1
                for index in range(cuts):
                    socket.send(octets[index * size:(index + 1) * size], kind if index == 0 else CONTINUATION,
                                last=index == cuts - 1)
                    if index + 1 < cuts:
                        # Control frames may come between the pieces (RFC 6455 section 5.4).
                        socket.send(b"here?", PING)
                        _expect(await socket.receive(), (PONG, b"here?"), "answer to a ping")
                answer = await _answer(socket)
                _expect(answer.status, 202, "answer to a MESSAGE")
                got = await stage.alice.receive()
                _expect((got.sender, got.text), (BOB, text), "what Alice sees")
        socket.send(b"\r\n\r\n")
        _expect((await socket.receive() or (0, b""))[1], b"\r\n", "answer to a ping of SIP's own")
        await _is_alive(socket)
        socket.send(b"\x03\xe8", CLOSE)
        kinds = [kind for kind, _ in await socket.ended()]
        _expect(kinds[-1:], [CLOSE], "what answers a close")


@WEB_SOCKET.case("what is wrong with a message in a frame is answered, and the connection goes on")
async def _(stage: Stage):
    async with WebSocket(stage.ws_port) as socket:
        broken = _from_browser("MESSAGE", b"x").octets().replace(b"CSeq: 1 MESSAGE", b"CSeq: one MESSAGE")
        socket.send(broken)
        answer = await _answer(socket)
        _expect((answer.status, answer.reason), (400, "Bad CSeq Header"), "answer to a broken CSeq")
        # One frame holds one message (RFC 7118 section 5.1); what stands behind it is not there.
        twice = _from_browser("OPTIONS", to=HOST)
        socket.send(twice.octets() + _from_browser("MESSAGE", b"should not arrive").octets())
        _expect((await _answer(socket)).header("Call-ID"), twice.header("Call-ID"), "answer to two in one frame")
        for nonsense in (b"", b"\0" * 1000, b"hello", secrets.token_bytes(2000)):
            socket.send(nonsense, BINARY)
        await _is_alive(socket)
    await goes_on(stage)


@WEB_SOCKET.case("a handshake that is not for SIP is refused")
async def _(stage: Stage):
    for protocol in (None, "chat", "sipp"):
        try:
            async with WebSocket(stage.ws_port, protocol):
                raise AssertionError(f"the protocol {protocol!r} was taken")
        except Refused:
            pass
    async with WebSocket(stage.ws_port, "msrp, sip") as socket:
        await _is_alive(socket)
    port = stage.ws_port
    handshake = (b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: %s\r\nSec-WebSocket-Protocol: sip\r\n")
    await is_closed_on(port, "another version", handshake % (b"dGhlIHNhbXBsZSBub25jZQ==", b"7") + b"\r\n")
    await is_closed_on(port, "a request for a page", b"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n")
    await is_closed_on(port, "a POST", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    await is_closed_on(port, "SIP itself", request("MESSAGE", "tcp", HOST, 9).octets())
    await is_closed_on(port, "headers without an end", handshake % (b"dGhlIHNhbXBsZSBub25jZQ==", b"13"),
                       *[b"X: " + b"y" * 60_000 + b"\r\n"] * 20)
    await goes_on(stage)


@WEB_SOCKET.case("frames that RFC 6455 forbids end that connection and no other")
async def _(stage: Stage):
    before = memory(stage)
    octets = _from_browser("OPTIONS", to=HOST).octets()
    forbidden = {
        "a frame that is not masked": lambda socket: socket.send(octets, masked=False),
        "reserved bits": lambda socket: socket.send(octets, reserved=4),
        "an unknown kind of frame": lambda socket: socket.send(octets, 5),
        "an unknown control frame": lambda socket: socket.send(b"", 13),
        "a control frame in pieces": lambda socket: socket.send(b"x", PING, last=False),
        "a control frame that is long": lambda socket: socket.send(b"x" * 200, PING),
        "a piece without a beginning": lambda socket: socket.send(octets, CONTINUATION),
        "a beginning within a beginning": lambda socket: (socket.send(b"x", TEXT, last=False), socket.send(octets)),
        "a length of 2^63": lambda socket: socket.send(b"x" * 1000, length=1 << 63),
        "a length of 100 MB": lambda socket: socket.send(b"x" * 1000, length=100_000_000),
        "a message of a megabyte": lambda socket: socket.send(b"x" * 1_000_000),
        "a megabyte in pieces": lambda socket: [socket.send(b"x" * 10_000, TEXT if number == 0 else CONTINUATION,
                                                            last=False) for number in range(100)],
    }
    wrong = []
    for what, send in forbidden.items():
        async with WebSocket(stage.ws_port) as socket:
            send(socket)
            try:
                frames = await socket.ended()
            except AssertionError:
                wrong.append(f"{what}: the connection goes on")
                continue
            if any(kind != CLOSE for kind, _ in frames):
                wrong.append(f"{what}: answered {frames!r}")
    if wrong:
        raise AssertionError("; ".join(wrong))
    await goes_on(stage)
    grew_little(stage, before)


@WEB_SOCKET.case("browsers that only knock do not keep others out")
async def _(stage: Stage):
    before = memory(stage)
    idle = [await asyncio.open_connection(HOST, stage.ws_port) for _ in range(150)]
    try:
        for _, writer in idle:
            writer.write(b"GET / HTTP/1.1\r\nHost:")
        async with WebSocket(stage.ws_port) as socket:
            await _is_alive(socket)
        await goes_on(stage)
    finally:
        for _, writer in idle:
            writer.close()
    grew_little(stage, before)
