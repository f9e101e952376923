"""The cases, each a sentence about what a user or an operator sees."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from stage import Stage


@dataclass(frozen=True)
class Case:
    sentence: str
    play: Callable[[Stage], Awaitable[None]]
    seconds: float


class Cases:
    """A list of cases that a decorator fills in the order in which they are written."""

    def __init__(self):
        self.all: list[Case] = []

    def case(self, sentence: str, seconds: float = 60):
        def register(play):
            self.all.append(Case(sentence, play, seconds))
            return play

        return register
