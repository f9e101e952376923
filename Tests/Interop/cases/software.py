"""What software the other side has: a question of an XMPP user becomes one to a telephone."""

from cases import Cases
from stage import BOB, SIP_DOMAIN, Stage

SOFTWARE = Cases()


async def _expect(stage: Stage, jid: str, wanted: tuple[str, str]) -> None:
    got = await stage.alice.software_of(jid)
    if got != wanted:
        raise AssertionError(f"the software of {jid}: {got!r}, expected {wanted!r}")


@SOFTWARE.case("XMPP to SIP: a telephone says what software it is")
async def _(stage: Stage):
    await _expect(stage, BOB, ("Telephone", "1.0 (Debian)"))


@SOFTWARE.case("XMPP to SIP: the software of a user who does not exist is not found")
async def _(stage: Stage):
    await _expect(stage, f"nobody@{SIP_DOMAIN}", ("", "item-not-found"))
