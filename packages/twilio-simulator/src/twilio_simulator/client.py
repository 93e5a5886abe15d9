"""Twilio's own Client on this network: ``Client(account_sid, auth_token, http_client=...)`` takes either of these."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: Header of an answer that a socket would never have brought.
LOST: Final = "X-Simulator-Lost"


class AtAddress(TwilioHttpClient):  # type: ignore[misc]  # the SDK ships no types
    """The SDK's own client, sent to the network at ``address`` in place of ``https://api.twilio.com``."""

    def __init__(self, address: str, **named: Any) -> None:
        super().__init__(**named)
        self._address = urlsplit(address)

    def request(self, method: str, url: str, *rest: Any, **named: Any) -> Any:
        swapped = urlsplit(url)._replace(scheme=self._address.scheme, netloc=self._address.netloc)
        return super().request(method, urlunsplit(swapped), *rest, **named)


class InProcessTwilio(HttpClient):  # type: ignore[misc]  # the SDK ships no types
    """A client without a socket: calls the WSGI application ``exchange.rest`` at once.

    Raises ``requests.ReadTimeout`` when the simulator loses the answer, as the SDK's own client would.
    """

    def __init__(self, rest: "WSGIApplication") -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._client = Client(rest, use_cookies=False)

    def request(  # noqa: PLR0917  # the SDK's own signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002  # nothing waits here
        allow_redirects: bool = False,  # noqa: ARG002, FBT001, FBT002  # the SDK's own signature
    ) -> Response:
        parts = urlsplit(uri)
        prepared = requests.Request(method, uri, params=_known(params), data=_known(data)).prepare()
        answer = self._client.open(
            parts.path,
            method=method,
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=urlsplit(prepared.url or "").query,
            data=prepared.body,
            headers={"Content-Type": "application/x-www-form-urlencoded", **(headers or {})},
            auth=auth,
        )
        if LOST in answer.headers:
            raise requests.ReadTimeout(f"{method} {uri}")
        return Response(answer.status_code, answer.get_data(as_text=True), dict(answer.headers))

    def download(self, path: str, auth: tuple[str, str], largest: int) -> tuple[int, bytes]:  # noqa: ARG002  # all is small
        """Status and body of a GET of this path, of whatever type: recordings are no text."""
        answer = self._client.get(path, auth=auth)
        if LOST in answer.headers:
            raise requests.ReadTimeout(path)
        return answer.status_code, answer.get_data()

    def stream(self, path: str, auth: tuple[str, str]) -> tuple[int, int, Iterator[bytes]]:
        """The same, the body piece by piece: of a call of hours there is much."""
        status, body = self.download(path, auth, 0)
        return status, len(body), iter((body,))


def _known(values: dict[str, object] | None) -> Any:
    return {name: value for name, value in (values or {}).items() if value is not None}
