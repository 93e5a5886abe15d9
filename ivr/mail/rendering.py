"""A letter's words: three templates a kind, in the language of whoever reads it.

``templates/<kind>.subject``, ``.txt`` and ``.html`` are English, through gettext; Spanish is ``locale/es.po``. Every
template knows ``company`` (ivr.company's Policy) and ``address`` (PUBLIC_URL, to build links), and the filters
``money`` (cents), ``number`` (E.164) and ``moment`` (ISO 8601).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.dates import format_date, format_time
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ivr.catalogue import catalogue
from ivr.hours import service as hours
from ivr.hours.rules import local
from ivr.hours.tongues import TONGUES
from ivr.intake.rules import shown_number
from ivr.mail.rules import one_line

TEMPLATES: Final = Path(__file__).parent / "templates"
LOCALE: Final = Path(__file__).parent / "locale"
LOCALES: Final = {"en": "en_US", "es": "es_US"}


class Words(NamedTuple):
    """A letter as it reads."""

    subject: str
    text: str
    html: str


def written(kind: str, language: str, values: Mapping[str, Any]) -> Words:
    """The letter. Raises jinja2's TemplateNotFound for an unknown kind, UndefinedError for a value not given."""
    environment = _environment(language if language in LOCALES else "en")
    subject, text, html = (
        environment.get_template(f"{kind}.{part}").render(values) for part in ("subject", "txt", "html")
    )
    return Words(one_line(subject), text.strip() + "\n", html)


def money(cents: int, locale: str) -> str:
    """``$1,250``, or ``$1,250.50`` when there are cents."""
    shape = "¤#,##0" if cents % 100 == 0 else "¤#,##0.00"
    return format_currency(Decimal(cents) / 100, "USD", shape, locale=locale, currency_digits=False)


def moment(iso: str, language: str) -> str:
    """``Monday, November 23, 2026, 9:00 AM Pacific``, by the clock on the company's wall."""
    calendar, locale = hours.calendar(), LOCALES[language]
    there = local(calendar, datetime.fromisoformat(iso)).replace(tzinfo=None)
    day, clock = format_date(there, "full", locale), format_time(there, "short", locale=locale)
    return f"{day}, {clock} {TONGUES[language].zone(calendar.zone)}".strip().replace("\u202f", " ")


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
        number=shown_number,
    )
    return environment
