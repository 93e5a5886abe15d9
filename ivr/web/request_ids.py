"""Each request has a code that a person can quote: in its log lines, its answer's header and on a page that says no.

It goes on from there: a job that the request asks for carries it (``ivr/platform/jobs/queue.py``).
"""

from collections.abc import Iterable
from contextvars import copy_context
from time import perf_counter
from typing import Any, Final

from flask import Flask, Response, request
from markupsafe import Markup
from structlog.contextvars import bind_contextvars

from ivr.core.config import Config
from ivr.core.log_context import is_of_a_proxy, new_request_id

HEADER: Final = "X-Request-ID"
_IN_ENVIRON: Final = "HTTP_X_REQUEST_ID"
_CODE: Final = "ivr.request_id"
#: The ``perf_counter`` at which it came.
BEGAN: Final = "ivr.began"
#: For gunicorn's own line about a request: what the request has bound for log lines, and its route.
_CONTEXT, _ROUTE = "ivr.context", "ivr.route"


def init_request_ids(app: Flask, config: Config) -> None:
    """Give each request its code: that of a trusted proxy, if it has the shape of one, or else a new one."""
    app.wsgi_app = InItsOwnContext(app.wsgi_app, trusts_proxy=config.proxies > 0)  # type: ignore[method-assign]
    app.after_request(_note_route)
    app.jinja_env.globals.update(request_id=request_id, code_in=code_in)


def request_id() -> str:
    """Return the code of the present request."""
    code: str = request.environ.get(_CODE, "")
    return code


def code_in(language: str) -> Markup:
    """Return the paragraph that asks a customer to quote the code."""
    return Markup('<p lang="{}">{} <code>{}</code></p>').format(language, _ASKED[language], request_id())


_ASKED: Final = {
    "en": "If you call us about this, give us this code:",
    "es": "Si nos llama por esto, díganos este código:",
}


class InItsOwnContext:
    """WSGI middleware: what a request binds for its log lines ends with it, because threads serve one after another."""

    def __init__(self, app: Any, *, trusts_proxy: bool) -> None:
        self._app = app
        self._trusts_proxy = trusts_proxy

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer the request."""
        environ[BEGAN] = perf_counter()
        environ[_CONTEXT] = context = copy_context()
        return context.run(self._answer, environ, start_response)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        told = environ.get(_IN_ENVIRON, "") if self._trusts_proxy else ""
        environ[_CODE] = code = told if told and is_of_a_proxy(told) else new_request_id()
        bind_contextvars(request_id=code)

        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            return start_response(status, [*headers, (HEADER, code)], *fault)

        answer: Iterable[bytes] = self._app(environ, start)
        return answer


def _note_route(response: Response) -> Response:
    if request.url_rule is not None:
        request.environ[_ROUTE] = request.url_rule.rule
    return response
