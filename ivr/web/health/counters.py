"""What a web counts by itself: its answers, and how long they took.

gunicorn's processes count into one folder (``gunicorn.conf.py``), and whichever is asked answers for all: no figure
goes down when one of them ends. Labels are endpoints, never paths: those hold references and tokens, and have no end.
"""

import os
from functools import cache
from time import perf_counter
from typing import Final

from flask import Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.web.request_ids import BEGAN

_BY_ENDPOINT: Final = ("endpoint", "status")
#: Seconds. Twilio waits 15, and a caller hears silence meanwhile.
_BUCKETS: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
#: Else each series would have a second one that says since when it is counted.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the package types the rest


class Counters:
    """Counts and times the answers of this process. All are exported by ``registry``."""

    def __init__(self, registry: CollectorRegistry) -> None:
        is_one_of_several = _FOLDER in os.environ
        if is_one_of_several:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package types the rest
        own = None if is_one_of_several else registry
        self._answers = Counter("line_requests", "Answers.", _BY_ENDPOINT, registry=own)
        self._seconds = Counter("line_request_seconds", "Time spent on them.", _BY_ENDPOINT, registry=own)
        self._webhooks = Histogram(
            "line_webhook_seconds",
            "How long the network waited for an answer, by step.",
            ("step",),
            registry=own,
            buckets=_BUCKETS,
        )
        refused = Counter(
            "line_signatures_refused", "Webhooks without a valid signature.", ("whose",), registry=own
        )
        # From their beginning, or the first one would be no increase.
        self._refused = {one: refused.labels(one) for one in ("telephone", "payments")}
        self._failed = Counter(
            "line_turns_failed", "Turns that broke: the caller heard an apology.", registry=own
        )
        self._fallbacks = Counter(
            "line_fallbacks", "Calls that the network sent to the fallback address.", registry=own
        )
        self._errors = Counter("line_errors", "Answers of status 500 and above.", registry=own)
        processes = Gauge(
            "line_web_processes",
            "Processes of this machine that answer.",
            registry=own,
            multiprocess_mode="livesum",
        )
        processes.set(1)
        # Looked up once: there are as many as routes, and to look one up costs more than to count.
        self._of = cache(self._labelled)
        self._step = cache(self._webhooks.labels)

    def _labelled(self, endpoint: str, hundreds: int) -> tuple[Counter, Counter]:
        labels = endpoint, f"{hundreds}xx"
        return self._answers.labels(*labels), self._seconds.labels(*labels)

    def note(self, response: Response) -> Response:
        """Count an answer; a stream counts once it begins."""
        endpoint, status = request.endpoint or "none", response.status_code
        seconds = perf_counter() - request.environ[BEGAN]
        answers, spent = self._of(endpoint, status // 100)
        answers.inc()
        spent.inc(seconds)
        if request.path.startswith("/voice/"):
            self._note_webhook(endpoint, status, seconds)
        elif endpoint == "payments_webhook.stripe" and status == 400:
            self._refused["payments"].inc()
        if status >= 500:
            self._errors.inc()
        return response

    def _note_webhook(self, endpoint: str, status: int, seconds: float) -> None:
        if status == 403:
            self._refused["telephone"].inc()
        else:
            self._step(endpoint).observe(seconds)
        if request.path == "/voice/fallback":
            self._fallbacks.inc()
        if "has_failed" in g:
            self._failed.inc()
