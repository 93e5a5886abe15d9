"""One-time codes from an app: set up by scanning a secret and typing the first code; each code opens once."""

import re
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, update

from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor.models import OneTimeCodes
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal
from ivr.core.sealing import Keys, opened, sealed

#: As long as somebody takes to install an app.
OFFERED_FOR: Final = timedelta(minutes=30)
#: In steps of 30 seconds before and after: the person's clock may be wrong by one.
_WINDOW: Final = 1
_CODE: Final = re.compile(r"[0-9]{6}", re.ASCII)


class WrongCodeError(Refusal):
    message = (
        "That is not the code that the app shows for this account. Type the six digits that it shows now."
    )


class StaleOfferError(Refusal):
    message = "This QR code is too old. Scan the new one, then type the code that the app shows."


def new_secret() -> str:
    """Return a random secret of 160 bits, in the letters that apps take when they cannot scan."""
    import pyotp  # noqa: PLC0415  # few requests need it

    return pyotp.random_base32()


def address(secret: str, *, account: str, company: str) -> str:
    """Return the ``otpauth:`` URL that an app reads from the QR code."""
    import pyotp  # noqa: PLC0415

    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=company)


def offer(keys: Keys, staff_id: int, secret: str) -> str:
    """Return the secret sealed, for the form that brings it back with the first code."""
    return sealed(keys, _offered_to(staff_id), secret)


def offered(keys: Keys, staff_id: int, offer: str) -> str:
    """Return the secret of an offer to this person. Raises StaleOfferError."""
    secret = opened(keys, _offered_to(staff_id), offer, within=OFFERED_FOR)
    if secret is None:
        raise StaleOfferError
    return secret


def confirm(keys: Keys, staff: Staff, secret: str, code: str) -> None:
    """Switches the codes of this secret on, in place of those of another app. Raises WrongCodeError."""
    step = _step_of(secret, code)
    if step is None:
        raise WrongCodeError
    session.merge(
        OneTimeCodes(
            staff_id=staff.id,
            secret=sealed(keys, _kept_for(staff.id), secret),
            last_step=step,
            created_at=clock.now(),
        )
    )
    session.flush()


def accept(keys: Keys, staff_id: int, code: str) -> bool:
    """Whether this is a code of the person's app that was not used before. It is used up."""
    kept = session.get(OneTimeCodes, staff_id)
    secret = opened(keys, _kept_for(staff_id), kept.secret) if kept else None
    step = _step_of(secret, code) if secret else None
    if step is None:
        return False
    mine = OneTimeCodes.staff_id == staff_id, OneTimeCodes.last_step < step
    return changed(update(OneTimeCodes).where(*mine).values(last_step=step)) == 1


def switch_off(staff_id: int) -> bool:
    """Forget the app. Returns whether there was one."""
    return changed(delete(OneTimeCodes).where(OneTimeCodes.staff_id == staff_id)) == 1


def _step_of(secret: str, code: str) -> int | None:
    """Return the number of the 30 seconds that this code belongs to; None when it is not of now."""
    import pyotp  # noqa: PLC0415

    digits = "".join(code.split())
    if not _CODE.fullmatch(digits):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=clock.now(), valid_window=_WINDOW)
    except pyotp.OTPVerificationError:
        return None


def _offered_to(staff_id: int) -> str:
    return f"one-time codes offered to {staff_id}"


def _kept_for(staff_id: int) -> str:
    return f"one-time codes of {staff_id}"
