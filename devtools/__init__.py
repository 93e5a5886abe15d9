"""For whoever works on the service. ``flask --app devtools COMMAND`` runs on a desk, whatever the environment says."""

import os

from flask import Flask


def create_app() -> Flask:
    """Return the application of a desk: the file ``var/line.db``, the simulator, and keys that are printed here."""
    from ivr.app import create_app as of_service  # noqa: PLC0415  # a tool that is imported alone loads nothing else
    from ivr.core.config import DESK, from_environment  # noqa: PLC0415
    from ivr.core.logging_setup import init_logs  # noqa: PLC0415

    init_logs()
    os.umask(0o077)  # as the service does: the log of a part may hold what a caller said
    return of_service(from_environment(DESK))
