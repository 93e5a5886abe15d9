"""The letter with the link, and what became of it."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select

from ivr.backoffice.estimates import queries, rules
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal

#: How often a customer may have the link mailed again: so many letters a day, with a pause between them.
MOST_A_DAY: Final = 3
PAUSE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


class TooOftenError(Refusal):
    message = "We have just emailed it, or three times today."


class NoLinkError(Refusal):
    message = "There is no current estimate whose link we could email to a known address."


def post(quote: Estimate, intake: Intake, url: str) -> None:
    """Mail the estimate with its link, in the customer's language. Raises BadAddressError."""
    last_minute = hours_rules.moment(hours.calendar(), datetime.combine(quote.valid_until, time(23, 59)))
    mail.post(
        "more_time" if quote.kind == EstimateKind.MORE_TIME else "estimate",
        to=intake.contact_email or "",
        language=quote.language,
        key=_key(quote.id),
        intake_id=intake.id,
        url=url,
        until=last_minute.isoformat(),
        agreed_by=_somebody_else(quote.agreed_by, intake.contact_name),
        agreed_at=quote.agreed_at.isoformat() if quote.agreed_at else "",
        **template_values(quote, intake),
    )


def template_values(quote: Estimate, intake: Intake) -> dict[str, Any]:
    """Return what the templates need: what it is about, and the items of the total."""
    return {
        **about(intake),
        "estimate": f"{intake.reference}-{quote.version}",
        "base_cents": quote.base_cents,
        "extra_hours": quote.extra_hours,
        "rate_cents": quote.rate_cents,
        "hours_cents": quote.price.hours_cents,
        "surcharge_cents": quote.surcharge_cents,
        "surcharge_reason": quote.surcharge_reason or "",
        "total_cents": quote.total_cents,
    }


def about(intake: Intake) -> dict[str, Any]:
    """Return what every letter to a customer names: the customer, the site, the issue, and the reference."""
    return {
        "reference": intake.reference,
        "name": intake.contact_name or "",
        "place": ", ".join(line.strip() for line in (intake.site_address or "").splitlines()),
        "issue": " ".join((intake.detailed_issue or "").split()),
    }


def post_again(quote: Estimate, to: str) -> None:
    """Mail a returned letter once more. Raises BadAddressError, NotReturnedError."""
    mail.again(_key(quote.id), to=to)


def post_link(quote: Estimate, intake: Intake) -> None:
    """Mail the customer the link of this estimate, which is in force, to the intake's email address.

    Raises NoLinkError, TooOftenError, BadAddressError.
    """
    url = url_of(quote)
    if url is None or not intake.contact_email:
        raise NoLinkError
    # The lock makes two requests at the same moment see each other's letters.
    session.scalars(select(Intake.id).where(Intake.id == intake.id).with_for_update()).one()
    now, before = clock.now(), link_letters(intake.id)
    if len(before) >= MOST_A_DAY or any(now - one.created_at < PAUSE for one in before):
        raise TooOftenError
    mail.post(
        "link",
        to=intake.contact_email,
        language=quote.language,
        key=f"link:{intake.id}:{now.isoformat()}",
        intake_id=intake.id,
        url=url,
        **template_values(quote, intake),
    )


def link_letters(intake_id: int) -> list[Mail]:
    """Return the link-only letters that the customer asked for within a day, latest first."""
    recent = Mail.kind == "link", Mail.created_at > clock.now() - _DAY
    wanted = select(Mail).where(Mail.intake_id == intake_id, *recent)
    return list(session.scalars(wanted.order_by(Mail.id.desc())))


def letters_by_estimate(quotes: Iterable[Estimate]) -> dict[int, Mail]:
    """Return the letters of these estimates, by the estimate's id."""
    quotes = list(quotes)
    keys = [_key(quote.id) for quote in quotes]
    return among(session.scalars(select(Mail).where(Mail.key.in_(keys))), quotes)


def among(letters: Iterable[Mail], quotes: Iterable[Estimate]) -> dict[int, Mail]:
    """Return those of the letters that are these estimates', by the estimate's id."""
    keys = {_key(quote.id): quote.id for quote in quotes}
    return {keys[one.key]: one for one in letters if one.key in keys}


def is_perhaps_scanned(quote: Estimate, opened_at: datetime) -> bool:
    """Whether an opening at that moment is perhaps a mail scanner's, and not the customer's."""
    return rules.is_perhaps_scanned(opened_at, mailed_at(quote, letters_by_estimate([quote]).get(quote.id)))


def mailed_at(quote: Estimate, letter: Mail | None) -> datetime | None:
    """Return when the mail server took the letter; before that, when the estimate was sent."""
    return (letter.sent_at if letter else None) or quote.sent_at


def url_of(quote: Estimate) -> str | None:
    """Return the customer's link, read from its letter (nothing else has it); None once that letter is deleted."""
    letter = letters_by_estimate([quote]).get(quote.id)
    return letter.values.get("url") if letter else None


def page_of(intake_id: int) -> str:
    """Return the customer's link to their matter; empty while no estimate for the visit is in force."""
    quote = queries.in_force(intake_id, EstimateKind.VISIT)
    return (url_of(quote) if quote else None) or ""


def _somebody_else(agreed_by: str | None, customer: str | None) -> str:
    """Return who agreed; nothing when that is the customer, who reads this: "Elena" is Elena Ruiz."""
    names, theirs = ({*(name or "").casefold().split()} for name in (agreed_by, customer))
    return "" if names <= theirs or (theirs and theirs <= names) else agreed_by or ""


def _key(quote_id: int) -> str:
    return f"quote:{quote_id}"
