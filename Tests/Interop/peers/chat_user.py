"""An XMPP user with a real client library: slixmpp."""

import asyncio
import logging
from dataclasses import dataclass

from .ports import HOST
from .waiting import Late, within

logging.getLogger("slixmpp").setLevel(logging.CRITICAL)
import slixmpp  # noqa: E402  (the level comes first: slixmpp warns while it is imported)


@dataclass
class ChatMessage:
    """A message stanza as the client saw it; `condition` when it is an error."""

    sender: str
    text: str
    kind: str
    id: str
    condition: str = ""
    error_text: str = ""
    stanza: object = None


class ChatUser:
    def __init__(self, jid: str, password: str, port: int, host: str = HOST):
        self.jid = jid
        self._password = password
        self._address = (host, port)
        self.inbox: asyncio.Queue[ChatMessage] = asyncio.Queue()
        self.errors: asyncio.Queue[ChatMessage] = asyncio.Queue()
        self._client: slixmpp.ClientXMPP | None = None

    async def connect(self, seconds: float = 20) -> "ChatUser":
        """Logged in and available."""

        async def attempt():
            while not await self._log_in():
                await asyncio.sleep(0.1)

        await within(seconds, f"{self.jid} logs in", attempt())
        return self

    async def disconnect(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            client.abort()
            client.cancel_connection_attempt()
            if client._run_out_filters:
                client._run_out_filters.cancel()

    def send(self, to: str, text: str, kind: str = "chat", **fields: str) -> str:
        """Returns the id of the stanza sent."""
        message = self._client.make_message(mto=to, mbody=text, mtype=kind)
        for name, value in fields.items():
            message[name] = value
        message.send()
        return message["id"]

    async def software_of(self, jid: str, seconds: float = 10) -> tuple[str, str]:
        """Name and version (XEP-0092), or "" and the condition of the error."""
        try:
            result = await self._client["xep_0092"].get_version(jid, ifrom=self._client.boundjid, timeout=seconds)
        except slixmpp.exceptions.IqError as error:
            return "", error.condition
        return result["software_version"]["name"], result["software_version"]["version"]

    async def receive(self, seconds: float = 10) -> ChatMessage:
        return await within(seconds, f"a message for {self.jid}", self.inbox.get())

    async def receive_error(self, seconds: float = 10) -> ChatMessage:
        return await within(seconds, f"an error for {self.jid}", self.errors.get())

    async def receive_all(self, count: int, seconds: float = 20) -> list[ChatMessage]:
        got: list[ChatMessage] = []

        async def collect():
            while len(got) < count:
                got.append(await self.inbox.get())

        try:
            await within(seconds, f"{count} messages for {self.jid}", collect())
        except Late as late:
            raise Late(f"{late}; there were {len(got)}") from None
        return got

    async def _log_in(self) -> bool:
        await self.disconnect()
        client = self._client = slixmpp.ClientXMPP(self.jid, self._password)
        outcome = asyncio.get_running_loop().create_future()

        def settle(success: bool):
            if not outcome.done():
                outcome.set_result(success)

        async def started(_):
            client.send_presence()
            # Presence is processed in order: once the server answers a question, the user is available.
            await client["xep_0199"].send_ping(client.boundjid.domain, timeout=10)
            settle(True)

        client.register_plugin("xep_0092")
        client.register_plugin("xep_0199")
        client.use_ipv6 = False
        client.add_event_handler("session_start", started)
        for failure in ("connection_failed", "failed_auth", "disconnected"):
            client.add_event_handler(failure, lambda _: settle(False))
        client.add_event_handler("message", self._message)
        client.add_event_handler("message_error", self._failed)
        client.connect(self._address, disable_starttls=True, force_starttls=False)
        return await outcome

    def _message(self, stanza) -> None:
        if stanza["type"] != "error":
            self.inbox.put_nowait(_read(stanza))

    def _failed(self, stanza) -> None:
        message = _read(stanza)
        message.condition = stanza["error"]["condition"]
        message.error_text = stanza["error"]["text"]
        self.errors.put_nowait(message)


def _read(stanza) -> ChatMessage:
    return ChatMessage(stanza["from"].bare, stanza["body"], stanza["type"], stanza["id"], stanza=stanza)
