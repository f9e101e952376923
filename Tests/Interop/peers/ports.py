"""Loopback ports that nobody uses, below the range from which the kernel takes ports for outgoing connections."""

import random
import socket

HOST = "127.0.0.1"
_FIRST, _LAST = 20000, 32000
_given: set[int] = set()
_dice = random.SystemRandom()


def free_port() -> int:
    """A port that is free for UDP and TCP now and that this run gives out once."""
    for _ in range(1000):
        port = _dice.randrange(_FIRST, _LAST)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise RuntimeError(f"no free port between {_FIRST} and {_LAST} on {HOST}")


def preferred_port(port: int) -> int:
    """This port when nobody has it, else any."""
    return port if _is_free(port) else free_port()


def free_pair() -> int:
    """The first of two neighbouring free ports (a bus takes N and N+1)."""
    for _ in range(1000):
        port = free_port()
        if port + 1 not in _given and _is_free(port + 1):
            _given.add(port + 1)
            return port
    raise RuntimeError(f"no two free neighbouring ports between {_FIRST} and {_LAST} on {HOST}")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                return False
    return True
