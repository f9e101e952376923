"""Calls: dialogs of the gateway with sipp and with octets of our own, kept by the dialog agent on its bus."""

import asyncio
import secrets

from cases import Cases
from cases.malformed import request
from peers.ports import HOST
from peers.sip_agent import Hop
from peers.sip_message import SIPMessage, parse
from peers.sip_wire import Datagrams
from peers.sipp import Sipp
from peers.waiting import until
from stage import BOB, XMPP_DOMAIN, Stage

CALLS = Cases()
PASSWORD = "the gateway's own"
WITH_CALLS = {"sip": {"credentials": [
    {"realm": "phones", "user": "gateway", "password": PASSWORD, "hosts": [HOST]}]}}

SDP = (b"v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
       b"a=rtpmap:0 PCMU/8000\r\n")

#: Scenarios that call, and whom.
CALLERS = {
    "call_busy": ("busy", "a call to somebody who is busy is refused"),
    "call_cancelled": ("ring", "a caller gives up while it rings: CANCEL, 487"),
    "call_ended": ("hangup", "the one who was called hangs up"),
    "call_glare": ("reinvite", "the one who was called changes the call, is told 491, and tries again"),
    "call_hold": ("answer", "a caller holds the call and takes it up again"),
    "call_offerless": ("answer", "a caller makes no offer: the 200 has it, the ACK the answer"),
    "call_pending": ("reinvite", "a caller's change is told 491 while another is underway"),
    "call_reliable": ("reliable", "early media come reliably: 183, PRACK; then UPDATE"),
    "call_timer": ("answer", "a session timer is too short, is agreed on, and is refreshed"),
    "call_updated": ("update", "the one who was called changes the call by UPDATE"),
}
#: Scenarios that are called, and what the caller does in the end.
CALLED = {
    "called_busy": ("answer", "the gateway calls somebody who is busy"),
    "called_cancelled": ("giveup", "the gateway calls, and gives up while it rings: CANCEL, 487"),
    "called_challenging": ("hangup", "the gateway calls, and is asked for its password"),
    "called_changing": ("answer", "the gateway calls somebody who changes the call both ways, and hangs up"),
    "called_reinvited": ("reinvite", "the gateway calls, changes the call by re-INVITE, is told 491, and tries again"),
    "called_reliably": ("hangup", "the gateway calls, and it rings reliably: 180, PRACK"),
    "called_timer": ("hangup", "the gateway calls with a session timer, and with a longer one after 422"),
    "called_updated": ("update", "the gateway calls, and changes the call by UPDATE"),
}


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


def _calls(scenario: str, user: str, sentence: str, transport: str) -> None:
    @CALLS.case(f"{sentence}, by {transport.upper()} (sipp {scenario})", 90)
    async def _(stage: Stage):
        mark = stage.dialog_agent.marked
        client = await Sipp(scenario, stage.folder, Hop(stage.sip_port, transport), transport=transport,
                            to=f"{user}@{XMPP_DOMAIN}", **{"from": BOB}).start()
        _expect(await client.succeeded(40), 1, "calls that succeeded")
        await stage.dialog_agent.notes(r" ended\(", mark)


def _is_called(scenario: str, user: str, sentence: str) -> None:
    @CALLS.case(f"{sentence} (sipp {scenario})", 90)
    async def _(stage: Stage):
        mark = stage.dialog_agent.marked
        # On a port of its own: sipp has no answer to OPTIONS, by which the gateway asks whether a target lives that was gone.
        server = Sipp(scenario, stage.folder, realm="phones", user="gateway", password=PASSWORD)
        try:
            await server.start()
            await until(10, "sipp is on its port", lambda: _bound(server.port))
            await refer(stage, user, f"bob@{HOST}:{server.port}")
            _expect(await server.succeeded(40), 1, "calls that succeeded")
        finally:
            await server.program.stop(5)
        await stage.dialog_agent.notes(r" ended\(", mark)


def _bound(port: int) -> bool:
    with open("/proc/net/udp", encoding="ascii") as table:
        return any(line.split()[1].endswith(f":{port:04X}") for line in list(table)[1:])


async def refer(stage: Stage, user: str, to: str = BOB) -> None:
    """Has the agent call Bob in the name of an XMPP user."""
    async with Datagrams() as socket:
        refer = request("REFER", "udp", HOST, socket.port, to=f"{user}@{XMPP_DOMAIN}", body=b"", headers=(
            ("Refer-To", f"<sip:{to}>"), ("Contact", f"<sip:bob@{HOST}:{socket.port}>"), ("Refer-Sub", "false"),
            ("Supported", "norefersub")))
        socket.send(refer.octets(), stage.sip_port)
        answer = parse(await socket.receive(10))
        while answer.status < 200:
            answer = parse(await socket.receive(10))
    _expect(answer.status, 202, "answer to the REFER")


for _scenario, (_user, _sentence) in CALLERS.items():
    for _transport in ("udp", "tcp"):
        _calls(_scenario, _user, _sentence, _transport)
for _scenario, (_user, _sentence) in CALLED.items():
    _is_called(_scenario, _user, _sentence)


class Call:
    """A call that is made octet by octet over UDP."""

    def __init__(self, stage: Stage, socket: Datagrams, user: str):
        self.stage, self.socket = stage, socket
        self.invite = request("INVITE", "udp", HOST, socket.port, to=f"{user}@{XMPP_DOMAIN}", body=SDP, headers=(
            ("Contact", f"<sip:bob@{HOST}:{socket.port}>"), ("Supported", "timer")))
        self.invite.headers[-1] = ("Content-Type", "application/sdp")
        self.answer: SIPMessage | None = None
        self._number = 1

    async def start(self) -> SIPMessage:
        """Up to the first final response."""
        self.send(self.invite)
        return await self.final()

    def send(self, message: SIPMessage) -> None:
        self.socket.send(message.octets(), self.stage.sip_port)

    async def final(self, seconds: float = 10) -> SIPMessage:
        while (answer := parse(await self.socket.receive(seconds))).is_request or answer.status < 200:
            pass
        if answer.method == "INVITE":
            self.answer = answer
        return answer

    async def provisional(self, status: int) -> SIPMessage:
        while (answer := parse(await self.socket.receive(10))).is_request or answer.status == 100:
            pass
        _expect(answer.status, status, "provisional response")
        return answer

    async def asked(self, method: str, seconds: float = 10) -> SIPMessage:
        """The next request of this method; it is answered 200."""
        while not (message := parse(await self.socket.receive(seconds))).is_request or message.method != method:
            pass
        self.send(message.response(200, "OK", "x"))
        return message

    def inside(self, method: str, **changes: str) -> SIPMessage:
        """A request within the dialog."""
        if method not in ("ACK", "CANCEL"):
            self._number += 1
        target = self.answer.header("Contact").split("<")[1].split(">")[0]
        values = {"From": self.invite.header("From"), "To": self.answer.header("To"),
                  "Call-ID": self.invite.header("Call-ID")} | changes
        return SIPMessage(f"{method} {target} SIP/2.0", [
            ("Via", f"SIP/2.0/UDP {HOST}:{self.socket.port};branch=z9hG4bK{secrets.token_hex(8)}"),
            ("Max-Forwards", "70"), *values.items(),
            ("CSeq", f"{1 if method == 'ACK' else self._number} {method}"),
            *[("Route", value) for value in reversed(self.answer.all("Record-Route"))]])

    async def ask(self, method: str, **changes: str) -> int:
        message = self.inside(method, **changes)
        self.send(message)
        while (answer := await self.final()).header("CSeq") != message.header("CSeq"):
            pass
        return answer.status


@CALLS.case("a 200 is repeated until its ACK comes, and not after")
async def _(stage: Stage):
    async with Datagrams() as socket:
        call = Call(stage, socket, "answer")
        first = await call.start()
        _expect(first.status, 200, "final response")
        for number in range(3):
            _expect((await call.final()).header("To"), first.header("To"), f"repeat {number}")
        call.send(call.inside("ACK"))
        # What was under way has come when the answer to something later has.
        _expect(await call.ask("OPTIONS"), 200, "answer to an OPTIONS in the dialog")
        await asyncio.sleep(0.5)
        _expect(socket.waiting, 0, "what came after the ACK")
        _expect(await call.ask("BYE"), 200, "answer to BYE")
        _expect(await call.ask("BYE"), 481, "answer to a second BYE")


@CALLS.case("who guesses tags cannot end a call, and does not learn of it")
async def _(stage: Stage):
    async with Datagrams() as socket, Datagrams() as stranger:
        call = Call(stage, socket, "answer")
        _expect((await call.start()).status, 200, "final response")
        call.send(call.inside("ACK"))
        to = call.answer.header("To")
        guesses = [{"To": f"{to[:-3]}xyz"}, {"From": f"<sip:{BOB}>;tag=guess"}, {"Call-ID": "guess"},
                   {"To": to.split(";tag=")[0]}, {"To": f"{to}0"}]
        for guess in guesses:
            for method in ("BYE", "UPDATE", "INFO"):
                message = call.inside(method, **guess)
                call._number -= 1
                message.headers[0] = ("Via", message.headers[0][1].replace(str(socket.port), str(stranger.port)))
                stranger.send(message.octets(), stage.sip_port)
                answer = parse(await stranger.receive(10))
                if answer.status not in (481, 405, 403):
                    raise AssertionError(f"{method} with {guess} was answered {answer.start}")
        _expect(await call.ask("OPTIONS"), 200, "answer to an OPTIONS in the dialog")
        _expect(await call.ask("BYE"), 200, "answer to the caller's own BYE")


@CALLS.case("requests of the past are refused, and repeats are answered as before")
async def _(stage: Stage):
    async with Datagrams() as socket:
        call = Call(stage, socket, "answer")
        _expect((await call.start()).status, 200, "final response")
        call.send(call.inside("ACK"))
        call._number = 20
        options = call.inside("OPTIONS")
        for _ in range(2):
            call.send(options)
            _expect((await call.final()).status, 200, "answer to an OPTIONS in the dialog, and to its repeat")
        call._number = 3
        # RFC 3261 section 12.2.2: lower than what came before.
        _expect(await call.ask("INFO"), 500, "answer to a request of a lower number")
        call._number = 40
        _expect(await call.ask("BYE"), 200, "answer to BYE")


@CALLS.case("a reliable response is repeated until the right PRACK comes")
async def _(stage: Stage):
    async with Datagrams() as socket:
        call = Call(stage, socket, "reliable")
        call.invite.headers.append(("Require", "100rel"))
        call.send(call.invite)
        progress = [await call.provisional(183) for _ in range(3)]
        _expect(len({message.header("RSeq") for message in progress}), 1, "numbers of what was repeated")
        call.answer = progress[0]
        number = int(progress[0].header("RSeq"))
        _expect(await call.ask("PRACK", RAck=f"{number + 7} 1 INVITE"), 481, "answer to a PRACK of another response")
        _expect(await call.ask("PRACK", RAck=f"{number} 1 INVITE"), 200, "answer to the right PRACK")
        _expect((await call.final()).status, 200, "final response")
        call.send(call.inside("ACK"))
        _expect(await call.ask("BYE"), 200, "answer to BYE")


@CALLS.case("who asks for a transfer is told how it went")
async def _(stage: Stage):
    async with Datagrams() as socket:
        call = Call(stage, socket, "answer")
        _expect((await call.start()).status, 200, "final response")
        call.send(call.inside("ACK"))
        status = await call.ask("REFER", **{"Refer-To": "<sip:carol@sip.example>",
                                            "Contact": f"<sip:bob@{HOST}:{socket.port}>"})
        if status not in (200, 202):
            raise AssertionError(f"REFER was answered {status}")
        seen = []
        while not seen or not seen[-1][0].startswith("terminated"):
            notify = await call.asked("NOTIFY")
            seen.append((notify.header("Subscription-State"), notify.text.strip()))
            _expect((notify.header("Event") or "").split(";")[0], "refer", "event of a NOTIFY")
        _expect(seen[-1][1], "SIP/2.0 200 OK", "how the transfer went")
        _expect(await call.ask("BYE"), 200, "answer to BYE")


@CALLS.case("a call that is answered at two places goes on at the first, and the other is hung up")
async def _(stage: Stage):
    await stage.agent.stop()
    try:
        async with Datagrams(HOST, stage.agent.port) as forks:
            await refer(stage, "answer")
            invite = parse(await forks.receive(10))
            while invite.method != "INVITE":
                invite = parse(await forks.receive(10))
            for status, reason, tag in ((180, "Ringing", "one"), (180, "Ringing", "two"), (200, "OK", "one"),
                                        (200, "OK", "two")):
                answer = invite.response(status, reason, tag, [("Contact", f"<sip:{tag}@{HOST}:{forks.port}>")])
                if status == 200:
                    answer.headers.append(("Content-Type", "application/sdp"))
                    answer.body = SDP
                forks.send(answer.octets(), stage.sip_port)
            seen = set()
            while len(seen) < 3:
                message = parse(await forks.receive(10))
                if message.is_request and message.method != "INVITE":
                    seen.add((message.method, message.user))
                    if message.method != "ACK":
                        forks.send(message.response(200, "OK", "").octets(), stage.sip_port)
            _expect(seen, {("ACK", "one"), ("ACK", "two"), ("BYE", "two")}, "what came to the two places")
            bye = SIPMessage(f"BYE {invite.header('Contact').split('<')[1].split('>')[0]} SIP/2.0", [
                ("Via", f"SIP/2.0/UDP {HOST}:{forks.port};branch=z9hG4bK{secrets.token_hex(8)}"),
                ("Max-Forwards", "70"), ("From", f"{invite.header('To')};tag=one"), ("To", invite.header("From")),
                ("Call-ID", invite.header("Call-ID")), ("CSeq", "1 BYE")])
            forks.send(bye.octets(), stage.sip_port)
            answer = parse(await forks.receive(10))
            while answer.is_request:
                answer = parse(await forks.receive(10))
            _expect((answer.status, answer.method), (200, "BYE"), "answer to the first place's BYE")
    finally:
        await stage.agent.open()


@CALLS.case("a call outlives kill -9 of its translator and of the SIP edge", 90)
async def _(stage: Stage):
    async with Datagrams() as socket:
        call = Call(stage, socket, "answer")
        _expect((await call.start()).status, 200, "final response")
        mark = stage.dialog_agent.marked
        call.send(call.inside("ACK"))
        await stage.dialog_agent.notes(r" established\(", mark)
        await stage.dialog_agent.kill()
        await stage.dialog_agent.start()
        _expect(await call.ask("OPTIONS"), 200, "answer to OPTIONS after the translator was killed")
        await stage.gateway.kill_service("sip-edge")
        await stage.gateway.start_service("sip-edge")
        _expect(await call.ask("OPTIONS"), 200, "answer to OPTIONS after the edge was killed")
        _expect(await call.ask("BYE"), 200, "answer to BYE")


@CALLS.case("hundreds of calls that are answered and never acknowledged all end in BYE", 120)
async def _(stage: Stage):
    # After 64·T1 each (RFC 3261 section 13.3.1.4).
    async with Datagrams() as socket:
        calls = [Call(stage, socket, "answer") for _ in range(300)]
        for number, call in enumerate(calls):
            call.send(call.invite)
            if number % 20 == 0:
                await asyncio.sleep(0.02)
        ended: set[str] = set()

        async def take():
            while len(ended) < len(calls):
                message = parse(await socket.receive(45))
                if message.is_request and message.method == "BYE":
                    socket.send(message.response(200, "OK", "x").octets(), stage.sip_port)
                    ended.add(message.header("Call-ID"))
                elif not message.is_request and message.status >= 300:
                    raise AssertionError(f"a call was refused: {message.start}")

        await asyncio.wait_for(take(), 90)
