"""The small world, all of it in this process: a fork copies it."""

import time_machine
from flask import Flask
from structlog.types import EventDict

from ivr.simulator import Switches
from ivr.tables import metadata
from tests.postgres import make_tables
from tests.world import World


class Line(World):
    """The line with its database in memory, and the ``log`` of what it says of itself."""

    def __init__(
        self,
        traveller: time_machine.Traveller,
        log: list[EventDict],
        switches: Switches | None = None,
    ) -> None:
        self.log = log
        super().__init__("sqlite://", traveller, switches)

    def _application(self, database_url: str, switches: Switches | None) -> Flask:
        app = super()._application(database_url, switches)
        engine = app.extensions["database"].engine
        metadata.drop_all(engine)
        make_tables(engine)
        return app
