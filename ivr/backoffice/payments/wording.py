"""What customers read about payment, in their language: on the pages and in the receipt."""

from collections.abc import Mapping, Sequence
from typing import Final

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.payments.queries import Sums
from ivr.backoffice.payments.service import ClosedEstimateError, NothingToPayError, OnItsWayError
from ivr.core.errors import Refusal
from ivr.core.money import format_cents
from ivr.platform.providers.checkout import PaymentRefusedError, PaymentsOffError, PaymentUnavailableError


def texts(language: str) -> dict[str, str]:
    """Return the words of the pages, by name."""
    return _WORDS.get(language, _WORDS["en"])


def method(language: str, provider: str | None) -> str:
    """Return how a payment was made, as far as we know: only the provider knows the card or the account."""
    words = texts(language)
    return words.get(f"by_{provider}", words["by_other"])


def payment_sentences(
    language: str, reference: str, quote: Estimate, counts_for: Estimate, paid: Sequence[int]
) -> list[str]:
    """Say that the latest payment for the estimate has arrived, and which estimate it counts for."""
    words = texts(language)
    theirs, other = f"{reference}-{quote.version}", f"{reference}-{counts_for.version}"
    if not paid:
        return [
            words["settled"].format(estimate=theirs)
            if quote.state == EstimateState.PAID
            else words["other_currency"]
        ]
    arrived = words["paid"].format(paid=format_cents(paid[-1]), estimate=theirs)
    return [arrived] if counts_for is quote else [arrived, words["counts_for"].format(estimate=other)]


def of_refusal(language: str, refusal: Refusal) -> str:
    """Say why the customer cannot pay now, in English where their language has no words for the refusal."""
    return _REFUSALS.get(language, {}).get(type(refusal), refusal.shown)


def balance_sentence(language: str, sums: Sums, days: int) -> str:
    """Say what comes back within ``days`` days, or what is still to pay; empty when nothing is."""
    words, paid, excess = texts(language), sums.paid, sums.excess
    if excess:
        within = words["day" if days == 1 else "days"].format(days=days)
        is_twice = len(paid) == 2 and paid[0] == paid[1] == excess
        return words["returns_twice" if is_twice else "returns"].format(
            excess=format_cents(excess), within=within
        )
    if 0 < sums.missing < sums.total:
        done = format_cents(sums.total - sums.missing)
        return words["rest"].format(
            paid=done, total=format_cents(sums.total), missing=format_cents(sums.missing)
        )
    return ""


_EN: Final = {
    "by_stripe": "Online, through Stripe",
    "by_sandbox": "Online, a test: no money moved",
    "by_other": "Online",
    "returns_twice": "You have paid {excess} twice. We'll send the second {excess} back to the card or account you "
    "paid with, within {within}.",
    "returns": "You have paid {excess} more than is due. We'll send the {excess} back to the card or account you "
    "paid with, within {within}.",
    "day": "1 business day",
    "days": "{days} business days",
    "rest": "{paid} of {total} is paid; {missing} is still to pay.",
    "counts_for": "It counts for estimate {estimate}, which took its place.",
    "settled": "Estimate {estimate} is paid.",
    "other_currency": "Your payment came in another currency. We'll call you about it.",
    "call_about_day": "We'll call you to agree on the day of your visit.",
    "too_much_title": "We'll send money back to you",
    "paid_title": "Thank you",
    "paid": "Your payment of {paid} for estimate {estimate} has arrived.",
    "receipt": "A receipt is on its way to you by email.",
    "pending_title": "Your bank is still processing the payment",
    "pending": "We'll write to you as soon as the payment for {reference} has arrived. You don't need to do "
    "anything.",
    "waiting_title": "We haven't received a payment yet",
    "waiting": "If you've just paid, this can take a moment. Checking again doesn't charge you twice.",
    "failed_title": "The payment didn't go through",
    "failed": "Nothing was charged. Please go back to the estimate and try again, or call us.",
    "again": "Check again",
    "back": "Back to the estimate",
    "print": "Open your receipt to print it",
    "refused_title": "You can't pay right now",
    "onward_title": "Opening the payment page",
    "onward": "Continue to the payment page",
}
_ES: Final = {
    "by_stripe": "En línea, a través de Stripe",
    "by_sandbox": "En línea, una prueba: no se movió dinero",
    "by_other": "En línea",
    "returns_twice": "Usted pagó {excess} dos veces. Le devolveremos los {excess} del segundo pago a la tarjeta o "
    "cuenta con la que pagó, en un plazo de {within}.",
    "returns": "Usted pagó {excess} más de lo que debía. Le devolveremos los {excess} a la tarjeta o cuenta con la que "
    "pagó, en un plazo de {within}.",
    "day": "1 día hábil",
    "days": "{days} días hábiles",
    "rest": "Usted ha pagado {paid} de {total}; le faltan {missing} por pagar.",
    "counts_for": "Cuenta para el presupuesto {estimate}, que lo reemplazó.",
    "settled": "El presupuesto {estimate} está pagado.",
    "other_currency": "Su pago llegó en otra moneda. Le llamaremos al respecto.",
    "call_about_day": "Le llamaremos para acordar el día de su visita.",
    "too_much_title": "Le devolveremos dinero",
    "paid_title": "Gracias",
    "paid": "Recibimos su pago de {paid} por el presupuesto {estimate}.",
    "receipt": "Le enviamos un recibo por correo electrónico.",
    "pending_title": "Su banco todavía está procesando el pago",
    "pending": "Le escribiremos en cuanto llegue el pago para {reference}. No tiene que hacer nada.",
    "waiting_title": "Todavía no hemos recibido ningún pago",
    "waiting": "Si acaba de pagar, puede tardar un momento. Revisar otra vez no le cobra dos veces.",
    "failed_title": "El pago no se realizó",
    "failed": "No se cobró nada. Vuelva al presupuesto e inténtelo otra vez, o llámenos.",
    "again": "Revisar otra vez",
    "back": "Volver al presupuesto",
    "print": "Abrir su recibo para imprimirlo",
    "refused_title": "No puede pagar en este momento",
    "onward_title": "Abriendo la página de pago",
    "onward": "Continuar a la página de pago",
}
_REFUSALS_ES: Final[Mapping[type[Refusal], str]] = {
    PaymentUnavailableError: (
        "No se puede abrir la página de pago en este momento. No se cobró nada. Inténtelo de nuevo en un minuto."
    ),
    PaymentRefusedError: "No se puede abrir la página de pago. No se cobró nada. Llámenos y le ayudaremos a pagar.",
    PaymentsOffError: "Aquí no se puede pagar en línea. No se cobró nada. Llámenos para pagar.",
    ClosedEstimateError: (
        "Este presupuesto ya no se puede pagar. No se cobró nada. Su página dice por qué; o llámenos."
    ),
    OnItsWayError: "Su pago está en camino desde su banco. No tiene que hacer nada.",
    NothingToPayError: "Este presupuesto ya está pagado. No se cobró nada más.",
}
_WORDS: Final = {"en": _EN, "es": _ES}
_REFUSALS: Final = {"es": _REFUSALS_ES}
