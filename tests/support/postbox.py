"""A real mail server on this machine that answers as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socket import create_server
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from ivr.platform.providers.smtp_url import Security, Server

CERTIFICATE = Path(__file__).parent / "data/loopback.pem"
TAKEN = "250 OK"


@dataclass
class Postbox:
    """What the server has been given, and what it is to say next; it takes a letter when nothing is planned."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    #: As they stood in the envelopes.
    recipients: list[str] = field(default_factory=list)
    #: Answers to RCPT and to DATA, used up one by one.
    to_recipient: list[str] = field(default_factory=list)
    to_data: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    password: str = "right"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's names
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.to_recipient.pop(0) if self.to_recipient else TAKEN
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.to_data.pop(0) if self.to_data else TAKEN
        if answer == TAKEN:
            self.was_encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
            self.recipients += envelope.rcpt_tos
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
        login, password = data.login.decode(), data.password.decode()
        self.logins.append((login, password))
        return AuthResult(success=password == self.password, handled=False)

    def server(self, security: Security = "none", user: str = "", password: str = "") -> Server:
        return Server("localhost", self.port, user, password, security)


Opens = Callable[..., Postbox]


@contextmanager
def mail_servers() -> Iterator[Opens]:
    """What opens a mail server; more is what aiosmtpd may be told, as ``tls_context``. In the end all are closed."""
    controllers: list[Controller] = []

    def opens(**more: Any) -> Postbox:
        postbox = Postbox()
        with create_server(("127.0.0.1", 0)) as free:
            postbox.port = free.getsockname()[1]
        controller = Controller(
            postbox, hostname="127.0.0.1", port=postbox.port, authenticator=postbox.authenticate, **more
        )
        controller.start()
        controllers.append(controller)
        return postbox

    try:
        yield opens
    finally:
        for controller in controllers:
            controller.stop()
