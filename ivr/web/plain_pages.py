"""The pages that say no without the database: what went wrong, and the code of the request, which a person may quote.

Staff read English. Customers read English and Spanish, because which of the two is theirs may not be known.
"""

from collections.abc import Mapping
from typing import Final

from flask import Flask, Response, request
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from ivr.core.db import outage
from ivr.web.headers import protect
from ivr.web.request_ids import code_in
from ivr.web.styles import stylesheet

log = get_logger(__name__)
#: Without the layout of our pages: that would ask the database who is logged in.
_PAGE: Final = Markup(
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
    '<title>{title}</title><link rel="stylesheet" href="{sheet}">'
    '<main><article class="paper lost">{words}</article></main></html>'
)
#: The blueprints of staff, who are told the reason.
_OF_STAFF: Final = frozenset({"console", "pocket"})
#: Those of customers. Whoever else asks is a program.
_OF_CUSTOMERS: Final = frozenset({"portal", "payments", "sandbox_till", "contact"})
_NOT_NOW: Final = {
    "en": (
        "This can't be done now",
        "Our system has a problem right now. Please try again in a few minutes.",
    ),
    "es": (
        "Esto no se puede hacer ahora",
        "Nuestro sistema tiene un problema. Inténtelo de nuevo en unos minutos.",
    ),
}
_BROKEN: Final = {
    "en": ("Something went wrong", "It's not your fault. Please try again in a few minutes, or call us."),
    "es": ("Algo salió mal", "No es culpa suya. Inténtelo de nuevo en unos minutos o llámenos."),
}
_NOT_UNDERSTOOD: Final = {
    "en": ("We couldn't read that", "Please go back, reload the page and try again, or call us."),
    "es": ("No pudimos leer eso", "Vuelva atrás, recargue la página e inténtelo de nuevo, o llámenos."),
}


def init_plain_pages(app: Flask) -> None:
    """Answer every request whose database is away or full, and every fault on a customer's page.

    The steps of a call do so by themselves, and so do the pages of staff while there is a database.
    """
    app.register_error_handler(SQLAlchemyError, _not_now)
    app.register_error_handler(HTTPException, refused)


def _not_now(fault: SQLAlchemyError) -> Response:
    why = outage(fault)
    if why is None:
        raise fault
    log.warning("page_without_database", error=type(fault).__name__)
    is_staff = request.blueprint in _OF_STAFF
    words = {"en": ("That can't be done now", f"{why} Nothing was saved.")} if is_staff else _NOT_NOW
    return _page(words, 503, sheet="console" if is_staff else "customer", headers={"Retry-After": "60"})


def refused(error: HTTPException) -> HTTPException | Response:
    """Answer a fault on a customer's page. Return any other as it is."""
    if not is_of_a_customer() or error.code is None or error.code < 400:
        return error
    return _page(_BROKEN if error.code >= 500 else _NOT_UNDERSTOOD, error.code, sheet="customer")


def is_of_a_customer() -> bool:
    """Return whether the present request is for a page of customers."""
    return request.blueprint in _OF_CUSTOMERS


def _page(
    words: Mapping[str, tuple[str, str]], status: int, *, sheet: str, headers: Mapping[str, str] | None = None
) -> Response:
    said = Markup().join(
        Markup('<div lang="{0}"><h{1}>{2}</h{1}><p>{3}</p>{4}</div>').format(
            language, level, title, told, code_in(language)
        )
        for level, (language, (title, told)) in enumerate(words.items(), start=1)
    )
    page = _PAGE.format(title=words["en"][0], sheet=stylesheet(sheet), words=said)
    response = Response(page, status, mimetype="text/html", headers=dict(headers or {}))
    return protect(response, scripts=False, referrer="no-referrer", is_indexed=False)
