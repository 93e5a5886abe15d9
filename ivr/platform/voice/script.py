"""The script, as far as the code below ``flows`` needs to know it. The application passes it in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivr.core.errors import Refusal


@dataclass(frozen=True)
class Chapter:
    """One file of the script whose prompts may be recorded: its name in addresses, its title, and the file."""

    name: str
    title: str
    source: Path
    #: The most that one prompt of it may last, in seconds: whoever is called has less patience than whoever calls.
    longest: int = 12


@dataclass(frozen=True)
class Script:
    """``locale`` is the folder of the translations. The two sentences are in the language of the moment."""

    chapters: tuple[Chapter, ...]
    locale: Path
    #: What is said when a turn fails.
    apology: Callable[[], str]
    #: What is said when a turn is refused.
    refusal: Callable[[Refusal], str]
    #: Notes that somebody keyed or said a card number, and returns what they hear before anything else.
    card_heard: Callable[[object], str | None]


#: The script of an application without flows.
EMPTY: Final = Script(
    chapters=(), locale=Path(), apology=str, refusal=lambda _: "", card_heard=lambda _: None
)
