"""The view that each person last wanted: there again when they come back."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.core import clock
from ivr.core.db import is_unavailable, session
from ivr.services import services
from ivr.web.console.intake_list.models import LONGEST_VIEW, KeptView

log = get_logger(__name__)


def of(staff_id: int) -> dict[str, str]:
    """Return the address of their view; nothing where they last looked at all. In the open transaction."""
    kept = session.get(KeptView, staff_id)
    return dict(parse_qsl(kept.query)) if kept else {}


def keep(staff_id: int, query: dict[str, str]) -> None:
    """Remembers this view. Opens its own transaction; where nothing can be written, the list can still be read."""
    try:
        with services().database.transaction() as writing:
            kept = KeptView(staff_id=staff_id, query=urlencode(query)[:LONGEST_VIEW], kept_at=clock.now())
            if query:
                writing.merge(kept)
            elif there := writing.get(KeptView, staff_id):
                writing.delete(there)
    except SQLAlchemyError as fault:
        if not is_unavailable(fault):
            raise
        log.warning("view_not_kept")
