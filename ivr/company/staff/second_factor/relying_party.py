"""For whom a passkey is made: the host of this service. Browsers make none for a bare IP address or over plain http."""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

_ADDRESS: Final = re.compile(r"[0-9.]+|.*:.*", re.ASCII)


class RelyingParty(NamedTuple):
    """``id`` is the host that the browser binds a passkey to, ``origin`` the address of the page that asks for it."""

    id: str
    origin: str


def relying_party(url: str) -> RelyingParty | None:
    """Return for whom the pages at this address ask for passkeys; None where browsers make none.

    >>> relying_party("https://line.example/")
    RelyingParty(id='line.example', origin='https://line.example')
    >>> relying_party("http://localhost:8000")
    RelyingParty(id='localhost', origin='http://localhost:8000')
    >>> relying_party("http://127.0.0.1:8000"), relying_party("https://[::1]"), relying_party("http://line.example")
    (None, None, None)
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or _ADDRESS.fullmatch(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    return RelyingParty(host, f"{parts.scheme}://{parts.netloc}")
