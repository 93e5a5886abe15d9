"""The link of a member of staff to their own page: signed, valid for thirty days, invalid once revoked. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

LASTS: Final = timedelta(days=30)
#: No token that we make is longer.
LONGEST: Final = 200


@dataclass(frozen=True)
class Links:
    """Makes and reads links. ``version`` is the staff's ``link_version``: raising it makes older links invalid."""

    #: The last one signs; links of all of them are read.
    secret_keys: str | tuple[str, ...]
    public_url: str

    def url(self, staff_id: int, version: int) -> str:
        return f"{self.public_url}/t/{self._signer.dumps([staff_id, version])}"

    def read(self, token: str) -> tuple[int, int] | None:
        """Return the id and the version, or None when the signature is not ours or older than ``LASTS``."""
        if len(token) > LONGEST:
            return None
        try:
            staff_id, version = self._signer.loads(token, max_age=int(LASTS.total_seconds()))
            return int(staff_id), int(version)
        except (BadData, ValueError, TypeError):
            return None

    @property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_keys, salt="staff link")
