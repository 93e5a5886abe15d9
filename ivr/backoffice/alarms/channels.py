"""The channels by which alarms leave: the owner adds, changes, tests and removes them."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, select, update

from ivr.backoffice.alarms import service
from ivr.backoffice.alarms.models import AlarmChannel
from ivr.backoffice.alarms.rules import STEPS, ChannelKind, What
from ivr.company.policy import service as policy
from ivr.company.policy.causes import LABELS
from ivr.company.policy.trail import Somebody
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.email_addresses import email_fault
from ivr.core.errors import Refusal
from ivr.core.text import readable

#: Each is told of each alarm: more are a mistake.
MOST: Final = 20
_STEP: Final = {0: "told at once", 1: "told second", 2: "told third"}


class Told(NamedTuple):
    """What a channel is told, by codes, and at which step of escalation."""

    causes: Collection[str]
    step: int


class BadChannelAddressError(Refusal):
    message = "That is not an email address that we can send to."


class NobodyToCallError(Refusal):
    message = "Choose who is called."


class NoCauseError(Refusal):
    message = "Choose at least one cause."


class TooManyChannelsError(Refusal):
    message = f"There are {MOST} channels already. Remove one first."


class ChannelGoneError(Refusal):
    message = "That channel was removed. Reload the page."


def everyone() -> Sequence[Row[Any]]:
    """Return the channels, without their addresses: id, kind, name, step, causes."""
    one = AlarmChannel
    wanted: Select[*tuple[Any, ...]] = select(one.id, one.kind, one.name, one.step, one.causes)
    return session.execute(wanted.where(one.removed_at.is_(None)).order_by(one.step, one.id)).all()


def add_mail(to: str, told: Told, by: Somebody) -> None:
    """Raise BadChannelAddressError, NoCauseError, TooManyChannelsError."""
    address = to.strip().lower()
    if fault := email_fault(address):
        raise BadChannelAddressError(fault)
    _add(AlarmChannel(kind=ChannelKind.MAIL, name=address[:60], target={"to": address}), told, by)


def add_service(url: str, name: str, told: Told, by: Somebody) -> None:
    """``name`` is what the messenger calls the service at this address. Raises NoCauseError, TooManyChannelsError."""
    service_ = AlarmChannel(kind=ChannelKind.SERVICE, name=readable(name)[:60], target={"url": url.strip()})
    _add(service_, told, by)


def add_phone(staff_id: int | None, told: Told, by: Somebody) -> None:
    """Raise NobodyToCallError, NoCauseError, TooManyChannelsError."""
    staff = session.get(Staff, staff_id) if staff_id else None
    if staff is None or not staff.is_active:
        raise NobodyToCallError
    name = f"A call to {staff.name}"[:60]
    _add(AlarmChannel(kind=ChannelKind.PHONE, name=name, target={}, staff_id=staff.id), told, by)


def change(channel_id: int, told: Told, by: Somebody) -> str:
    """Set what the channel is told, and when. Returns its name. Raises NoCauseError, ChannelGoneError."""
    channel = _known(channel_id)
    before = _in_words(channel)
    _set(channel, told)
    if before != (after := _in_words(channel)):
        policy.record(f"Alarms to {channel.name}", before, after, by)
    return channel.name


def remove(channel_id: int, by: Somebody) -> str:
    """Take the channel away, and forget its address. Returns its name. Raises ChannelGoneError."""
    channel = _known(channel_id)
    there = AlarmChannel.id == channel_id, AlarmChannel.removed_at.is_(None)
    if changed(update(AlarmChannel).where(*there).values(removed_at=clock.now(), target={})):
        policy.record(f"Alarms to {channel.name}", _in_words(channel), "none", by)
    return channel.name


def test(channel_id: int) -> str:
    """Send a test alarm. Returns the channel's name. Raises ChannelGoneError."""
    channel = _known(channel_id)
    service.notify(What.TEST, channel_id, None)
    return channel.name


def _add(channel: AlarmChannel, told: Told, by: Somebody) -> None:
    if len(everyone()) >= MOST:
        raise TooManyChannelsError
    _set(channel, told)
    channel.made_at = clock.now()
    session.add(channel)
    policy.record(f"Alarms to {channel.name}", "none", _in_words(channel), by)


def _set(channel: AlarmChannel, told: Told) -> None:
    causes = [cause for cause in LABELS if cause in told.causes]
    if not causes:
        raise NoCauseError
    channel.causes, channel.step = causes, told.step if told.step in STEPS else STEPS[0]


def _known(channel_id: int) -> AlarmChannel:
    channel = session.get(AlarmChannel, channel_id)
    if channel is None or channel.removed_at is not None:
        raise ChannelGoneError
    return channel


def _in_words(channel: AlarmChannel) -> str:
    return f"{_STEP[channel.step]}: {', '.join(LABELS[one] for one in channel.causes if one in LABELS)}"
