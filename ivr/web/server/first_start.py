"""A web that starts while the service has no owner says how to begin, in its log."""

from threading import Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.company.first_run import service as first_run
from ivr.company.first_run import setup_code
from ivr.services import services

log = get_logger(__name__)


def tell_how_to_begin(app: Flask) -> Thread:
    """Log the one-time code for the set-up page, where the service has no owner yet. No start waits for the thread."""
    telling = Thread(target=_tell, args=(app,), name="first-start", daemon=True)
    telling.start()
    return telling


def _tell(app: Flask) -> None:
    with app.app_context():
        ours = services()
        try:
            with ours.database.reading():
                is_open = first_run.is_open()
            if not is_open:
                return
            with ours.database.transaction():
                code = setup_code.current(ours.config.secret_keys)
        except SQLAlchemyError as error:
            log.warning("setup_code_not_made", error=type(error).__name__)
        else:
            log.warning("set_up_this_line", open=f"{ours.public_url}/setup", code=code)
