"""What upstreams of every dialect read and say, in one neutral form.

`Seen` is a request as an upstream understood it, `Answer` what it is to say. Each dialect's class
turns its own form into the one and the other into its own form, written from the vendor's
documentation and independent of the program under test.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Text:
    text: str


@dataclass
class Thought:
    text: str
    signature: str = ""


@dataclass
class Call:
    name: str
    args: Any
    id: str = ""
    signature: str = ""


@dataclass
class Result:
    content: Any
    id: str = ""
    name: str = ""
    failed: bool | None = None


@dataclass
class Media:
    kind: str            # image, document
    mime: str = ""
    data: str = ""       # Base64
    url: str = ""


@dataclass
class Refusal:
    text: str


@dataclass
class Tool:
    name: str
    description: str
    schema: dict


@dataclass
class Usage:
    """Input includes what was cached, output what was thought."""
    input: int = 120
    output: int = 40
    cached: int = 0
    reasoning: int = 0


@dataclass
class Answer:
    items: list
    finish: str = "stop"  # stop, length, tool_calls, content_filter, refusal
    usage: Usage = field(default_factory=Usage)
    fragments: bool = False  # arguments of calls bit by bit, by vendors that can otherwise

    def of(self, kind) -> list:
        return [item for item in self.items if isinstance(item, kind)]

    def text(self) -> str:
        return "".join(item.text for item in self.of(Text))


@dataclass
class Turn:
    role: str  # user, assistant
    item: Any


@dataclass
class Seen:
    stream: bool = False
    system: str = ""
    turns: list = field(default_factory=list)
    tools: list = field(default_factory=list)
    choice: str = ""              # "", auto, none, required, or the name of one tool
    parallel: bool | None = None
    schema: dict | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    stop: list = field(default_factory=list)
    reasoning: bool = False
    cached: bool = False          # a marker says that the prompt is to be cached

    def add(self, role: str, item) -> None:
        last = self.turns[-1].item if self.turns else None
        if isinstance(item, Thought) and isinstance(last, Thought) and not last.signature:
            last.text, last.signature = last.text + item.text, item.signature
            return
        self.turns.append(Turn(role, item))

    def of(self, kind) -> list:
        return [turn.item for turn in self.turns if isinstance(turn.item, kind)]

    def user_text(self) -> str:
        """All that the user said since the assistant last spoke."""
        words = []
        for turn in reversed(self.turns):
            if turn.role != "user":
                break
            if isinstance(turn.item, Text):
                words.insert(0, turn.item.text)
        return "".join(words)


class Problem(Exception):
    """A request that the vendor would refuse."""


def need(value, what: str):
    """`value`, or a Problem where it is missing."""
    if value is None or value == "" or value == []:
        raise Problem(f"{what} is missing")
    return value


def only(value: dict, known: str, where: str) -> None:
    """No members but the known ones (names with blanks between)."""
    strange = sorted(set(value) - set(known.split()))
    if strange:
        raise Problem(f"{where}: unknown members {strange}")


def pieces(text: str, size: int = 7) -> list[str]:
    return [text[at:at + size] for at in range(0, len(text), size)]
