"""Who a request is about: the matters of one person, and the words by which the rest is found."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select

from ivr.backoffice.personal_data.spelling import spellings
from ivr.backoffice.search import queries as search_queries
from ivr.backoffice.search import rules as search_rules
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake.models import Intake
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core import phone_numbers
from ivr.core.db import session
from ivr.core.errors import Refusal

#: Fewer than the bound parameters that a statement may have. Nobody has so many.
MOST: Final = 500
_NUMBERS: Final = ("caller_number", "callback_number", "contact_number", "system_number")


class NobodyError(Refusal):
    message = "Give a phone number, an email address, a name, or an intake's reference."


class TooManyError(Refusal):
    message = f"More than {MOST} intakes match. Give a number, an address or references."


@dataclass(frozen=True)
class Subject:
    """One person. ``words`` are their numbers (E.164), email addresses and names."""

    intake_ids: tuple[int, ...]
    words: frozenset[str]

    @property
    def spellings(self) -> frozenset[str]:
        """Every way in which the words may be written where they are kept."""
        return frozenset().union(*map(spellings, self.words))


def find(typed: Iterable[str]) -> Subject:
    """Return whom these terms mean: each is a number in any form, an email address, a name or a reference.

    A number or an address finds every matter that has it; a name finds those whose customer's name holds each of its
    words. Raises NobodyError, TooManyError.
    """
    terms = [term.strip() for term in typed if term.strip()]
    if not terms:
        raise NobodyError
    ids: set[int] = set()
    words: set[str] = set()
    for term in terms:
        found, word = _meant(term)
        ids |= set(found)
        words |= {word} if word else set()
    if len(ids) > MOST:
        raise TooManyError
    return Subject(tuple(sorted(ids)), frozenset(words | _words_of(ids)) - _ours())


def of_references(references: Collection[str]) -> Subject:
    """Return the person whose matters these are."""
    ids = session.scalars(select(Intake.id).where(Intake.reference.in_(references))).all()
    return Subject(tuple(sorted(ids)), frozenset(_words_of(ids)) - _ours())


def _meant(term: str) -> tuple[Collection[int], str | None]:
    """Return the matters of one term, and the word that it is; None for a name or a reference."""
    if "@" in term:
        address = term.lower()
        of_customer = select(Intake.id).where(func.lower(Intake.contact_email) == address)
        if address in _ours():
            return session.scalars(of_customer).all(), address  # callers' messages go there, of all matters
        in_letters = select(Mail.intake_id).where(func.lower(Mail.to) == address, Mail.intake_id.is_not(None))
        return {*session.scalars(of_customer), *_numbers_of(in_letters)}, address
    if found := session.scalars(select(Intake.id).where(Intake.reference == term.upper())).all():
        return found, None
    try:
        number = phone_numbers.read(term).number
    except phone_numbers.BadNumberError:
        return _of_name(term), None
    has_it = or_(*(getattr(Intake, name) == number for name in _NUMBERS))
    promised = select(Callback.intake_id).where(Callback.number == number)
    return {*session.scalars(select(Intake.id).where(has_it)), *session.scalars(promised)}, number


def _numbers_of(statement: object) -> set[int]:
    return {one for one in session.scalars(statement) if one is not None}  # type: ignore[call-overload]  # a select


def _of_name(name: str) -> list[int]:
    wanted = search_rules.terms(name)
    ids = search_queries.find_intakes(wanted, limit=MOST + 1)
    names = session.execute(select(Intake.id, Intake.contact_name).where(Intake.id.in_(ids)))
    return [
        row.id
        for row in names
        if row.contact_name
        and all(any(hit for _, hit in search_rules.marked(row.contact_name, [term])) for term in wanted)
    ]


def _words_of(ids: Collection[int]) -> set[str]:
    columns = [getattr(Intake, name) for name in (*_NUMBERS, "contact_email", "contact_name")]
    rows = session.execute(select(*columns).where(Intake.id.in_(ids))).all()
    words = {value for row in rows for value in row[:-1] if value}
    # A first name alone is in too many other texts.
    words |= {row[-1] for row in rows if row[-1] and " " in row[-1].strip()}
    promised = select(Callback.number).where(Callback.intake_id.in_(ids), Callback.number.is_not(None))
    return words | {number for number in session.scalars(promised) if number}


def _ours() -> set[str]:
    """Return the numbers, addresses and names of the company and its staff: what has them is not this person's."""
    current = policy.current()
    ours = {current.operations_email, current.reply_to}
    for staff in session.execute(select(Staff.phone, Staff.email, Staff.name)):
        ours |= {*staff}
    return {one for one in ours if one}
