"""How gunicorn serves and logs. It reads this file by itself, in the folder where it starts: only the address is given.

GUNICORN_CMD_ARGS changes a value for one machine: ``--workers 4``. It logs one JSON object a line. Once a worker has
loaded the application, all that it logs goes the application's way (``ivr/core/logging_setup.py``).
"""

import gc
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import traceback
from contextvars import copy_context
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http.wsgi import Response
from gunicorn.workers.base import Worker

worker_class = "ivr.web.server.worker.BufferingWorker"
workers = 2
threads = 64
#: Of one process: half of them may be streams.
worker_connections = 512
#: Seconds to finish what is being answered; a webhook takes milliseconds.
graceful_timeout = 10
_IN_MEMORY = "/dev/shm"  # noqa: S108  # gunicorn makes its own folder and files there
#: What /metrics counts is written with every request, and on a disk each write may wait for the commits of others.
worker_tmp_dir = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
#: Nobody steers it but by signals: one socket less.
control_socket_disable = True

# PUBLIC_URL says at which address the service is. No header does, whoever sends it: neither SCRIPT_NAME nor the scheme.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

_all_headers = Response.default_headers


def _without_banner(response: Response) -> list[str]:
    return [header for header in _all_headers(response) if not header.startswith("Server:")]


Response.default_headers = _without_banner


def on_starting(server: Arbiter) -> None:
    """Ends with every fault of the environment, and when a desk, whose keys are printed, would be open to others."""
    # Imported here and forgotten below: new workers would else inherit the old code when the master loads the new one.
    from ivr.core.config import from_environment  # noqa: PLC0415
    from ivr.core.config_checks import is_loopback  # noqa: PLC0415
    from ivr.core.errors import BadConfigError  # noqa: PLC0415

    try:
        config = from_environment()
    except BadConfigError as faults:
        sys.exit(str(faults))
    # A name in the file system, in place of host and port, is open to this machine alone.
    ports = [address for address in server.cfg.address if isinstance(address, tuple)]
    if not config.is_production and not all(is_loopback(host) for host, *_ in ports):
        sys.exit(
            "The service cannot start:\n  - PUBLIC_URL is this machine, so others must not reach it: "
            "bind it to 127.0.0.1, or give the address at which the world reaches it"
        )
    for name in [name for name in sys.modules if name.partition(".")[0] == "ivr"]:
        del sys.modules[name]


def when_ready(server: Arbiter) -> None:
    """All processes count what they answer in one folder, which ends with the master: /metrics answers for all."""
    folder = tempfile.mkdtemp(prefix="line-metrics-", dir=server.cfg.worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """A process has ended: what it counted stays, and it counts as alive no more."""
    for file in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob(f"gauge_live*_{worker.pid}.db"):
        file.unlink()


def on_exit(_server: Arbiter) -> None:
    """The master has ended, and all its processes before it."""
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """A worker loads without the garbage collector, which would look through all of it several times for nothing."""
    gc.disable()


def post_worker_init(worker: Worker) -> None:
    """The application is loaded, and nobody is answered yet. What is there stays, so nobody need look at it again."""
    if hasattr(worker.wsgi, "warm_up"):
        worker.wsgi.warm_up()
    gc.freeze()
    gc.enable()


class OneObject(logging.Formatter):
    """A line of the master process. It speaks of processes; of a fault it tells where it was, not its words."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        told = {
            "event": "gunicorn",
            "words": record.getMessage() if record.levelno < logging.WARNING else str(record.msg),
            "level": record.levelname.lower(),
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
        }
        if record.exc_info and record.exc_info[0]:
            frames = "".join(traceback.format_tb(record.exc_info[2]))
            told["exception"] = f"{frames}{record.exc_info[0].__name__}"
        return json.dumps(told)


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own, in our shape."""

    def setup(self, cfg: Any) -> None:
        """Give gunicorn's handlers our shape."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(OneObject())

    def access(self, resp: Any, _req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """Log a request, where ``--access-logfile`` asks for it: route, code and call, and never its address."""
        if self.access_log_enabled:
            from structlog import get_logger  # noqa: PLC0415  # the master has none to leave to new workers

            milliseconds = int(request_time.total_seconds() * 1000)
            told = {"method": environ["REQUEST_METHOD"][:10], "status": resp.status_code, "ms": milliseconds}
            context = (
                environ.get("ivr.context") or copy_context()
            )  # with what the request has bound for its lines
            context.run(get_logger().info, "request", route=environ.get("ivr.route"), **told)


logger_class = JsonLogger
