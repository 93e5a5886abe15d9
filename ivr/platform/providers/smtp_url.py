"""The server of an SMTP_URL, what a letter's headers may hold, and when a letter is tried again. Pure."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from ivr.core.config_checks import is_loopback

Security = Literal["none", "starttls", "tls"]

_LONGEST_SUBJECT: Final = 150
_LONGEST_PAUSE: Final = 1920.0


@dataclass(frozen=True)
class Server:
    """A mail server. With ``starttls`` or ``tls`` nothing is sent without encryption."""

    host: str
    port: int
    user: str
    password: str
    security: Security


def server_of(url: str) -> Server:
    """Return the server of an SMTP_URL.

    ``smtps://`` is encrypted from the first byte, port 465; ``smtp://`` demands STARTTLS, port 587. Only the connection
    to this machine itself is not encrypted. Raises ValueError.

    >>> server_of("smtp://post%40example.com:secret@mail.example.com").security
    'starttls'
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("write it as smtp://user:password@host:587")
    if parts.scheme == "smtps":
        security: Security = "tls"
    else:
        security = "none" if is_loopback(parts.hostname) else "starttls"
    return Server(
        host=parts.hostname,
        port=parts.port or (465 if security == "tls" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )


def one_line(text: str) -> str:
    """Return text fit for a header: one line, nothing unprintable, 150 characters at most.

    >>> one_line("Estimate" + chr(13) + chr(10) + "Bcc: all@example.com")
    'Estimate Bcc: all@example.com'
    """
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 3] + "..."


def message_id(mail_id: int, key: str, address: str) -> str:
    """Return the Message-ID of a letter. It is the same whenever the letter is sent, and does not reveal the key."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:20]
    return f"<letter.{mail_id}.{digest}@{address.rpartition('@')[2]}>"


def pause(attempt: int) -> float:
    """Return the seconds before the next attempt: 30, 60, 120 ... Eight attempts last an hour, greylisting minutes.

    >>> pause(1), pause(3), sum(pause(attempt) for attempt in range(1, 8)) / 60
    (30.0, 120.0, 63.5)
    """
    return min(_LONGEST_PAUSE, 30.0 * 2.0 ** (attempt - 1))
