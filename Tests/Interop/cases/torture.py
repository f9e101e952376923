"""The messages of RFC 4475 and RFC 5118 against the edge as it runs: each gets what was declared, and harms nobody.

The files are those of Tests/Torture, sent octet for octet. Their answers go by their Via, which names a port of its own
choice and hosts of the RFCs; so each message is sent from a loopback address that no other uses, by UDP from the very
port that its Via names. Behind each message comes an OPTIONS: what the edge had to say to the message was said before
the answer to that, so that a message that nobody may answer needs no waiting.
"""

import pathlib
import re
import secrets
from dataclasses import dataclass

from cases import Cases
from peers.ports import HOST
from peers.sip_message import SIPMessage, parse
from peers.sip_wire import Datagrams, Stream
from peers.waiting import Late
from stage import ALICE, BOB, Stage

TORTURE = Cases()
FILES = pathlib.Path(__file__).resolve().parents[2] / "Torture"


@dataclass(frozen=True)
class Answer:
    """One of `statuses`, with the header fields that it must have, and this reason phrase if any is asked for."""

    statuses: tuple[int, ...]
    reason: str = ""
    headers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(filter(None, ("/".join(map(str, self.statuses)), self.reason,
                                      f"with {', '.join(self.headers)}" if self.headers else "")))


@dataclass(frozen=True)
class Verdict:
    #: What answers the message; nothing: it is dropped.
    answers: tuple[Answer, ...]
    #: The same over TCP, where that differs.
    over_tcp: tuple[Answer, ...] | None = None
    #: On a stream nobody can say where the next message begins, so that the connection ends.
    ends_stream: bool = False
    #: On a stream the message is not complete; nothing is to be heard before the edge's patience ends.
    owes: bool = False
    #: What the archive's file lacks that a stream needs.
    missing: bytes = b""


def answered(status: int, reason: str = "", *headers: str, **more) -> Verdict:
    return Verdict((Answer((status,), reason, headers),), **more)


def malformed(reason: str, **more) -> Verdict:
    return answered(400, reason, **more)


#: Not for us: the sender's domain is not one that is served; or already the method, where calls are not translated.
CALL = Answer((403, 405))
STRANGER = Verdict((CALL,))
#: Of no dialog that there is.
NO_DIALOG = Verdict((Answer((481, 405)),))
NO_REGISTRAR = answered(405, "", "Allow")
CAPABILITIES = answered(200, "", "Allow", "Accept")
UNKNOWN_METHOD = answered(501, "", "Allow")
DROPPED = Verdict(())

VERDICTS = {
    # RFC 4475 section 3.1.1: valid.
    "rfc4475/wsinv": NO_DIALOG,
    "rfc4475/intmeth": UNKNOWN_METHOD,
    "rfc4475/esc01": STRANGER,
    "rfc4475/escnull": NO_REGISTRAR,
    "rfc4475/esc02": UNKNOWN_METHOD,
    "rfc4475/lwsdisp": CAPABILITIES,
    "rfc4475/longreq": STRANGER,
    # What follows in the datagram is not there; on a stream it is the next message, with five octets too many.
    "rfc4475/dblreq": Verdict(NO_REGISTRAR.answers, over_tcp=(*NO_REGISTRAR.answers, CALL), ends_stream=True),
    "rfc4475/semiuri": CAPABILITIES,
    "rfc4475/transports": CAPABILITIES,
    "rfc4475/mpart01": answered(403),
    "rfc4475/unreason": DROPPED,
    "rfc4475/noreason": DROPPED,
    # Section 3.1.2: invalid.
    "rfc4475/badinv01": malformed("Bad Via Header"),
    "rfc4475/clerr": malformed("Bad Content-Length Header", owes=True),
    "rfc4475/ncl": malformed("Bad Content-Length Header", ends_stream=True),
    "rfc4475/scalar02": malformed("Bad CSeq Header"),
    "rfc4475/scalarlg": DROPPED,
    "rfc4475/quotbal": malformed("Bad To Header"),
    "rfc4475/ltgtruri": malformed("Bad Request-URI"),
    "rfc4475/lwsruri": malformed("Bad Request Line"),
    "rfc4475/lwsstart": malformed("Bad Request Line"),
    "rfc4475/trws": CAPABILITIES,
    "rfc4475/escruri": malformed("Bad Request-URI"),
    "rfc4475/baddate": STRANGER,
    "rfc4475/regbadct": malformed("Bad Contact Header"),
    "rfc4475/badaspec": malformed("Bad To Header"),
    # The archive's file has no blank line, which a datagram is refused for and a stream waits for.
    "rfc4475/baddn": Verdict(malformed("Bad Request").answers, over_tcp=malformed("Bad From Header").answers,
                             missing=b"\r\n"),
    "rfc4475/badvers": answered(505),
    "rfc4475/mismatch01": malformed("CSeq Does Not Match Method"),
    "rfc4475/mismatch02": malformed("CSeq Does Not Match Method"),
    "rfc4475/bigcode": DROPPED,
    # Sections 3.2 to 3.4: well-formed.
    "rfc4475/badbranch": malformed("Bad Via Header"),
    "rfc4475/insuf": malformed("Missing From Header"),
    "rfc4475/unkscm": answered(416),
    "rfc4475/novelsc": answered(416),
    "rfc4475/unksm2": NO_REGISTRAR,
    "rfc4475/bext01": answered(420, "", "Unsupported"),
    "rfc4475/invut": Verdict((Answer((403, 405, 415)),)),
    "rfc4475/regaut01": NO_REGISTRAR,
    "rfc4475/multi01": malformed("Repeated From Header"),
    "rfc4475/mcl01": malformed("Repeated Content-Length Header", ends_stream=True),
    "rfc4475/bcast": DROPPED,
    "rfc4475/zeromf": CAPABILITIES,
    "rfc4475/cparam01": NO_REGISTRAR,
    "rfc4475/cparam02": NO_REGISTRAR,
    "rfc4475/regescrt": NO_REGISTRAR,
    "rfc4475/sdp01": Verdict((Answer((403, 405, 406)),)),
    # RFC 2543 knows no Max-Forwards; and no Content-Length, which a stream cannot do without.
    "rfc4475/inv2543": Verdict((CALL,), over_tcp=malformed("Missing Content-Length Header").answers, ends_stream=True),
    "rfc4475/test": DROPPED,
    # RFC 5118.
    "rfc5118/ipv6-good": NO_REGISTRAR,
    "rfc5118/ipv6-bad": malformed("Bad Request-URI"),
    "rfc5118/port-ambiguous": NO_REGISTRAR,
    "rfc5118/port-unambiguous": NO_REGISTRAR,
    "rfc5118/via-received-param-with-delim": NO_DIALOG,
    "rfc5118/via-received-param-no-delim": CAPABILITIES,
    "rfc5118/ipv6-in-sdp": STRANGER,
    "rfc5118/mult-ip-in-header": NO_DIALOG,
    "rfc5118/mult-ip-in-sdp": STRANGER,
    "rfc5118/ipv4-mapped-ipv6": STRANGER,
    "rfc5118/ipv6-bug-abnf-3-colons": CAPABILITIES,
    "rfc5118/ipv6-correct-abnf-2-colons": CAPABILITIES,
}


def _address(number: int) -> str:
    """A loopback address of this message alone; sockets of others are not in its way whatever the port."""
    return f"127.{_NETWORK[0]}.{_NETWORK[1]}.{number + 1}"


#: A To of the archives with which no tag can go: a quote without an end, blanks in the brackets, a display name with a
#: comma and without quotes.
_UNREADABLE = re.compile(r'^"[^"]*$|< | >|^[^"<]*,[^"<]*<')
_NETWORK = (64 + secrets.randbelow(64), secrets.randbelow(256))


def _via_port(octets: bytes) -> int:
    """The port in the top Via, to which answers to a datagram go."""
    sent_by = rb"(?:\[[^\]]*\]|[^;:,\s]+)\s*(?::\s*(\d+))?"
    via = re.search(rb"(?im)^v(?:ia)?\s*:\s*SIP\s*/\s*\d\.0\s*/\s*\w+\s+" + sent_by, octets)
    return int(via[1]) if via and via[1] else 5060


def _probe(transport: str, name: str, host: str, port: int) -> bytes:
    return SIPMessage(f"OPTIONS sip:{HOST} SIP/2.0", [
        ("Via", f"SIP/2.0/{transport.upper()} {host}:{port};branch=z9hG4bK{secrets.token_hex(8)}"),
        ("Max-Forwards", "70"), ("From", f"<sip:{BOB}>;tag={secrets.token_hex(4)}"), ("To", f"<sip:{HOST}>"),
        ("Call-ID", _probe_id(name)), ("CSeq", "1 OPTIONS")]).octets()


def _probe_id(name: str) -> str:
    return f"behind-{name.replace('/', '-')}"


def _acknowledgement(octets: bytes, answer: SIPMessage) -> bytes | None:
    """What ends an INVITE that was refused (RFC 3261 section 17.1.1.3)."""
    number, _, method = (answer.header("CSeq") or "").partition(" ")
    if method.strip() != "INVITE":
        return None
    uri = octets.split(b"\r\n", 1)[0].decode("utf-8", "replace").split(" ")[1]
    copied = [(name, value) for name in ("Via", "From", "To", "Call-ID") if (value := answer.header(name))]
    return SIPMessage(f"ACK {uri} SIP/2.0", [*copied, ("CSeq", f"{number} ACK"), ("Max-Forwards", "70")]).octets()


def _fault(answers: list[SIPMessage], wanted: tuple[Answer, ...], octets: bytes) -> str:
    """What is wrong with the answers, if anything is."""
    got = "; ".join(answer.start for answer in answers) or "nothing"
    if len(answers) != len(wanted):
        return f"expected {'; '.join(map(str, wanted)) or 'nothing'}, got {got}"
    for answer, want in zip(answers, wanted):
        lacks = [name for name in want.headers if answer.header(name) is None]
        if answer.status not in want.statuses or want.reason not in ("", answer.reason) or lacks:
            return f"expected {want}, got {got}{f' without {lacks}' if lacks else ''}"
        if (call_id := answer.header("Call-ID")) and call_id.encode() not in octets:
            return f"the answer has a Call-ID of its own: {call_id}"
        # Nothing can be added to a To that cannot be read, and nothing is copied of one that is not there.
        if (to := answer.header("To")) and not _UNREADABLE.search(to) and not re.search(r";\s*tag\s*=", to):
            return f"{answer.start} has no tag in To: {to}"
    return ""


async def _by_udp(stage: Stage, name: str, number: int, verdict: Verdict) -> str:
    octets = (FILES / f"{name}.dat").read_bytes()
    host, port = _address(number), _via_port(octets)
    async with Datagrams(host, port) as socket:
        socket.send(octets, stage.sip_port)
        socket.send(_probe("udp", name, host, port), stage.sip_port)
        answers, alive = [], False
        while not alive:
            try:
                answer = parse(await socket.receive(5))
            except Late:
                return f"no answer to the OPTIONS behind it; before it: {[answer.start for answer in answers]}"
            alive = answer.header("Call-ID") == _probe_id(name)
            if alive and answer.status != 200:
                return f"the OPTIONS behind it was answered {answer.start}"
            if not alive:
                answers.append(answer)
                if acknowledgement := _acknowledgement(octets, answer):
                    socket.send(acknowledgement, stage.sip_port)
    return _fault(answers, verdict.answers, octets)


async def _by_tcp(stage: Stage, name: str, number: int, verdict: Verdict) -> str:
    octets = (FILES / f"{name}.dat").read_bytes() + verdict.missing
    host = _address(number)
    async with Stream(stage.sip_port, host) as stream, Stream(stage.sip_port, host) as other:
        stream.write(octets + _probe("tcp", name, host, 5060))
        answers: list[SIPMessage] = []
        ended = alive = False
        while not (ended or alive or verdict.owes):
            try:
                answer = await stream.receive(5)
            except Late:
                return f"neither an answer to the OPTIONS behind it nor an end; before: {[a.start for a in answers]}"
            ended = answer is None
            alive = answer is not None and answer.header("Call-ID") == _probe_id(name)
            if answer is not None and not alive:
                answers.append(answer)
                if acknowledgement := _acknowledgement(octets, answer):
                    stream.write(acknowledgement)
        other.write(_probe("tcp", f"{name}-beside", host, 5060))
        if (beside := await other.receive(5)) is None or beside.status != 200:
            return f"beside it, an OPTIONS was answered {beside.start if beside else 'by an end'}"
        if verdict.owes:
            return "the edge spoke or ended before the message was complete" if stream.has_heard else ""
    if ended != verdict.ends_stream:
        return f"the connection was expected to {'end' if verdict.ends_stream else 'go on'}, and did not"
    return _fault(answers, verdict.answers if verdict.over_tcp is None else verdict.over_tcp, octets)


async def _judge(stage: Stage, folder: str, by) -> None:
    declared = {name: verdict for name, verdict in VERDICTS.items() if name.startswith(folder)}
    there = {f"{folder}/{path.stem}" for path in (FILES / folder).glob("*.dat")}
    if there != set(declared):
        raise AssertionError(f"files and verdicts differ in {sorted(there ^ set(declared))}")
    wrong = []
    for number, (name, verdict) in enumerate(declared.items()):
        if fault := await by(stage, name, number, verdict):
            wrong.append(f"{name}: {fault}")
    if wrong:
        raise AssertionError(f"{len(wrong)} of {len(declared)} messages:\n        " + "\n        ".join(wrong))


# By TCP first: a transaction over UDP is remembered for 32 seconds, and answers a repeat by whatever way it comes.
@TORTURE.case("every message of RFC 4475 over TCP gets its verdict, and the edge goes on")
async def _(stage: Stage):
    await _judge(stage, "rfc4475", _by_tcp)


@TORTURE.case("every message of RFC 5118 over TCP gets its verdict, and the edge goes on")
async def _(stage: Stage):
    await _judge(stage, "rfc5118", _by_tcp)


@TORTURE.case("every message of RFC 4475 over UDP gets its verdict, and the edge goes on")
async def _(stage: Stage):
    await _judge(stage, "rfc4475", _by_udp)


@TORTURE.case("every message of RFC 5118 over UDP gets its verdict, and the edge goes on")
async def _(stage: Stage):
    await _judge(stage, "rfc5118", _by_udp)


@TORTURE.case("the signed and binary parts of RFC 4475's MESSAGE do not keep its text from an XMPP user")
async def _(stage: Stage):
    body = (FILES / "rfc4475/mpart01.dat").read_bytes().partition(b"\r\n\r\n")[2]
    boundary = body.split(b"\r\n", 1)[0].removeprefix(b"--").decode()
    response = await stage.agent.request("MESSAGE", "bob", f"sip:{ALICE}", stage.hop, [
        ("Content-Type", f"multipart/mixed;boundary={boundary}"), ("Content-Transfer-Encoding", "binary")], body)
    if response.status != 202:
        raise AssertionError(f"expected 202, got {response.start}")
    # What a text cannot hold is named in its place.
    if (text := (await stage.alice.receive()).text.strip()) != "Hello\n[application/octet-stream]":
        raise AssertionError(f"Alice got {text!r}")
