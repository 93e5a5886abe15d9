"""How Twilio's SDK reaches the network: at the configured address, and for recordings, which are no JSON."""

import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from ivr.platform.providers.telephone import ClipTooLongError
from ivr.platform.providers.twilio_log import tell

TWILIO: Final = "https://api.twilio.com"
_TWILIOS: Final = ".twilio.com"
_SECONDS_TO_ANSWER: Final = 10
_CHUNK: Final = 64 * 1024


def at_address(url: str, address: SplitResult) -> str:
    """Return a URL of the SDK's at this address. At Twilio other products have hosts of their own; a simulator has one.

    >>> studio = "https://studio.twilio.com/v2/Flows?PageSize=50"
    >>> [at_address(studio, urlsplit(one)) for one in (TWILIO, "http://127.0.0.1:8040")]
    ['https://studio.twilio.com/v2/Flows?PageSize=50', 'http://127.0.0.1:8040/v2/Flows?PageSize=50']
    >>> at_address("https://api.twilio.com/2010-04-01/Accounts", urlsplit("https://api.dublin.ie1.twilio.com"))
    'https://api.dublin.ie1.twilio.com/2010-04-01/Accounts'
    """
    asked = urlsplit(url)
    is_twilio = f".{address.hostname}".endswith(_TWILIOS)
    if is_twilio and asked.hostname != urlsplit(TWILIO).hostname:
        return url
    return urlunsplit((address.scheme, address.netloc, asked.path, asked.query, ""))


class AtAddress(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Twilio's own HTTP client at another address: the SDK has no setting for plain http."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=_SECONDS_TO_ANSWER)
        self._address = urlsplit(api_url)
        # Proxies and certificates of the environment: requests would read all of it anew for each request.
        settings = self.session.merge_environment_settings(api_url, {}, None, None, None)
        self.session.proxies, self.session.verify = settings["proxies"], settings["verify"]
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return super().request(method, at_address(url, self._address), *args, **kwargs)

    def download(self, path: str, auth: tuple[str, str], largest: int) -> tuple[int, bytes]:
        """GET this path and return status and body, of any type. Raises ClipTooLongError above ``largest`` bytes.

        Redirects are not followed.
        """
        url = urlunsplit((self._address.scheme, self._address.netloc, path, "", ""))
        began, deadline = time.perf_counter(), time.monotonic() + _SECONDS_TO_ANSWER
        body = bytearray()
        with requests.get(
            url, auth=auth, timeout=_SECONDS_TO_ANSWER, stream=True, allow_redirects=False
        ) as answer:
            for chunk in answer.iter_content(_CHUNK):
                body += chunk
                if len(body) > largest:
                    raise ClipTooLongError(f"more than {largest} bytes")
                if time.monotonic() > deadline:
                    raise requests.Timeout(f"{path} took longer than {_SECONDS_TO_ANSWER} s")
        tell("GET", path, began, status=answer.status_code, bytes=len(body))
        return answer.status_code, bytes(body)

    def stream(self, path: str, auth: tuple[str, str]) -> tuple[int, int | None, Iterator[bytes]]:
        """GET this path and return status, length and body, the body as it comes. Redirects are not followed."""
        url = urlunsplit((self._address.scheme, self._address.netloc, path, "", ""))
        began = time.perf_counter()
        plain = {"Accept-Encoding": "identity"}  # or the length would be that of the compressed body
        answer = requests.get(
            url, auth=auth, headers=plain, timeout=_SECONDS_TO_ANSWER, stream=True, allow_redirects=False
        )
        tell("GET", path, began, status=answer.status_code)
        length = answer.headers.get("Content-Length", "")
        return answer.status_code, int(length) if length.isdecimal() else None, answer.iter_content(_CHUNK)
