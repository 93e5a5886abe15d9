"""What an operator types: the six fields, read and refused one by one. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ivr.intake.rules import e164, is_email, shown_number

_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class _Refused(ValueError):
    """In words for beside the field."""


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _number(text: str) -> str:
    number = e164(text)
    if number is None:
        raise _Refused("Not a telephone number. Write it as (415) 555-2671, or with + and the country code.")
    return number


def _email(text: str) -> str:
    if not is_email(text):
        raise _Refused("Not an e-mail address. Write it as maria@example.com.")
    return text.strip()


@dataclass(frozen=True)
class Field:
    """One of the six. ``read`` makes of what was typed what is kept; ``type`` is the input's, or ``lines``."""

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
        return shown_number(kept) if self.type == "tel" else kept or ""


FIELDS: Final = (
    Field("contact_name", "Name", "Who we meet on site.", "text", 200, _line),
    Field("contact_number", "Contact number", "Where we reach them on the day.", "tel", 24, _number),
    Field("contact_email", "E-mail", "The link to pay goes there.", "email", 254, _email),
    Field("site_address", "Site address", "Where the telephone system is.", "lines", 500, _lines),
    Field(
        "system_number", "Main number of that system", "What their own customers ring.", "tel", 24, _number
    ),
    Field(
        "detailed_issue", "The issue in detail", "What a technician needs to bring.", "lines", 5000, _lines
    ),
)


def read(form: Mapping[str, str]) -> tuple[dict[str, str | None], dict[str, str]]:
    """What is to be kept by field, None for empty; and by field, in plain words, what is wrong with it."""
    values: dict[str, str | None] = {}
    errors: dict[str, str] = {}
    for field in FIELDS:
        typed = _CONTROLS.sub(" ", form.get(field.name, "").replace("\r\n", "\n")).strip()
        try:
            values[field.name] = field.kept(typed) if typed else None
        except _Refused as refused:
            errors[field.name] = str(refused)
    return values, errors
