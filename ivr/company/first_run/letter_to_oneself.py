"""A letter to oneself: whoever opens its link knows that letters arrive."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from ivr.company.first_run import checklist
from ivr.company.first_run.items import LETTER, Item
from ivr.company.mail import service as mail
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.sealing import Keys

LASTS: Final = timedelta(days=7)


class OldLetterError(Refusal):
    message = "This link has expired or is incomplete. Send yourself another test email from the checklist."


@dataclass(frozen=True)
class ArrivalLinks:
    """Makes and reads the links. They open nothing: they only say that a letter to this person has arrived."""

    secret_keys: Keys
    public_url: str

    def url(self, staff: Staff) -> str:
        return f"{self.public_url}/checklist/letter/{self._signer.dumps([staff.id, staff.email])}"

    def read(self, token: str) -> tuple[Staff, str]:
        """Return who had the letter sent, and its address. Raises OldLetterError."""
        try:
            staff_id, address = self._signer.loads(token[:1000], max_age=int(LASTS.total_seconds()))
        except BadData as wrong:
            raise OldLetterError from wrong
        staff = session.get(Staff, staff_id)
        if staff is None:
            raise OldLetterError
        return staff, address

    @property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_keys, salt="letter to oneself")


def send(owner: Staff, links: ArrivalLinks) -> None:
    """Write the letter. Raises BadAddressError."""
    key = f"letter-to-oneself-{owner.id}-{secrets.token_hex(8)}"
    mail.post_to(owner, LETTER, key=key, link=links.url(owner), days=LASTS.days)


def arrived(token: str, links: ArrivalLinks) -> None:
    """Note that the letter with this link was opened. Raises OldLetterError."""
    owner, address = links.read(token)
    checklist.note(Item.MAIL, is_well=True, words=f"An email to {address} arrived.", by=owner)
