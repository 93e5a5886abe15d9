"""Which call a job serves: its log lines carry that CallSid, whoever asked for the job."""

from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, select

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers.models import Transfer
from ivr.core.db import session
from ivr.core.log_context import CALL_SID, carry
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext

#: What payloads name, and whose row has the intake. A callback comes first: its offer may be none, 0.
_ABOUT: Final[dict[str, Any]] = {
    "callback_id": Callback,
    "transfer_id": Transfer,
    "recording_id": Recording,
    "offer_id": Offer,
    "intake_id": None,
    "call_id": CustomerCall,
}


def told(context: JobContext, job: Job) -> None:
    """Have the log lines of this attempt carry the customer's call it is for; its leg, where it names just that.

    A job that serves all callers, or none, keeps what it has of whoever asked for it.
    """
    name = next((one for one in _ABOUT if one in job.payload), None)
    if name is not None:
        with context.database.reading():
            carry(call_sid=session.scalar(_latest_call(name), {"id": int(job.payload[name])}) or "")
    elif CALL_SID not in job.origin:
        carry(call_sid=str(job.payload.get("sid", "")))


@cache  # to build one takes longer than to run it
def _latest_call(name: str) -> Select[str]:
    """The latest call of the matter that this is about; the last one, when the customer is to be rung."""
    about: Any = _ABOUT[name]
    number: BindParameter[int] = bindparam("id")
    found = select(CustomerCall.sid)
    if about is CustomerCall:
        return found.where(CustomerCall.id == number)
    intake = number if about is None else select(about.intake_id).where(about.id == number).scalar_subquery()
    return found.where(CustomerCall.intake_id == intake).order_by(CustomerCall.id.desc()).limit(1)
