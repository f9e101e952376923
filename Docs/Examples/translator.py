#!/usr/bin/python3
"""A translator outside the tree, in another language: it says what it hears again, LOUDER.

It takes the work of a service of its own, `shout`: a message that came in at xmpp-edge (StanzaArrival) goes back as a
stanza by xmpp-edge, an Opaque payload of type `example.Shout` comes back in the reply. From the repository's folder:
    apt install python3-zmq python3-protobuf protobuf-compiler && mkdir generated
    protoc -I Shared/Gateway/BusContract/proto --python_out=generated causeway/v1/bus.proto
    PYTHONPATH=generated Docs/Examples/translator.py tcp://127.0.0.1:5550          # one address for each broker

What the contract asks of everyone on the bus, in the order of the code: send again until the answer comes; do each
delivery once and give a repeat the same answer; do those of one key in their order; say ok only when every effect has
left; derive the id of what you send from what you got. Several such processes would take `shout/SS/` of theirs alone.
"""
import asyncio
import hashlib
import os
import sys
import weakref

import zmq.asyncio
from causeway.v1 import bus_pb2 as bus
from google.protobuf.message import DecodeError

SERVICE = "shout"
INSTANCE = f"{SERVICE}.{os.getpid()}.{os.urandom(8).hex()}"  # no other has or had this name


class Translator:
    def __init__(self, brokers):
        context = zmq.asyncio.Context()
        self.inlet, self.outlets = context.socket(zmq.SUB), [context.socket(zmq.PUB) for _ in brokers]
        for broker, outlet in zip(brokers, self.outlets):  # port N takes what is published, N + 1 serves subscribers
            outlet.connect(broker)
            address, _, port = broker.rpartition(":")
            self.inlet.connect(f"{address}:{int(port) + 1}")
        for prefix in (f"{SERVICE}/", f"reply/{INSTANCE}/"):
            self.inlet.subscribe(prefix)
        self.expected = {}  # id of what we sent: the future of its reply
        self.answers = {}  # id of what we were sent: the task that makes its reply, for as long as a repeat may come
        self.turns = weakref.WeakValueDictionary()  # of each key that is being worked on

    async def run(self):
        while True:
            frames = await self.inlet.recv_multipart()
            try:
                parcel = bus.Parcel.FromString(frames[-1])
            except DecodeError:
                print("dropped: no parcel of the contract", flush=True)
                continue
            for delivery in parcel.deliveries:
                asyncio.ensure_future(self.take(delivery, parcel.sender))
            for reply in parcel.replies:
                if expected := self.expected.pop(reply.id, None):
                    expected.set_result(reply)

    def publish(self, topic, attempt, **content):
        octets = bus.Parcel(sender=INSTANCE, **content).SerializeToString()
        self.outlets[attempt % len(self.outlets)].send_multipart([topic.encode(), octets])

    async def deliver(self, service, delivery, deadline):
        """The reply to what we send: asked for again after 200 ms, then at doubled intervals, by the next broker."""
        loop, pause, attempt = asyncio.get_running_loop(), 0.2, 0
        reply = self.expected[delivery.id] = loop.create_future()
        while not reply.done() and (left := deadline - loop.time()) > 0:
            delivery.patience_ms = int(left * 1000)
            self.publish(f"{service}/{shard(delivery.key):02x}/", attempt, deliveries=[delivery])
            await asyncio.wait([reply], timeout=min(pause, left))
            pause, attempt = pause * 2, attempt + 1
        self.expected.pop(delivery.id, None)
        return reply.result() if reply.done() else bus.Reply(failed=bus.Failed(reason="deadline", text=service))

    async def take(self, delivery, sender):
        """Works on a delivery the first time it comes; every time it comes, its sender gets the one answer."""
        loop, new = asyncio.get_running_loop(), delivery.id not in self.answers
        if new:
            self.answers[delivery.id] = asyncio.ensure_future(self.work(delivery, loop.time()))
        reply = await asyncio.shield(self.answers[delivery.id])
        reply.id = delivery.id
        for broker in range(len(self.outlets)):  # any may be gone; a second copy of a reply is ignored
            self.publish(f"reply/{sender}/", broker, replies=[reply])
        if new:  # remembered for longer than any delivery lives; but after "busy" the same may come again and be done
            loop.call_later(0 if reply.HasField("busy") else 45, self.answers.pop, delivery.id)

    async def work(self, delivery, now):
        async with self.turns.setdefault(delivery.key, asyncio.Lock()):
            payload = delivery.payload
            if payload.opaque.type == "example.Shout":
                payload.opaque.value = payload.opaque.value.upper()
                return bus.Reply(ok=bus.Ok(answer=payload))
            if payload.stanza_arrival.stanza.name == "message":
                child = hashlib.sha256(delivery.id + b"shout").digest()[:16]  # doing it again sends the same id
                stanza = bus.Payload(stanza=shouted(payload.stanza_arrival.stanza, child.hex()))
                sent = bus.Delivery(id=child, key=delivery.key, trace=delivery.trace, payload=stanza)
                return await self.deliver("xmpp-edge", sent, now + delivery.patience_ms / 1000)
            reason = "unsupported" if payload.WhichOneof("kind") else "malformed"
            return bus.Reply(failed=bus.Failed(reason=reason, text=f"{SERVICE} takes messages"))


def shouted(stanza, identifier):
    for attribute in stanza.attributes:
        attribute.name = {"from": "to", "to": "from"}.get(attribute.name, attribute.name)
        attribute.value = identifier if attribute.name == "id" else attribute.value
    for body in (child.element for child in stanza.children if child.element.name == "body"):
        for node in body.children:
            node.text = node.text.upper()
    return stanza


def shard(key):
    """FNV-1a of the key's UTF-8 in 64 bits, its eight octets combined by exclusive or."""
    digest = 0xCBF29CE484222325
    for octet in key.encode():
        digest = (digest ^ octet) * 0x100000001B3 % (1 << 64)
    for width in (32, 16, 8):
        digest ^= digest >> width
    return digest & 0xFF


asyncio.run(Translator(sys.argv[1:]).run())
