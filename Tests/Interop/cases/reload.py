"""SIGHUP: domains, trust and certificates change while everything goes on; what cannot be taken changes nothing."""

import asyncio
import json
import pathlib
import shutil
import signal
import ssl
from collections.abc import Awaitable, Callable

from peers.certificate import Authority
from peers.gateway import Gateway, settings
from peers.ports import HOST, free_port
from peers.sip_agent import Hop, SIPAgent


def reload_cases(folder: pathlib.Path) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """Sentence and play of each; they need no stage."""
    return [("reload: SIGHUP takes domains and certificates, and drops nothing", lambda: _reload(folder))]


async def _reload(folder: pathlib.Path) -> None:
    authority = Authority(folder / "authority")
    certificate, key = authority.issue("sip.example", folder)
    sip_port, tls_port = free_port(), free_port()
    gateway = Gateway(settings(
        "sip.example", sip_port,
        sip={"listen": [f"udp://{HOST}:{sip_port}", f"tls://{HOST}:{tls_port}"]},
        tls={"certificate": str(certificate), "key": str(key), "trust": str(authority.certificate)}), folder)
    program = gateway.programs["run"]
    file = folder / "causeway.yaml"
    await gateway.start()
    agent = await SIPAgent("new.example", ["bob"]).open()
    try:
        first, open_connection = await _shown(tls_port, authority.certificate)
        status = (await agent.message("bob", "alice@wonder.example", "hello", Hop(sip_port, "udp"), seconds=10)).status
        _expect(status, 403, "answer to a domain that is not served")

        # New certificate, new domain.
        shutil.rmtree(folder / "renewed", ignore_errors=True)
        (folder / "renewed").mkdir()
        renewed, renewed_key = authority.issue("sip.example", folder / "renewed")
        shutil.copy(renewed, certificate)
        shutil.copy(renewed_key, key)
        good = json.loads(file.read_text())
        file.write_text(json.dumps({**good, "domains": ["sip.example", "new.example"]}))
        mark = len(program.lines)
        program.signal(signal.SIGHUP)
        await program.says("configuration taken", 10, mark)
        await program.says(r"no certificate is for these domains.*new\.example", 10, mark)
        second, connection = await _shown(tls_port, authority.certificate)
        if second == first:
            raise AssertionError("the old certificate is still shown")
        connection[1].close()
        answer = await agent.message("bob", "alice@wonder.example", "hello again", Hop(sip_port, "udp"), seconds=20)
        if answer.status == 403:
            raise AssertionError(f"the new domain is not served: {answer.start}")

        # What is wrong is said, and changes nothing.
        file.write_text(json.dumps({**good, "sip": {"listn": "x"}}))
        mark = len(program.lines)
        program.signal(signal.SIGHUP)
        await program.says(r"not taken.*sip\.listn", 10, mark)
        key.write_text("no key")
        file.write_text(json.dumps(good))
        mark = len(program.lines)
        program.signal(signal.SIGHUP)
        await program.says(r"not taken.*tls\.certificate", 10, mark)
        third, connection = await _shown(tls_port, authority.certificate)
        _expect(third, second, "certificate after one that cannot be used")
        connection[1].close()

        # The connection of the beginning is still there.
        reader, writer = open_connection
        writer.write(b"\r\n\r\n")
        _expect(await asyncio.wait_for(reader.readexactly(2), 10), b"\r\n", "pong over the connection of the beginning")
        writer.close()
    finally:
        await agent.stop()
        await gateway.stop()


async def _shown(port: int, authority: pathlib.Path) -> tuple[bytes, tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """The certificate that the gateway shows to a new connection, and the connection."""
    context = ssl.create_default_context(cafile=str(authority))
    reader, writer = await asyncio.open_connection(HOST, port, ssl=context, server_hostname="sip.example")
    return writer.get_extra_info("ssl_object").getpeercert(binary_form=True), (reader, writer)


def _expect(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")
