"""Sends one notice by its channel: by a job of the worker, or by a web while no worker runs."""

import random
from typing import Final

from structlog import get_logger

from ivr.backoffice.alarms import notices, phone_calls
from ivr.backoffice.alarms.notices import Message
from ivr.backoffice.alarms.rules import LASTS, ChannelKind
from ivr.platform.jobs import Retry
from ivr.platform.jobs.attempts import backoff
from ivr.platform.jobs.context import JobContext, Route
from ivr.platform.providers.mailer import MailLaterError, MailRefusedError
from ivr.platform.providers.messenger import BadServiceError, MessageLaterError
from ivr.platform.providers.telephone import NotAskedError, OutcomeUnknownError, RefusedError, TryLaterError

log = get_logger(__name__)
#: With the waits between them these take some five minutes; then it is another channel's turn.
TRIES: Final = 8


def send(context: JobContext, notice_id: int, *, answered: Route) -> None:
    """Send a notice that is still wanted and in nobody's hands. Raises Retry when it should be tried again.

    Whoever is called and picks up hears ``answered``.
    """
    with context.database.transaction():
        message = notices.begin(notice_id, address=context.public_url)
    if message is None:
        return
    try:
        _send(context, message, answered)
    except (BadServiceError, MailRefusedError, RefusedError):
        _failed(context, message, "It was refused. Look at the address.", is_last=True)
    except (MailLaterError, MessageLaterError, TryLaterError) as trouble:
        _failed(context, message, "It was not taken.", is_last=message.tries >= TRIES)
        if message.tries < TRIES:
            wait = backoff(message.tries, random.random())  # noqa: S311  # no secret
            raise Retry(wait, "an alarm was not taken") from trouble
    except NotAskedError:
        _failed(context, message, "The phone network is not responding.", is_last=False)
        raise
    except OutcomeUnknownError as unknown:
        # It stays begun: the telephone may ring.
        raise Retry(LASTS.total_seconds() + 1, "nobody knows whether it rings") from unknown


def _send(context: JobContext, message: Message, answered: Route) -> None:
    match message.kind:
        case ChannelKind.MAIL:
            with context.database.reading():
                letter = notices.letter(message, message.target.get("to", ""), sender=context.mail_from)
            context.mailer.send(letter)
        case ChannelKind.SERVICE:
            context.messenger.send(message.target.get("url", ""), title=message.title, text=message.text)
        case ChannelKind.PHONE:
            phone_calls.ring(context, message, answered)
            return
    with context.database.transaction():
        notices.sent(message.id)
    log.info("alarm_sent", notice=message.id, kind=message.kind)


def _failed(context: JobContext, message: Message, why: str, *, is_last: bool) -> None:
    log.warning("alarm_not_sent", notice=message.id, kind=message.kind, attempt=message.tries)
    with context.database.transaction():
        notices.not_sent(message.id, why, is_last=is_last)
