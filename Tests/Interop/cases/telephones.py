"""Telephones that others have written: baresip and Linphone, registered at the proxy, talk with an XMPP user."""

from cases import Cases
from peers.baresip import Baresip
from peers.linphone import Linphone
from stage import ALICE, SIP_DOMAIN, XMPP_DOMAIN, Stage

TELEPHONES = Cases()
#: What telephones spoil when they take it for something else than text.
TEXT = "Будьте здоровы, \"Alice\" <&> 100 % ü 👩‍👩‍👧‍👦"


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


def _folder(stage: Stage, name: str):
    return stage.folder / f"telephones-{name}"


@TELEPHONES.case("baresip and an XMPP user write to each other")
async def _(stage: Stage):
    dodo = Baresip("dodo", SIP_DOMAIN, stage.hop, _folder(stage, "baresip"), (ALICE,))
    try:
        await dodo.start()
        for text in (TEXT, "and once more"):
            await dodo.message(ALICE, text)
            got = await stage.alice.receive()
            _expect((got.sender, got.text), (f"dodo@{SIP_DOMAIN}", text), "what Alice sees")
        stage.alice.send(f"dodo@{SIP_DOMAIN}", TEXT)
        got = await dodo.receive()
        _expect((got.sender, got.text), (ALICE, TEXT), "what baresip shows")
    finally:
        await dodo.stop()


@TELEPHONES.case("Linphone and an XMPP user write to each other, and Linphone learns whom it did not reach")
async def _(stage: Stage):
    gryphon = Linphone("gryphon", SIP_DOMAIN, stage.hop, _folder(stage, "linphone"))
    try:
        await gryphon.start()
        for text in (TEXT, "and once more"):
            _expect(await gryphon.message(ALICE, text), True, "whether Linphone's text was taken")
            got = await stage.alice.receive()
            _expect((got.sender, got.text), (f"gryphon@{SIP_DOMAIN}", text), "what Alice sees")
        stage.alice.send(f"gryphon@{SIP_DOMAIN}", TEXT)
        got = await gryphon.receive()
        _expect((got.sender, got.text), (ALICE, TEXT), "what Linphone shows")
        _expect(await gryphon.message(f"nobody@{XMPP_DOMAIN}", "is there anybody?"), False,
                "whether a text to nobody was taken")
    finally:
        await gryphon.stop()


@TELEPHONES.case("an XMPP user learns that a telephone is switched off")
async def _(stage: Stage):
    stage.alice.send(f"dodo@{SIP_DOMAIN}", "are you still there?")
    _expect((await stage.alice.receive_error()).condition, "item-not-found", "error for Alice")


@TELEPHONES.case("baresip tells an XMPP user what software it is")
async def _(stage: Stage):
    dodo = Baresip("dodo", SIP_DOMAIN, stage.hop, _folder(stage, "software"), ())
    try:
        await dodo.start()
        name, version = await stage.alice.software_of(f"dodo@{SIP_DOMAIN}")
        if not name.startswith("baresip"):
            raise AssertionError(f"the software of baresip is {name!r}, {version!r}")
    finally:
        await dodo.stop()
