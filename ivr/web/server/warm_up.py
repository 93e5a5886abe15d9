"""What a caller's first turn would else wait for is loaded before a web answers anything; the pages, soon after."""

from threading import Event, Thread, Timer
from time import monotonic
from typing import Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers
from structlog import get_logger

from ivr.callcenter.calls import service as calls
from ivr.company.dialing import service as dialing
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.platform.voice.translations import VOICES, _, speaking
from ivr.services import services

log = get_logger(__name__)
#: Nobody's: a call that never was, and a number of films.
_CALL: Final = "CA00000000000000000000000000000000"
_NUMBER: Final = "+14155550100"
#: Seconds for a database that does not answer: the fallback of a call needs none, so no web may wait for it long.
_PATIENCE: Final = 1.0
#: Seconds after the start: callers who wait for a new web come first. To compile the pages takes one of processor.
_PAGES_AFTER: Final = 2.0
#: Of the time that the pages take, how much is left to callers after each of them.
_PAUSE: Final = 3


def warm_up(app: Flask) -> None:
    """Load mappers, translations, numbering plans and the owner's values, and connect. Reads only, and locks nothing.

    Without the database the web starts all the same: its first turn takes longer.
    """
    configure_mappers()
    reading = Thread(target=_read, args=(app,), name="warm-up", daemon=True)
    reading.start()
    reading.join(_PATIENCE)
    pages = Timer(_PAGES_AFTER, load_pages, (app,))
    pages.daemon = True
    pages.start()


def load_pages(app: Flask) -> None:
    """Compile the templates, so that nobody's first page, such as the one of an operator who accepts, waits for it."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        began = monotonic()
        app.jinja_env.get_template(name)
        Event().wait(_PAUSE * (monotonic() - began))


def _read(app: Flask) -> None:
    with app.app_context():
        ours = services()
        try:
            with ours.database.reading():
                for code in VOICES:
                    with speaking(code):
                        _("Thank you for calling.")
                    ours.recorded_prompts(code)
                policy.current()
                hours.status_now()
                dialing.why_not(_NUMBER)
                calls.find_call(_CALL)
        except SQLAlchemyError as error:
            log.warning("started_without_database", error=type(error).__name__)
