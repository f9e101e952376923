"""What Deploy/demo plays: Prosody, Kamailio and the gateway on loopback, Bob with SIP, Alice with XMPP."""

import asyncio
import pathlib
import shutil
import signal
import sys
import tempfile
import textwrap
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Interop"))

from peers.chat_user import ChatUser  # noqa: E402
from peers.gateway import Gateway, settings  # noqa: E402
from peers.kamailio import Kamailio  # noqa: E402
from peers.ports import HOST, free_port, preferred_port  # noqa: E402
from peers.prosody import Prosody  # noqa: E402
from peers.sip_agent import Hop, SIPAgent  # noqa: E402
from peers.waiting import Late  # noqa: E402
from xml.sax.saxutils import escape  # noqa: E402

SIP_DOMAIN, XMPP_DOMAIN = "sip.example", "wonder.example"
BOB, ALICE = f"bob@{SIP_DOMAIN}", f"alice@{XMPP_DOMAIN}"
PASSWORD, SECRET = "wonderland", "component secret of the demo"
COLUMN = 52


def left(*lines: str) -> None:
    """The SIP side."""
    for line in lines:
        for part in textwrap.wrap(line, COLUMN - 1):
            both(part, "")


def right(*lines: str) -> None:
    """The XMPP side."""
    for line in lines:
        for part in textwrap.wrap(line, COLUMN):
            both("", part)


def both(sip: str, xmpp: str) -> None:
    print(f"  {sip}{' ' * (COLUMN - columns(sip))}│ {xmpp}".rstrip(), flush=True)


def columns(text: str) -> int:
    """How wide a terminal shows it."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class Demo:
    def __init__(self, folder: pathlib.Path):
        self.prosody = Prosody(XMPP_DOMAIN, SIP_DOMAIN, folder, component_secret=SECRET,
                               client_port=preferred_port(5222))
        for user in ("alice", "you"):
            self.prosody.add_account(user, PASSWORD)
        gateway_port = free_port()
        self.kamailio = Kamailio(SIP_DOMAIN, XMPP_DOMAIN, Hop(gateway_port, "udp"), folder,
                                 port=preferred_port(5060))
        self.hop = Hop(self.kamailio.port, "udp")
        self.gateway = Gateway(settings(
            SIP_DOMAIN, gateway_port,
            sip={"outbound-proxy": f"sip:{HOST}:{self.kamailio.port}"},
            xmpp={"components": [{"host": HOST, "port": self.prosody.component_port, "domain": SIP_DOMAIN,
                                  "secret": SECRET}]}, log={"level": "info"}), folder)
        self.bob = SIPAgent(SIP_DOMAIN, ["bob"])
        self.alice = ChatUser(f"{ALICE}/demo", PASSWORD, self.prosody.client_port)

    async def start(self) -> None:
        await self.prosody.start()
        await self.kamailio.start()
        await self.gateway.start()
        await self.bob.open()
        await self.bob.register("bob", self.hop)
        await self.alice.connect()

    async def stop(self) -> None:
        await self.alice.disconnect()
        await self.bob.stop()
        await self.gateway.stop()
        await self.kamailio.stop()
        await self.prosody.stop()

    async def play(self) -> None:
        """Raises when a message does not arrive, or not as it was written."""
        print()
        both("SIP: Bob", "XMPP: Alice")
        print(f"  {'─' * COLUMN}┼{'─' * COLUMN}")
        await self._bob_says("Will you walk a little faster? said a whiting to a snail.")
        await self._alice_says("There's a porpoise close behind us 🐬 and he's treading on my tail.")
        await self._bob_says("Voulez-vous, 愿意吗, хотите — will you join the dance? 🦞")
        await self._alice_says("Too far, too far! <looks askance> & thanks the whiting kindly.")
        await self._alice_asks_nobody()
        print()

    async def _bob_says(self, text: str) -> None:
        left(f"──► MESSAGE sip:{ALICE}", text)
        response = await self.bob.message("bob", ALICE, text, self.hop)
        message = await self.alice.receive()
        right(f"──► <message from='{message.sender}'>", f"<body>{escape(message.text)}</body>")
        left(f"◄── {response.status} {response.reason}")
        self._check(response.status, 202)
        self._check((message.sender, message.text), (BOB, text))
        both("", "")

    async def _alice_says(self, text: str) -> None:
        right(f"◄── <message to='{BOB}' type='chat'>", f"<body>{escape(text)}</body>")
        self.alice.send(BOB, text)
        got = await self.bob.receive()
        left(f"◄── MESSAGE from sip:{got.sender}", got.text, "──► 200 OK")
        self._check((got.sender, got.text), (ALICE, text))
        both("", "")

    async def _alice_asks_nobody(self) -> None:
        nobody = f"nobody@{SIP_DOMAIN}"
        right(f"◄── <message to='{nobody}' type='chat'>", "<body>Is anybody there?</body>")
        self.alice.send(nobody, "Is anybody there?")
        error = await self.alice.receive_error()
        left(f"◄── MESSAGE to sip:{nobody}", "──► 404 Not Found")
        right("──► <message type='error'>", f"<{error.condition}/> {error.error_text}")
        self._check(error.condition, "item-not-found")

    def _check(self, got: object, wanted: object) -> None:
        if got != wanted:
            raise AssertionError(f"{got!r} arrived, {wanted!r} was expected")

    def invite(self) -> None:
        """How to join in."""
        print(f"""Everything stays up until Ctrl-C. Join with your own clients on this machine:

  XMPP   account you@{XMPP_DOMAIN}, password {PASSWORD}, server {HOST} port {self.prosody.client_port}
         (the certificate is self-signed; without TLS works too)
  SIP    account you@{SIP_DOMAIN}, any password, proxy and registrar {HOST} port {self.kamailio.port}, UDP or TCP

  Write from XMPP to {BOB}, or from SIP to {ALICE}: they answer. Or write to yourself: from
  you@{XMPP_DOMAIN} to you@{SIP_DOMAIN} and back. What they hear shows here.
""", flush=True)

    async def stay(self) -> None:
        answering = [asyncio.create_task(self._bob_answers()), asyncio.create_task(self._alice_answers())]
        try:
            while all(program.running for program in self.gateway.programs.values()):
                await asyncio.sleep(0.5)
        finally:
            for task in answering:
                task.cancel()
        raise AssertionError("the gateway ended")

    async def _bob_answers(self) -> None:
        while True:
            got = await self.bob.inbox.get()
            left(f"◄── MESSAGE from sip:{got.sender}", got.text, "──► 200 OK")
            text = f"You said: {got.text}"
            left(f"──► MESSAGE sip:{got.sender}", text)
            response = await self.bob.message("bob", got.sender, text, self.hop)
            left(f"◄── {response.status} {response.reason}")

    async def _alice_answers(self) -> None:
        while True:
            message = await self.alice.inbox.get()
            right(f"──► <message from='{message.sender}'>", f"<body>{escape(message.text)}</body>")
            text = f"You said: {message.text}"
            right(f"◄── <message to='{message.sender}' type='chat'>", f"<body>{escape(text)}</body>")
            self.alice.send(message.sender, text)


async def main() -> int:
    once = "--once" in sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="causeway-demo-"))
    demo = Demo(folder)
    playing = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, playing.cancel)
    try:
        print("starting Prosody, Kamailio and the gateway", flush=True)
        await demo.start()
        await demo.play()
        if not once:
            demo.invite()
            await demo.stay()
    except (AssertionError, Late, OSError) as error:
        print(f"\nthe demo failed: {error}\nlogs: {folder}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("\nending")
        shutil.rmtree(folder, ignore_errors=True)
        return 0 if not once else 1
    finally:
        await demo.stop()
    print("every message arrived: the demo succeeded")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
