"""The way from the network to an application: one request out, one answer back."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote_plus, urlsplit

import requests
from requests.adapters import HTTPAdapter
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 15


@dataclass(frozen=True)
class WebRequest:
    """One signed webhook. ``params`` are the form of a POST; those of a GET are already in ``url``.

    ``kind`` names it as Twilio's documentation does (voice.inbound, gather.action.dtmf, ...) and is not sent.
    """

    kind: str
    method: str
    url: str
    params: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)

    def with_header(self, name: str, value: str) -> "WebRequest":
        return replace(self, headers={**self.headers, name: value})


@dataclass(frozen=True)
class WebAnswer:
    """What came back. ``error`` is "connect" or "timeout" when nothing did; header names are lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


Done = Callable[[WebAnswer], None]


class Web(Protocol):
    def send(self, request: WebRequest, done: Done) -> None:
        """Send it, and call ``done`` exactly once, from any thread."""


class InProcessWeb:
    """Calls WSGI applications at once: ``{"https://app.test": app}``. What an application raises, the test sees."""

    def __init__(self, apps: "dict[str, WSGIApplication]") -> None:
        self._clients: dict[str, Client] = {}
        for origin, app in apps.items():
            self.add(origin, app)

    def add(self, origin: str, app: "WSGIApplication") -> None:
        """From now on this application answers at ``origin``: scheme and host, such as https://app.test."""
        self._clients[origin.rstrip("/")] = Client(app, use_cookies=False)

    def send(self, request: WebRequest, done: Done) -> None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._clients:
            done(WebAnswer(error="connect"))
            return
        answer = self._clients[origin].open(
            parts.path or "/",
            method=request.method,
            base_url=origin,
            query_string=parts.query,
            data=_form(request.params) if request.method == "POST" else None,
            content_type="application/x-www-form-urlencoded" if request.method == "POST" else None,
            headers=request.headers,
        )
        try:
            done(_answer(answer.status_code, answer.headers.items(), answer.get_data()))
        finally:
            answer.close()


#: The same names and numbers are sent over and over.
_quoted = lru_cache(4096)(quote_plus)


def _form(params: dict[str, str]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in params.items())


class _Kept(HTTPAdapter):
    """Knows whether the last request went over a connection that had been kept open."""

    def get_connection_with_tls_context(self, *asked: Any, **named: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*asked, **named)
        self._pool, self._made = pool, pool.num_connections
        return pool

    def was_reused(self) -> bool:
        return bool(self._pool.num_connections == self._made)


class LoopbackWeb:
    """Sends over HTTP from a pool of threads, so one slow application holds up nobody else.

    A connection that was kept open may be closed by the other side in the moment in which it is used again. Where no
    byte of an answer came over it, the request is sent once more, over a new one.
    """

    def __init__(self, workers: int = 8) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="webhook")
        self._own = threading.local()

    def send(self, request: WebRequest, done: Done) -> None:
        self._pool.submit(self._send, request, done)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self, request: WebRequest, done: Done) -> None:
        try:
            try:
                answer = self._answered(request)
            except requests.ConnectionError as fault:
                if not (self._own.kept.was_reused() and _is_closed(fault)):
                    raise
                self._own.kept.close()
                answer = self._answered(request)
        except requests.ReadTimeout:
            done(WebAnswer(error="timeout"))
        except requests.RequestException:
            done(WebAnswer(error="connect"))
        else:
            done(_answer(answer.status_code, _all_headers(answer), answer.content))

    def _answered(self, request: WebRequest) -> requests.Response:
        if not hasattr(self._own, "session"):
            self._own.session, self._own.kept = requests.Session(), _Kept()
            self._own.session.trust_env = False
            self._own.session.mount("http://", self._own.kept)
            self._own.session.mount("https://", self._own.kept)
        session: requests.Session = self._own.session
        session.cookies.clear()
        return session.request(
            request.method,
            request.url,
            data=request.params if request.method == "POST" else None,
            headers=request.headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
        )


def _is_closed(fault: requests.ConnectionError) -> bool:
    """Whether the other side closed before a byte of its answer; what requests raises wraps what says so."""
    wrapped = fault.args[0] if fault.args else None
    causes = getattr(wrapped, "args", ())
    return any(isinstance(one, ConnectionResetError | BrokenPipeError) for one in causes)


def _all_headers(answer: requests.Response) -> list[tuple[str, str]]:
    return list(answer.raw.headers.items())


def _answer(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> WebAnswer:
    plain: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == "set-cookie":
            cookie, _, content = value.partition(";")[0].partition("=")
            cookies[cookie.strip()] = content
        else:
            plain[name.lower()] = value
    return WebAnswer(status, plain, body, cookies=cookies)
