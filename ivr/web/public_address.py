"""The address of the service is PUBLIC_URL. What a proxy makes of Host and scheme does not matter."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from ivr.core.config import Config
from ivr.core.config_checks import is_loopback

_USUAL_PORTS: Final = {"http": 80, "https": 443}
#: Programs ask these. What they send is signed for the https address, or they send nothing.
_OF_PROGRAMS: Final = ("/voice/", "/payments/stripe", "/health", "/ready")


def init_public_address(app: Flask, config: Config) -> None:
    """Take the address from PUBLIC_URL, and behind trusted proxies the client from ``X-Forwarded-For``.

    Refuse plain http. On a desk: refuse every other name than this machine's, which a page of another site could have
    lead here.
    """
    if not config.is_production:
        app.before_request(_refuse_other_names)
        return
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0)  # type: ignore[method-assign]
    app.wsgi_app = AtPublicAddress(app.wsgi_app, config.public_url)  # type: ignore[method-assign]

    @app.before_request
    def lead_to_https() -> Response | None:
        """Look at what the proxy says of the client's way to it. What a client makes up leads only itself away."""
        scheme = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
        if scheme != "http" or request.path.startswith(_OF_PROGRAMS):
            return None
        if request.method not in {"GET", "HEAD"}:
            abort(403, f"This came over plain http, where anyone can read it. Use {config.public_url}.")
        return redirect(config.public_url + request.full_path.rstrip("?"), 308)


def _refuse_other_names() -> None:
    """Flask's TRUSTED_HOSTS knows no IPv6 address."""
    host = request.host
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if not is_loopback(name):
        abort(400, "This service is for the machine that it runs on. Open it at PUBLIC_URL.")


class AtPublicAddress:
    """WSGI middleware: each request appears to be for the scheme and host of ``public_url``.

    The check of Twilio's signatures takes the address from the same place.
    """

    def __init__(self, app: Any, public_url: str) -> None:
        self._app = app
        self._scheme = urlsplit(public_url).scheme
        self._host = _host(public_url)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = self._scheme
        environ["HTTP_HOST"] = self._host
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer


class FromElsewhereError(BadRequest):
    """The browser says that the form was on a page of another address."""


def check_origin() -> None:
    """Raise FromElsewhereError when the browser says that a form comes from another site.

    Browsers send ``Origin`` with each POST. Some programs and privacy settings send none, and a page that sends no
    referrer has the origin "null". Then the token in the form decides alone: no other site can read it.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    is_cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if is_cross_site or not (is_from_here() or request.headers.get("Origin", "null") == "null"):
        raise FromElsewhereError(f"This page was not opened at {_here()}. Open it there and try again.")


def is_from_here() -> bool:
    """Whether the browser says that the form was on a page of ours. No page elsewhere can have it say so."""
    return request.headers.get("Origin") == _here()


def _here() -> str:
    return request.host_url.rstrip("/")


def _host(url: str) -> str:
    """Return host and port as a browser writes them in ``Origin``: in small letters, without the usual port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in {None, _USUAL_PORTS.get(parts.scheme)} else f"{host}:{parts.port}"
