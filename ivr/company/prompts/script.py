"""Reads the prompts from the script's source: what the flows pass to ``_()``, flow by flow."""

import ast
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ivr.company.policy.field_types import LANGUAGES
from ivr.core.translations import catalogue
from ivr.platform.voice.script import Script

_VALUE: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Prompt:
    """``id`` is the English text in the script; ``locale`` is the folder of its translations."""

    id: str
    locale: Path

    @property
    def key(self) -> str:
        """The prompt's name in URLs."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]

    @property
    def values(self) -> list[str]:
        """The values that differ from call to call, such as a number: a prompt with any of them is always spoken."""
        return _VALUE.findall(self.id)

    def words(self, language: str) -> str:
        """Returns the spoken words."""
        return catalogue(self.locale, language).gettext(self.id)

    def shown(self, language: str) -> str:
        """Returns the words for a page, with a name in brackets for each value."""
        return _VALUE.sub(lambda found: f"[{found[1].replace('_', ' ')}]", self.words(language))


@dataclass(frozen=True)
class Part:
    """The prompts of one flow."""

    name: str
    title: str
    prompts: tuple[Prompt, ...]


@cache
def parts(script: Script) -> tuple[Part, ...]:
    """Returns the flows with prompts, in the order of the script. A prompt belongs to the first flow that says it."""
    known, found = set[str](), []
    for chapter in script.chapters:
        new = dict.fromkeys(words for words in spoken_in(chapter.source) if words not in known)
        known.update(new)
        if new:
            prompts = tuple(Prompt(words, script.locale) for words in new)
            found.append(Part(chapter.name, chapter.title, prompts))
    return tuple(found)


@cache
def by_key(script: Script) -> dict[str, Prompt]:
    """Returns every prompt by its name in URLs."""
    return {prompt.key: prompt for part in parts(script) for prompt in part.prompts}


@cache
def in_script(script: Script) -> frozenset[tuple[str, str, str]]:
    """Returns prompt, language and words of everything that a recording may replace."""
    return frozenset(
        (prompt.id, language, prompt.words(language))
        for prompt in by_key(script).values()
        if not prompt.values
        for language in LANGUAGES
    )


def spoken_in(source: Path) -> list[str]:
    """Returns the English prompts of a file, in its order."""
    calls = [
        node
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
    ]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [str(call.args[0].value) for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
