"""Whatever a socket brings: no crash, no hang, no growth, and the others' conversation goes on."""

import asyncio
import pathlib
import random
import re
import socket

from cases import Cases
from peers.ports import HOST
from stage import ALICE, BOB, SIP_DOMAIN, XMPP_DOMAIN, Stage

HOSTILE = Cases()

#: What a gateway may have grown by after all of it, in KB: room for caches, none for a leak.
GROWTH = 96 * 1024

MESSAGE = (f"MESSAGE sip:{ALICE} SIP/2.0\r\nVia: SIP/2.0/TCP {HOST}:9;branch=z9hG4bKhostile\r\nMax-Forwards: 70\r\n"
           f"From: <sip:{BOB}>;tag=h\r\nTo: <sip:{ALICE}>\r\nCall-ID: hostile\r\nCSeq: 1 MESSAGE\r\n"
           "Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n")
STREAM = (f"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
          f"xmlns:db='jabber:server:dialback' from='evil.example' to='{SIP_DOMAIN}' version='1.0'>")


def memory(stage: Stage) -> int:
    pids = [program.pid for program in stage.gateway.programs.values()]
    text = "".join(pathlib.Path(f"/proc/{pid}/status").read_text() for pid in pids)
    return sum(int(value) for value in re.findall(r"VmRSS:\s+(\d+)", text))


async def goes_on(stage: Stage) -> None:
    """A text each way arrives, and nothing but it."""
    response = await stage.agent.message("bob", ALICE, "still here?", stage.hop)
    if response.status != 202:
        raise AssertionError(f"Bob was answered {response.start}")
    message = await stage.alice.receive()
    stage.alice.send(BOB, "still here")
    got = await stage.agent.receive()
    if (message.text, got.text) != ("still here?", "still here"):
        raise AssertionError(f"Alice got {message.text!r}, Bob got {got.text!r}")


async def _say(port: int, *pieces: bytes, seconds: float = 15) -> bytes:
    """Sends the pieces and returns what came back until the other side closed the connection."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), seconds)
    except (ConnectionError, asyncio.TimeoutError) as error:
        return b"" if isinstance(error, ConnectionError) else b"(still open)"
    finally:
        writer.close()


async def is_closed_on(port: int, what: str, *pieces: bytes, saying: bytes = b"") -> None:
    answer = await _say(port, *pieces)
    if answer == b"(still open)" or (saying and saying not in answer):
        raise AssertionError(f"after {what} the other side said {answer[-300:]!r}, expected the end and {saying!r}")


@HOSTILE.case("binary, truncated and oversized datagrams are survived")
async def _(stage: Stage):
    before = memory(stage)
    dice = random.Random(1)
    whole = (MESSAGE.format(length=5) + "hello").replace("TCP", "UDP").encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((HOST, stage.sip_port))
        for number in range(3000):
            datagram = dice.randbytes(dice.randrange(1, 1400)) if number % 2 else whole[:dice.randrange(len(whole))]
            _send(sender, datagram)
            if number % 100 == 0:
                await asyncio.sleep(0.01)
        for datagram in (b"", b"\0" * 65_000, b"\r\n\r\n", whole.replace(b"5\r\n\r\n", b"-1\r\n\r\n"),
                         whole.replace(b"5\r\n\r\n", b"99999999999999999999\r\n\r\n"),
                         b"A" * 65_000 + b" sip:x SIP/2.0\r\n\r\n",
                         b"MESSAGE sip:x SIP/2.0\r\n" + b"Via: x\r\n" * 8000):
            _send(sender, datagram)
    await goes_on(stage)
    grew_little(stage, before)


@HOSTILE.case("lies about lengths over TCP end that connection and no other")
async def _(stage: Stage):
    before = memory(stage)
    port = stage.sip_port
    await is_closed_on(port, "a length of 10^20", MESSAGE.format(length=10**20).encode() + b"x" * 1000)
    await is_closed_on(port, "a negative length", MESSAGE.format(length=-1).encode())
    await is_closed_on(port, "a header without an end", *[b"X: " + b"y" * 65_000] * 20)
    await is_closed_on(port, "octets that are no SIP", random.Random(2).randbytes(200_000))
    await goes_on(stage)
    grew_little(stage, before)


@HOSTILE.case("hundreds of half-open connections do not keep others out")
async def _(stage: Stage):
    before = memory(stage)
    idle = []
    try:
        beginnings = {stage.sip_port: MESSAGE.format(length=5000).encode(), stage.server_port: b"<?xml "}
        for _ in range(200):
            for port, octets in beginnings.items():
                _, writer = await asyncio.open_connection(HOST, port)
                idle.append(writer)
                writer.write(octets)
        await goes_on(stage)
    finally:
        for writer in idle:
            writer.close()
    grew_little(stage, before)


@HOSTILE.case("XML bombs, depth without end and what XMPP forbids end the stream with the error that RFC 6120 asks for")
async def _(stage: Stage):
    before = memory(stage)
    port = stage.server_port
    bomb = "<?xml version='1.0'?><!DOCTYPE b [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><stream:stream>&b;"
    await is_closed_on(port, "a document type", bomb.encode(), saying=b"<stream:error")
    header = STREAM.encode()
    await is_closed_on(port, "an entity", header + b"<message>&b;</message>", saying=b"<stream:error")
    await is_closed_on(port, "a comment", header + b"<!-- -->", saying=b"<stream:error")
    await is_closed_on(port, "ten thousand levels", header + b"<a>" * 10_000, saying=b"<stream:error")
    await is_closed_on(port, "an element of a megabyte", header + b"<a>", *[b"b" * 65_000] * 16,
                        saying=b"<stream:error")
    await is_closed_on(port, "bytes that are no UTF-8", header + b"<a>\xff\xfe</a>", saying=b"<stream:error")
    await is_closed_on(port, "a thousand attributes", header + b"<a " + b" ".join(
        b"a%d='1'" % number for number in range(1000)) + b"/>", saying=b"<stream:error")
    await goes_on(stage)
    grew_little(stage, before)


@HOSTILE.case("a stanza before authentication is not delivered, and the stream ends")
async def _(stage: Stage):
    stanza = f"<message from='mallory@{XMPP_DOMAIN}' to='{BOB}' type='chat'><body>let me in</body></message>"
    await is_closed_on(stage.server_port, "a stanza without authentication", STREAM.encode() + stanza.encode(),
                        saying=b"<stream:error")
    await goes_on(stage)


def _send(sender: socket.socket, datagram: bytes) -> None:
    try:
        sender.send(datagram)
    except OSError:
        pass  # what the kernel will not carry cannot hurt anybody


def grew_little(stage: Stage, before: int) -> None:
    grown = memory(stage) - before
    if grown > GROWTH:
        raise AssertionError(f"resident memory grew by {grown} KB")
