"""What is left once the database has erased a person: files here, and their data at the providers.

A task is a plain dictionary that is kept with the request, so that a worker that dies loses none:
``{"what": "recording", "id": SID}``, ``{"what": "call", "id": SID}``, ``{"what": "letters", "ids": [...]}``,
``{"what": "payments", "provider": name, "ids": [page, ...], "under_way": None, "tries": 0}``, and last
``{"what": "remains"}``: what the database itself still has of rows that are gone.
"""

from typing import Any, Final

from sqlalchemy import func, select

from ivr.backoffice.payments import sandbox
from ivr.backoffice.payments.models import Checkout
from ivr.backoffice.personal_data.subject import Subject
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.recording import service as recordings
from ivr.company.mail.models import Mail
from ivr.core.db import session

Task = dict[str, Any]
LAST: Final = "remains"
#: What each task is about.
WORDS: Final = {
    "recording": "recordings at the phone network",
    "call": "records of calls at the phone network",
    "letters": "copies of emails in the outbox",
    "payments": "payment pages at the payment provider",
    LAST: "remains in the database's files",
}


def planned(subject: Subject) -> list[Task]:
    """Return the tasks. Called before the rows are erased, which name what is to be deleted."""
    ids = subject.intake_ids
    sounds = [{"what": "recording", "id": sid} for sid in sorted(recordings.at_the_network(ids))]
    sids = session.scalars(select(CustomerCall.sid).where(CustomerCall.intake_id.in_(ids)))
    calls = [{"what": "call", "id": sid} for sid in sids]
    letters = session.scalars(select(Mail.id).where(_letters(subject))).all()
    pages: dict[str, list[str]] = {}
    paid = select(Checkout.provider, Checkout.page_id).where(Checkout.intake_id.in_(ids))
    outside = Checkout.page_id.is_not(None), Checkout.provider != sandbox.NAME
    for provider, page_id in session.execute(paid.where(*outside)):
        pages.setdefault(provider, []).append(str(page_id))
    payments = [
        {"what": "payments", "provider": provider, "ids": found, "under_way": None, "tries": 0}
        for provider, found in pages.items()
    ]
    # The sounds of a call first: its record leads to them.
    return [
        *sounds,
        *calls,
        *([{"what": "letters", "ids": list(letters)}] if letters else []),
        *payments,
        {"what": LAST},
    ]


def _letters(subject: Subject) -> Any:
    known = func.lower(Mail.to).in_([word.lower() for word in subject.words])
    return Mail.intake_id.in_(subject.intake_ids) | (Mail.intake_id.is_(None) & known)
