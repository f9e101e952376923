"""The translator of Docs/Examples, in Python on the published contract: what a service in any language can rely on."""

import hashlib
import os
import pathlib
from collections.abc import Awaitable, Callable

from peers.bus_peer import BusPeer, generate
from peers.gateway import ROOT, Gateway, settings
from peers.ports import free_port
from peers.program import Program
from peers.waiting import until, within

EXAMPLE = ROOT / "Docs/Examples/translator.py"
KEY, OTHER_KEY = "juliet@example.com|romeo@example.net", "a"
#: Of those keys; the shard is FNV-1a folded to one octet.
TOPIC, OTHER_TOPIC = "shout/a4/", "shout/bb/"


class Stand:
    """A broker, the example, and a peer who asks it and hears what is meant for xmpp-edge."""

    def __init__(self, folder: pathlib.Path):
        generated = generate(folder / "generated")
        self.gateway = Gateway(settings("sip.example", free_port()), folder, separate=True)
        broker = self.gateway.settings["bus"]["listen"]
        self.example = Program("the example", ["/usr/bin/python3", "-u", EXAMPLE, broker], folder / "example.log",
                               {"PYTHONPATH": str(generated)})
        self._place = broker, generated
        self.peer: BusPeer | None = None

    async def __aenter__(self) -> "Stand":
        await self.gateway.start_service("bus")
        await self.example.start()
        self.peer = BusPeer(*self._place, "xmpp-edge/")
        return self

    async def __aexit__(self, *_) -> None:
        self.peer.close()
        await self.example.stop()
        await self.gateway.kill_service("bus")

    def delivery(self, key: str = KEY, **payload):
        bus = self.peer.bus
        return bus.Delivery(id=os.urandom(16), key=key, patience_ms=20_000, payload=bus.Payload(**payload))

    def message(self, text: str):
        """What xmpp-edge delivers when Romeo writes to Juliet."""
        bus = self.peer.bus
        body = bus.Element(name="body", namespace="jabber:client", children=[bus.Node(text=text)])
        addresses = {"from": "romeo@example.net/orchard", "to": "juliet@example.com", "id": "m1", "type": "chat"}
        stanza = bus.Element(name="message", namespace="jabber:client", children=[bus.Node(element=body)],
                             attributes=[bus.Attribute(name=name, value=value) for name, value in addresses.items()])
        return self.delivery(stanza_arrival=bus.StanzaArrival(stanza=stanza, domain="example.net", at_ms=1))

    async def expect_shout(self, text: str) -> None:
        """It answers, in a conversation of its own."""
        opaque = self.peer.bus.Opaque(type="example.Shout", value=text.encode())
        reply = await self.peer.ask(OTHER_TOPIC, self.delivery(OTHER_KEY, opaque=opaque))
        _expect(reply.ok.answer.opaque.value, text.upper().encode(), "the answer in the reply")


def translator_cases(folder: pathlib.Path) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """Sentence and play of each; they need no stage."""
    return [(f"translator in Python: {sentence}", _on_a_stand(play, folder / f"translator-{number}"))
            for number, (sentence, play) in enumerate(_PLAYS)]


def _on_a_stand(play, folder: pathlib.Path):
    async def on_a_stand():
        async with Stand(folder) as stand:
            await play(stand)

    return on_a_stand


async def _answers(stand: Stand) -> None:
    await stand.expect_shout("good night, good night")


async def _does_it_once(stand: Stand) -> None:
    peer, bus = stand.peer, stand.peer.bus
    await stand.expect_shout("it is ready")
    question = stand.message("parting is such sweet sorrow")
    peer.publish(TOPIC, deliveries=[question])
    stanza, sender = await within(10, "the stanza for xmpp-edge", peer.deliveries.get())
    sent = {attribute.name: attribute.value for attribute in stanza.payload.stanza.attributes}
    child = hashlib.sha256(question.id + b"shout").digest()[:16]
    _expect((stanza.id, stanza.key), (child, KEY), "id and key of the stanza")
    _expect((sent["from"], sent["to"]), ("juliet@example.com", "romeo@example.net/orchard"), "its addresses")
    _expect(stanza.payload.stanza.children[0].element.children[0].text, "PARTING IS SUCH SWEET SORROW", "its text")
    _expect(peer.replies.qsize(), 0, "replies before the stanza has left")
    peer.publish(f"reply/{sender}/", replies=[bus.Reply(id=stanza.id, failed=bus.Failed(reason="unreachable"))])
    first = await within(10, "the reply", peer.replies.get())
    _expect((first.id, first.failed.reason), (question.id, "unreachable"), "the reply")
    while not peer.deliveries.empty():  # repeats of the time before the answer
        _expect(peer.deliveries.get_nowait()[0].id, stanza.id, "the id of a repeat")
    _expect(await peer.ask(TOPIC, question), first, "the reply to a repeat")
    await stand.expect_shout("nothing else was done")
    _expect(peer.deliveries.qsize(), 0, "stanzas because of the repeat")


async def _keeps_order(stand: Stand) -> None:
    await stand.expect_shout("it is ready")
    questions = [stand.message(f"line {number}") for number in range(5)]
    stand.peer.publish(TOPIC, deliveries=questions)
    texts: dict[str, None] = {}
    while len(texts) < len(questions):
        stanza, sender = await within(10, "a stanza for xmpp-edge", stand.peer.deliveries.get())
        texts[stanza.payload.stanza.children[0].element.children[0].text] = None
        stand.peer.publish(f"reply/{sender}/", replies=[stand.peer.bus.Reply(id=stanza.id, ok=stand.peer.bus.Ok())])
    _expect(list(texts), [f"LINE {number}" for number in range(5)], "the order of the stanzas")


async def _bears_nonsense(stand: Stand) -> None:
    peer = stand.peer
    await stand.expect_shout("it is ready")
    peer.publish_octets(TOPIC, b"\xff this is no parcel")
    await stand.example.says("dropped", 10)
    for delivery, reason in ((peer.bus.Delivery(id=os.urandom(16), key=KEY), "malformed"),
                             (stand.delivery(sip_answer=peer.bus.SIPAnswer(status=200)), "unsupported")):
        _expect((await peer.ask(TOPIC, delivery)).failed.reason, reason, "the reason of the refusal")
    peer.publish(f"reply/{await _name(stand)}/", replies=[peer.bus.Reply(id=os.urandom(16), ok=peer.bus.Ok())])
    await stand.expect_shout("unshaken")


async def _name(stand: Stand) -> str:
    """The example's instance, as its own deliveries name it."""
    stand.peer.publish(TOPIC, deliveries=[stand.message("who are you?")])
    stanza, sender = await within(10, "a stanza for xmpp-edge", stand.peer.deliveries.get())
    stand.peer.publish(f"reply/{sender}/", replies=[stand.peer.bus.Reply(id=stanza.id, ok=stand.peer.bus.Ok())])
    return sender


async def _survives_the_broker(stand: Stand) -> None:
    await stand.expect_shout("before")
    question = stand.message("while the broker is gone")
    await stand.gateway.kill_service("bus")
    stand.peer.publish(TOPIC, deliveries=[question])
    await stand.gateway.start_service("bus")
    await stand.expect_shout("after")
    stand.peer.publish(TOPIC, deliveries=[question])
    stanza, sender = await within(10, "the stanza for xmpp-edge", stand.peer.deliveries.get())
    # Killed again between the work and its answer: the example repeats its stanza until somebody answers.
    await stand.gateway.kill_service("bus")
    await stand.gateway.start_service("bus")
    again, sender = await within(10, "the stanza once more", stand.peer.deliveries.get())
    _expect(again.id, stanza.id, "its id")
    answer = stand.peer.bus.Reply(id=stanza.id, ok=stand.peer.bus.Ok())

    def answered() -> bool:
        while not stand.peer.deliveries.empty():
            stand.peer.deliveries.get_nowait()
            stand.peer.publish(f"reply/{sender}/", replies=[answer])
        return not stand.peer.replies.empty()

    stand.peer.publish(f"reply/{sender}/", replies=[answer])
    await until(10, "the reply", answered)
    reply = stand.peer.replies.get_nowait()
    _expect((reply.id, reply.WhichOneof("outcome")), (question.id, "ok"), "the reply")


_PLAYS = [
    ("a delivery is answered", _answers),
    ("a repeat gets the same answer and is not done twice", _does_it_once),
    ("the deliveries of one conversation are done in their order", _keeps_order),
    ("what does not decode, what it does not know and a reply to nothing leave it unshaken", _bears_nonsense),
    ("a broker that dies and returns costs it nothing", _survives_the_broker),
]


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")
