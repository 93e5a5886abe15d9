"""What an operator wants in an estimate, and the columns that result."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ivr.backoffice.estimates import queries, rules
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, Price
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.core import clock


class RateNotSetError(rules.BadPriceError):
    message = (
        "The owner has not set the hourly rate yet: no estimate can be made. It is on the settings page."
    )


class NoReasonError(rules.BadPriceError):
    message = "Enter a short reason, 200 characters at most. It is kept with the estimate."

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NotAgreedError(rules.BadPriceError):
    message = "Enter who agreed to the extra hours on site."
    field = "agreed_by"


@dataclass(frozen=True)
class EstimateDraft:
    """An operator's input. Without a rate the agreed rate holds; without ``valid_until`` the owner's setting."""

    kind: EstimateKind = EstimateKind.VISIT
    extra_hours: int = 0
    rate_cents: int | None = None
    rate_reason: str | None = None
    surcharge_cents: int = 0
    surcharge_reason: str | None = None
    valid_until: date | None = None
    agreed_by: str | None = None
    agreed_at: datetime | None = None


def agreed_rate(intake_id: int, kind: EstimateKind) -> int | None:
    """Return the rate of a further hour, in cents: for more time the visit's rate, else the owner's setting."""
    is_more = kind == EstimateKind.MORE_TIME
    return rate_after(queries.in_force(intake_id, EstimateKind.VISIT) if is_more else None)


def rate_after(visit: Estimate | None) -> int | None:
    """Return the rate of a further hour that goes on from this visit's estimate, or from none."""
    return visit.rate_cents if visit else policy.current().hourly_rate_cents


def price(intake_id: int, wanted: EstimateDraft) -> Price:
    """Return the price of the input. Raises RateNotSetError, BadPriceError."""
    current = policy.current()
    rate = wanted.rate_cents if wanted.rate_cents is not None else agreed_rate(intake_id, wanted.kind)
    if rate is None:
        raise RateNotSetError
    return Price(
        kind=wanted.kind,
        base_cents=0 if wanted.kind == EstimateKind.MORE_TIME else current.base_fee_cents,
        extra_hours=wanted.extra_hours,
        rate_cents=rate,
        surcharge_cents=wanted.surcharge_cents,
        increment_cents=current.increment_cents,
    )


def values_of(intake: Intake, wanted: EstimateDraft) -> dict[str, Any]:
    """Return the estimate's columns. Raises BadPriceError; NoReasonError and NotAgreedError are kinds of it."""
    sum_ = price(intake.id, wanted)
    if wanted.surcharge_cents and not wanted.surcharge_reason:
        raise NoReasonError("surcharge_reason")
    is_agreed = sum_.rate_cents == agreed_rate(intake.id, wanted.kind)
    if not (is_agreed or wanted.rate_reason):
        raise NoReasonError("rate_reason")
    if wanted.kind == EstimateKind.MORE_TIME and not wanted.agreed_by:
        raise NotAgreedError
    return {
        "kind": wanted.kind,
        "base_cents": sum_.base_cents,
        "hours_included": 0 if wanted.kind == EstimateKind.MORE_TIME else 1,
        "extra_hours": sum_.extra_hours,
        "rate_cents": sum_.rate_cents,
        "rate_reason": None if is_agreed else wanted.rate_reason,
        "surcharge_cents": sum_.surcharge_cents,
        "surcharge_reason": wanted.surcharge_reason if sum_.surcharge_cents else None,
        "increment_cents": sum_.increment_cents,
        "total_cents": sum_.total_cents,
        "units": sum_.units,
        "valid_until": wanted.valid_until
        or queries.today() + timedelta(days=policy.current().estimate_valid_days),
        "language": intake.language,
        "agreed_by": wanted.agreed_by if wanted.kind == EstimateKind.MORE_TIME else None,
        "agreed_at": (wanted.agreed_at or clock.now()) if wanted.kind == EstimateKind.MORE_TIME else None,
    }
