"""Liveness, readiness and metrics, for load balancers and for Prometheus.

The service's figures are counted in the database at each scrape, so every process answers the same. Only
requests are counted in the process, each series labelled with it: Prometheus adds them up.
"""

import hmac
import os
from collections.abc import Iterator
from time import perf_counter
from typing import Final

from flask import Blueprint, Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.core.db import Database, outage
from ivr.core.db.outages import FULL
from ivr.services import services
from ivr.web.health import doorway, queries

log = get_logger(__name__)
blueprint = Blueprint("health", __name__)

#: Labels of a process's series: a restarted process starts at zero, as Prometheus expects of a counter.
_PROCESS: Final = ("process", "endpoint", "status")
#: Bytes: less than that a busy line has written within minutes.
_LEAST_FREE: Final = 4 * 1024 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


class Requests:
    """Counts and times the answers of this process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answered = Counter("line_requests", "Answers.", _PROCESS, registry=self.registry)
        self._seconds = Counter(
            "line_request_seconds", "Time spent on them.", _PROCESS, registry=self.registry
        )

    def begin(self) -> None:
        """Notes when a request arrives."""
        g.began = perf_counter()

    def end(self, response: Response) -> Response:
        """Counts the answer; a stream counts once it begins."""
        # Labelled by endpoint, never by path: paths hold references and tokens, and are unlimited in number.
        labels = (str(os.getpid()), request.endpoint or "none", f"{response.status_code // 100}xx")
        self._answered.labels(*labels).inc()
        now = perf_counter()
        self._seconds.labels(*labels).inc(
            now - g.pop("began", now)
        )  # a gate may have refused before it began
        return response


class Figures(Collector):
    """The service's figures, counted when they are requested."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yields the figures; without a database, only that it is down."""
        try:
            with self._database.reading():
                gauges = list(queries.gauges())
        except SQLAlchemyError as fault:
            log.warning("metrics_without_database", error=type(fault).__name__)
            yield GaugeMetricFamily("line_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("line_database_up", "Whether the database answers.", 1)
        for gauge in gauges:
            yield GaugeMetricFamily(gauge.name, gauge.help, gauge.value)

    def describe(self) -> list[GaugeMetricFamily]:
        """Returns nothing: registration must not query the database."""
        return []


def init_health(app: Flask) -> None:
    """Registers /health, /ready and /metrics, and counts the application's requests."""
    requests = Requests()
    ours = services(app)
    requests.registry.register(Figures(ours.database))
    ours.keep(requests.registry)
    app.before_request(requests.begin)
    app.after_request(requests.end)
    app.register_blueprint(blueprint)
    app.register_blueprint(doorway.blueprint)


@blueprint.get("/health")
def health() -> tuple[str, int]:
    """Answers that the process runs. It queries nothing: a restart does not help when the database is down."""
    return "", 204


@blueprint.get("/ready")
def ready() -> tuple[str, int]:
    """Answers whether the process can work: its database answers, and can grow."""
    database = services().database
    try:
        with database.reading():
            queries.ask()
    except SQLAlchemyError as fault:
        log.warning("not_ready", error=type(fault).__name__)
        return f"{outage(fault) or 'The database does not answer.'}\n", 503
    if database.free_bytes < _LEAST_FREE:
        log.warning("not_ready", error="disk full")
        return f"{FULL}\n", 503
    return "", 204


@blueprint.get("/metrics")
def metrics() -> Response:
    """Returns all figures to those who may see them, 404 to others."""
    if not _may_see():
        abort(404)
    return Response(generate_latest(services().find(CollectorRegistry)), content_type=CONTENT_TYPE_LATEST)


def _may_see() -> bool:
    config = services().config
    if config.metrics_token:
        shown = request.headers.get("Authorization", "").encode()
        return hmac.compare_digest(shown, f"Bearer {config.metrics_token}".encode())
    # Behind a proxy on the same machine all may seem to come from loopback: in production only the token counts.
    return not config.is_production and request.remote_addr in _LOOPBACK
