"""How gunicorn logs: one JSON object a line. It reads this file by itself, in the folder where it starts.

Once a worker has loaded the application, all that it logs goes the application's way (``ivr/core/logging_setup.py``).
Nothing of ours is imported here: the master process would keep the old code when it is told to load the new one.
"""

import json
import logging
import time
import traceback
from typing import Any

from gunicorn.glogging import Logger


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
    """gunicorn's own, in our shape. Of a request it tells no more than method, status and time: no address."""

    def setup(self, cfg: Any) -> None:
        """Give gunicorn's handlers our shape."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(OneObject())

    def access(self, resp: Any, _req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """Log a request, where ``--access-logfile`` asks for it."""
        if self.access_log_enabled:
            milliseconds = int(request_time.total_seconds() * 1000)
            told = (environ["REQUEST_METHOD"][:10], resp.status_code, milliseconds)
            self.access_log.info("%s, answered with %s within %s ms", *told)


logger_class = JsonLogger
