"""Messages that are wrong in one way: each is answered with what is wrong, or dropped, and nothing of it arrives."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cases import Cases
from cases.hostile import goes_on, grew_little, memory
from peers.ports import HOST
from peers.sip_message import SIPMessage, parse
from peers.sip_wire import Datagrams, Stream
from peers.waiting import Late
from stage import ALICE, BOB, SIP_DOMAIN, XMPP_DOMAIN, Stage

MALFORMED = Cases()
TEXT = b"should not arrive"


def request(method: str, transport: str, host: str, port: int, to: str = ALICE, sender: str = BOB, body: bytes = TEXT,
            headers: tuple[tuple[str, str], ...] = ()) -> SIPMessage:
    """A request as it should be, which nobody has sent before."""
    return SIPMessage(f"{method} sip:{to} SIP/2.0", [
        ("Via", f"SIP/2.0/{transport.upper()} {host}:{port};branch=z9hG4bK{secrets.token_hex(8)}"),
        ("Max-Forwards", "70"), ("From", f"<sip:{sender}>;tag={secrets.token_hex(4)}"), ("To", f"<sip:{to}>"),
        ("Call-ID", secrets.token_hex(12)), ("CSeq", f"1 {method}"), *headers,
        *([("Content-Type", "text/plain")] if body else [])], body)


def probe(transport: str, host: str, port: int) -> SIPMessage:
    return request("OPTIONS", transport, host, port, to=HOST, body=b"")


@dataclass(frozen=True)
class Wrong:
    what: str
    change: Callable[[bytes], bytes]
    #: The start of the answer's first line without the version; "" when there is none.
    answer: str
    #: Whether a connection ends, because nobody can say where the next message begins.
    ends: bool = False


def _put(line: bytes) -> Callable[[bytes], bytes]:
    """Adds a header line before the others."""
    return lambda octets: octets.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)


def _behind_via(line: bytes) -> Callable[[bytes], bytes]:
    """Adds a header line that leaves the top Via where it is, so that an answer finds its way."""
    return lambda octets: octets.replace(b"\r\nMax-Forwards", b"\r\n" + line + b"\r\nMax-Forwards", 1)


def _put_last(line: bytes) -> Callable[[bytes], bytes]:
    return lambda octets: octets.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n", 1)


def _swap(name: str, line: bytes) -> Callable[[bytes], bytes]:
    """Another line in the place of a header field's."""
    return lambda octets: re.sub(rb"(?m)^%s: [^\r]*" % name.encode(), lambda _: line, octets, count=1)


def _start(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda octets: octets.replace(old, new, 1)


_VIA = b"SIP/2.0/UDP h.example;branch=z9hG4bKbomb"
_FIELD = "400 Bad Header Field"

WRONG = [
    # Too much of it: an answer as far as the first 256 lines say how. In a datagram there is room for 65,507 octets.
    Wrong("64 KB of Via in one line", _behind_via(b"Via: " + b", ".join([_VIA] * 1500)), "513"),
    Wrong("64 KB of Via lines", _behind_via(b"\r\n".join([b"Via: " + _VIA] * 1300)), "513", True),
    Wrong("64 KB of folded Via", _behind_via(b"Via: " + b",\r\n ".join([_VIA] * 1400)), "513", True),
    Wrong("10,000 header fields before Via", _put(b"\r\n".join([b"A:b"] * 10_000)), "", True),
    Wrong("10,000 header fields behind all others", _put_last(b"\r\n".join([b"A:b"] * 10_000)), "513"),
    Wrong("a header name of 60 KB", _put(b"N" * 60_000 + b": x"), "513"),
    Wrong("a Call-ID of 60 KB", _swap("Call-ID", b"Call-ID: " + b"c" * 60_000), "513"),
    Wrong("a Request-URI of 60 KB", _start(b"MESSAGE sip:", b"MESSAGE sip:" + b"u" * 60_000), ""),
    Wrong("a method of 60 KB", _start(b"MESSAGE ", b"M" * 60_000 + b" "), ""),
    # Lengths.
    Wrong("two Content-Lengths that differ", _put(b"l: 3"), "400 Repeated Content-Length Header", True),
    *(Wrong(f"a Content-Length of {value!r}", _swap("Content-Length", f"Content-Length: {value}".encode()), "400", True)
      for value in ("-1", "+17", "0x11", "17 17", "17, 17", "1e1", "", "١٧", "4294967313", "18446744073709551633",
                    "9" * 400)),
    # Octets that text does not have.
    Wrong("a NUL in a header value", _put(b"Subject: a\0b"), "400 Bad Subject Header"),
    Wrong("a NUL in a header name", _put(b"Sub\0ject: a"), _FIELD),
    Wrong("a NUL in the Request-URI", _start(b"sip:a", b"sip:\0a"), "400 Bad Request"),
    Wrong("a NUL in the Call-ID", _swap("Call-ID", b"Call-ID: a\0b"), "400 Bad Call-ID Header"),
    Wrong("an escape in From", _swap("From", b"From: \"\x1b[2J\" <sip:b@%s>;tag=1" % SIP_DOMAIN.encode()),
          "400 Bad From Header"),
    Wrong("a bare CR in a header value", _put(b"Subject: a\rb"), "400 Bad Subject Header"),
    Wrong("a bare LF in a header value", _put(b"Subject: a\nb"), "400"),
    Wrong("a header line without a colon", _put(b"Subject"), _FIELD),
    Wrong("a line that begins like a header's end", _put(b": nameless"), _FIELD),
    # What there must be one of.
    *(Wrong(f"two {name}", lambda octets, name=name: re.sub(
        rb"(?m)^(%s: [^\r]*)" % name.encode(), rb"\1\r\n\1", octets, count=1), f"400 Repeated {name} Header")
      for name in ("From", "To", "Call-ID", "CSeq", "Max-Forwards")),
    *(Wrong(f"no {name}", lambda octets, name=name: re.sub(
        rb"(?m)^%s: [^\r]*\r\n" % name.encode(), b"", octets, count=1), f"400 Missing {name} Header")
      for name in ("From", "To", "Call-ID", "CSeq")),
    Wrong("two addresses in From", _swap("From", b"From: <sip:%s>;tag=1, <sip:x@%s>;tag=2" % (
        BOB.encode(), SIP_DOMAIN.encode())), "400 Bad From Header"),
    Wrong("two addresses in To", _swap("To", b"To: <sip:%s>, <sip:eve@%s>" % (ALICE.encode(), XMPP_DOMAIN.encode())),
          "400 Bad To Header"),
    Wrong("two compact and long From", _put(b"f: <sip:x@%s>;tag=2" % SIP_DOMAIN.encode()), "400 Repeated From Header"),
    Wrong("no Via", _swap("Via", b"X: y"), ""),
    Wrong("a Via without a host", _swap("Via", b"Via: SIP/2.0/UDP ;branch=z9hG4bKx"), ""),
    Wrong("another method in CSeq", _swap("CSeq", b"CSeq: 1 INVITE"), "400 CSeq Does Not Match Method"),
    Wrong("a CSeq beyond 2^32", _swap("CSeq", b"CSeq: 4294967296 MESSAGE"), "400 Bad CSeq Header"),
    # Not SIP, or not our SIP.
    Wrong("another version", _start(b"SIP/2.0", b"SIP/3.0"), "505"),
    Wrong("a request of HTTP", _start(b"SIP/2.0", b"HTTP/1.1"), ""),
    Wrong("an ACK that is malformed", lambda octets: _put(b"CSeq: 2 ACK")(octets.replace(b"MESSAGE", b"ACK")), ""),
    Wrong("a status beyond all classes", lambda octets: b"SIP/2.0 999999 Huh\r\n" + octets.split(b"\r\n", 1)[1], ""),
]


async def _by_udp(stage: Stage, wrong: Wrong) -> str:
    async with Datagrams() as socket:
        socket.send(wrong.change(request("MESSAGE", "udp", HOST, socket.port).octets())[:65_507], stage.sip_port)
        after = probe("udp", HOST, socket.port)
        socket.send(after.octets(), stage.sip_port)
        answers: list[SIPMessage] = []
        while not answers or answers[-1].header("Call-ID") != after.header("Call-ID"):
            try:
                answers.append(parse(await socket.receive(5)))
            except Late:
                return f"no answer to an OPTIONS behind it, but {[answer.start for answer in answers]}"
        return _fault(wrong, answers[:-1])


async def _by_tcp(stage: Stage, wrong: Wrong) -> str:
    async with Stream(stage.sip_port) as stream:
        after = probe("tcp", HOST, 9)
        stream.write(wrong.change(request("MESSAGE", "tcp", HOST, 9).octets()) + after.octets())
        answers: list[SIPMessage | None] = [await stream.receive(5)]
        while answers[-1] and answers[-1].header("Call-ID") != after.header("Call-ID"):
            answers.append(await stream.receive(5))
        if wrong.ends != (answers[-1] is None):
            got = [answer and answer.start for answer in answers]
            return f"expected the connection to {'end' if wrong.ends else 'go on'}; got {got}"
        return _fault(wrong, answers[:-1])


def _fault(wrong: Wrong, answers: list[SIPMessage]) -> str:
    got = [answer.start.removeprefix("SIP/2.0 ") for answer in answers]
    if len(got) == bool(wrong.answer) and all(line.startswith(wrong.answer) for line in got):
        return ""
    return f"expected {wrong.answer or 'nothing'}, got {'; '.join(got) or 'nothing'}"


async def _each(stage: Stage, play) -> None:
    before = memory(stage)
    faults = [f"{wrong.what}: {fault}" for wrong in WRONG if (fault := await play(stage, wrong))]
    if faults:
        raise AssertionError(f"{len(faults)} of {len(WRONG)}:\n        " + "\n        ".join(faults))
    await goes_on(stage)
    grew_little(stage, before)


@MALFORMED.case("what is wrong with a datagram is answered with the header field at fault, and nothing of it arrives")
async def _(stage: Stage):
    await _each(stage, _by_udp)


@MALFORMED.case("what is wrong with a message over TCP is answered too; a connection whose framing is lost ends")
async def _(stage: Stage):
    await _each(stage, _by_tcp)
