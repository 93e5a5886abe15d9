"""The owner's own words in place of a prompt's: typed, taken back, and which of them are in force."""

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import Table, delete, select

from ivr.company.policy import cache
from ivr.company.policy import service as policy
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.policy.trail import Somebody
from ivr.company.prompts import wording
from ivr.company.prompts.models import PromptWords
from ivr.company.prompts.script import Prompt
from ivr.core import clock
from ivr.core.db import insert_of, is_on_postgres, session, transaction_is_open
from ivr.platform.voice import pace

_READ: Final = "prompts.own_words"


def type_in(prompt: Prompt, language: str, text: str, by: Somebody) -> bool:
    """Have this said instead of the prompt from now on; the prompt's own words are as none. Returns whether it is new.

    Raises the refusals of ``wording``.
    """
    template = look_at(prompt, language, text)
    if wording.typed(template) == prompt.shown(language):
        return take_back(prompt, language, by)
    before = _kept(prompt, language)
    if before is not None and before.words == template:
        return False
    row = {"words": template, "made_at": clock.now(), "made_by": by.name[:100]}
    table = cast("Table", PromptWords.__table__)
    statement: Any = insert_of(table, is_on_postgres()).values(prompt=prompt.id, language=language, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["prompt", "language"], set_=row))
    if before is not None:
        session.expire(before)
    _changed(prompt, language, _told(before, prompt, language), wording.typed(template), by)
    return True


def look_at(prompt: Prompt, language: str, text: str) -> str:
    """Return the template of what was typed, and change nothing. Raises the refusals of ``wording``."""
    return wording.read(text, prompt.words(language), longest=longest(prompt, language))


def longest(prompt: Prompt, language: str) -> int:
    """Return the most seconds that own words may last: what its place allows, or what the script itself takes."""
    return max(prompt.longest, pace.seconds(prompt.words(language)))


def take_back(prompt: Prompt, language: str, by: Somebody) -> bool:
    """Have the script's own words said again. Returns whether there were others."""
    before = _kept(prompt, language)
    if before is None:
        return False
    told = _told(before, prompt, language)
    session.execute(delete(PromptWords).where(PromptWords.id == before.id))
    _changed(prompt, language, told, prompt.shown(language), by)
    return True


def all_kept() -> list[PromptWords]:
    """Return all that the owner has typed, also for prompts that the script no longer has."""
    return list(session.scalars(select(PromptWords).order_by(PromptWords.id)))


def forget(row: PromptWords, by: Somebody) -> None:
    """Delete words for a prompt that the script no longer has."""
    policy.record(_subject(row.prompt, row.language), wording.typed(row.words), "deleted", by)
    cache.changed(_READ)
    session.delete(row)


def in_language(language: str) -> Mapping[str, str]:
    """Return, for the script, the owner's templates by prompt. A document that needs no database has none of them."""
    if not transaction_is_open():
        return {}
    return cache.cached(_READ, _read).get(language, {})


def shown(prompt: Prompt, language: str) -> str:
    """Return what is in force, as people read and type it, with brackets around values."""
    own = in_language(language).get(prompt.id)
    return prompt.shown(language) if own is None else wording.typed(own)


def spoken(prompt: Prompt, language: str) -> str:
    """Return what is said for a prompt whose values are the same at each call."""
    own = in_language(language).get(prompt.id)
    values = {"company": policy.current().company_name}
    if own is not None:
        return own % values
    words = prompt.words(language)
    return words % values if wording.values(words) else words


def _read() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    rows = session.execute(select(PromptWords.prompt, PromptWords.language, PromptWords.words))
    for prompt, language, words in rows:
        read.setdefault(language, {})[prompt] = words
    return read


def _kept(prompt: Prompt, language: str) -> PromptWords | None:
    return session.scalar(
        select(PromptWords).where(PromptWords.prompt == prompt.id, PromptWords.language == language)
    )


def _told(row: PromptWords | None, prompt: Prompt, language: str) -> str:
    return prompt.shown(language) if row is None else wording.typed(row.words)


def _changed(prompt: Prompt, language: str, before: str, after: str, by: Somebody) -> None:
    policy.record(_subject(prompt.id, language), before, after, by)
    cache.changed(_READ)


def _subject(prompt: str, language: str) -> str:
    return f"Prompt, {LANGUAGES[language]}: {wording.shown(prompt)}"
