"""What an operator asks for, the expected wait in minutes, and the wrap-up codes. Pure."""

from typing import Any, Final

from ivr.core.phone_numbers import joined, split

#: What the operator asks for (the company's process, step 4), with labels.
ASKED_FOR: Final = {
    "contact_name": "name",
    "contact_number": "contact number",
    "contact_email": "email",
    "site_address": "site address",
    "system_number": "main system number",
    "detailed_issue": "what is wrong, in detail",
}


#: The columns of telephone numbers that have an extension, with its column.
EXTENSIONS: Final = {
    "callback_number": "callback_extension",
    "contact_number": "contact_extension",
    "system_number": "system_extension",
}


def field(intake: Any, name: str) -> str | None:
    """Return the text of a field; that of a telephone number has its extension (RFC 3966)."""
    value: str | None = getattr(intake, name)
    return joined(value, getattr(intake, EXTENSIONS[name], None)) if name in EXTENSIONS else value


def set_field(intake: Any, name: str, text: str | None) -> None:
    """Keep the text of a field, as ``field`` returns it."""
    if name in EXTENSIONS:
        text, extension = split(text)
        setattr(intake, EXTENSIONS[name], extension)
    setattr(intake, name, text)


def missing(intake: object) -> list[str]:
    """Return the labels of what the operator still has to ask for; the customer is sent nothing before that."""
    return [words for name, words in ASKED_FOR.items() if not getattr(intake, name)]


def minutes_to_wait(average_seconds: int) -> int | None:
    """Return the expected wait in whole minutes, rounded up so that it is never too short; None up to 30 seconds."""
    return None if average_seconds <= 30 else max(2, -(-average_seconds // 60))


#: Wrap-up codes and their labels. The export has the codes.
WRAP_UPS: Final = {
    "visit_booked": "Visit booked",
    "call_back": "Estimate by call back",
    "by_telephone": "Resolved by phone",
    "wrong_number": "Wrong number",
    "no_answer": "No answer",
    "spam": "Spam",
    "other": "Other",
}
