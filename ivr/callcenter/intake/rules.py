"""What an operator asks for, the expected wait in minutes, and the wrap-up codes. Pure."""

from typing import Final

#: What the operator asks for (the company's process, step 4), with labels.
ASKED_FOR: Final = {
    "contact_name": "name",
    "contact_number": "contact number",
    "contact_email": "e-mail",
    "site_address": "site address",
    "system_number": "main system number",
    "detailed_issue": "what is wrong, in detail",
}


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
    "by_telephone": "Resolved by telephone",
    "wrong_number": "Wrong number",
    "no_answer": "No answer",
    "spam": "Spam",
    "other": "Other",
}
