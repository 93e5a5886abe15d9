"""The letter with the link, and what became of it. Everything here runs in the open transaction of ``ivr.db``."""

from collections.abc import Iterable
from datetime import datetime, time

from sqlalchemy import select

from ivr.db import session
from ivr.hours import rules as hours_rules
from ivr.hours import service as hours
from ivr.intake.models import Intake
from ivr.mail import service as mail
from ivr.mail.models import Mail
from ivr.quotes import rules
from ivr.quotes.models import Quote


def post(quote: Quote, intake: Intake, url: str) -> None:
    """Mail the estimate with its link, in the customer's language. Raises BadAddressError."""
    last_minute = hours_rules.moment(hours.calendar(), datetime.combine(quote.valid_until, time(23, 59)))
    mail.post(
        "more_time" if quote.kind == rules.MORE_TIME else "estimate",
        to=intake.contact_email or "",
        language=quote.language,
        key=_key(quote.id),
        intake_id=intake.id,
        url=url,
        reference=intake.reference,
        until=last_minute.isoformat(),
        agreed_by=quote.agreed_by or "",
        agreed_at=quote.agreed_at.isoformat() if quote.agreed_at else "",
        base_cents=quote.base_cents,
        extra_hours=quote.extra_hours,
        rate_cents=quote.rate_cents,
        hours_cents=quote.price.hours_cents,
        surcharge_cents=quote.surcharge_cents,
        total_cents=quote.total_cents,
        units=quote.units,
        increment_cents=quote.increment_cents,
    )


def post_again(quote: Quote, to: str) -> None:
    """Mail it once more after it came back. Raises BadAddressError, NotReturnedError."""
    mail.again(_key(quote.id), to=to)


def of(quotes: Iterable[Quote]) -> dict[int, Mail]:
    """The letters of these estimates, by the estimate's id."""
    keys = {_key(quote.id): quote.id for quote in quotes}
    return {keys[one.key]: one for one in session.scalars(select(Mail).where(Mail.key.in_(keys)))}


def _key(quote_id: int) -> str:
    return f"quote:{quote_id}"
