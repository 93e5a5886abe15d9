"""The whole service in this process, on a network whose clock stands still until it is moved: an hour takes no time."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, cast

from twilio.http import HttpClient
from werkzeug.local import LocalProxy

from devtools.attentive_worker import AttentiveWorker
from devtools.seed import PEOPLE, email
from devtools.simulator_command import CUSTOMER
from ivr.app import create_app
from ivr.company.hours import zones
from ivr.company.hours.rules import COMPANY
from ivr.company.staff import roster
from ivr.core import clock
from ivr.core.config import Config
from ivr.operations.schema import metadata
from ivr.platform.providers.outbox import Outbox
from ivr.platform.providers.twilio_calls import TwilioTelephone
from ivr.services import services
from twilio_simulator import Exchange, Handset, HeldClock, InProcessTwilio, InProcessWeb

LINE: Final = "+18779437675"
ADDRESS: Final = "http://localhost"
#: A Monday, well within hours.
MORNING: Final = zones.moment(COMPANY.zone, datetime(2026, 11, 23, 9))  # noqa: DTZ001  # of the company's zone


class HeldLine:
    """A line with the people of the demonstration; ``begin`` makes it new. In ``folder`` are its files."""

    def __init__(self, folder: Path) -> None:
        self._file, self._new = folder / "line.db", folder / "new.db"
        config = Config(database_url=f"sqlite:///{self._file}", secret_key=token_hex(16), public_url=ADDRESS)
        way_out = cast("HttpClient", LocalProxy(lambda: InProcessTwilio(self.exchange.rest)))
        self.app = create_app(
            config,
            lambda breaker: TwilioTelephone(
                config.twilio_account_sid,
                config.twilio_auth_token,
                config.twilio_phone_number,
                way_out,
                breaker=breaker,
            ),
            Outbox(folder, "line@example.com"),
        )
        self._config = config
        self.database = services(self.app).database
        with self.app.app_context(), clock.held_at(MORNING):
            metadata.create_all(self.database.engine)
            with self.database.transaction():
                for name, role, phone, languages in PEOPLE:
                    roster.add(name, role, phone, email(name), languages, None)
        self.database.engine.dispose()
        self._file.rename(self._new)
        self.exchange: Exchange

    @cached_property
    def _worker(self) -> AttentiveWorker:
        return AttentiveWorker(self.app)  # it asks for the way to the network, which the first exchange opens

    @contextmanager
    def begin(self) -> Iterator[None]:
        """A new line, Monday morning at nine, until the block ends. The service's clock goes with the network's."""
        shutil.copy(self._new, self._file)
        with self.database.reading() as work:
            work.info["remembered"].clear()
        held = HeldClock(MORNING)
        self.exchange = Exchange(
            account_sid=self._config.twilio_account_sid,
            auth_token=self._config.twilio_auth_token,
            web=InProcessWeb({ADDRESS: self.app}),
            clock=held,
        )
        self.exchange.add_number(
            LINE,
            voice_url=f"{ADDRESS}/voice/incoming",
            voice_fallback_url=f"{ADDRESS}/voice/fallback",
            status_callback=f"{ADDRESS}/voice/status",
        )
        self._worker.hear_news()
        self.exchange.backgrounds.append(self._worker)
        with ExitStack() as moment:

            def follow(now: datetime) -> None:
                moment.close()
                moment.enter_context(clock.held_at(now))

            held.on_move.append(follow)
            follow(MORNING)
            yield
        self.database.engine.dispose()
        for file in (self._file, *(Path(f"{self._file}{end}") for end in ("-wal", "-shm"))):
            file.unlink(missing_ok=True)

    def handset(self, first_name: str) -> Handset:
        """The telephone of the customer, or of one of the staff."""
        numbers = {name.split()[0]: phone for name, _, phone, _ in PEOPLE} | {"Customer": CUSTOMER[0]}
        return Handset(self.exchange.phone(numbers[first_name], first_name), self.exchange)

    def stand_in(self, behaviour: Any, *first_names: str) -> None:
        """So do the telephones of these people when they ring."""
        for name in first_names:
            self.handset(name).phone.behaviour = behaviour
