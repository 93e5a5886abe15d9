"""The items of a new line's checklist, and how each looks at itself: in the database, or at what was found outside."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import select

from ivr.company.first_run.models import SetupCheck
from ivr.company.hours import sentences
from ivr.company.hours import service as hours
from ivr.company.hours.models import StoredCalendar
from ivr.company.mail import service as mail
from ivr.company.mail.models import MailState
from ivr.company.policy import rules as policy_rules
from ivr.company.policy import service as policy
from ivr.company.policy.models import PolicyValue
from ivr.company.staff import roster
from ivr.company.staff.models import CALLED
from ivr.core.config import Config
from ivr.core.db import session
from ivr.core.phone_numbers import shown_number

#: Which templates write the letter to oneself.
LETTER: Final = "letter_to_oneself"


class Item(StrEnum):
    """What is to be done, in the order of the page."""

    COMPANY = "company"
    HOURS = "hours"
    PRICES = "prices"
    PEOPLE = "people"
    MAIL = "mail"
    PAYMENTS = "payments"
    NUMBER = "number"


class Said(StrEnum):
    """What an owner has confirmed: the value is right as it is, and there is nothing else that shows it."""

    COMPANY = "company"
    HOURS = "hours"
    NO_PAYMENTS = "no_payments"


class Standing(NamedTuple):
    """How an item stands, in words; and when and by whom it was looked at, where somebody had to look."""

    item: Item
    is_done: bool
    found: str
    at: datetime | None = None
    by: str = ""
    #: What an owner may confirm here.
    may_say: Said | None = None


_Kept = dict[str, SetupCheck]


def _company(_config: Config, kept: _Kept) -> Standing:
    current = policy.current()
    found = f"Emails and the payment page say {current.company_name}, {shown_number(current.company_phone)}."
    if session.get(PolicyValue, "company_name") is not None:
        return Standing(Item.COMPANY, is_done=True, found=found)
    return _confirmed(Item.COMPANY, Said.COMPANY, kept, found)


def _hours(_config: Config, kept: _Kept) -> Standing:
    week = sentences.spoken_week(hours.calendar(), "en")
    if session.scalar(select(StoredCalendar.id)) is not None:
        return Standing(Item.HOURS, is_done=True, found=week)
    return _confirmed(Item.HOURS, Said.HOURS, kept, week)


def _prices(_config: Config, _kept: _Kept) -> Standing:
    current = policy.current()
    if current.hourly_rate_cents is None:
        missing = "There is no hourly rate, so nobody can make an estimate."
        return Standing(Item.PRICES, is_done=False, found=missing)
    fee, rate = (policy_rules.shown(current, name) for name in ("base_fee_cents", "hourly_rate_cents"))
    return Standing(Item.PRICES, is_done=True, found=f"A visit is {fee}, each additional hour {rate}.")


def _people(_config: Config, _kept: _Kept) -> Standing:
    here = [one for one in roster.everyone() if one.is_active]
    missing = []
    for role in CALLED:
        theirs = [one for one in here if one.role == role]
        if not theirs:
            missing.append(f"There is no {role}.")
        elif not any(one.phone_tested_at for one in theirs):
            missing.append(f"No {role} has answered a test call yet.")
    found = " ".join(missing) or "A technician and an operator have answered a test call."
    return Standing(Item.PEOPLE, is_done=not missing, found=found)


def _mail(config: Config, kept: _Kept) -> Standing:
    if not config.smtp_url:
        if config.is_production:
            missing = "No mail server is set up, so no email leaves this service."
            return Standing(Item.MAIL, is_done=False, found=missing)
        desk = "This is a development machine: emails go to the Outbox."
        return Standing(Item.MAIL, is_done=True, found=desk)
    if (check := kept.get(Item.MAIL)) is not None:
        return _as_noted(Item.MAIL, check)
    return Standing(Item.MAIL, is_done=False, found=_letter_under_way())


def _letter_under_way() -> str:
    last = mail.last_of(LETTER)
    if last is None:
        return "Nobody has checked yet that emails arrive."
    if last.state == MailState.QUEUED:
        return f"A test email to {last.to} is on its way. Open it and click its link."
    if last.state == MailState.SENT:
        return f"The mail server took the email to {last.to}. Open it and click its link."
    return f"The email to {last.to} did not arrive: {last.why}"


def _payments(config: Config, kept: _Kept) -> Standing:
    if config.stripe_api_key:
        return _as_noted(Item.PAYMENTS, kept.get(Item.PAYMENTS))
    if not config.is_production:
        desk = "This is a development machine: customers pay on a sandbox page, and no money is real."
        return Standing(Item.PAYMENTS, is_done=True, found=desk)
    off = "No key of Stripe is set up, so nobody can pay online."
    return _confirmed(Item.PAYMENTS, Said.NO_PAYMENTS, kept, off)


def _number(_config: Config, kept: _Kept) -> Standing:
    return _as_noted(Item.NUMBER, kept.get(Item.NUMBER))


def _as_noted(item: Item, check: SetupCheck | None) -> Standing:
    if check is None:
        return Standing(item, is_done=False, found="Nobody has checked it yet.")
    return Standing(item, check.is_well, check.words, check.checked_at, check.checked_by)


def _confirmed(item: Item, said: Said, kept: _Kept, found: str) -> Standing:
    check = kept.get(said)
    if check is None:
        return Standing(item, is_done=False, found=found, may_say=said)
    return Standing(item, is_done=True, found=found, at=check.checked_at, by=check.checked_by)


#: Given the configuration and what was found before, each returns how its item stands.
LOOKS: Final[dict[Item, Callable[[Config, _Kept], Standing]]] = {
    Item.COMPANY: _company,
    Item.HOURS: _hours,
    Item.PRICES: _prices,
    Item.PEOPLE: _people,
    Item.MAIL: _mail,
    Item.PAYMENTS: _payments,
    Item.NUMBER: _number,
}
