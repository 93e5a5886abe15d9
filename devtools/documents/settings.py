"""The page of settings: the environment's variables, and the owner's values."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devtools.documents.markdown import code, page, prose, table
from ivr.company.policy.field_types import Kind, Money, Whole
from ivr.company.policy.rules import VALUES
from ivr.core.config import VARIABLES, Variable

_SAMPLE: Final = Path(__file__).resolve().parents[2] / ".env.example"

_ENVIRONMENT: Final = (
    "Read once, at the start. Each fault is named, all at once, and nothing starts until there is none. "
    "An empty variable counts as unset. `.env.example` has them all, to copy."
)
_OWNER: Final = "Set in the console under Settings. Settings, Changes says who has changed what."


def settings() -> str:
    """Return the page."""
    return page(
        "Settings",
        "What is set where the service is started, and what its owner sets in the console.",
        [
            "## The environment",
            _ENVIRONMENT,
            *_variables(),
            "## The owner's values",
            _OWNER,
            table(
                ("value", "what it is", "at first", "possible"),
                (
                    (
                        f"**{one.label}**<br>{code(one.name)}",
                        one.sentence,
                        one.kind.show(one.default),
                        _bounds(one.kind),
                    )
                    for one in VALUES.values()
                ),
            ),
        ],
    )


def _variables() -> Iterator[str]:
    words = _words()
    for one in VARIABLES:
        yield f"### {one.name}"
        yield words[one.name]
        yield "\n".join(_facts(one))


def _facts(one: Variable) -> Iterator[str]:
    yield f"- In production: {'required' if one.is_required else 'may be left out'}"
    if one.rule.remedy:
        yield f"- Where it is wrong, the start says: {one.rule.remedy}"
    if one.in_production.remedy not in {"", one.rule.remedy}:
        yield f"- Where production refuses it, the start says: {one.in_production.remedy}"


def _words() -> dict[str, str]:
    """What .env.example says of each variable; those of one paragraph share it."""
    said: dict[str, str] = {}
    for paragraph in _SAMPLE.read_text(encoding="utf-8").split("\n\n"):
        words = " ".join(re.findall(r"^# (.*)$", paragraph, re.MULTILINE))
        said |= dict.fromkeys(re.findall(r"^([A-Z_]+)=$", paragraph, re.MULTILINE), words)
    return said


def _bounds(kind: Kind) -> str:
    match kind:
        case Money():
            return f"{kind.show(kind.least)} to {kind.show(kind.most)}" + (
                ", or not set" if kind.optional else ""
            )
        case Whole():
            return f"{kind.least} to {kind.most} {kind.unit}"
        case _:
            return prose(type(kind).__doc__)
