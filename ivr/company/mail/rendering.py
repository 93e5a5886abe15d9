"""A letter's words: three templates a kind, in the reader's language.

``templates/<kind>.subject``, ``.txt`` and ``.html`` are English, through gettext; Spanish is ``locale/es.po``. Every
template knows ``company`` (ivr.company.policy's Policy) and ``address`` (PUBLIC_URL, to build links; empty where nobody
knows it), and the filters ``money`` (cents), ``number`` (E.164), ``called`` (a person's name), for times in ISO 8601
``moment``, ``day`` and ``window``, and for a week ``weekday`` (0 is Monday), ``shifts`` and ``zone``. The HTML knows
the ``subject`` too, extends ``_layout.html``, and is made of ``_parts.html``: ``button``, ``facts``, ``bill``,
``notice``. The text says the same with ``_parts.txt``; a list that both show stands once, in a ``.txt`` of its own.

This release may render a letter that the previous release wrote: a template reads a value that is new to its kind
with ``default``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.dates import format_date, format_time
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, local
from ivr.company.hours.wording import WORDINGS
from ivr.company.mail.names import called
from ivr.core.phone_numbers import shown_number
from ivr.core.translations import catalogue
from ivr.platform.providers.smtp_url import one_line

TEMPLATES: Final = Path(__file__).parent / "templates"
LOCALE: Final = Path(__file__).parent / "locale"
LOCALES: Final = {"en": "en_US", "es": "es_US"}


class Words(NamedTuple):
    """The text of a letter."""

    subject: str
    text: str
    html: str


def render(kind: str, language: str, values: Mapping[str, Any]) -> Words:
    """Render the letter. Raises jinja2's TemplateNotFound for an unknown kind, UndefinedError for a missing value."""
    environment = _environment(language if language in LOCALES else "en")
    subject = one_line(environment.get_template(f"{kind}.subject").render(values))
    text, html = (
        environment.get_template(f"{kind}.{part}").render({**values, "subject": subject})
        for part in ("txt", "html")
    )
    return Words(subject, re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n", html)


def money(cents: int, locale: str) -> str:
    """Return ``$1,250``, or ``$1,250.50`` when there are cents."""
    shape = "¤#,##0" if cents % 100 == 0 else "¤#,##0.00"
    return format_currency(Decimal(cents) / 100, "USD", shape, locale=locale, currency_digits=False)


# The calendar names the company's time zone. Left out, it is that of the open transaction.


def moment(iso: str, language: str, calendar: Calendar | None = None) -> str:
    """Return ``Monday, November 23, 2026, 9:00 AM Pacific``, in the company's time zone."""
    return f"{day(iso, language, calendar)}, {_clock(iso, language, calendar)} {_zone(language, calendar)}"


def day(iso: str, language: str, calendar: Calendar | None = None) -> str:
    """Return ``Monday, November 23, 2026``, in the company's time zone."""
    return date_shown(_there(iso, calendar), language)


def date_shown(there: date, language: str) -> str:
    """Return ``Monday, November 23, 2026``."""
    return format_date(there, "full", LOCALES[language])


def window(starts: str, ends: str, language: str, calendar: Calendar | None = None) -> str:
    """Return ``Monday, November 30, 2026, 9:00 AM to 11:00 AM, Pacific time``."""
    first, last = day(starts, language, calendar), day(ends, language, calendar)
    begins, then = _clock(starts, language, calendar), _clock(ends, language, calendar)
    zone = _zone(language, calendar).removesuffix(" time")
    return _WINDOWS[language].format(
        day=first, starts=begins, ends=then if first == last else f"{last}, {then}", zone=zone
    )


def hours_of(starts: str, ends: str, language: str, calendar: Calendar | None = None) -> str:
    """Return ``9:00 AM to 11:00 AM``: a window without its day and zone."""
    return _HOURS[language].format(
        starts=_clock(starts, language, calendar), ends=_clock(ends, language, calendar)
    )


def weekday(number: int, language: str) -> str:
    """Return the name of a day of the week, ``Monday`` of 0."""
    return format_date(_A_MONDAY + timedelta(days=number), "EEEE", LOCALES[language])


def shifts(day: Iterable[Sequence[str]], language: str) -> str:
    """Return ``8:00 AM to 4:00 PM`` of a day's shifts, each two times in ISO 8601 by the clock on somebody's wall."""
    walls = ([_wall(time.fromisoformat(at), language) for at in one] for one in day)
    return ", ".join(_HOURS[language].format(starts=starts, ends=ends) for starts, ends in walls)


def zone_of(language: str, calendar: Calendar | None = None) -> str:
    """Return the company's time zone: ``Pacific``."""
    return _zone(language, calendar).removesuffix(" time")


_A_MONDAY: Final = date(2026, 11, 23)
_HOURS: Final = {"en": "{starts} to {ends}", "es": "de {starts} a {ends}"}
_WINDOWS: Final = {
    "en": "{day}, {starts} to {ends}, {zone} time",
    "es": "{day}, de {starts} a {ends}, {zone}",
}


def _there(iso: str, calendar: Calendar | None) -> datetime:
    return local(calendar or hours.calendar(), datetime.fromisoformat(iso)).replace(tzinfo=None)


def _clock(iso: str, language: str, calendar: Calendar | None) -> str:
    return _wall(_there(iso, calendar).time(), language)


def _wall(at: time, language: str) -> str:
    return format_time(at, "short", locale=LOCALES[language]).replace("\u202f", " ")


def _zone(language: str, calendar: Calendar | None) -> str:
    return WORDINGS[language].zone((calendar or hours.calendar()).zone)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(catalogue(LOCALE, language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["language"] = language
    environment.filters.update(
        money=partial(money, locale=LOCALES[language]),
        moment=partial(moment, language=language),
        day=partial(day, language=language),
        window=partial(window, language=language),
        weekday=partial(weekday, language=language),
        shifts=partial(shifts, language=language),
        zone=WORDINGS[language].zone,
        number=shown_number,
        called=called,
    )
    return environment
