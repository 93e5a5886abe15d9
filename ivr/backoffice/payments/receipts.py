"""The receipt: a letter for each payment, fit for the books."""

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, EstimateKind
from ivr.backoffice.payments import queries, wording
from ivr.backoffice.payments.queries import Sums
from ivr.backoffice.payments.rules import Entry
from ivr.callcenter.intake.models import Intake
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.email_addresses import is_email
from ivr.platform.timeline import service as timeline


def post(intake: Intake, quote: Estimate, payment: Entry, provider: str) -> None:
    """Mail the receipt of a payment for ``quote``. Without an address it sends none: the money is entered anyway."""
    address = intake.contact_email or ""
    if not is_email(address):
        timeline.append(intake.id, "receipt_unsent", key=payment.ref, cents=payment.cents)
        return
    sums = queries.sums(quote)
    mail.post(
        "receipt",
        to=address,
        language=intake.language,
        key=f"receipt:{payment.ref}"[:120],
        intake_id=intake.id,
        cents=payment.cents,
        payment=payment.ref,
        paid_at=clock.now().isoformat(),
        method=wording.method(intake.language, provider),
        balance=wording.balance_sentence(intake.language, sums, policy.current().refund_days),
        then=what_next(quote, sums, intake.language),
        page=letters.url_of(quote) or "",
        **letters.template_values(quote, intake),
    )


def what_next(quote: Estimate, sums: Sums, language: str) -> str:
    """Return what the customer can expect after paying; empty before, and once a date is agreed."""
    is_paid = quote.state in GOOD and not sums.missing
    if quote.kind == EstimateKind.VISIT and is_paid and bookings.find_booking(quote.intake_id) is None:
        return wording.texts(language)["call_about_day"]
    return ""
