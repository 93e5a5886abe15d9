"""The secret address of a person's calendar: signed, without an end, invalid once revoked. Pure.

Calendar programs ask at it for years and cannot log in. It opens the calendar and nothing else.
"""

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

#: No token that we make is longer.
LONGEST: Final = 200


@dataclass(frozen=True)
class CalendarLinks:
    """Makes and reads addresses. Raising the staff's ``calendar_version`` makes older ones invalid."""

    #: The last one signs; addresses of all of them are read.
    secret_keys: str | tuple[str, ...]
    public_url: str

    def url(self, staff_id: int, version: int) -> str:
        return f"{self.public_url}/calendar/{self._signer.dumps([staff_id, version])}.ics"

    def read(self, token: str) -> tuple[int, int] | None:
        """Return the id and the version; None when the signature is not ours."""
        if len(token) > LONGEST:
            return None
        try:
            staff_id, version = self._signer.loads(token)
            return int(staff_id), int(version)
        except (BadData, ValueError, TypeError):
            return None

    @property
    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret_keys, salt="staff calendar")
