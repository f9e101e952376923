"""Chaos: several of everything; each service in turn killed, stopped for a while and drained, under steady traffic.

At the real peers nothing vanishes (it arrives, or its sender is told), nothing comes twice, nothing out of order. Where
the standards cannot tell, it is counted, named, and no more than was on a link at one moment. That is when an xmpp-edge
is killed: what it knew of a stanza that it had just written dies with it, so the next one writes it again; and a
component link (XEP-0114) has no acknowledgements, so what the XMPP server had just written to it is nobody's.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

from cases import Cases
from peers.gateway import SERVICES
from peers.sip_agent import Hop
from peers.waiting import Late
from stage import Shape, Stage
from traffic import Blind, Pair, Tally, Traffic

CHAOS, STORE_AWAY, AFTERWARDS = Cases(), Cases(), Cases()

REPLICAS = {"bus": 2, "im": 3, "xmpp-edge": 2, "sip-edge": 2}
USERS = tuple(f"user{number}" for number in range(16))
CHATTERS = ("dinah", "dormouse")
#: Each user gets and sends a text so often: 16 users, 128 texts/s.
PERIOD = 0.25
#: A killed replica's shards are somebody else's after 5 s; XMPP links and repeats need a moment more.
TAKE_OVER = 9.0
#: Longer than any lease.
PAUSE = 8.0
#: How long the store is away; $STORE_AWAY names other seconds, for a longer look than CI's.
AWAY = float(os.environ.get("STORE_AWAY", PAUSE))
#: For what was refused, and for links that come back with a pause of their own.
RECOVERY = 30.0
#: Undisturbed, after each disturbance.
STEADY = 1.0
#: Of an xmpp-edge: copies of what it wrote to either kind of link, losses of what it had not read from a component's.
BLIND_AT_A_KILL = {Blind("component", to_xmpp=True), Blind("component", to_xmpp=False), Blind("s2s", to_xmpp=True)}
#: How many texts may have been on its links at that very moment.
MOST_UNSURE = 3

#: What is done to a service, and when it is there again; takes stage, name of the process, traffic; returns a remark.
Deed = Callable[[Stage, str, Traffic], Awaitable[str]]


def chaos(store: str, replicas: dict[str, int] | None = None) -> Shape:
    """The stage: one SIP domain as component of the XMPP server, another by server-to-server streams."""
    return Shape("both", "direct", bus="tcp", users=USERS, chatters=CHATTERS, store=store,
                 replicas=REPLICAS if replicas is None else replicas)


async def _kill(stage: Stage, name: str, traffic: Traffic) -> str:
    since = traffic.now
    await stage.gateway.kill_service(name)
    if _is_alone(name):
        await stage.gateway.start_service(name)
        return f"flowed again {await traffic.flows(since, RECOVERY):.1f} s after, with its successor"
    without = await traffic.flows(since, TAKE_OVER, but=_hop(stage, name))
    back = traffic.now
    await stage.gateway.start_service(name)
    return f"flowed without it after {without:.1f} s, and {await traffic.flows(back, RECOVERY):.1f} s after its return"


async def _pause(stage: Stage, name: str, traffic: Traffic) -> str:
    since = traffic.now
    stage.gateway.pause_service(name)
    flowing = asyncio.create_task(traffic.flows(since, PAUSE + RECOVERY))
    try:
        await asyncio.sleep(PAUSE)
        stage.gateway.resume_service(name)
        back = traffic.now
        first, again = await flowing, await traffic.flows(back, RECOVERY)
    finally:
        flowing.cancel()
        stage.gateway.resume_service(name)
    return f"flowed again after {first:.1f} s, and {again:.1f} s after it went on"


async def _drain(stage: Stage, name: str, traffic: Traffic) -> str:
    since = traffic.now
    program = stage.gateway.programs[name]
    program.signal(signal.SIGTERM)
    status = await program.ended(25)
    if status != 0:
        raise AssertionError(f"{name} ended with {status}; {program.last_words()}")
    took = traffic.now - since
    if not _is_alone(name):
        await traffic.flows(traffic.now, TAKE_OVER, but=_hop(stage, name))
    back = traffic.now
    await stage.gateway.start_service(name)
    return f"ended with 0 after {took:.1f} s, flowed again {await traffic.flows(back, RECOVERY):.1f} s after its return"


async def _away(stage: Stage, name: str, traffic: Traffic) -> str:
    """The store is gone for longer than any lease."""
    await stage.postgresql.stop()
    try:
        await asyncio.sleep(AWAY)
    finally:
        back = traffic.now
        await stage.postgresql.start()
    return f"flowed {await traffic.flows(back, RECOVERY):.1f} s after its return"


DEEDS: tuple[tuple[str, Deed], ...] = (
    ("kill -9 and restart", _kill), (f"SIGSTOP for {PAUSE:g} s", _pause), ("SIGTERM and restart", _drain))


async def act(stage: Stage, deed: Deed, name: str, what: str, unsure: set[Blind]) -> Tally:
    """Traffic flows, the deed is done, traffic flows again; everything is accounted for."""
    traffic = await Traffic(what, _pairs(stage), stage.agent, PERIOD).start()
    try:
        await traffic.flows(traffic.now, RECOVERY)
        remark = await deed(stage, name, traffic)
        await asyncio.sleep(STEADY)
        await traffic.settle(unsure)
    finally:
        traffic.stop()
        for program in stage.gateway.programs:
            if not stage.gateway.programs[program].running:
                await stage.gateway.start_service(program)
    tally = traffic.tally(unsure)
    print(f"         {what}: {tally}; {remark}", flush=True)
    tally.check()
    if len(tally.unsure) > MOST_UNSURE:
        raise AssertionError(f"more than were on a link at one moment: {tally.unsure}")
    return tally


def _pairs(stage: Stage) -> list[Pair]:
    """Every sip-edge, both kinds of link and every chat user have their share."""
    hops = [Hop(port, "udp") for port in stage.sip_ports]
    chatters = [stage.alice, stage.eve, *stage.chatters]
    pairs = []
    for number, user in enumerate(USERS):
        by_component = number % 2 == 0
        pairs.append(Pair(user, stage.agent if by_component else stage.phones, hops[number // 2 % len(hops)],
                          chatters[number // 4 % len(chatters)], "component" if by_component else "s2s"))
    return pairs


def _hop(stage: Stage, name: str) -> Hop | None:
    """The SIP port that is nobody's while this process is gone."""
    edges = stage.gateway.replicas["sip-edge"]
    return Hop(stage.sip_ports[edges.index(name)], "udp") if name in edges else None


def _is_alone(name: str) -> bool:
    """A replica among several has a number."""
    return name in SERVICES


def _replica(stage: Stage, service: str, number: int) -> str:
    """Another one for each deed, as far as there are."""
    names = stage.gateway.replicas[service]
    return names[number % len(names)]


@CHAOS.case("several of every service: both kinds of link carry texts both ways, in order", 90)
async def _(stage: Stage):
    async def nothing(stage: Stage, name: str, traffic: Traffic) -> str:
        return f"flowed {await traffic.flows(traffic.now, RECOVERY):.1f} s later still"

    await _warm_up(stage)
    await act(stage, nothing, "", "undisturbed", set())


def _chaos_of(service: str, number: int, words: str, deed: Deed) -> None:
    @CHAOS.case(f"{service}, {words} under steady traffic: nothing vanishes, comes twice or out of order", 150)
    async def _(stage: Stage):
        name = _replica(stage, service, number)
        await act(stage, deed, name, f"{words}: {name}",
                  BLIND_AT_A_KILL if (service, deed) == ("xmpp-edge", _kill) else set())


for _service in SERVICES:
    for _number, (_words, _deed) in enumerate(DEEDS):
        _chaos_of(_service, _number, _words, _deed)


@STORE_AWAY.case(f"PostgreSQL away for {AWAY:g} s, longer than any lease: nothing vanishes, comes twice or out of order",
                 150 + AWAY)
async def _(stage: Stage):
    await act(stage, _away, "", f"PostgreSQL away for {AWAY:g} s", set())


@AFTERWARDS.case("nothing comes late, and every process ends with 0", 60)
async def _(stage: Stage):
    late = [stage.agent.inbox.qsize(), *(user.inbox.qsize() for user in (stage.alice, stage.eve, *stage.chatters))]
    if any(late):
        raise AssertionError(f"texts that came after all was accounted for: {late}")
    stage.gateway.terminate()
    for program in stage.gateway.programs.values():
        if (status := await program.ended(25)) != 0:
            raise AssertionError(f"{program.name} ended with {status}; {program.last_words()}")


async def _warm_up(stage: Stage) -> None:
    """Both links are up, both ways."""
    for pair in (_pairs(stage)[0], _pairs(stage)[1]):
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 30
        while (response := await pair.telephone.message(pair.user, pair.ends[1], "warm-up", pair.hop)).status != 202:
            if loop.time() > deadline:
                raise Late(f"{pair.address} could not reach {pair.ends[1]} in 30 s, the last answer: {response.start}")
            await asyncio.sleep(0.2)
        while (await pair.chatter.receive()).text != "warm-up":
            pass
    stage.forget()
