"""The prompts, read out of the script as it stands: what the flows pass to ``_()``, flow by flow."""

import ast
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ivr.company.policy.field_types import LANGUAGES
from ivr.core.translations import catalogue

FLOWS: Final = Path(__file__).parents[3] / "flows"
#: In the order in which people hear them. A flow that is not named here comes last, by its name.
TITLES: Final = {
    "front_door": "A call arrives",
    "after_hours": "The line is closed",
    "intake": "The caller's number and issue",
    "waiting": "In line",
    "screening": "A technician is rung",
    "desk": "The technician's keys",
    "briefing": "An operator is rung",
    "rescue": "Nobody came, or somebody dropped",
    "callback": "We call back",
    "closing": "The owner at the telephone",
    "phrases": "Used everywhere",
}
_VALUE: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Prompt:
    """``id`` is the English of the script."""

    id: str

    @property
    def key(self) -> str:
        """Its name in an address."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]

    @property
    def values(self) -> list[str]:
        """What is different at each call, such as a number: with one of these it is always spoken."""
        return _VALUE.findall(self.id)

    def words(self, language: str) -> str:
        """What is spoken."""
        return catalogue(FLOWS / "locale", language).gettext(self.id)

    def shown(self, language: str) -> str:
        """The words for a page, with a name in brackets for what changes."""
        return _VALUE.sub(lambda found: f"[{found[1].replace('_', ' ')}]", self.words(language))


@dataclass(frozen=True)
class Part:
    """One flow."""

    name: str
    title: str
    prompts: tuple[Prompt, ...]


@cache
def parts() -> tuple[Part, ...]:
    """The whole script. A prompt stands where it is said first."""
    known, found = set[str](), []
    others = sorted({file.stem for file in FLOWS.glob("*.py")} - TITLES.keys())
    for name in (*TITLES, *others):
        new = [words for words in _spoken_in(name) if words not in known]
        known.update(new)
        if new:
            title = TITLES.get(name, name.replace("_", " ").capitalize())
            found.append(Part(name, title, tuple(Prompt(one) for one in dict.fromkeys(new))))
    return tuple(found)


@cache
def by_key() -> dict[str, Prompt]:
    """Every prompt by its name in an address."""
    return {prompt.key: prompt for part in parts() for prompt in part.prompts}


@cache
def in_script() -> frozenset[tuple[str, str, str]]:
    """Prompt, language and words of everything that a recording may stand for."""
    return frozenset(
        (prompt.id, language, prompt.words(language))
        for prompt in by_key().values()
        if not prompt.values
        for language in LANGUAGES
    )


def _spoken_in(name: str) -> list[str]:
    file = FLOWS / f"{name}.py"
    if not file.exists():
        return []
    calls = [
        node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
    ]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [str(call.args[0].value) for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
