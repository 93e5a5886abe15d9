"""What the portal says, in the languages of the line: one name, a sentence in each."""

from datetime import date
from typing import Final

from babel.dates import format_date

_ENGLISH: Final = {
    "visit": "Your onsite visit",
    "more_time": "More time on site",
    "about_visit": "What the visit costs, and how the sum comes about.",
    "about_more_time": "Further hours that you have agreed to, at the rate of your visit.",
    "estimate": "Estimate",
    "for": "For",
    "site": "Site",
    "good_until": "Good until",
    "sent_on": "Sent",
    "agreed_by": "Agreed by",
    "what": "What you pay",
    "item": "Item",
    "each": "Each",
    "quantity": "Quantity",
    "sum": "Sum",
    "base": "Onsite support fee",
    "base_hint": "The trip and the first hour on site.",
    "units": "Additional increments of {unit}",
    "total": "Total",
    "how": "How it comes about",
    "included": "The trip and the first hour on site",
    "hours_1": "1 further hour at {rate}",
    "hours_n": "{hours} further hours at {rate} each",
    "surcharge": "Location and scope of the work",
    "pay": "Pay {total}",
    "pay_hint": "You go on to the page of our payment provider. Your card number never reaches us.",
    "terms": "Good to know",
    "term_hours": "Time on site is billed in whole hours; each further hour is {rate}.",
    "term_more": "Should the work take longer than estimated, we ask you first. Only if you agree do we send another "
    "link, for the further hours, at the same rate.",
    "term_paid_first": "The visit is prepaid. Once you have paid we confirm the day and the time with you.",
    "term_questions": "Questions? Call us at {phone} and say {reference}.",
    "paid_title": "Paid. Thank you.",
    "paid": "We have received {total} for this estimate. We will be in touch about the day of the visit.",
    "superseded_title": "There is a newer estimate",
    "superseded": "This one has been replaced. Please use the link in our latest e-mail.",
    "withdrawn_title": "This estimate was withdrawn",
    "withdrawn": "It cannot be paid any more.",
    "expired_title": "This estimate has expired",
    "expired": "It was good until {until}. We will gladly renew it.",
    "call": "Call us at {phone} and say {reference}.",
    "other_language": "Español",
    "print": "Print this page for your records.",
}
_SPANISH: Final = {
    "visit": "Su visita en sitio",
    "more_time": "Más tiempo en sitio",
    "about_visit": "Lo que cuesta la visita y cómo se compone el importe.",
    "about_more_time": "Horas adicionales que usted ha aceptado, a la tarifa de su visita.",
    "estimate": "Presupuesto",
    "for": "Para",
    "site": "Lugar",
    "good_until": "Válido hasta",
    "sent_on": "Enviado",
    "agreed_by": "Aceptado por",
    "what": "Lo que usted paga",
    "item": "Concepto",
    "each": "Precio",
    "quantity": "Cantidad",
    "sum": "Importe",
    "base": "Tarifa de soporte en sitio",
    "base_hint": "El viaje y la primera hora en sitio.",
    "units": "Incrementos adicionales de {unit}",
    "total": "Total",
    "how": "Cómo se compone",
    "included": "El viaje y la primera hora en sitio",
    "hours_1": "1 hora adicional a {rate}",
    "hours_n": "{hours} horas adicionales a {rate} cada una",
    "surcharge": "Ubicación y alcance del trabajo",
    "pay": "Pagar {total}",
    "pay_hint": "Pasará a la página de nuestro proveedor de pagos. El número de su tarjeta nunca llega a nosotros.",
    "terms": "Conviene saber",
    "term_hours": "El tiempo en sitio se cobra por horas enteras; cada hora adicional cuesta {rate}.",
    "term_more": "Si el trabajo requiere más tiempo de lo previsto, primero le preguntamos. Solo si usted acepta le "
    "enviamos otro enlace, por las horas adicionales, a la misma tarifa.",
    "term_paid_first": "La visita se paga por adelantado. Cuando haya pagado, acordamos con usted el día y la hora.",
    "term_questions": "¿Preguntas? Llámenos al {phone} y diga {reference}.",
    "paid_title": "Pagado. Gracias.",
    "paid": "Hemos recibido {total} por este presupuesto. Nos comunicaremos con usted sobre el día de la visita.",
    "superseded_title": "Hay un presupuesto más reciente",
    "superseded": "Este ha sido reemplazado. Use el enlace de nuestro último correo electrónico.",
    "withdrawn_title": "Este presupuesto fue retirado",
    "withdrawn": "Ya no se puede pagar.",
    "expired_title": "Este presupuesto ha vencido",
    "expired": "Era válido hasta el {until}. Con gusto lo renovamos.",
    "call": "Llámenos al {phone} y diga {reference}.",
    "other_language": "English",
    "print": "Imprima esta página para sus archivos.",
}
WORDS: Final = {"en": _ENGLISH, "es": _SPANISH}
OTHER: Final = {"en": "es", "es": "en"}


def shown_day(day: date, language: str) -> str:
    """``Monday, December 7, 2026``; ``lunes, 7 de diciembre de 2026``."""
    return format_date(day, format="full", locale={"es": "es_US"}.get(language, "en_US"))
