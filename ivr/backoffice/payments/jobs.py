"""Questions to the payment provider, outside any transaction: pages, what became of them, refunds, and fees."""

from structlog import get_logger

from ivr.backoffice.payments import fees, ledger, queries, refunds, service
from ivr.backoffice.payments.models import Checkout
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.checkout import PaymentProvider, PaymentRefusedError, PaymentUnavailableError

log = get_logger(__name__)


def look_after(context: JobContext, job: Job) -> None:
    """Ask the state of a page that sent no event, and ask again later while the state may change."""
    with context.database.reading():
        checkout = service.unsettled(int(job.payload["checkout_id"]))
    if checkout is not None and (provider := _provider_of(context, checkout)):
        _look(context, provider, checkout)
        with context.database.transaction():
            if still := service.unsettled(checkout.id):
                service.look_later(still)


def close_pages(context: JobContext, job: Job) -> None:
    """Close the pages of an estimate that can still be paid, or only the page of ``checkout_id``.

    One that was paid just now is entered as paid.
    """
    only = job.payload.get("checkout_id")
    with context.database.reading():
        pages = queries.unsettled(int(job.payload["quote_id"]))
    for checkout in pages:
        if only in {None, checkout.id} and (provider := _provider_of(context, checkout)):
            provider.close_checkout(str(checkout.page_id))
            _look(context, provider, checkout)


def note_refunds(context: JobContext, job: Job) -> None:
    """Ask the provider for all refunds: an event only says that some refund changed."""
    checkout_id, payment = int(job.payload["checkout_id"]), str(job.payload["payment"])
    with context.database.reading() as session:
        checkout = session.get_one(Checkout, checkout_id)
    if provider := _provider_of(context, checkout):
        refunds = provider.refunds(payment)
        with context.database.transaction():
            ledger.note_refunds(checkout_id, refunds)


def refund(context: JobContext, job: Job) -> None:
    """Have the provider make a refund that staff asked for. A repeat finds the one that was made."""
    with context.database.reading() as session:
        order = refunds.asked(int(job.payload["refund_id"]))
        checkout = session.get_one(Checkout, order.checkout_id) if order else None
    if order is None or checkout is None:
        return
    provider = _provider_of(context, checkout)
    try:
        made = provider.refund(order.payment, order.cents, key=order.key) if provider else None
    except PaymentRefusedError:
        made = None
    with context.database.transaction():
        refunds.sent(order.id, made.id) if made else refunds.refused(order.id)


def note_fee(context: JobContext, job: Job) -> None:
    """Ask the provider what it kept of a payment. Nobody waits for it: a refusal or an outage is asked again later."""
    checkout_id, payment = int(job.payload["checkout_id"]), str(job.payload["payment"])
    with context.database.reading() as session:
        checkout = session.get(Checkout, checkout_id) if fees.unknown(payment) else None
    if checkout is None or not (provider := _provider_of(context, checkout)):
        return
    try:
        cents = provider.fee(payment)
    except (PaymentRefusedError, PaymentUnavailableError):
        cents = None
    with context.database.transaction():
        fees.note(checkout, payment, cents)


def match(context: JobContext, job: Job) -> None:
    """Try once more to find the payment that an event belongs to."""
    with context.database.transaction():
        ledger.match(int(job.payload["event_id"]))


def _look(context: JobContext, provider: PaymentProvider, checkout: Checkout) -> None:
    event = provider.look(str(checkout.page_id))
    with context.database.transaction():
        ledger.take(provider.name, event)


def _provider_of(context: JobContext, checkout: Checkout) -> PaymentProvider | None:
    provider = context.payments()
    if provider is not None and provider.name == checkout.provider:
        return provider
    # The key was set, changed or removed since: the page is at a provider that we cannot ask.
    log.warning("payment_provider_gone", provider=checkout.provider, checkout=checkout.id)
    return None
