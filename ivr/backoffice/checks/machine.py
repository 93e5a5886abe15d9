"""The machine: its disk, and the certificate of the public address."""

import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ivr.backoffice.checks.finding import Finding, ok, unknown, warning, wrong
from ivr.core import clock
from ivr.services import Services

_GIGABYTE: Final = 1024**3
#: Below the first a warning, below the second a fault.
_LITTLE, _HARDLY = 2 * _GIGABYTE, _GIGABYTE // 4
_TIMEOUT: Final = 5
_DAY: Final = 86_400


def check_disk(ours: Services) -> Iterator[Finding]:
    """Look how much room there is where SQLite's file lies; of PostgreSQL's disk nothing is known here."""
    is_ours = ours.config.is_on_sqlite
    folder = Path(ours.database.engine.url.database or "").absolute().parent if is_ours else Path.cwd()
    yield of_free(shutil.disk_usage(folder).free, "the database" if is_ours else "this program")


def of_free(free: float, what: str) -> Finding:
    """Return what so many free bytes mean on the disk of ``what``."""
    words = f"The disk of {what} has {free / _GIGABYTE:,.1f} GB left."
    if free < _HARDLY:
        return wrong(words, "Make room now: on a full disk no call is taken.")
    if free < _LITTLE:
        return warning(words, "Make room.")
    return ok(words)


def check_certificate(ours: Services) -> Iterator[Finding]:
    """Connect to the public address and look how long its certificate is good. Yields nothing for plain http."""
    url = urlsplit(ours.public_url)
    if url.scheme != "https" or not url.hostname:
        return
    trusted = ssl.create_default_context()
    try:
        with (
            socket.create_connection((url.hostname, url.port or 443), timeout=_TIMEOUT) as plain,
            trusted.wrap_socket(plain, server_hostname=url.hostname) as connection,
        ):
            seen = connection.getpeercert() or {}
    except ssl.SSLCertVerificationError as fault:
        yield wrong(
            f"The certificate of {ours.public_url} is refused: {fault.verify_message}.",
            "Renew it at the proxy. The phone network refuses it too, and no call is taken.",
        )
    except OSError as fault:
        yield unknown(
            f"The certificate of {ours.public_url} could not be seen ({type(fault).__name__}).",
            "See whether the address is reached.",
        )
    else:
        begins, ends = (ssl.cert_time_to_seconds(str(seen[name])) for name in ("notBefore", "notAfter"))
        yield of_certificate(ends - clock.now().timestamp(), ends - begins)


def of_certificate(left: float, whole: float) -> Finding:
    """Return what a certificate means that is good for ``left`` more seconds of ``whole``.

    Proxies renew when a third is left, whether it is good for six days or ninety.
    """
    time_left = "less than a day" if left < _DAY else f"{left / _DAY:.0f} more days"
    words = f"The certificate is good for {time_left}."
    late = "The proxy should have renewed it: read its log."
    if left < whole / 15:
        return wrong(words, f"{late} When it ends no call is taken.")
    if left < whole / 5:
        return warning(words, late)
    return ok(words)
