"""A chat server on this machine that alarms go to, and somebody who looks when the story says so."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug import Request, Response

from ivr.backoffice.alarms import channels
from ivr.backoffice.alarms import service as alarms
from ivr.backoffice.alarms.channels import Told
from ivr.backoffice.alarms.models import Alarm, AlarmNotice
from ivr.company.policy import service as policy
from ivr.company.policy.causes import LABELS
from ivr.company.policy.service import Command
from tests.support.world import World

OWNER = Command("the owner")


@dataclass
class Chat:
    """A server that takes messages as apprise sends them, and may refuse the next ones."""

    address: str = ""
    messages: list[tuple[str, str]] = field(default_factory=list)
    #: Statuses of the next answers; then 200.
    answers: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.address.replace("http:", "json:")

    def __call__(self, environ: Any, start: Any) -> Any:
        said = json.loads(Request(environ).get_data())
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.messages.append((said["title"], said["message"]))
        return Response(status=status)(environ, start)


class Watch:
    """The line, with what the owner has set about alarms."""

    def __init__(self, world: World) -> None:
        self.world, self.database = world, world.database

    def tells(self, chat: Chat, *, step: int = 0, causes: Any = tuple(LABELS)) -> None:
        """Alarms go to this chat."""
        with self.database.transaction():
            channels.add_service(chat.url, "Chat", Told(causes, step), OWNER)

    def sets(self, **values: str) -> None:
        with self.database.transaction():
            policy.change_all(values, OWNER)

    def looks(self, after: float = 0) -> None:
        """A worker looks, and the jobs of what it finds are run."""
        self.world.advance(after)
        with self.database.transaction():
            alarms.note_worker()
            alarms.look()
        self.world.exchange.settle()

    def alarms(self) -> list[Alarm]:
        with self.database.reading() as session:
            return list(session.scalars(select(Alarm).order_by(Alarm.id)))

    def notices(self) -> list[AlarmNotice]:
        with self.database.reading() as session:
            return list(session.scalars(select(AlarmNotice).order_by(AlarmNotice.id)))
