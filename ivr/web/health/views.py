"""Liveness, readiness and metrics, for load balancers and for Prometheus.

The service's figures are counted in the database at each scrape, so every process of every machine answers the same:
take their maximum, not their sum. Requests are counted where they are answered (``counters.py``).
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Final

from flask import Blueprint, Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.core.db import Database, outage
from ivr.core.db.outages import FULL
from ivr.core.release import release
from ivr.services import services
from ivr.web.health import doorway, queries
from ivr.web.health.counters import Counters

log = get_logger(__name__)
blueprint = Blueprint("health", __name__)

#: Bytes: less than that a busy line has written within minutes.
_LEAST_FREE: Final = 4 * 1024 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


class Figures(Collector):
    """The service's figures, counted when they are requested."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures; without a database, only that it is down."""
        yield _family("line_build_info", "The release that runs.", {release(): 1}, ("version", "commit"))
        if self._database.free_bytes != inf:
            words = "How far the database's file can grow."
            yield _family("line_disk_free_bytes", words, {(): self._database.free_bytes})
        try:
            with self._database.reading():
                gauges = list(queries.gauges())
        except SQLAlchemyError as fault:
            log.warning("metrics_without_database", error=type(fault).__name__)
            gauges = []
        yield _family("line_database_up", "Whether the database answers.", {(): float(bool(gauges))})
        for gauge in gauges:
            yield _family(gauge.name, gauge.help, gauge.values, gauge.labels)

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: registration must not query the database."""
        return []


def _family(
    name: str, words: str, values: Mapping[tuple[str, ...], float], labels: Sequence[str] = ()
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for one, value in values.items():
        family.add_metric(one, value)
    return family


def init_health(app: Flask) -> None:
    """Register /health, /ready and /metrics, and count the application's requests."""
    registry = CollectorRegistry()
    counters = Counters(registry)
    ours = services(app)
    registry.register(Figures(ours.database))
    ours.keep(registry)
    app.after_request(counters.note)
    app.register_blueprint(blueprint)
    app.register_blueprint(doorway.blueprint)


@blueprint.get("/health")
def health() -> tuple[str, int]:
    """Answer that the process runs. It queries nothing: a restart does not help when the database is down."""
    return "", 204


@blueprint.get("/ready")
def ready() -> tuple[str, int]:
    """Answer whether the process can work: its database answers, and can grow."""
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
    """Return all figures to those who may see them, 404 to others."""
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
