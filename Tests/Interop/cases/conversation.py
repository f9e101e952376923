"""What two people say to each other: every text arrives as it was written, once, in order, from the right person."""

from cases import Cases
from stage import ALICE, BOB, SIP_DOMAIN, XMPP_DOMAIN, Stage

CONVERSATION = Cases()

UNUSUAL = "Grüße, мир, 你好; a family 👩‍👩‍👧‍👦, a flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿, e + accent: e\u0301; <b>&amp; \"quotes\" ]]> \\ 'end'"
#: 5,000 characters whose words all differ, so that a lost, repeated or exchanged piece shows.
LONG = " ".join(f"wörd{number:04}" for number in range(556))[:5000]


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


async def _to_alice(stage: Stage, text: str) -> None:
    response = await stage.agent.message("bob", ALICE, text, stage.hop)
    _expect(response.status, 202, "answer to the MESSAGE")
    message = await stage.alice.receive()
    _expect((message.sender, message.text), (BOB, text), "what Alice sees")


async def _to_bob(stage: Stage, text: str) -> None:
    stage.alice.send(BOB, text)
    got = await stage.agent.receive()
    _expect((got.sender, got.user, got.text), (ALICE, "bob", text), "what Bob sees")


async def _nothing_else(stage: Stage) -> None:
    _expect([stage.agent.inbox.qsize(), stage.alice.inbox.qsize(), stage.alice.errors.qsize()], [0, 0, 0],
            "messages left over for Bob, for Alice, errors for Alice")


@CONVERSATION.case("SIP to XMPP: a plain text arrives and is answered 202")
async def _(stage: Stage):
    await _to_alice(stage, "Will you walk a little faster?")


@CONVERSATION.case("XMPP to SIP: a plain text arrives")
async def _(stage: Stage):
    await _to_bob(stage, "There's a porpoise close behind us")


@CONVERSATION.case("SIP to XMPP: accents, scripts, emoji and markup arrive as they were written")
async def _(stage: Stage):
    await _to_alice(stage, UNUSUAL)


@CONVERSATION.case("XMPP to SIP: accents, scripts, emoji and markup arrive as they were written")
async def _(stage: Stage):
    await _to_bob(stage, UNUSUAL)


@CONVERSATION.case("XMPP to SIP: a message of type normal with a subject arrives with its subject")
async def _(stage: Stage):
    stage.alice.send(BOB, "and he's treading on my tail", kind="normal", subject="Lobsters & whitings")
    got = await stage.agent.receive()
    _expect((got.text, got.message.header("Subject")), ("and he's treading on my tail", "Lobsters & whitings"),
            "text and subject")


@CONVERSATION.case("SIP to XMPP: a subject arrives")
async def _(stage: Stage):
    response = await stage.agent.message("bob", ALICE, "See how eagerly", stage.hop, [("Subject", "The lobster dance")])
    _expect(response.status, 202, "answer to the MESSAGE")
    message = await stage.alice.receive()
    _expect((message.text, message.stanza["subject"]), ("See how eagerly", "The lobster dance"), "text and subject")


@CONVERSATION.case("SIP to XMPP: 5,000 characters arrive whole")
async def _(stage: Stage):
    if stage.shape.path == "direct-udp":
        # An agent without TCP can but send one large datagram; the gateway takes it.
        response = await stage.agent.message("bob", ALICE, LONG, stage.hop, force_udp=True)
        _expect(response.status, 202, "answer to the MESSAGE")
        _expect((await stage.alice.receive()).text, LONG, "what Alice sees")
    else:
        await _to_alice(stage, LONG)
    await _nothing_else(stage)


@CONVERSATION.case("XMPP to SIP: 5,000 characters arrive, whole by TCP, else split in order with nothing lost or twice")
async def _(stage: Stage):
    stage.alice.send(BOB, LONG)
    if not stage.shape.splits:
        got = await stage.agent.receive()
        _expect(got.text, LONG, "what Bob sees")
        return await _nothing_else(stage)
    words: list[str] = []
    pieces = 0
    while len(words) < len(LONG.split()):
        got = await stage.agent.receive()
        pieces += 1
        words += got.text.split()
        size = len(got.message.octets())
        if stage.kamailio is None and size > 1300:
            raise AssertionError(f"piece {pieces} is a MESSAGE of {size} octets over {got.transport}")
    _expect(words, LONG.split(), "the words of all pieces")
    if pieces > 10:
        raise AssertionError(f"{pieces} pieces, where 10 would do")
    await _nothing_else(stage)


@CONVERSATION.case("SIP to XMPP: ten in a row keep their order")
async def _(stage: Stage):
    texts = [f"verse {number}" for number in range(10)]
    for text in texts:
        _expect((await stage.agent.message("bob", ALICE, text, stage.hop)).status, 202, "answer to the MESSAGE")
    _expect([message.text for message in await stage.alice.receive_all(10)], texts, "what Alice sees")


@CONVERSATION.case("XMPP to SIP: ten in a row keep their order")
async def _(stage: Stage):
    texts = [f"answer {number}" for number in range(10)]
    for text in texts:
        stage.alice.send(BOB, text)
    _expect([got.text for got in await stage.agent.receive_all(10)], texts, "what Bob sees")


@CONVERSATION.case("SIP to XMPP: an unknown recipient is answered 404 or 480")
async def _(stage: Stage):
    response = await stage.agent.message("bob", f"nobody@{XMPP_DOMAIN}", "Is anybody there?", stage.hop)
    if response.status not in (404, 480):
        raise AssertionError(f"answered {response.status} {response.reason}")


@CONVERSATION.case("XMPP to SIP: an unknown recipient is an item-not-found error for the sender")
async def _(stage: Stage):
    sent = stage.alice.send(f"nobody@{SIP_DOMAIN}", "Is anybody there?")
    error = await stage.alice.receive_error()
    _expect((error.id, error.condition), (sent, "item-not-found"), "the error")


@CONVERSATION.case("XMPP to SIP: a recipient who is busy is a recipient-unavailable error for the sender")
async def _(stage: Stage):
    stage.agent.answers["carol"] = lambda _: (486, "Busy Here")
    sent = stage.alice.send(f"carol@{SIP_DOMAIN}", "Are you busy?")
    error = await stage.alice.receive_error()
    del stage.agent.answers["carol"]
    _expect((error.id, error.condition), (sent, "recipient-unavailable"), "the error")


@CONVERSATION.case("SIP to XMPP: a target domain that is not ours is refused")
async def _(stage: Stage):
    if stage.kamailio:
        return  # the proxy refuses it already
    response = await stage.agent.request("MESSAGE", "mallory", "sip:alice@elsewhere.invalid", stage.hop,
                                         [("Content-Type", "text/plain")], b"relay me")
    if response.status < 400:
        raise AssertionError(f"answered {response.status} {response.reason}")


@CONVERSATION.case("nothing was delivered besides what was sent, and no log holds a text")
async def _(stage: Stage):
    await _nothing_else(stage)
    for program in stage.gateway.programs.values():
        for line in program.lines:
            if any(text in line for text in ("porpoise", "walk a little", "treading on", "verse 3", "answer 3")):
                raise AssertionError(f"{program.name} logged {line!r}")
