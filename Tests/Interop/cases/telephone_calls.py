"""Telephones that others have written, in calls with the gateway's dialog agent behind a proxy."""

from cases import Cases
from cases.calls import refer
from peers.baresip import Baresip
from peers.linphone import Linphone
from stage import SIP_DOMAIN, XMPP_DOMAIN, Stage

TELEPHONE_CALLS = Cases()


@TELEPHONE_CALLS.case("baresip calls, is called, and either side hangs up", 90)
async def _(stage: Stage):
    dodo = Baresip("dodo", SIP_DOMAIN, stage.hop, stage.folder / "calls-baresip", ())
    try:
        await dodo.start()
        mark = stage.dialog_agent.marked
        await dodo.dial(f"sip:answer@{XMPP_DOMAIN}")
        await dodo.event("CALL_ESTABLISHED")
        await stage.dialog_agent.notes(r" established\(", mark)
        await dodo.hang_up()
        await stage.dialog_agent.notes(r" ended\(.*byPeer: true", mark)
        await dodo.dial(f"sip:hangup@{XMPP_DOMAIN}")
        await dodo.event("CALL_ESTABLISHED")
        await dodo.event("CALL_CLOSED")
        await dodo.dial(f"sip:busy@{XMPP_DOMAIN}")
        closed = await dodo.event("CALL_CLOSED")
        if "486" not in str(closed) and "Busy" not in str(closed):
            raise AssertionError(f"baresip was not told that it is busy: {closed}")
        mark = stage.dialog_agent.marked
        await refer(stage, "answer", f"dodo@{SIP_DOMAIN}")
        await dodo.accept()
        await stage.dialog_agent.notes(r" established\(", mark)
        await dodo.hang_up()
        await stage.dialog_agent.notes(r" ended\(.*byPeer: true", mark)
    finally:
        await dodo.stop()


@TELEPHONE_CALLS.case("Linphone calls, is called, and the call is changed by the one who was called", 90)
async def _(stage: Stage):
    gryphon = Linphone("gryphon", SIP_DOMAIN, stage.hop, stage.folder / "calls-linphone")
    try:
        await gryphon.start()
        for user in ("answer", "reliable", "update", "reinvite"):
            mark = stage.dialog_agent.marked
            call = await gryphon.dial(f"{user}@{XMPP_DOMAIN}")
            await gryphon.call_is("StreamsRunning", call)
            await stage.dialog_agent.notes(r" established\(", mark)
            if user in ("update", "reinvite"):
                await stage.dialog_agent.notes(r" answered\(", mark)
            await gryphon.hang_up()
            await stage.dialog_agent.notes(r" ended\(.*byPeer: true", mark)
        mark = stage.dialog_agent.marked
        await refer(stage, "hangup", f"gryphon@{SIP_DOMAIN}")
        await gryphon.accept()
        await stage.dialog_agent.notes(r" established\(", mark)
        await stage.dialog_agent.notes(r" ended\(.*byPeer: false", mark)
    finally:
        await gryphon.stop()
