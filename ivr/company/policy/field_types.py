"""Types of value that the owner may set: how each is typed, stored and shown. Pure.

A type reads typed text and refuses it with words that say what to type; it can read what it writes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ivr.core import countries
from ivr.core.email_addresses import email_fault
from ivr.core.errors import Refusal
from ivr.core.money import BadSumError, cents_of, format_cents
from ivr.core.phone_numbers import BadNumberError, direct, shown_number

#: The languages that the service speaks, each named in itself.
LANGUAGES: Final = {"en": "English", "es": "Spanish"}


class BadValueError(Refusal):
    message = "That can't be saved as typed."


class Kind(Protocol):
    """``input`` is the form field: number, text, email, tel, yes, languages, choices, time."""

    @property
    def input(self) -> str: ...
    @property
    def unit(self) -> str: ...

    def read(self, typed: str) -> Any:
        """Return the value. Raises BadValueError."""

    def write(self, value: Any) -> str:
        """Return the value as stored and as a form field shows it; ``read`` accepts it."""

    def show(self, value: Any) -> str:
        """Return the value in words for people."""


@dataclass(frozen=True)
class Money:
    """Integer cents, typed as whole dollars, because prompts say whole dollars.

    ``optional``: an empty field is None, which means not set yet.
    """

    least: int
    most: int
    optional: bool = False
    input: str = "text"
    unit: str = "dollars"

    def read(self, typed: str) -> int | None:
        if not typed.strip() and self.optional:
            return None
        bounds = f"from {self.show(self.least)} to {self.show(self.most)}"
        try:
            cents = cents_of(typed)
        except BadSumError as refused:
            raise BadValueError(refused.shown) from refused
        if cents % 100:
            raise BadValueError(f"{format_cents(cents)} has cents. Enter whole dollars {bounds}.")
        if not self.least <= cents <= self.most:
            raise BadValueError(f"Enter whole dollars {bounds}.")
        return cents

    def write(self, value: int | None) -> str:
        return "" if value is None else str(value // 100)

    def show(self, value: int | None) -> str:
        return "not set" if value is None else format_cents(value)


@dataclass(frozen=True)
class Whole:
    """A whole number, typed in ``unit``; the value is ``factor`` times what is typed."""

    least: int
    most: int
    unit: str
    factor: int = 1
    input: str = "number"

    def read(self, typed: str) -> int:
        text = typed.strip()
        bounds = f"from {self.least} to {self.most}"
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
            raise BadValueError(f"Enter a whole number {bounds}.")
        if not self.least <= int(text) <= self.most:
            raise BadValueError(f"Enter a whole number {bounds}.")
        return int(text) * self.factor

    def write(self, value: int) -> str:
        return str(value // self.factor)

    def show(self, value: int) -> str:
        count = value // self.factor
        return f"{count} {self.unit.removesuffix('s') if count == 1 else self.unit}"


@dataclass(frozen=True)
class YesNo:
    """A switch. An empty field means no, because forms do not send an unticked box."""

    input: str = "yes"
    unit: str = ""

    def read(self, typed: str) -> bool:
        if typed not in {"yes", "no", ""}:
            raise BadValueError("Say yes or no.")
        return typed == "yes"

    def write(self, value: bool) -> str:  # noqa: FBT001  # a kind's write takes the value
        return "yes" if value else "no"

    def show(self, value: bool) -> str:  # noqa: FBT001
        return self.write(value)


@dataclass(frozen=True)
class Line:
    """One line of text. ``optional``: it may be empty."""

    longest: int
    optional: bool = False
    input: str = "text"
    unit: str = ""

    def read(self, typed: str) -> str:
        text = " ".join(typed.split())
        if len(text) > self.longest or not text.isprintable() or not (text or self.optional):
            raise BadValueError(f"Enter one line of at most {self.longest} characters.")
        return text

    def write(self, value: str) -> str:
        return value

    def show(self, value: str) -> str:
        return value or "none"


@dataclass(frozen=True)
class Email:
    """One email address, or nothing."""

    input: str = "email"
    unit: str = ""

    def read(self, typed: str) -> str | None:
        address = typed.strip().lower()
        if address and (fault := email_fault(address)):
            raise BadValueError(f"{fault} Or leave it empty.")
        return address or None

    def write(self, value: str | None) -> str:
        return value or ""

    def show(self, value: str | None) -> str:
        return value or "nobody"


@dataclass(frozen=True)
class Phone:
    """One telephone number without an extension, E.164."""

    input: str = "tel"
    unit: str = ""

    def read(self, typed: str) -> str:
        try:
            return direct(typed)
        except BadNumberError as wrong:
            raise BadValueError(wrong.shown) from wrong

    def write(self, value: str) -> str:
        return shown_number(value)

    def show(self, value: str) -> str:
        return shown_number(value)


@dataclass(frozen=True)
class Languages:
    """Some of the service's languages, by code; English is always one."""

    input: str = "languages"
    unit: str = ""

    def read(self, typed: str) -> tuple[str, ...]:
        codes = {"en", *typed.split()}
        if not codes <= LANGUAGES.keys():
            raise BadValueError("This language is not available. Choose one of those shown.")
        return tuple(code for code in LANGUAGES if code in codes)

    def write(self, value: tuple[str, ...]) -> str:
        return " ".join(value)

    def show(self, value: tuple[str, ...]) -> str:
        return ", ".join(LANGUAGES[code] for code in value)


@dataclass(frozen=True)
class Some:
    """Some of these choices, by code; none is possible. A code that another release stored is left out."""

    choices: Mapping[str, str]
    input: str = "choices"
    unit: str = ""

    def read(self, typed: str) -> tuple[str, ...]:
        return tuple(code for code in self.choices if code in typed.split())

    def write(self, value: tuple[str, ...]) -> str:
        return " ".join(value)

    def show(self, value: tuple[str, ...]) -> str:
        return ", ".join(self.choices[code] for code in value) or "none"


@dataclass(frozen=True)
class WallTime:
    """A time of day on a 24 hour clock, in minutes since midnight, or nothing."""

    input: str = "time"
    unit: str = ""

    def read(self, typed: str) -> int | None:
        text = typed.strip()
        if not text:
            return None
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text, re.ASCII):
            raise BadValueError("Enter a time such as 22:00, or leave it empty.")
        hour, minute = text.split(":")
        return int(hour) * 60 + int(minute)

    def write(self, value: int | None) -> str:
        return "" if value is None else f"{value // 60:02}:{value % 60:02}"

    def show(self, value: int | None) -> str:
        return self.write(value) or "none"


@dataclass(frozen=True)
class Countries:
    """Some countries, at least one, as two letters each."""

    input: str = "text"
    unit: str = ""
    most: int = 40

    def read(self, typed: str) -> tuple[str, ...]:
        parts = [one for one in map(str.strip, re.split(r"[,;\n]", typed)) if one]
        codes = {one: countries.code_of(one) for one in parts}
        if unknown := [one for one, code in codes.items() if code is None]:
            raise BadValueError(
                f"{unknown[0][:40]} isn't a country. Enter names or two letters, such as US, Canada."
            )
        if not 0 < len(codes) <= self.most:
            raise BadValueError(f"Name from 1 to {self.most} countries.")
        return tuple(dict.fromkeys(code for code in codes.values() if code))

    def write(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)

    def show(self, value: tuple[str, ...]) -> str:
        return countries.named(value)


@dataclass(frozen=True)
class Prefixes:
    """Beginnings of telephone numbers, E.164; none is possible."""

    input: str = "text"
    unit: str = ""
    most: int = 25

    def read(self, typed: str) -> tuple[str, ...]:
        parts = [re.sub(r"[ ().-]", "", one) for one in re.split(r"[,;\n]", typed)]
        found = tuple(dict.fromkeys(one for one in parts if one))
        for one in found:
            if not re.fullmatch(r"\+[1-9][0-9]{3,14}", one, re.ASCII):
                raise BadValueError(
                    f"{one[:20]} is no beginning of a number. Enter + and 4 to 15 digits, such as +1712432."
                )
        if len(found) > self.most:
            raise BadValueError(f"Enter at most {self.most}.")
        return found

    def write(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)

    def show(self, value: tuple[str, ...]) -> str:
        return self.write(value) or "none"
