"""Letters by SMTP (RFC 5321)."""

import smtplib
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from ivr.core.email_addresses import in_envelope
from ivr.platform.providers.mailer import Letter, MailLaterError, MailRefusedError
from ivr.platform.providers.mime import written
from ivr.platform.providers.smtp_url import Server

_PATIENCE: Final = 20.0


class SmtpMailer:
    """A ``Mailer`` on one server. ``trust`` decides which certificates it accepts; by default the system's."""

    def __init__(
        self, server: Server, sender: str, trust: ssl.SSLContext | None = None, patience: float = _PATIENCE
    ) -> None:
        self._server = server
        self._sender = sender
        self._trust = trust
        self._patience = patience

    def send(self, letter: Letter) -> None:
        """Raise MailRefusedError only for a fault of the letter; for a fault of the connection MailLaterError."""
        message, to = written(letter, self._sender), in_envelope(letter.to)
        with self._connected() as server:
            try:
                server.sendmail(self._sender, [to], message)
            except smtplib.SMTPRecipientsRefused as refused:
                code, said = refused.recipients[to]
                raise _answered(code, said) from refused
            except smtplib.SMTPResponseException as refused:
                raise _answered(refused.smtp_code, refused.smtp_error) from refused

    def check(self) -> None:
        """Connect, encrypt and log in."""
        with self._connected():
            pass

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = None
        try:
            server = self._connection()
            if self._server.security == "starttls":
                server.starttls(context=self._trust or ssl.create_default_context())
            if self._server.user:
                server.login(self._server.user, self._server.password)
            yield server
        except (smtplib.SMTPException, OSError) as trouble:
            raise MailLaterError(f"the mail server: {_plain(trouble)}") from trouble
        finally:
            if server is not None:
                # The letter has been taken or not by now; how the server says goodbye changes nothing.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()

    def forget(self, numbers: Collection[int]) -> None:
        """Do nothing: what was sent is with those who got it, and no copy of it is here."""

    def _connection(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.security == "tls":
            trust = self._trust or ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=self._patience, context=trust)
        return smtplib.SMTP(host, port, timeout=self._patience)


def _answered(code: int, said: bytes | str) -> MailLaterError | MailRefusedError:
    words = f"{code} {_text(said)}"
    return MailRefusedError(words) if code >= 500 else MailLaterError(words)


def _plain(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"{trouble.smtp_code} {_text(trouble.smtp_error)}"
    return f"{type(trouble).__name__}: {trouble}"


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
