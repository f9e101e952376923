"""Steady traffic both ways between pairs of people, each text a message of its own, and what became of every one."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from peers.chat_user import ChatUser
from peers.sip_agent import Hop, SIPAgent
from peers.waiting import Late, until

#: The longest that a SIP transaction lasts (Timer F), and what an XMPP server then needs to give up on a stream.
SETTLING = 60
#: What a loss that nobody can tell is given to turn out as none.
SETTLING_UNSURE = 12
#: How long nothing more must come before what came counts as all.
QUIET = 0.5


@dataclass(frozen=True)
class Pair:
    """Two people, and how each reaches the gateway."""

    user: str
    #: The telephone that the user speaks with; another one may be where requests for it arrive.
    telephone: SIPAgent
    hop: Hop
    chatter: ChatUser
    #: How the gateway attaches the user's domain to the XMPP server: component or s2s.
    link: str

    @property
    def address(self) -> str:
        return f"{self.user}@{self.telephone.domain}"

    @property
    def ends(self) -> tuple[str, str]:
        return self.address, bare(self.chatter.jid)


@dataclass(frozen=True)
class Blind:
    """A link and a direction of which the standards cannot tell what was on it when it ended: towards XMPP that may
    come twice, away from XMPP it may be lost."""

    link: str
    to_xmpp: bool


@dataclass(eq=False)
class Lane:
    """One direction of a pair: what must keep its order."""

    pair: Pair
    to_xmpp: bool
    highest: int = -1
    #: When the last text arrived that was in order, and when it had been sent.
    latest_sent: float = 0.0

    @property
    def blind(self) -> Blind:
        return Blind(self.pair.link, self.to_xmpp)

    def __str__(self) -> str:
        return " to ".join(self.pair.ends if self.to_xmpp else reversed(self.pair.ends))


@dataclass
class Fate:
    """What became of one text."""

    lane: Lane
    number: int
    sent: float
    arrived: int = 0
    told: str = ""
    out_of_order: bool = False

    @property
    def settled(self) -> bool:
        return bool(self.arrived or self.told)


@dataclass
class Tally:
    """The figures of one act; lists hold texts."""

    sent: int
    arrived: int
    #: Refused, and the sender was told; and those of them that arrived all the same.
    refused: int
    refused_wrongly: int
    #: SIP requests that nobody answered, whether or not they arrived.
    unanswered: int
    vanished: list[str]
    repeated: list[str]
    out_of_order: list[str]
    #: What reached somebody else than it was for, or that nobody had sent; with who it was between.
    astray: list[str]
    #: Of the vanished and the repeated, those that no standard could have saved.
    unsure: list[str] = field(default_factory=list)
    reasons: Counter = field(default_factory=Counter)
    reasons_wrongly: Counter = field(default_factory=Counter)

    def __str__(self) -> str:
        refused = f"{self.refused} refused and told{_most(self.reasons)}"
        wrongly = ""
        if self.refused_wrongly:
            wrongly = f", {self.refused_wrongly} told though they arrived{_most(self.reasons_wrongly)}"
        wrongly += f", {self.unanswered} unanswered" if self.unanswered else ""
        unsure = f" ({len(self.unsure)} where the standards cannot tell)" if self.unsure else ""
        return (f"{self.sent} sent, {self.arrived} arrived, {refused}{wrongly}, {len(self.vanished)} vanished, "
                f"{len(self.repeated)} repeated, {len(self.out_of_order)} out of order, {len(self.astray)} astray"
                f"{unsure}")

    def check(self, most_refused: float = 0.5) -> None:
        """Raises for whatever is more than unsure, and where more than this part was refused."""
        wrong = []
        for what in ("vanished", "repeated", "out_of_order", "astray"):
            texts = [text for text in getattr(self, what) if text not in self.unsure]
            if texts:
                wrong.append(f"{len(texts)} {what.replace('_', ' ')}: {texts[:5]}")
        if wrong:
            raise AssertionError(f"{'; '.join(wrong)}; {self}")
        if self.refused > self.sent * most_refused:
            raise AssertionError(f"more than {most_refused:.0%} refused: {self}")


class Traffic:
    """A text every `period` seconds in each direction of each pair, from `start` to `settle`.

    A SIP user waits for the answer before the next text, as RFC 3428 section 8 asks; a chat user does not.
    """

    def __init__(self, name: str, pairs: list[Pair], telephone: SIPAgent, period: float):
        self._name = name
        self._telephone = telephone
        self._period = period
        self._lanes = [Lane(pair, to_xmpp) for pair in pairs for to_xmpp in (True, False)]
        self._chatters = list({id(pair.chatter): pair.chatter for pair in pairs}.values())
        self._fates: dict[str, Fate] = {}
        self._ids: dict[str, str] = {}
        self._astray: list[str] = []
        self._sending: list[asyncio.Task] = []
        self._listening: list[asyncio.Task] = []
        self._transactions: set[asyncio.Task] = set()
        self._unanswered = 0

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def start(self) -> "Traffic":
        self._listening = [asyncio.create_task(self._hear_telephone())]
        for chatter in self._chatters:
            self._listening += [asyncio.create_task(self._hear(chatter)),
                                asyncio.create_task(self._hear_errors(chatter))]
        for index, lane in enumerate(self._lanes):
            send = self._send_sip if lane.to_xmpp else self._send_xmpp
            self._sending.append(asyncio.create_task(send(lane, self._period * index / len(self._lanes))))
        return self

    async def flows(self, since: float, seconds: float, but: Hop | None = None) -> float:
        """Returns when every lane has carried a text sent after `since`: how many seconds after.

        `but`: lanes of users who have nobody to talk to while this hop is gone do not count.
        """
        lanes = [lane for lane in self._lanes if not (lane.to_xmpp and but and lane.pair.hop == but)]
        try:
            await until(seconds, "traffic flows in every lane",
                        lambda: all(lane.latest_sent > since for lane in lanes))
        except Late as late:
            still = [str(lane) for lane in lanes if lane.latest_sent <= since]
            raise Late(f"{late}; not in {len(still)} of {len(lanes)}: {still[:4]}; {self.tally()}") from None
        return self.now - since

    async def settle(self, unsure: Iterable[Blind] = ()) -> None:
        """No new texts; returns when every one is accounted for and no more copies come, or SETTLING has passed.

        What is lost where nobody can tell, is not waited for as long.
        """
        for task in self._sending:
            task.cancel()
        started, unsure = self.now, set(unsure)
        while self.now < started + SETTLING:
            open_lanes = {fate.lane for fate in self._fates.values() if not fate.settled}
            if self.now > started + SETTLING_UNSURE:
                open_lanes -= {lane for lane in open_lanes if lane.blind in unsure}
            if not open_lanes and not self._transactions:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(QUIET)

    def stop(self) -> None:
        for task in (*self._sending, *self._listening, *self._transactions):
            task.cancel()

    def tally(self, unsure: Iterable[Blind] = ()) -> Tally:
        vanished = [text for text, fate in self._fates.items() if not fate.settled]
        repeated = [text for text, fate in self._fates.items() if fate.arrived > 1]
        unsure = set(unsure)

        def excused(text: str, to_xmpp: bool) -> bool:
            lane = self._fates[text].lane if text in self._fates else None
            return lane is not None and lane.to_xmpp == to_xmpp and lane.blind in unsure

        told = [fate for fate in self._fates.values() if fate.told]
        refused = [fate for fate in told if not fate.arrived]
        return Tally(
            sent=len(self._fates), arrived=sum(1 for fate in self._fates.values() if fate.arrived),
            refused=len(refused), vanished=vanished, repeated=repeated,
            refused_wrongly=len(told) - len(refused),
            unanswered=self._unanswered,
            out_of_order=[text for text, fate in self._fates.items() if fate.out_of_order],
            astray=list(self._astray),
            unsure=[text for text in vanished if excused(text, False)]
            + [text for text in repeated if excused(text, True)],
            reasons=Counter(fate.told for fate in refused),
            reasons_wrongly=Counter(fate.told for fate in told if fate.arrived))

    # Sending

    async def _send_sip(self, lane: Lane, delay: float) -> None:
        await asyncio.sleep(delay)
        pair, number = lane.pair, 0
        while True:
            text, started = self._text(lane, number), self.now
            # A task of its own: the end of the sending leaves the last transaction its time.
            transaction = asyncio.create_task(self._transact(pair, text))
            self._transactions.add(transaction)
            transaction.add_done_callback(self._transactions.discard)
            await asyncio.shield(transaction)
            number += 1
            await asyncio.sleep(max(0.0, started + self._period - self.now))

    async def _transact(self, pair: Pair, text: str) -> None:
        try:
            response = await pair.telephone.message(pair.user, bare(pair.chatter.jid), text, pair.hop)
        except (Late, OSError):
            self._unanswered += 1  # silence, and so not told
            return
        if response.status >= 300:
            self._fates[text].told = str(response.status)

    async def _send_xmpp(self, lane: Lane, delay: float) -> None:
        await asyncio.sleep(delay)
        pair, number = lane.pair, 0
        while True:
            text = self._text(lane, number)
            self._ids[pair.chatter.send(pair.address, text)] = text
            number += 1
            await asyncio.sleep(self._period)

    def _text(self, lane: Lane, number: int) -> str:
        text = f"{self._name}: {lane}, {number}"
        self._fates[text] = Fate(lane, number, self.now)
        return text

    # Hearing

    async def _hear_telephone(self) -> None:
        while True:
            got = await self._telephone.inbox.get()
            # Whom it rang for, at the domain of To: behind a registrar the Request-URI names the telephone's own host
            # (RFC 3261 section 16.5), and only To still says whose user was spoken to.
            domain = got.message.recipient.partition("@")[2]
            self._heard(got.text, (f"{got.user}@{domain}", got.sender))

    async def _hear(self, chatter: ChatUser) -> None:
        while True:
            got = await chatter.inbox.get()
            self._heard(got.text, (got.sender, bare(chatter.jid)))

    def _heard(self, text: str, ends: tuple[str, str]) -> None:
        fate = self._fates.get(text)
        if fate is None or ends != fate.lane.pair.ends:
            self._astray.append(f"{text} (between {' and '.join(ends)})")
            return
        fate.arrived += 1
        if fate.arrived > 1:
            return
        fate.out_of_order = fate.number < fate.lane.highest
        if not fate.out_of_order:
            fate.lane.highest, fate.lane.latest_sent = fate.number, fate.sent

    async def _hear_errors(self, chatter: ChatUser) -> None:
        while True:
            error = await chatter.errors.get()
            if error.id in self._ids:
                self._fates[self._ids[error.id]].told = error.condition


def _most(reasons: Counter) -> str:
    return f" ({', '.join(f'{count}x {reason}' for reason, count in reasons.most_common(3))})" if reasons else ""


def bare(jid: str) -> str:
    return jid.partition("/")[0]
