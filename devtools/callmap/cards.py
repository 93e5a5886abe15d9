"""How a box is laid out: lines of text on the left, the labels of its arrows on the right. Lengths in pixels."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from devtools.callmap.boxes import Box, Port
from devtools.callmap.model import Entry

WIDTH: Final = 126
LINE: Final = 15
PAD: Final = 5
INSET: Final = 7
#: The width of a letter, as a part of its font size: all text is monospaced.
ADVANCE: Final = 0.605
NAME_SIZE: Final = 11
SMALL_SIZE: Final = 9.5


@dataclass(frozen=True)
class Text:
    """A line on the left. ``kind`` is "network", "job", "fault", "name", "answer" or "end"."""

    kind: str
    words: str
    line: int

    @property
    def is_marked(self) -> bool:
        """Whether a mark stands before it: ways in and ends have one."""
        return self.kind not in {"name", "answer"}

    @property
    def left(self) -> float:
        return INSET + (11 if self.is_marked else 0)

    @property
    def width(self) -> float:
        """The width, at most the room on the card: the letters of a longer text are drawn closer."""
        wanted = text_width(self.words, NAME_SIZE if self.kind == "name" else SMALL_SIZE)
        return min(wanted, WIDTH - self.left - 4)


@dataclass(frozen=True)
class Outlet:
    """A port, and the line of the card that it is on."""

    port: Port
    line: int


@dataclass(frozen=True)
class Card:
    """``anchors`` are the lines at which arrows come in, by the step they lead to."""

    box: Box
    texts: tuple[Text, ...]
    outlets: tuple[Outlet, ...]
    anchors: dict[str, int]

    @property
    def height(self) -> int:
        lines = [text.line for text in self.texts] + [outlet.line for outlet in self.outlets]
        return (max(lines) + 1) * LINE + 2 * PAD


def middle(line: int) -> float:
    """Return the distance from the top of the card to the middle of a line."""
    return PAD + (line + 0.5) * LINE


def text_width(words: str, size: float) -> float:
    return len(words) * size * ADVANCE


def pill_width(label: str) -> float:
    return text_width(label, SMALL_SIZE) + 8


def card(box: Box) -> Card:
    """Lay out a box: ways in, the name, the answer, the ends. Arrows without a label leave beside the name."""
    lines: list[tuple[str, str]] = [(entry.kind, _way_in(entry)) for entry in box.entered]
    named_at = len(lines)
    lines += [("name", box.steps[0].name)]
    lines += [("answer", _answer(box.steps[0].name, answer.name)) for answer in box.steps[1:]]
    lines += [("end", end) for end in box.ends]
    texts = tuple(Text(kind, words, at) for at, (kind, words) in enumerate(lines))
    anchors = {step.id: named_at + at for at, step in enumerate(box.steps)}
    return Card(box, texts, tuple(_outlets(box.ports, texts, named_at)), anchors)


def _outlets(ports: Iterable[Port], texts: tuple[Text, ...], named_at: int) -> Iterable[Outlet]:
    """Yield each port on the next line that has room for its labels."""
    line = named_at
    for port in ports:
        needed = sum(pill_width(label) + 3 for label in port.labels)
        while port.labels and any(
            text.line == line and text.left + text.width + needed > WIDTH - INSET for text in texts
        ):
            line += 1
        yield Outlet(port, line)
        line += 1


def _way_in(entry: Entry) -> str:
    """Return a way in as the card shows it: a job without its package, because the card is narrow."""
    return entry.name.rpartition(".")[2] if entry.kind == "job" else entry.name


def _answer(question: str, answer: str) -> str:
    """Shorten the name of an answer: it begins with the name of the question."""
    return answer.replace(question, "…", 1) if answer.startswith(question) else answer
