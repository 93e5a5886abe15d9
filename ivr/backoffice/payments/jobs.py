"""Asking the till, outside any transaction: what became of a page, which refunds there are; closing pages."""

from structlog import get_logger

from ivr.backoffice.payments import ledger, queries, service
from ivr.backoffice.payments.models import Checkout
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import Switchboard
from ivr.platform.providers.checkout import Till

log = get_logger(__name__)


def look_after(board: Switchboard, job: Job) -> None:
    """Ask how a page stands of which nothing was heard, and again later while it may still change."""
    with board.database.reading():
        checkout = service.unsettled(int(job.payload["checkout_id"]))
    if checkout is not None and (till := _till_of(board, checkout)):
        _look(board, till, checkout)
        with board.database.transaction():
            if still := service.unsettled(checkout.id):
                service.look_later(still)


def close_pages(board: Switchboard, job: Job) -> None:
    """Close what can still be paid of an estimate; one that was paid in this moment is entered as such."""
    with board.database.reading():
        pages = queries.unsettled(int(job.payload["quote_id"]))
    for checkout in pages:
        if till := _till_of(board, checkout):
            till.close_checkout(str(checkout.page_id))
            _look(board, till, checkout)


def note_refunds(board: Switchboard, job: Job) -> None:
    """Events only say that something about refunds changed: the till knows them all."""
    checkout_id, payment = int(job.payload["checkout_id"]), str(job.payload["payment"])
    with board.database.reading() as session:
        checkout = session.get_one(Checkout, checkout_id)
    if till := _till_of(board, checkout):
        refunds = till.refunds(payment)
        with board.database.transaction():
            ledger.note_refunds(checkout_id, refunds)


def match(board: Switchboard, job: Job) -> None:
    """Look once more whose payment an event is about."""
    with board.database.transaction():
        ledger.match(int(job.payload["event_id"]))


def _look(board: Switchboard, till: Till, checkout: Checkout) -> None:
    event = till.look(str(checkout.page_id))
    with board.database.transaction():
        ledger.take(till.name, event)


def _till_of(board: Switchboard, checkout: Checkout) -> Till | None:
    till = board.till()
    if till is not None and till.name == checkout.provider:
        return till
    # A key was set, changed or removed since: the page is at a provider that we cannot ask.
    log.warning("payment_provider_gone", provider=checkout.provider, checkout=checkout.id)
    return None
