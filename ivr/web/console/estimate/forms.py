"""Reads an operator's form of an estimate, and refuses it field by field. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.company.policy.field_types import BadValueError, Money

_RATE: Final = Money(0, estimates_rules.MOST_CENTS, optional=True)
#: On top of the hours.
SURCHARGE: Final = Money(0, estimates_rules.MOST_CENTS)
FIELDS: Final = (
    "extra_hours",
    "rate",
    "rate_reason",
    "surcharge",
    "surcharge_reason",
    "valid_until",
    "agreed_by",
)


class BadFieldsError(Exception):
    """Some fields cannot be read; ``errors`` gives the reason by name."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


def read(form: Mapping[str, str], *, today: date) -> EstimateDraft:
    """Return what the form asks for. Raises BadFieldsError."""
    errors: dict[str, str] = {}
    typed = {name: " ".join(form.get(name, "").split()) for name in FIELDS}
    hours, rate, surcharge, until = 0, None, 0, None
    if typed["extra_hours"].isdecimal() and typed["extra_hours"].isascii() and len(typed["extra_hours"]) <= 3:
        hours = int(typed["extra_hours"])
    elif typed["extra_hours"]:
        errors["extra_hours"] = "Enter whole hours, from 0 to 40."
    try:
        rate = _RATE.read(typed["rate"])
    except BadValueError as refused:
        errors["rate"] = refused.shown
    try:
        surcharge = SURCHARGE.read(typed["surcharge"] or "0") or 0
    except BadValueError as refused:
        errors["surcharge"] = refused.shown
    try:
        until = date.fromisoformat(typed["valid_until"]) if typed["valid_until"] else None
        if until is not None and not 0 <= (until - today).days <= 365:
            errors["valid_until"] = "Choose a day from today on, within a year."
    except ValueError:
        errors["valid_until"] = "Enter the day, such as 2026-12-07."
    for name in ("rate_reason", "surcharge_reason", "agreed_by"):
        if len(typed[name]) > estimates_rules.LONGEST_REASON or not typed[name].isprintable():
            errors[name] = f"At most {estimates_rules.LONGEST_REASON} characters, in one line."
    if errors:
        raise BadFieldsError(errors)
    return EstimateDraft(
        kind=EstimateKind.MORE_TIME if form.get("kind") == EstimateKind.MORE_TIME else EstimateKind.VISIT,
        extra_hours=hours,
        rate_cents=rate,
        rate_reason=typed["rate_reason"] or None,
        surcharge_cents=surcharge,
        surcharge_reason=typed["surcharge_reason"] or None,
        valid_until=until,
        agreed_by=typed["agreed_by"] or None,
    )


def shown(quote: Estimate | None, *, agreed_cents: int | None) -> dict[str, str]:
    """Return the initial values of the fields: those of an estimate, or empty ones."""
    rate = quote.rate_cents if quote else agreed_cents
    return {
        "extra_hours": str(quote.extra_hours) if quote else "",
        "rate": _RATE.write(rate),
        "rate_reason": (quote.rate_reason if quote else None) or "",
        "surcharge": SURCHARGE.write(quote.surcharge_cents if quote and quote.surcharge_cents else None),
        "surcharge_reason": (quote.surcharge_reason if quote else None) or "",
        "valid_until": "",
        "agreed_by": (quote.agreed_by if quote else None) or "",
    }
