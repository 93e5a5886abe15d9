"""What somebody typed into a form that could not be taken.

Their log-in had lapsed, the page was older than it, or the fields of an intake were refused. It is kept for minutes,
for that person alone, until they have logged in. Then their page shows it in its form again,
and nothing is sent before they press the button. Passwords, codes and files are not kept. A page with a script does
without: it keeps what was typed in the browser (``static/live/keep.js``).
"""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, flash, redirect, request, session
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from ivr.core import clock
from ivr.core.db import changed
from ivr.core.db import session as rows
from ivr.services import services
from ivr.web.console.common.models import UnsentForm
from ivr.web.console.common.refill import refill
from ivr.web.once import FIELD, FROM_PAGE

#: As long as somebody looks for their password, or for their link.
KEPT: Final = timedelta(minutes=15)
IS_BACK: Final = (
    "Nothing was sent, because you logged in again after opening the page. What you typed is back in the form: "
    "check it, then send it."
)
NOT_DONE: Final = (
    "Nothing was done, because you logged in again after opening the page. Press the button again."
)
#: In the session: the page that shows it.
_KEY: Final = "unsent"
_REFUSED: Final = "refused"
_SECRET: Final = frozenset(
    {
        "csrf_token",
        FIELD,
        FROM_PAGE,
        "password",
        "old",
        "again",
        "code",
        "pin",
        "offer",
        "credential",
        "service_url",
    }
)
_LONGEST_PATH: Final = 500


def is_kept() -> bool:
    """Whether this request is a form that can be kept: sent from a page of ours, without a script."""
    from_elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    is_form = request.method == "POST" and request.mimetype == "application/x-www-form-urlencoded"
    is_ours = "csrf_token" in request.form if is_form else False
    return is_ours and not from_elsewhere and "X-Live" not in request.headers


def keep(staff_id: int, page: str) -> None:
    """Keep what the request's form has for this person, whose form stands on ``page``. It replaces what was kept."""
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in _SECRET]
    if len(page) > _LONGEST_PATH:
        return
    rows.execute(delete(UnsentForm).where(UnsentForm.staff_id == staff_id))
    rows.add(
        UnsentForm(staff_id=staff_id, page=page, action=request.path, fields=fields, kept_at=clock.now())
    )


def forget() -> int:
    """Delete what has been kept for long enough, and return how much."""
    return changed(delete(UnsentForm).where(UnsentForm.kept_at <= clock.now() - KEPT))


def show_again(staff_id: int, *, on_own_page: bool = False) -> str | None:
    """Have this person's next look at the page show what they typed. Returns that page; None when nothing is kept.

    A technician's ``own_page`` is opened by a link, the console's pages by a log-in.
    """
    forget()
    kept = rows.execute(
        select(UnsentForm.page, UnsentForm.fields).where(UnsentForm.staff_id == staff_id)
    ).one_or_none()
    if kept is None:
        return None
    page: str = kept.page
    if (page == "/t" or page.startswith("/t/")) is not on_own_page:
        return None
    session[_KEY] = [staff_id, page]
    flash(IS_BACK if kept.fields else NOT_DONE)
    return page


def again(staff_id: int, page: str, *, on_own_page: bool = False) -> AnyResponse:
    """Keep the request's form, and answer with its page, which shows it again: the log-in is newer than the form."""
    with services().database.transaction():
        keep(staff_id, page)
        show_again(staff_id, on_own_page=on_own_page)
    return redirect(page, 303)


def refused(staff_id: int) -> AnyResponse:
    """Keep the request's form, which was refused, and answer with its page: ``refused_on`` returns it there."""
    with services().database.transaction():
        keep(staff_id, request.path)
    session[_REFUSED] = request.path
    return redirect(request.path, 303)


def refused_on(path: str, staff_id: int) -> MultiDict[str, str] | None:
    """Return the form that was refused on this page, once; None when there is none."""
    if "X-Live" in request.headers or session.get(_REFUSED) != path:
        return None
    session.pop(_REFUSED)
    with services().database.transaction():
        kept = _take(staff_id)
    return MultiDict((name, value) for name, value in kept.fields) if kept else None


def guard(blueprint: Blueprint) -> None:
    """Have the blueprint's pages show what was kept."""
    blueprint.after_request(_refilled)


def _refilled(response: Response) -> Response:
    staff_id, page = session.get(_KEY, (0, ""))
    is_page = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
    if not is_page or page.partition("?")[0] != request.path or "X-Live" in request.headers:
        return response
    session.pop(_KEY)
    with services().database.transaction():
        kept = _take(staff_id)
    if kept is not None:
        pairs = [(name, value) for name, value in kept.fields]
        response.set_data(refill(response.get_data(as_text=True), request.path, kept.action, pairs))
    return response


def _take(staff_id: int) -> UnsentForm | None:
    return rows.scalar(delete(UnsentForm).where(UnsentForm.staff_id == staff_id).returning(UnsentForm))
