"""The lines of an estimate and of its money in the customer's language: one source for the pages and the PDFs."""

from collections.abc import Callable, Mapping

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.payments import wording
from ivr.core.money import format_cents
from ivr.web.customer.queries import Money
from ivr.web.papers.paper import Line, Table


def priced(estimate: Estimate, say: Mapping[str, str]) -> Table:
    """Return what the estimate consists of; the lines add up to its total."""
    lines = []
    if estimate.base_cents:
        lines.append(Line(say["included"], estimate.base_cents))
    if estimate.extra_hours:
        words = say["hours_1" if estimate.extra_hours == 1 else "hours_n"]
        words = words.format(hours=estimate.extra_hours, rate=format_cents(estimate.rate_cents))
        lines.append(Line(words, estimate.price.hours_cents))
    if estimate.surcharge_cents:
        notes = [estimate.surcharge_reason] if estimate.surcharge_reason else []
        lines.append(Line(say["surcharge"], estimate.surcharge_cents, notes))
    return Table(lines, say["total"], estimate.total_cents)


def increments(estimate: Estimate, say: Mapping[str, str]) -> str:
    """Return in which parts it is paid; empty when there is but the base."""
    if not estimate.units:
        return ""
    return say["prepaid" if estimate.base_cents else "prepaid_more"].format(
        base=format_cents(estimate.base_cents),
        units=estimate.units,
        unit=format_cents(estimate.increment_cents),
    )


def paid(
    money: Money,
    say: Mapping[str, str],
    language: str,
    day: Callable[[str, str], str],
    *,
    with_ids: bool = False,
) -> Table:
    """Return payments, refunds and disputes, and what we keep of them; with the provider's ids for the books."""
    lines = []
    for one in money.lines:
        notes = []
        if one.kind == "payment":
            notes.append(wording.method(language, money.providers.get(one.ref)))
            if with_ids:
                notes.append(f"{say['payment_id']}: {one.ref}")
        lines.append(Line(say[one.kind], one.cents, notes, one.at, day(one.at.isoformat(), language)))
    return Table(lines, say["kept"], money.kept)


def pending(money: Money, reference: str, say: Mapping[str, str]) -> str:
    """Say that money is on its way from a bank; if for an estimate that was replaced, what is left to pay then."""
    if not money.before:
        return say["pending"]
    cents, version = sum(one.cents for one in money.before), money.before[-1].version
    rest = money.sums.missing - cents
    return say["pending_rest" if rest > 0 else "pending_before"].format(
        paid=format_cents(cents), estimate=f"{reference}-{version}", rest=format_cents(rest)
    )
