"""What a telephone number and an e-mail address are, and what an operator asks for. Pure."""

from typing import Final

#: What the operator asks for (the company's process, step 4), and what each is called.
ASKED_FOR: Final = {
    "contact_name": "name",
    "contact_number": "contact number",
    "contact_email": "e-mail",
    "site_address": "site address",
    "system_number": "main system number",
    "detailed_issue": "what is wrong, in detail",
}


def missing(intake: object) -> list[str]:
    """What the operator still has to ask for, in words; nothing is sent to the customer before that."""
    return [words for name, words in ASKED_FOR.items() if not getattr(intake, name)]


def minutes_to_wait(average_seconds: int) -> int | None:
    """The expected wait in whole minutes, rounded up so that it is never over-promised; None when hardly any."""
    return None if average_seconds <= 30 else max(2, -(-average_seconds // 60))


#: What became of a call. The export has the codes.
WRAP_UPS: Final = {
    "visit_booked": "Visit booked",
    "call_back": "Estimate by call back",
    "by_telephone": "Resolved by telephone",
    "wrong_number": "Wrong number",
    "no_answer": "No answer",
    "spam": "Spam",
    "other": "Other",
}
