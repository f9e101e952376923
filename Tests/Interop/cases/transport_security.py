"""TLS towards SIP peers: who proves a domain speaks for it, whoever does not is neither believed nor told anything."""

import asyncio
import random
import secrets
import ssl
import subprocess

from cases import Cases
from cases.hostile import goes_on, grew_little, is_closed_on, memory
from cases.malformed import probe, request
from peers.certificate import Authority, Identity
from peers.ports import HOST
from peers.sip_agent import SIPAgent
from peers.waiting import until
from stage import ALICE, BOB, SIP_DOMAIN, XMPP_DOMAIN, Stage

TRANSPORT_SECURITY = Cases()
PATIENCE, SLACK = 32, 8


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


async def _answer_to(stage: Stage, identity: Identity) -> int | None:
    """What a MESSAGE of Bob's is answered when it comes with this identity; None when the handshake fails."""
    impostor = await SIPAgent(SIP_DOMAIN, [], identity=identity).open()
    try:
        return (await impostor.message("bob", ALICE, "believe me", stage.hop, seconds=10)).status
    except (ssl.SSLError, ConnectionError):
        return None
    except AssertionError:
        # With TLS 1.3 a client learns after its handshake that its certificate was refused.
        return None
    finally:
        await impostor.stop()


@TRANSPORT_SECURITY.case("who has no certificate of his domain is not believed, and gets 403")
async def _(stage: Stage):
    trusted = stage.authority.certificate
    _expect(await _answer_to(stage, stage.peer_identity("elsewhere.example")), 403, "answer to another domain's")
    _expect(await _answer_to(stage, Identity(None, None, trusted)), 403, "answer to one without a certificate")
    await goes_on(stage)


@TRANSPORT_SECURITY.case("a certificate that nobody vouches for proves nothing")
async def _(stage: Stage):
    stranger = Authority(stage.folder / "stranger")
    certificate, key = stranger.issue(SIP_DOMAIN, stage.folder / "stranger")
    answer = await _answer_to(stage, Identity(certificate, key, stage.authority.certificate))
    if answer not in (None, 403):
        raise AssertionError(f"a MESSAGE with a certificate of a stranger's was answered {answer}")
    await goes_on(stage)


@TRANSPORT_SECURITY.case("a next hop with another domain's certificate gets nothing, and the sender is told", 90)
async def _(stage: Stage):
    rightful = stage.agent.identity
    stranger = Authority(stage.folder / "another")
    certificate, key = stranger.issue(SIP_DOMAIN, stage.folder / "another")
    for what, identity in (("another domain's", stage.peer_identity("elsewhere.example")),
                           ("a stranger's", Identity(certificate, key, stage.authority.certificate))):
        await stage.agent.stop()
        stage.agent.identity = identity
        await stage.agent.open()
        try:
            stage.alice.send(BOB, f"for nobody's ears but Bob's: {what}")
            error = await stage.alice.receive_error(40)
            _expect(error.condition, "remote-server-not-found", f"error for Alice after {what} certificate")
            _expect(stage.agent.inbox.qsize(), 0, "what the impostor got")
        finally:
            await stage.agent.stop()
            stage.agent.identity = rightful
            await stage.agent.open()
    await _recovered(stage)


async def _recovered(stage: Stage) -> None:
    """A next hop that has failed may be left alone for a while."""
    async def tries():
        while True:
            stage.alice.send(BOB, "and now?")
            arrived = asyncio.create_task(stage.agent.inbox.get())
            refused = asyncio.create_task(stage.alice.errors.get())
            done, left = await asyncio.wait((arrived, refused), return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
            if arrived in done:
                return
            await asyncio.sleep(0.5)

    await asyncio.wait_for(tries(), 45)
    await goes_on(stage)


@TRANSPORT_SECURITY.case("TLS before 1.2 is refused")
async def _(stage: Stage):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    try:
        _, writer = await asyncio.open_connection(HOST, stage.sips_port, ssl=context)
    except (ssl.SSLError, ConnectionError):
        return await goes_on(stage)
    writer.close()
    raise AssertionError("the handshake succeeded")


@TRANSPORT_SECURITY.case("what is no TLS at a port of TLS ends that connection and no other")
async def _(stage: Stage):
    before = memory(stage)
    port, dice = stage.sips_port, random.Random(3)
    await is_closed_on(port, "SIP in the clear", request("MESSAGE", "tls", HOST, 9).octets())
    await is_closed_on(port, "a request of HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await is_closed_on(port, "octets that are nothing", dice.randbytes(100_000))
    for version in (b"\x03\x01", b"\x03\x03", b"\x7f\x7f"):
        await is_closed_on(port, "a record that is no hello", b"\x16" + version + b"\x00\x40" + dice.randbytes(64))
        await is_closed_on(port, "data before a handshake", b"\x17" + version + b"\x00\x40" + dice.randbytes(64))
    await goes_on(stage)
    grew_little(stage, before)


@TRANSPORT_SECURITY.case("garbage within TLS, and records cut short, end that connection and no other")
async def _(stage: Stage):
    before = memory(stage)
    context = stage.agent.identity.context(ssl.Purpose.SERVER_AUTH)
    for _ in range(20):
        reader, writer = await asyncio.open_connection(HOST, stage.sips_port, ssl=context, server_hostname=XMPP_DOMAIN)
        writer.write(random.Random(4).randbytes(200_000))
        try:
            await asyncio.wait_for(reader.read(), 15)
        except (ConnectionError, ssl.SSLError):
            pass
        writer.close()
    # Octets behind the handshake that are no record.
    reader, writer = await asyncio.open_connection(HOST, stage.sips_port, ssl=context, server_hostname=XMPP_DOMAIN)
    raw = writer.get_extra_info("socket")
    raw._sock.send(secrets.token_bytes(500)) if hasattr(raw, "_sock") else None
    try:
        await asyncio.wait_for(reader.read(), 15)
    except (ConnectionError, ssl.SSLError):
        pass
    writer.close()
    await goes_on(stage)
    grew_little(stage, before)


@TRANSPORT_SECURITY.case("a client that renegotiates gains nothing by it")
async def _(stage: Stage):
    before = memory(stage)
    process = await asyncio.create_subprocess_exec(
        "openssl", "s_client", "-connect", f"{HOST}:{stage.sips_port}", "-tls1_2", "-servername", XMPP_DOMAIN,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for _ in range(200):
            process.stdin.write(b"R\n")
            await asyncio.sleep(0.005)
            if process.returncode is not None:
                break
        process.stdin.close()
        await asyncio.wait_for(process.stdout.read(), 15)
    except ConnectionError:
        pass
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    await goes_on(stage)
    grew_little(stage, before)


@TRANSPORT_SECURITY.case("handshakes that are never completed end, and keep nobody out", 90)
async def _(stage: Stage):
    before = memory(stage)
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    idle = [await asyncio.open_connection(HOST, stage.sips_port) for _ in range(150)]
    for number, (_, writer) in enumerate(idle):
        writer.write(hello[:number % len(hello)])
    ends = [asyncio.create_task(reader.read()) for reader, _ in idle]
    try:
        await goes_on(stage)
        await until(PATIENCE + SLACK, "the edge ends what never became TLS", lambda: all(end.done() for end in ends))
    finally:
        for end in ends:
            end.cancel()
        for _, writer in idle:
            writer.close()
    await goes_on(stage)
    grew_little(stage, before)


@TRANSPORT_SECURITY.case("requests over one connection are answered over it, and a line end by a line end")
async def _(stage: Stage):
    context = stage.agent.identity.context(ssl.Purpose.SERVER_AUTH)
    reader, writer = await asyncio.open_connection(HOST, stage.sips_port, ssl=context, server_hostname=XMPP_DOMAIN)
    try:
        for _ in range(3):
            writer.write(b"\r\n\r\n")
            _expect(await asyncio.wait_for(reader.readexactly(2), 10), b"\r\n", "answer to a ping")
            writer.write(probe("tls", HOST, 9).octets())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            _expect(head.split(b"\r\n")[0], b"SIP/2.0 200 OK", "answer to OPTIONS")
    finally:
        writer.close()
