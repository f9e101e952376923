"""A text that a telephone which is not ours has received."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PeerText:
    #: user@host of the sender.
    sender: str
    text: str
