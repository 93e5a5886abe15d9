"""A letter with a link that sets a new password, once.

It is good for half an hour for whoever has forgotten theirs, for three days for whoever the owner asks to choose one.
"""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.company.staff import changes, roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.email_addresses import email_fault
from ivr.core.errors import Refusal
from ivr.core.sealing import Keys
from ivr.platform.jobs import enqueue

LASTS: Final = timedelta(minutes=30)
INVITATION_LASTS: Final = timedelta(days=3)
#: Each kind of link, and how long it is good.
_KINDS: Final = {"password reset": LASTS, "password invitation": INVITATION_LASTS}
_RESET, _INVITATION = _KINDS
#: No token that we make is longer.
_LONGEST: Final = 200
_NOBODY: Final = 0


class LinkUsedError(Refusal):
    message = "This link was used already, or is too old. Ask for a new one."


@dataclass(frozen=True)
class ResetLinks:
    """Makes and reads the links. One is bound to the password, the address and the place that it was made for.

    So it is good for one new password, and for none once any of the three has changed: whoever has left and is back
    needs another, and so does whose links were all closed.
    """

    secret_keys: Keys
    public_url: str

    def url(self, staff: Staff) -> str:
        """Return the link for whoever has forgotten their password."""
        return self._url(staff, _RESET)

    def invitation(self, staff: Staff) -> str:
        """Return the link for whoever the owner asks to choose a password, the first one or another."""
        return self._url(staff, _INVITATION)

    def _url(self, staff: Staff, kind: str) -> str:
        token = self._signer(kind).dumps([staff.id, self._standing(staff)])
        return f"{self.public_url}/login/reset/{token}"

    def read(self, token: str) -> Staff:
        """Return whose link this is. Raises LinkUsedError."""
        if len(token) > _LONGEST:
            raise LinkUsedError
        for kind, lasts in _KINDS.items():
            with suppress(BadData):
                staff_id, standing = self._signer(kind).loads(token, max_age=int(lasts.total_seconds()))
                staff = session.get(Staff, staff_id)
                if staff and staff.is_active and hmac.compare_digest(standing, self._standing(staff)):
                    return staff
        raise LinkUsedError

    @staticmethod
    def _standing(staff: Staff) -> str:
        # The hash of a password has a salt in it, which nobody else knows: this says nothing about either.
        whole = f"{staff.id} {staff.email} {staff.password_hash} {staff.link_version}"
        return hashlib.sha256(whole.encode()).hexdigest()[:32]

    def _signer(self, kind: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_keys, salt=kind)


def may_reset(staff: Staff) -> bool:
    """Whether a letter gives this person a new password: not who has left, nor who never had one from the owner."""
    return staff.is_active and staff.password_hash is not None and not email_fault(staff.email)


def ask(email: str) -> None:
    """Have a job write the letter. The work, and so the time, is the same for an address that nobody has."""
    staff = roster.by_email(email)
    enqueue("staff.mail_reset", staff_id=staff.id if staff and may_reset(staff) else _NOBODY)


def post(staff_id: int, links: ResetLinks) -> None:
    """Write the letter, one a minute at the most. Nobody and whoever has left get none."""
    staff = session.get(Staff, staff_id)
    if staff is None or not may_reset(staff):
        return
    mail.post_to(
        staff,
        "password_reset",
        key=f"password-reset-{staff.id}-{clock.now():%Y%m%d%H%M}",
        url=links.url(staff),
        minutes=int(LASTS.total_seconds()) // 60,
    )


def invite(by: Somebody, staff: Staff, links: ResetLinks) -> None:
    """Mail a link with which they choose a password; what they had is good until then. Raises LeftError.

    Once for two clicks within a minute.
    """
    if not staff.is_active:
        raise changes.LeftError
    mail.post_to(
        staff,
        "password_invitation",
        key=f"password-invitation-{staff.id}-{clock.now():%Y%m%d%H%M}",
        url=links.invitation(staff),
        days=INVITATION_LASTS.days,
        by=policy.current().company_name if by.id is None else by.name,
    )
    had = "had one" if staff.password_hash else "had none"
    policy.record(f"Password of {staff.name}", had, "a link to choose one, by email", by)


def reset(token: str, password: str, links: ResetLinks) -> Staff:
    """Give whoever holds the link another password. Raises LinkUsedError, ShortPasswordError."""
    staff = links.read(token)
    if not roster.has_still(staff, staff.password_hash):  # somebody else was faster with the same link
        raise LinkUsedError
    changes.set_password(_ByLetter(staff), staff, password)
    return staff


@dataclass(frozen=True)
class _ByLetter(Somebody):
    """The person, as far as the letter proves it."""

    staff: Staff

    @property
    def id(self) -> int:
        return self.staff.id

    @property
    def name(self) -> str:
        return f"{self.staff.name} (by an emailed link)"
