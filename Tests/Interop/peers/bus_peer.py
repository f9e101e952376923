"""A peer on the bus, with pyzmq and what protoc makes of the published contract: as a service in any language would."""

import asyncio
import importlib
import os
import pathlib
import subprocess
import sys

import zmq
import zmq.asyncio

from .waiting import within

PROTO = pathlib.Path(__file__).resolve().parents[3] / "Shared/Gateway/BusContract/proto"


def generate(folder: pathlib.Path) -> pathlib.Path:
    """The contract as a Python package, in a folder that is to be on the path."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["protoc", "-I", PROTO, f"--python_out={folder}", "causeway/v1/bus.proto"], check=True, timeout=60,
                   stdin=subprocess.DEVNULL)
    return folder


def contract(generated: pathlib.Path):
    """The generated module; loaded once, whatever folder it was first generated in."""
    sys.path.insert(0, str(generated))
    try:
        return importlib.import_module("causeway.v1.bus_pb2")
    finally:
        sys.path.remove(str(generated))


class BusPeer:
    """Sends deliveries until they are answered, and hears what comes for the prefixes it subscribes to."""

    def __init__(self, broker: str, generated: pathlib.Path, *prefixes: str):
        self.bus = contract(generated)
        self.instance = f"interop.{os.getpid()}.{os.urandom(8).hex()}"
        #: Deliveries for the prefixes, each with its sender.
        self.deliveries: asyncio.Queue = asyncio.Queue()
        self.replies: asyncio.Queue = asyncio.Queue()
        self._context = zmq.asyncio.Context()
        self._inlet, self._outlet = self._context.socket(zmq.SUB), self._context.socket(zmq.PUB)
        address, _, port = broker.rpartition(":")
        self._inlet.connect(f"{address}:{int(port) + 1}")
        self._outlet.connect(broker)
        for prefix in (f"reply/{self.instance}/", *prefixes):
            self._inlet.subscribe(prefix)
        self._hearing = asyncio.create_task(self._hear())

    def close(self) -> None:
        self._hearing.cancel()
        self._context.destroy(linger=0)

    async def ask(self, topic: str, delivery, seconds: float = 20):
        """The reply to a delivery, which is published until it comes."""

        async def repeat():
            while True:
                self.publish(topic, deliveries=[delivery])
                try:
                    reply = await asyncio.wait_for(self.replies.get(), 0.2)
                except asyncio.TimeoutError:
                    continue
                if reply.id == delivery.id:
                    return reply

        return await within(seconds, f"a reply to what was published for {topic}", repeat())

    def publish(self, topic: str, **content) -> None:
        self.publish_octets(topic, self.bus.Parcel(sender=self.instance, **content).SerializeToString())

    def publish_octets(self, topic: str, octets: bytes) -> None:
        self._outlet.send_multipart([topic.encode(), octets])

    async def _hear(self) -> None:
        while True:
            parcel = self.bus.Parcel.FromString((await self._inlet.recv_multipart())[-1])
            for delivery in parcel.deliveries:
                self.deliveries.put_nowait((delivery, parcel.sender))
            for reply in parcel.replies:
                self.replies.put_nowait(reply)
