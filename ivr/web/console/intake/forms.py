"""What people type into an intake: the six fields, and what the person who took the call leaves. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ivr.callcenter.intake.rules import WRAP_UPS
from ivr.core import phone_numbers
from ivr.core.email_addresses import email_fault
from ivr.core.text import readable

_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class _Refused(ValueError):
    """The reason, in words to show beside the field."""


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _number(text: str) -> str:
    try:
        return str(phone_numbers.read(text))
    except phone_numbers.BadNumberError as wrong:
        raise _Refused(wrong.shown) from wrong


def _email(text: str) -> str:
    if fault := email_fault(text):
        raise _Refused(fault)
    return text.strip()


def _wrap_up(text: str) -> str:
    if text not in WRAP_UPS:
        raise _Refused("Choose one from the list.")
    return text


@dataclass(frozen=True)
class Field:
    """One field. ``read`` turns typed text into the stored value; ``type`` is the input's, ``lines`` or ``choice``."""

    name: str
    label: str
    hint: str
    type: str
    longest: int
    read: Callable[[str], str]

    def kept(self, typed: str) -> str:
        if len(typed) > self.longest:
            raise _Refused(f"Too long by {len(typed) - self.longest} characters.")
        return self.read(typed)

    def shown(self, kept: str | None) -> str:
        return phone_numbers.shown_number(kept) if self.type == "tel" else kept or ""


FIELDS: Final = (
    Field("contact_name", "Name", "Who we meet on site.", "text", 200, _line),
    Field(
        "contact_number",
        "Contact number",
        "Where we reach them on the day.",
        "tel",
        phone_numbers.LONGEST,
        _number,
    ),
    Field("contact_email", "Email", "The link to pay goes there.", "email", 254, _email),
    Field("site_address", "Site address", "Where the phone system is.", "lines", 500, _lines),
    Field(
        "system_number",
        "Main number of that system",
        "The number that their own customers call.",
        "tel",
        phone_numbers.LONGEST,
        _number,
    ),
    Field(
        "detailed_issue",
        "Issue details",
        "What is broken, what was tried, what to bring.",
        "lines",
        5000,
        _lines,
    ),
)


#: What the person who took the call leaves, for whoever works on it next. All staff may change it.
NOTES: Final = (
    Field(
        "notes",
        "Technician's notes",
        "For the next person who works on it. The customer never sees it.",
        "lines",
        5000,
        _lines,
    ),
)
#: And what became of the call.
WRAP_UP: Final = (
    Field("wrap_up", "Wrap-up", "How the call ended.", "choice", 20, _wrap_up),
    Field("wrap_up_note", "Note", "Add a line if the list doesn't say it all.", "text", 200, _line),
)
HANDLED: Final = (*NOTES, *WRAP_UP)
BY_NAME: Final = {field.name: field for field in (*FIELDS, *HANDLED)}


def read(form: Mapping[str, str]) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return the values to store (None for empty) and, in plain words, the errors, both by field.

    A field that the form does not have is in neither.
    """
    values: dict[str, str | None] = {}
    errors: dict[str, str] = {}
    for field in BY_NAME.values():
        if field.name not in form:
            continue
        typed = clean(form[field.name])
        try:
            values[field.name] = field.kept(typed) if typed else None
        except _Refused as refused:
            errors[field.name] = str(refused)
    return values, errors


def seen(form: Mapping[str, str]) -> dict[str, str | None]:
    """Return, by field, the stored value when the page was made."""
    was = {name: form.get(f"was_{name}") for name in BY_NAME}
    return {name: value.replace("\r\n", "\n") or None for name, value in was.items() if value is not None}


def clean(text: str) -> str:
    """Return the text without characters that no keyboard types."""
    return _CONTROLS.sub(" ", readable(text.replace("\r\n", "\n"))).strip()
