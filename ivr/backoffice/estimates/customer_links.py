"""The customer's link: a signature, so that forged links cost no lookup, and a secret that cannot be guessed."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

#: No token that we make is longer.
LONGEST: Final = 200


@dataclass(frozen=True)
class Links:
    """Makes and reads links. Only the link has the secret; the database has its hash."""

    #: The last one signs; links of all of them are read.
    secret_keys: str | tuple[str, ...]
    public_url: str

    def path(self, quote_id: int, secret: str) -> str:
        return f"/pay/{self._signer.dumps([quote_id, secret])}"

    def url(self, quote_id: int, secret: str) -> str:
        return self.public_url + self.path(quote_id, secret)

    def read(self, token: str) -> tuple[int, str] | None:
        """Return the estimate's id and the secret, or None when the signature is not ours."""
        if len(token) > LONGEST:
            return None
        try:
            quote_id, secret = self._signer.loads(token)
        except (BadData, ValueError, TypeError):
            return None
        return int(quote_id), str(secret)

    @property
    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret_keys, salt="pay")


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(secret: str, kept: str | None) -> bool:
    """Whether the secret matches that hash, compared in constant time."""
    return kept is not None and hmac.compare_digest(hashed(secret), kept)
