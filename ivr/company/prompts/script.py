"""Reads the prompts from the script's source: what the flows pass to ``_()``, flow by flow."""

import ast
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from ivr.company.policy.field_types import LANGUAGES
from ivr.company.prompts import places, wording
from ivr.company.prompts.places import Place
from ivr.core.translations import catalogue
from ivr.platform.voice.script import Chapter, Script

_ONE_READS: Final = Lock()


@dataclass(frozen=True)
class Prompt:
    """``id`` is the English text in the script; ``locale`` is the folder of its translations."""

    id: str
    locale: Path
    heard: tuple[Place, ...] = ()
    #: The most seconds that the owner's own words may last.
    longest: int = 12

    @property
    def key(self) -> str:
        """The prompt's name in URLs."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]

    @property
    def values(self) -> list[str]:
        """The values that differ from call to call, such as a number: a prompt with any of them is always spoken."""
        return [name for name in wording.values(self.id) if name not in wording.SAME_AT_EACH_CALL]

    def words(self, language: str) -> str:
        """Return the words of the script."""
        return catalogue(self.locale, language).gettext(self.id)

    def shown(self, language: str) -> str:
        """Return the words for a page, with a name in brackets for each value."""
        return wording.shown(self.words(language))


@dataclass(frozen=True)
class Part:
    """The prompts of one flow."""

    name: str
    title: str
    prompts: tuple[Prompt, ...]


def parts(script: Script) -> tuple[Part, ...]:
    """Return the flows with prompts, in the order of the script. A prompt belongs to the first flow that says it.

    The first who ask read the source one after the other: two threads that parse at once may fault in Python 3.11
    (SystemError, AST constructor recursion depth mismatch).
    """
    with _ONE_READS:
        return _parts(script)


@cache
def _parts(script: Script) -> tuple[Part, ...]:
    where = places.places(script)
    first: dict[str, Chapter] = {}
    heard: dict[str, list[Place]] = defaultdict(list)
    for chapter in script.chapters:
        for words, function in said_in(chapter.source):
            first.setdefault(words, chapter)
            heard[words].extend(where[chapter.source.stem, function])
    found = []
    for chapter in script.chapters:
        prompts = tuple(
            Prompt(words, script.locale, tuple(dict.fromkeys(heard[words])), chapter.longest)
            for words, its in first.items()
            if its is chapter
        )
        if prompts:
            found.append(Part(chapter.name, chapter.title, prompts))
    return tuple(found)


@cache
def by_key(script: Script) -> dict[str, Prompt]:
    """Return every prompt by its name in URLs."""
    return {prompt.key: prompt for part in parts(script) for prompt in part.prompts}


@cache
def by_id(script: Script) -> dict[str, Prompt]:
    """Return every prompt by its English text."""
    return {prompt.id: prompt for prompt in by_key(script).values()}


@cache
def in_script(script: Script) -> frozenset[tuple[str, str, str]]:
    """Return prompt, language and words of everything that a recording may replace."""
    return frozenset(
        (prompt.id, language, prompt.words(language))
        for prompt in by_key(script).values()
        if not prompt.values
        for language in LANGUAGES
    )


def spoken_in(source: Path) -> list[str]:
    """Return the English prompts of a file, in its order."""
    return [words for words, _function in said_in(source)]


def said_in(source: Path) -> list[tuple[str, str]]:
    """Return the English prompts of a file, in its order, each with the function that says it."""
    said = [
        (call.lineno, call.col_offset, str(call.args[0].value), function.name)
        for function in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_"
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    return [(words, function) for _line, _column, words, function in sorted(said)]
