"""Senders who are slow, many, silent or not who they say they are: they get little, and the others' talk goes on."""

import asyncio
import secrets

from cases import Cases
from cases.hostile import goes_on, grew_little, memory
from cases.malformed import probe, request
from cases.torture import FILES
from peers.ports import HOST
from peers.sip_agent import Hop
from peers.sip_message import SIPMessage, parse
from peers.sip_wire import Datagrams, Stream
from peers.waiting import until
from stage import ALICE, BOB, SIP_DOMAIN, Stage

FLOODS = Cases()

#: The loopback addresses that the stage of these cases has the gateway trust; from all others come strangers.
TRUSTED = ["127.0.0.1/32", "127.64.0.0/10"]
STRANGER = "127.200.0.1"
#: Within what a message must have ended that has begun, and what a busy machine may add.
PATIENCE, SLACK = 32, 8


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


async def _answers(socket: Datagrams, sent: SIPMessage, port: int) -> list[SIPMessage]:
    """What came before the answer to an OPTIONS that is sent behind everything else."""
    socket.send(sent.octets(), port)
    answers: list[SIPMessage] = []
    while not answers or answers[-1].header("Call-ID") != sent.header("Call-ID"):
        answers.append(parse(await socket.receive(10)))
    _expect(answers[-1].status, 200, "answer to the OPTIONS behind it")
    return answers[:-1]


@FLOODS.case("senders of an octet a second, and of nothing, lose their connections; nobody is kept out", 90)
async def _(stage: Stage):
    before = memory(stage)
    whole = request("MESSAGE", "tcp", HOST, 9).octets()
    owing = (FILES / "rfc4475/clerr.dat").read_bytes()
    slow = [await asyncio.open_connection(HOST, stage.sip_port) for _ in range(60)]
    ends = [asyncio.create_task(reader.read()) for reader, _ in slow]

    async def trickle():
        for number in range(len(whole)):
            for index, (_, writer) in enumerate(slow):
                if writer.is_closing():
                    continue
                if index % 3 == 0:
                    writer.write(whole[number:number + 1])
                elif index % 3 == 1 and number == 0:
                    writer.write(owing)
            await asyncio.sleep(1)

    trickling = asyncio.create_task(trickle())
    try:
        await goes_on(stage)
        await until(PATIENCE + SLACK, "the edge ends the slow connections", lambda: all(end.done() for end in ends))
    except AssertionError as error:
        left = sum(not end.done() for end in ends)
        raise AssertionError(f"{error}; {left} of {len(slow)} were left") from None
    finally:
        trickling.cancel()
        for end in ends:
            end.cancel()
        for _, writer in slow:
            writer.close()
    await goes_on(stage)
    grew_little(stage, before)


@FLOODS.case("an INVITE without an ACK is answered to a stranger once; thousands of them keep nobody out")
async def _(stage: Stage):
    before = memory(stage)
    async with Datagrams(STRANGER) as stranger, Datagrams("127.64.7.7") as trusted:
        for number in range(5000):
            for socket, host in ((stranger, STRANGER), (trusted, "127.64.7.7")):
                if socket is trusted or number < 300:
                    socket.send(request("INVITE", "udp", host, socket.port).octets(), stage.sip_port)
            if number % 50 == 0:
                await asyncio.sleep(0.01)
        await goes_on(stage)
        # What is not acknowledged is repeated after half a second, and then after one.
        await asyncio.sleep(1.8)
        calls = [answer.header("Call-ID") for answer in
                 await _answers(stranger, probe("udp", STRANGER, stranger.port), stage.sip_port)]
        if len(calls) != len(set(calls)) or not calls:
            raise AssertionError(f"{len(calls)} answers to {len(set(calls))} INVITEs of a stranger")
        answered = 0
        while trusted.waiting:
            answer = parse(await trusted.receive(1))
            if answer.status >= 200:
                answered += 1
                trusted.send(acknowledgement(answer), stage.sip_port)
        if not answered:
            raise AssertionError("not one INVITE of a trusted peer was answered")
    await goes_on(stage)
    grew_little(stage, before)


def acknowledgement(answer: SIPMessage) -> bytes:
    copied = [(name, answer.header(name)) for name in ("Via", "From", "To", "Call-ID")]
    return SIPMessage(f"ACK sip:{ALICE} SIP/2.0", [
        *copied, ("CSeq", f"{answer.header('CSeq').split()[0]} ACK"), ("Max-Forwards", "70")]).octets()


@FLOODS.case("responses to nothing are dropped")
async def _(stage: Stage):
    before = memory(stage)
    statuses = (100, 180, 183, 200, 202, 301, 401, 407, 481, 491, 503, 603, 699)

    def nonsense(transport: str, port: int) -> SIPMessage:
        status = secrets.choice(statuses)
        sent_by = secrets.choice((f"{HOST}:{stage.sip_port}", f"{STRANGER}:{port}", "elsewhere.example"))
        return SIPMessage(f"SIP/2.0 {status} Nonsense", [
            ("Via", f"SIP/2.0/{transport} {sent_by};branch=z9hG4bK{secrets.token_hex(8)}"),
            ("From", f"<sip:{ALICE}>;tag=1"), ("To", f"<sip:{BOB}>;tag=2"), ("Call-ID", secrets.token_hex(8)),
            ("CSeq", secrets.choice(("1 MESSAGE", "1 INVITE", "7 OPTIONS"))), ("RSeq", "1"), ("Require", "100rel"),
            ("WWW-Authenticate", 'Digest realm="x", nonce="y"'), ("Contact", "<sip:x@127.0.0.1:9>")])

    async with Datagrams(STRANGER) as socket, Stream(stage.sip_port) as stream:
        for number in range(2000):
            socket.send(nonsense("UDP", socket.port).octets(), stage.sip_port)
            stream.write(nonsense("TCP", 9).octets())
            if number % 50 == 0:
                await asyncio.sleep(0.01)
        _expect(await _answers(socket, probe("udp", STRANGER, socket.port), stage.sip_port), [], "answers")
        after = probe("tcp", HOST, 9)
        stream.write(after.octets())
        _expect((await stream.receive(10)).header("Call-ID"), after.header("Call-ID"), "first answer by TCP")
    await goes_on(stage)
    grew_little(stage, before)


@FLOODS.case("guesses at others' transactions and dialogs find nothing")
async def _(stage: Stage):
    async with Datagrams(STRANGER) as stranger:
        for method in ("CANCEL", "BYE", "UPDATE", "PRACK", "INFO", "NOTIFY", "REFER", "ACK"):
            for _ in range(20):
                guess = request(method, "udp", STRANGER, stranger.port, body=b"")
                to = guess.headers.index(("To", f"<sip:{ALICE}>"))
                guess.headers[to] = ("To", f"<sip:{ALICE}>;tag=i{secrets.token_hex(2)}{secrets.token_hex(8)}")
                stranger.send(guess.octets(), stage.sip_port)
        answers = await _answers(stranger, probe("udp", STRANGER, stranger.port), stage.sip_port)
    wrong = {answer.start for answer in answers if answer.status not in (403, 405, 481, 489)}
    if wrong or len(answers) != 7 * 20:
        raise AssertionError(f"{len(answers)} answers, expected 140; among them {sorted(wrong)}")
    await goes_on(stage)


@FLOODS.case("false answers to what the gateway asked are not believed")
async def _(stage: Stage):
    async with Datagrams(STRANGER) as stranger:
        def lying(status: int, then: tuple[int, str]):
            def answer(asked: SIPMessage) -> tuple[int, str]:
                for _ in range(200):
                    false = asked.response(status, "Believe Me", "false")
                    via, _, parameters = false.headers[0][1].partition(";branch=")
                    guess = f"{parameters.partition(';')[0][:-4]}{secrets.token_hex(2)}x"
                    false.headers[0] = ("Via", f"{via};branch={guess}")
                    stranger.send(false.octets(), stage.sip_port)
                return then
            return answer

        try:
            stage.agent.answers["bob"] = lying(200, (404, "Not Found"))
            stage.alice.send(BOB, "are you there?")
            _expect((await stage.alice.receive_error()).condition, "item-not-found", "error for Alice")
            stage.agent.answers["bob"] = lying(404, (200, "OK"))
            stage.alice.send(BOB, "are you there now?")
            _expect((await stage.agent.receive()).text, "are you there now?", "what Bob sees")
        finally:
            stage.agent.answers.clear()
    await goes_on(stage)
    _expect(stage.alice.errors.qsize(), 0, "errors for Alice")


@FLOODS.case("nobody speaks in another's name: neither a stranger, nor a trusted peer for a domain that is not served")
async def _(stage: Stage):
    asserted = (("P-Asserted-Identity", f"<sip:{BOB}>"),)
    attempts = [("a stranger as Bob", STRANGER, BOB, ()), ("a stranger with an asserted identity", STRANGER,
                "x@elsewhere.example", asserted), ("a stranger as Alice", STRANGER, ALICE, ()),
                ("a trusted peer as somebody of another domain", "127.64.7.8", "x@elsewhere.example", ()),
                ("a trusted peer as Alice", "127.64.7.8", ALICE, ()),
                ("a trusted peer who asserts another domain", "127.64.7.8", BOB,
                 (("P-Asserted-Identity", "<sip:x@elsewhere.example>"),))]
    for what, host, sender, headers in attempts:
        for transport in ("udp", "tcp"):
            if transport == "udp":
                async with Datagrams(host) as socket:
                    forged = request("MESSAGE", "udp", host, socket.port, sender=sender, headers=headers)
                    socket.send(forged.octets(), stage.sip_port)
                    answer = parse(await socket.receive(10))
            else:
                async with Stream(stage.sip_port, host) as stream:
                    stream.write(request("MESSAGE", "tcp", host, 9, sender=sender, headers=headers).octets())
                    answer = await stream.receive(10)
            _expect(answer and answer.status, 403, f"answer by {transport} to {what}")
    await goes_on(stage)


@FLOODS.case("no open relay: neither for strangers, nor from one SIP domain to another")
async def _(stage: Stage):
    async with Datagrams("127.64.7.9") as socket:
        for to, wanted in ((f"carol@{SIP_DOMAIN}", (404,)), ("x@elsewhere.example", (403, 404, 480, 502))):
            socket.send(request("MESSAGE", "udp", "127.64.7.9", socket.port, to=to).octets(), stage.sip_port)
            answer = parse(await socket.receive(15))
            if answer.status not in wanted:
                raise AssertionError(f"a MESSAGE to {to} was answered {answer.start}, expected one of {wanted}")
    await goes_on(stage)


@FLOODS.case("a flood from one address leaves the others served")
async def _(stage: Stage):
    before = memory(stage)
    async with Datagrams(STRANGER) as stranger:
        flood = [request("MESSAGE", "udp", STRANGER, stranger.port).octets() for _ in range(500)]

        async def pour():
            while True:
                for octets in flood:
                    stranger.send(octets, stage.sip_port)
                await asyncio.sleep(0)

        pouring = asyncio.create_task(pour())
        try:
            for number in range(10):
                response = await stage.agent.message("bob", ALICE, f"in the flood {number}",
                                                     Hop(stage.sip_port, "tcp"), seconds=10)
                _expect(response.status, 202, "answer to a MESSAGE in the flood")
                _expect((await stage.alice.receive()).text, f"in the flood {number}", "what Alice sees")
        finally:
            pouring.cancel()
    await goes_on(stage)
    grew_little(stage, before)


@FLOODS.case("control characters in a text do not keep it from arriving")
async def _(stage: Stage):
    response = await stage.agent.message("bob", ALICE, "a\0b\x1b[2Jc\x7f\ufffe", stage.hop)
    _expect(response.status, 202, "answer to the MESSAGE")
    text = (await stage.alice.receive()).text
    if [text[0], text[2]] != ["a", "b"] or any(ord(letter) < 32 for letter in text):
        raise AssertionError(f"Alice got {text!r}")
    await goes_on(stage)
