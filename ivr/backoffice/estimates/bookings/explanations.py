"""What a customer reads of a canceled visit, in the letter and on their page."""

from collections.abc import Mapping
from typing import Final

from ivr.backoffice.estimates.bookings.rules import CancelReason
from ivr.core.money import format_cents


def why(language: str, reason: CancelReason | None) -> str:
    """Return the reason as a sentence; empty without one."""
    return _WHY.get(language, _WHY["en"])[reason] if reason else ""


def money(language: str, paid_cents: int) -> str:
    """Return what becomes of the money paid so far; empty when nothing was. A refund is a person's to decide."""
    if paid_cents <= 0:
        return ""
    return _MONEY.get(language, _MONEY["en"]).format(paid=format_cents(paid_cents))


_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        CancelReason.ASKED: "You asked us to cancel it.",
        CancelReason.OURS: "Our technician cannot come at that time. We apologize.",
        CancelReason.SITE: "Our technician cannot get to the site, or cannot work there, at that time.",
        CancelReason.SOLVED: "The problem was solved without a visit.",
    },
    "es": {
        CancelReason.ASKED: "Usted nos pidió cancelarla.",
        CancelReason.OURS: "Nuestro técnico no puede ir en ese horario. Le pedimos disculpas.",
        CancelReason.SITE: "Nuestro técnico no puede llegar al lugar, o no puede trabajar allí, en ese horario.",
        CancelReason.SOLVED: "El problema se resolvió sin una visita.",
    },
}
_MONEY: Final = {
    "en": "Your payment of {paid} stays with us until we agree with you on a new day, or on what happens with it.",
    "es": "Conservamos su pago de {paid} hasta que acordemos con usted un nuevo día o qué hacer con él.",
}
