"""What customers read about paying, in their language."""

from typing import Final

from ivr.payments.interfaces import PaymentsOffError, TillRefusedError, TillUnavailableError
from ivr.payments.service import ClosedEstimateError, NothingToPayError


def of(language: str) -> dict[str, str]:
    """The words of the pages, by what they say."""
    return _WORDS.get(language, _WORDS["en"])


_EN: Final = {
    "paid_title": "Thank you",
    "paid": "Your payment of {paid} for {reference} has arrived. We will be in touch about the visit.",
    "receipt": "A receipt is on its way to you by e-mail.",
    "pending_title": "Your bank takes its time",
    "pending": "We will write to you as soon as the payment for {reference} has arrived. You need not do anything.",
    "waiting_title": "We have not heard of a payment yet",
    "waiting": "When you have just paid, this can take a moment. Nothing is paid twice if you look again.",
    "failed_title": "The payment did not go through",
    "failed": "Nothing was charged. Please go back to the estimate and try again, or call us.",
    "again": "Look again",
    "back": "Back to the estimate",
    "refused_title": "You can not pay just now",
}
_ES: Final = {
    "paid_title": "Gracias",
    "paid": "Su pago de {paid} para {reference} ha llegado. Nos comunicaremos con usted sobre la visita.",
    "receipt": "Le enviamos un recibo por correo electrónico.",
    "pending_title": "Su banco se toma su tiempo",
    "pending": "Le escribiremos en cuanto llegue el pago para {reference}. No tiene que hacer nada.",
    "waiting_title": "Todavía no sabemos de ningún pago",
    "waiting": "Si acaba de pagar, puede tardar un momento. Mirar otra vez no paga dos veces.",
    "failed_title": "El pago no se realizó",
    "failed": "No se cobró nada. Vuelva al presupuesto e inténtelo otra vez, o llámenos.",
    "again": "Mirar otra vez",
    "back": "Volver al presupuesto",
    "refused_title": "No puede pagar en este momento",
    TillUnavailableError.__name__: (
        "No se puede abrir la página de pago en este momento. No se cobró nada. Inténtelo de nuevo en un minuto."
    ),
    TillRefusedError.__name__: (
        "No se puede abrir la página de pago. No se cobró nada. Llámenos y le ayudaremos a pagar."
    ),
    PaymentsOffError.__name__: "Aquí no se puede pagar en línea. No se cobró nada. Llámenos para pagar.",
    ClosedEstimateError.__name__: (
        "Este presupuesto ya no se puede pagar. No se cobró nada. Su página dice por qué; o llámenos."
    ),
    NothingToPayError.__name__: "Este presupuesto ya está pagado. No se cobró nada más.",
}
_WORDS: Final = {"en": _EN, "es": _ES}
