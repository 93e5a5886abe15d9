"""The real SDK on this network without a socket: ``twilio.rest.Client(..., http_client=InProcessTwilio(app))``."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from twilio.http import HttpClient
from twilio.http.response import Response
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOST = "X-Simulator-Lost"
"""Header of an answer that a socket would never have brought."""


class InProcessTwilio(HttpClient):  # type: ignore[misc]  # the SDK ships no types
    """Raises ``requests.ReadTimeout`` when the simulator loses the answer, as the SDK's own client would."""

    def __init__(self, rest: "WSGIApplication") -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._client = Client(rest, use_cookies=False)

    def request(  # noqa: PLR0917 - the SDK's own signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - nothing waits here
        allow_redirects: bool = False,  # noqa: ARG002, FBT001, FBT002 - the SDK's own signature
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

    def download(self, path: str, auth: tuple[str, str], largest: int) -> tuple[int, bytes]:  # noqa: ARG002
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
