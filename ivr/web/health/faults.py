"""Reports faults to Sentry if SENTRY_DSN is set: where and what kind, never whom it concerns.

Only the fields named here are sent. An error's own words, its local variables, the request and the breadcrumbs may
hold a caller's words, a number or a token, and no pattern finds them all; so they are not sent.
"""

from collections.abc import MutableMapping
from typing import Any, Final

import sentry_sdk
import structlog
from sentry_sdk.types import Event, Hint

from ivr.core.logging_setup import fault_of

_KEPT: Final = frozenset(
    {
        "event_id",
        "timestamp",
        "level",
        "platform",
        "environment",
        "sdk",
        "tags",
    }
)
_OF_A_FRAME: Final = frozenset(
    {
        "filename",
        "abs_path",
        "module",
        "function",
        "lineno",
        "context_line",
        "pre_context",
        "post_context",
        "in_app",
    }
)
#: What a log line may add: codes, names of jobs and classes, routes, the CallSid, which finds the call's timeline, and
#: the request's code, which a person may quote.
_TAGS: Final = frozenset(
    {"call_sid", "request_id", "job", "id", "attempt", "error", "refusal", "method", "route"}
)


def init_faults(dsn: str, *, environment: str) -> None:
    """Report unexpected exceptions and error log lines from now on."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        traces_sample_rate=None,
        default_integrations=False,
        integrations=[],
        before_send=scrubbed,
    )
    processors = structlog.get_config()["processors"]
    if reported not in processors:
        structlog.configure(processors=[structlog.contextvars.merge_contextvars, reported, *processors])


def reported(_logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Report a log line that is an error. Every fault that nobody expected becomes one: there is no other way here."""
    if method in {"error", "exception", "critical"}:
        with sentry_sdk.new_scope() as scope:
            for name in _TAGS & event.keys():
                scope.set_tag(name, str(event[name]))
            if event.get("exc_info"):
                scope.set_tag("event", str(event["event"]))
                scope.capture_exception(fault_of(event["exc_info"]))
            else:
                scope.capture_message(str(event["event"]), level="error")
    return event


def scrubbed(event: Event, _hint: Hint) -> Event:
    """Return the event with only the fields named above."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in _KEPT}
    if message := event.get("logentry", {}).get("message") or event.get("message"):
        kept["message"] = message
    if "exception" in event:
        kept["exception"] = {"values": [_exception(one) for one in event["exception"]["values"]]}
    return kept  # type: ignore[return-value]


def _exception(raised: dict[str, Any]) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames", [])
    return {
        "type": raised.get("type"),
        "module": raised.get("module"),
        "mechanism": {"type": (raised.get("mechanism") or {}).get("type", "generic"), "handled": False},
        "stacktrace": {
            "frames": [{name: frame[name] for name in _OF_A_FRAME & frame.keys()} for frame in frames]
        },
    }
