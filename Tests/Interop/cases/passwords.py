"""Passwords (RFC 3261 section 22, RFC 8760): the gateway asks strangers for theirs, and gives its own where it may."""

import asyncio
import hashlib

from cases import Cases
from peers.digest import Challenger, Credentials, parameters
from peers.ports import HOST
from peers.sip_message import SIPMessage
from peers.sipp import Sipp
from peers.waiting import until
from stage import ALICE, BOB, CAROL, Stage

PASSWORDS = Cases()
REALM, PASSWORD, OURS = "looking-glass", "nobody's business", "the gateway's own"
TRUNK = "trunk.example"

WITH_PASSWORDS = {"sip": {
    # Nobody is believed for his address here.
    "trusted": [], "realm": REALM,
    "accounts": [{"user": "bob", "password": PASSWORD, "from": [BOB]}],
    "credentials": [{"realm": "phones", "user": "gateway", "password": OURS}]}}

_MD5_AND_SHA = ("SHA-256", "MD5")


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


async def _ask(stage: Stage, sender: str, text: str, headers=(), method: str = "MESSAGE") -> SIPMessage:
    return await stage.agent.request(method, sender, f"sip:{ALICE}", stage.hop,
                                     [("Content-Type", "text/plain"), *headers], text.encode(), seconds=10)


async def _challenges(stage: Stage, sender: str = "bob") -> dict[str, str]:
    """What a MESSAGE without a password is answered with: challenges by algorithm."""
    answer = await _ask(stage, sender, "who am I?")
    _expect(answer.status, 401, "answer to a MESSAGE without a password")
    challenges = {parameters(value).get("algorithm", "MD5"): value for value in answer.all("WWW-Authenticate")}
    _expect(tuple(challenges), _MD5_AND_SHA, "algorithms asked for, the best first")
    for value in challenges.values():
        _expect((parameters(value)["realm"], parameters(value).get("qop")), (REALM, "auth"), "realm and quality")
    return challenges


def _proof(challenge: str, user: str = "bob", password: str = PASSWORD, uri: str = f"sip:{ALICE}",
           method: str = "MESSAGE", count: int = 1) -> list[tuple[str, str]]:
    return [("Authorization", Credentials(user, password).answer(challenge, method, uri, count))]


@PASSWORDS.case("who knows his password may write in his name, by SHA-256 and by MD5")
async def _(stage: Stage):
    for algorithm in _MD5_AND_SHA:
        challenge = (await _challenges(stage))[algorithm]
        for count in (1, 2):
            text = f"{algorithm} {count}"
            answer = await _ask(stage, "bob", text, _proof(challenge, count=count))
            _expect(answer.status, 202, f"answer to {text}")
            got = await stage.alice.receive()
            _expect((got.sender, got.text), (BOB, text), "what Alice sees")


@PASSWORDS.case("a wrong password, a name that is not known and credentials for something else are asked for again")
async def _(stage: Stage):
    challenge = (await _challenges(stage))["SHA-256"]
    attempts = {
        "a wrong password": _proof(challenge, password="guess"),
        "an unknown name": _proof(challenge, user="mallory"),
        "credentials for another URI": _proof(challenge, uri=f"sip:eve@{ALICE.partition('@')[2]}"),
        "credentials for another method": _proof(challenge, method="INVITE"),
        "a nonce of one's own": _proof(challenge.replace("nonce=\"", "nonce=\"00")),
        "another realm": _proof(challenge.replace(REALM, "elsewhere")),
        "an empty response": [("Authorization", f'Digest username="bob", realm="{REALM}"')],
        "another scheme": [("Authorization", "Basic Ym9iOnNlY3JldA==")],
    }
    for what, headers in attempts.items():
        answer = await _ask(stage, "bob", what, headers)
        if answer.status not in (400, 401) or (answer.status == 401 and not answer.header("WWW-Authenticate")):
            raise AssertionError(f"{what} was answered {answer.start}")
    _expect(stage.alice.inbox.qsize(), 0, "messages for Alice")


@PASSWORDS.case("what was heard on the wire does not serve a second time")
async def _(stage: Stage):
    proof = _proof((await _challenges(stage))["SHA-256"])
    _expect((await _ask(stage, "bob", "once", proof)).status, 202, "the first answer")
    _expect((await stage.alice.receive()).text, "once", "what Alice sees")
    _expect((await _ask(stage, "bob", "twice", proof)).status, 401, "the answer to the same credentials")
    _expect(stage.alice.inbox.qsize(), 0, "messages for Alice")


@PASSWORDS.case("whoever proves who he is cannot write in another's name")
async def _(stage: Stage):
    challenge = (await _challenges(stage, "carol"))["SHA-256"]
    answer = await _ask(stage, "carol", "I am Carol", _proof(challenge))
    _expect(answer.status, 403, f"answer to Bob, who says that he is {CAROL}")
    _expect(stage.alice.inbox.qsize(), 0, "messages for Alice")


async def _to_bob(stage: Stage, challenger: Challenger, text: str) -> None:
    stage.agent.answers["bob"] = challenger
    stage.alice.send(BOB, text)


@PASSWORDS.case("the gateway gives its password to the next hop that asks, and the message arrives once")
async def _(stage: Stage):
    for number, (algorithms, is_proxy) in enumerate(((("MD5",), True), (("SHA-256", "MD5"), True), (("MD5",), False),
                                                     (("SHA-256",), False))):
        challenger = Challenger("phones", "gateway", OURS, algorithms, is_proxy)
        try:
            await _to_bob(stage, challenger, f"guess who {number}")
            _expect((await stage.agent.receive()).text, f"guess who {number}", "what Bob sees")
        finally:
            stage.agent.answers.clear()
        _expect((challenger.requests, challenger.refused), (2, []), "requests, and credentials not believed")
    _expect((stage.agent.inbox.qsize(), stage.alice.errors.qsize()), (0, 0), "what else came")


@PASSWORDS.case("a password that is not believed is tried once, and the sender is told")
async def _(stage: Stage):
    challenger = Challenger("phones", "gateway", "something else")
    try:
        await _to_bob(stage, challenger, "in vain")
        error = await stage.alice.receive_error()
    finally:
        stage.agent.answers.clear()
    _expect(challenger.requests, 2, "requests")
    if error.condition not in ("not-authorized", "registration-required"):
        raise AssertionError(f"Alice got {error.condition}")


@PASSWORDS.case("nobody but the realm that it belongs to is given a password")
async def _(stage: Stage):
    challenger = Challenger("a curious realm", "gateway", OURS)
    try:
        await _to_bob(stage, challenger, "for nobody")
        error = await stage.alice.receive_error()
    finally:
        stage.agent.answers.clear()
    _expect((challenger.requests, challenger.refused), (1, []), "requests, and credentials shown")
    if error.condition not in ("not-authorized", "registration-required"):
        raise AssertionError(f"Alice got {error.condition}")


@PASSWORDS.case("sipp asks the gateway for its password and believes it")
async def _(stage: Stage):
    await stage.agent.stop()
    server = Sipp("message_challenging", stage.folder, port=stage.agent.port, realm="phones", user="gateway",
                  password=OURS)
    try:
        await server.start()
        await until(10, "sipp is on its port", lambda: _bound(stage.agent.port))
        stage.alice.send(BOB, "for sipp")
        _expect(await server.succeeded(), 1, "calls that succeeded")
    finally:
        await server.program.stop(5)
        await stage.agent.open()
    _expect(stage.alice.errors.qsize(), 0, "errors for Alice")


def _bound(port: int) -> bool:
    with open("/proc/net/udp", encoding="ascii") as table:
        return any(line.split()[1].endswith(f":{port:04X}") for line in list(table)[1:])


@PASSWORDS.case("no log holds a password or what was made of one")
async def _(stage: Stage):
    await asyncio.sleep(0)
    for log in stage.folder.glob("causeway*.log"):
        text = log.read_text(errors="replace")
        for word in (PASSWORD, OURS, "Digest username", "response="):
            if word in text:
                raise AssertionError(f"{log} holds {word!r}")


TRUNKS = Cases()


def with_trunk(stage: Stage) -> dict:
    """The agent is the trunk. Of Bob's password the gateway knows no more than what MD5 makes of it."""
    known = hashlib.md5(f"bob:{REALM}:{PASSWORD}".encode()).hexdigest()
    return {"sip": {
        "trusted": [], "realm": REALM, "accounts": [{"user": "bob", "hash": known}],
        "register": [{"address": f"sip:gateway@{TRUNK}", "password": OURS,
                      "registrar": f"sip:{HOST}:{stage.agent.port}"}]}}


@TRUNKS.case("sipp, which knows nothing but MD5, is asked for its password and gives it")
async def _(stage: Stage):
    client = await Sipp("message_challenged", stage.folder, stage.hop, calls=5, credentials=("bob", PASSWORD), to=ALICE,
                        text="from sipp", **{"from": BOB}).start()
    got = await stage.alice.receive_all(5, 30)
    _expect(await client.succeeded(), 5, "calls that succeeded")
    _expect({message.text for message in got}, {f"from sipp {number}" for number in range(1, 6)}, "what Alice sees")


@TRUNKS.case("the gateway registers at a trunk that asks for a password, and again before that expires", 90)
async def _(stage: Stage):
    challenger = Challenger(TRUNK, "gateway", OURS, is_proxy=False)
    registered: asyncio.Queue[SIPMessage] = asyncio.Queue()

    def registrar(request: SIPMessage) -> tuple:
        status, reason, headers = challenger(request)
        if status == 200:
            registered.put_nowait(request)
            # Less than was asked for, so that a refresh is soon.
            headers = [("Contact", f"{request.header('Contact').split(';expires')[0]};expires=8")]
        return status, reason, headers

    stage.agent.registrar = registrar
    await stage.gateway.stop()
    await stage.gateway.start()
    first = await asyncio.wait_for(registered.get(), 40)
    _expect(first.recipient, f"gateway@{TRUNK}", "the address that is registered")
    second = await asyncio.wait_for(registered.get(), 20)
    _expect(second.header("Call-ID"), first.header("Call-ID"), "Call-ID of the refresh")
    if int(second.header("CSeq").split()[0]) <= int(first.header("CSeq").split()[0]):
        raise AssertionError(f"CSeq {first.header('CSeq')} was followed by {second.header('CSeq')}")
    await stage.gateway.stop()
    last = await asyncio.wait_for(registered.get(), 10)
    while not registered.empty():
        last = registered.get_nowait()
    if "expires=0" not in last.header("Contact").replace(" ", "") and last.header("Expires") != "0":
        raise AssertionError(f"the address was not given up at the end: {last.headers}")
