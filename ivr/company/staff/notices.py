"""Letters to a member of staff about their own log-in: whoever did not expect one knows that something is wrong."""

import secrets
from enum import StrEnum

from ivr.company.mail import service as mail
from ivr.company.policy.trail import Somebody
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.email_addresses import email_fault


class Change(StrEnum):
    """What was changed. The letter ``account_changed`` has a sentence for each."""

    PASSWORD = "password"  # noqa: S105  # a name
    EMAIL = "email"
    ROLE = "role"
    PIN = "pin"
    PIN_GONE = "pin_gone"
    CODES_ON = "codes_on"
    CODES_OFF = "codes_off"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES = "recovery_codes"
    RECOVERY_CODE_USED = "recovery_code_used"
    FACTOR_TAKEN = "factor_taken"


def tell(staff: Staff, change: Change, by: Somebody, *, detail: str = "", also: str | None = None) -> None:
    """Mail the person what ``by`` has changed, and the same to the address ``also``.

    ``detail`` is what the sentence names: the new email address, the new role, a passkey, how many codes are left.
    """
    for to in dict.fromkeys(one for one in (staff.email, also) if one and not email_fault(one)):
        mail.post(
            "account_changed",
            to=to,
            language=staff.languages[0],
            key=f"account-{staff.id}-{change}-{secrets.token_hex(8)}",
            name=staff.name,
            what=str(change),
            detail=detail,
            at=clock.now().isoformat(),
            by=by.name,
        )
