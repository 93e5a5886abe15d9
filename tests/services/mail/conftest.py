"""A real mail server on this machine that answers as it is told."""

import ssl
from collections.abc import Iterator

import pytest

from tests.support.postbox import CERTIFICATE, Opens, mail_servers


@pytest.fixture
def opens() -> Iterator[Opens]:
    """Open a mail server; more is what aiosmtpd may be told, as ``tls_context``."""
    with mail_servers() as opens:
        yield opens


@pytest.fixture
def certified() -> ssl.SSLContext:
    """The server's side of an encrypted connection."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def trust() -> ssl.SSLContext:
    """Ours, which takes that server's word."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))
