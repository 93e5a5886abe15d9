"""Holds every REST request and every answer to Twilio's own OpenAPI document."""

import io
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DATA = Path(__file__).parents[1] / "data"
FORMATS = (
    "phone-number",
    "phone-number-capabilities",
    "date-time-rfc-2822",
    "currency",
    "endpoint",
    "http-method",
    "twiml",
    "uri-map",
    "uri",
)
HOST = "https://api.twilio.com"


def is_uri(value: object) -> bool:
    """Twilio calls the paths of its own resources ``uri`` as well."""
    return not isinstance(value, str) or value.startswith("/") or "://" in value


@cache
def specification() -> OpenAPI:
    document = json.loads((DATA / "openapi-voice.json").read_text(encoding="utf-8"))
    config = Config(
        extra_format_unmarshallers={name: lambda value: value for name in FORMATS},
        extra_format_validators={"uri": is_uri},
    )
    return OpenAPI.from_dict(document, config=config)


class Checked:
    """A REST application whose accepted requests and whose answers fit the specification, or the test stops.

    An answer of the specification may not have a null reason_conference_ended, which Twilio itself sends. Studio is not
    in it: tests/test_studio_rest.py compares its answers with what Twilio's SDK reads.
    """

    def __init__(self, rest: "WSGIApplication") -> None:
        self._rest = rest

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith("/v2/"):
            return self._rest(environ, start_response)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        asked = MockRequest(
            HOST,
            request.method.lower(),
            request.path,
            args=request.args.to_dict(flat=False),
            headers=dict(request.headers),
            data=body,
            content_type="application/x-www-form-urlencoded",
        )
        iterable, status, headers = run_wsgi_app(self._rest, environ)
        answer = b"".join(iterable)
        if status.startswith("2"):
            specification().validate_request(asked)
            if answer:
                told = MockResponse(
                    json.dumps(_told(json.loads(answer))).encode(), status_code=int(status[:3])
                )
                specification().validate_response(asked, told)
        start_response(status, list(headers))
        return [answer]


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _told(inner)
            for name, inner in value.items()
            if not (name == "reason_conference_ended" and inner is None)
        }
    return [_told(inner) for inner in value] if isinstance(value, list) else value
