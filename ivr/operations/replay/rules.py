"""Recorded webhooks and their answers, compared with the answers of today's code."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: The ids in an address: what a leg was rung for, and also the intake that a caller was asked about.
_LEG: Final = re.compile(r"\b(offer|callback)=(\d+)")
_ID: Final = re.compile(r"\b(offer|callback|intake)=(\d+)")
#: Random, so never the same twice.
_CLIP: Final = re.compile(r"/clips/[\w.-]+\.wav")

#: By recorded id, the id in the rerun: ("offer", "12") -> "3".
Ids = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class RecordedWebhook:
    """A webhook and its answer. ``params`` is None where keys and words are private and not kept."""

    number: int
    at: datetime
    about: str
    path: str
    params: dict[str, str] | None
    answer: str

    @property
    def id(self) -> tuple[str, str] | None:
        """The offer or the callback that its leg was rung for."""
        found = _LEG.search(self.path)
        return (found[1], found[2]) if found else None


@dataclass(frozen=True)
class RecordedLeg:
    """A telephone that the service rang, and the offer or callback that it was rung for."""

    sid: str
    number: str
    id: tuple[str, str]


def legs_of(webhooks: Sequence[RecordedWebhook]) -> list[RecordedLeg]:
    """Return the legs that were rung, in the order of their first webhooks."""
    legs: dict[str, RecordedLeg] = {}
    for one in webhooks:
        if one.id and one.params and one.about == one.params.get("CallSid"):
            legs.setdefault(one.about, RecordedLeg(one.about, one.params.get("To", ""), one.id))
    return list(legs.values())


def asked_about(webhooks: Sequence[RecordedWebhook]) -> int | None:
    """Return the id of the intake that the caller was asked about; None if they were asked about none."""
    found = (_ID.search(one.path) for one in webhooks)
    return next((int(one[2]) for one in found if one and one[1] == "intake"), None)


def readdressed(text: str, ids: Ids) -> str:
    """Return the text with each recorded id replaced by that of the rerun; an id that is not known stays."""
    return _ID.sub(lambda found: f"{found[1]}={ids.get((found[1], found[2]), found[2])}", text)


def difference(then: str, now: str, ids: Ids) -> list[str]:
    """Return a unified diff of two documents, one verb a line; empty when they are the same."""
    return list(
        difflib.unified_diff(
            _lines(readdressed(then, ids)), _lines(now), fromfile="then", tofile="now", lineterm="", n=1
        )
    )


def _lines(document: str) -> list[str]:
    return _CLIP.sub("/clips/clip.wav", document).replace("><", ">\n<").splitlines()
