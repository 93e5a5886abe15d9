"""The receipt, a letter for each payment: fit for the books. Everything here runs in the open transaction."""

from ivr import clock
from ivr.bookings import service as bookings
from ivr.calls.service import record
from ivr.company import service as company
from ivr.intake.models import Intake
from ivr.intake.rules import is_email
from ivr.mail import service as mail
from ivr.payments import queries, words
from ivr.payments.queries import Sums
from ivr.payments.rules import Entry
from ivr.quotes import letters
from ivr.quotes.models import Quote
from ivr.quotes.rules import GOOD, VISIT


def post(intake: Intake, quote: Quote, payment: Entry, provider: str) -> None:
    """Mail it. Without an address there is none: that must not hold up the money. ``quote`` is what it is for."""
    address = intake.contact_email or ""
    if not is_email(address):
        record(intake.id, "receipt_unsent", key=payment.ref, cents=payment.cents)
        return
    sums = queries.sums(quote)
    mail.post(
        "receipt",
        to=address,
        language=intake.language,
        key=f"receipt:{payment.ref}"[:120],
        intake_id=intake.id,
        cents=payment.cents,
        paid_at=clock.now().isoformat(),
        method=words.method(intake.language, provider),
        balance=words.of_balance(intake.language, sums, company.current().refund_days),
        then=what_next(quote, sums, intake.language),
        page=letters.url_of(quote) or "",
        **letters.about(quote, intake),
    )


def what_next(quote: Quote, sums: Sums, language: str) -> str:
    """What the customer may wait for once it is paid; empty before, and when it is known."""
    is_paid = quote.state in GOOD and not sums.missing
    if quote.kind == VISIT and is_paid and bookings.of(quote.intake_id) is None:
        return words.of(language)["call_about_day"]
    return ""
