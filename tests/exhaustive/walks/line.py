"""The small world, all of it in this process: a fork copies it."""

from contextlib import suppress
from functools import cached_property

import time_machine
from flask import Flask
from structlog.types import EventDict

from ivr.callcenter.intake.stages import Stage
from ivr.core.errors import Refusal
from ivr.operations.schema import metadata
from ivr.services import services
from tests.support.postgres import make_tables
from tests.support.sales import Desk
from tests.support.world import World
from twilio_simulator import Switches


class Line(World):
    """The line with its database in memory, and the ``log`` of what it says of itself."""

    def __init__(
        self,
        traveller: time_machine.Traveller,
        log: list[EventDict],
        switches: Switches | None = None,
    ) -> None:
        self.log = log
        #: What has been done about the matter, and the stage in which no telephone may move it.
        self.sold: list[str] = []
        self.stage: Stage | None = None
        super().__init__("sqlite://", traveller, switches)

    def sell(self, what: str) -> None:
        """One of the acts of ``tests.support.sales``; what is refused changes nothing."""
        self.sold.append(what)
        with suppress(Refusal, LookupError):
            getattr(self.desk, what)()
        self.exchange.settle()

    @cached_property
    def desk(self) -> Desk:
        """The first intake's, which has all six fields from now on."""
        return Desk(self)

    def _application(self, database_url: str, switches: Switches | None) -> Flask:
        app = super()._application(database_url, switches)
        engine = services(app).database.engine
        metadata.drop_all(engine)
        make_tables(engine)
        return app
