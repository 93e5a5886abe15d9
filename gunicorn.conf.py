"""How gunicorn serves the web process. It reads this file by itself; the Procfile has the numbers."""

import sys

from gunicorn.arbiter import Arbiter
from gunicorn.http.wsgi import Response

from ivr.core.config import from_environment
from ivr.core.config_checks import is_loopback
from ivr.core.errors import BadConfigError

# PUBLIC_URL says at which address the service is. No header does, whoever sends it: neither SCRIPT_NAME nor the scheme.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

_all_headers = Response.default_headers


def _without_banner(response: Response) -> list[str]:
    return [header for header in _all_headers(response) if not header.startswith("Server:")]


Response.default_headers = _without_banner


def on_starting(server: Arbiter) -> None:
    """Ends with every fault of the environment, and when a desk, whose keys are printed, would be open to others."""
    try:
        config = from_environment()
    except BadConfigError as faults:
        sys.exit(str(faults))
    # A name in the file system, in place of host and port, is open to this machine alone.
    ports = [address for address in server.cfg.address if isinstance(address, tuple)]
    if not config.is_production and not all(is_loopback(host) for host, *_ in ports):
        sys.exit(
            "The service cannot start:\n  - PUBLIC_URL is this machine, so others must not reach it: "
            "bind it to 127.0.0.1, or give the address at which the world reaches it"
        )
