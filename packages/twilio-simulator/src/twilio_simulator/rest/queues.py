"""Queues and their members."""

from typing import Any, Final

from flask import Blueprint

from twilio_simulator.performance import Fetch
from twilio_simulator.queues import Member, Queue
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.pages import page
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.webhooks import rfc2822

NAME_LIMIT: Final = 64

queues = Blueprint("queues", __name__)


def show(queue: Queue) -> dict[str, Any]:
    return {
        "account_sid": current_exchange().account_sid,
        "average_wait_time": queue.average_seconds,
        "current_size": len(queue.members),
        "date_created": rfc2822(queue.created),
        "date_updated": rfc2822(queue.updated),
        "friendly_name": queue.name,
        "max_size": queue.max_size,
        "sid": queue.sid,
        "uri": uri(f"Queues/{queue.sid}.json"),
    }


def show_member(member: Member) -> dict[str, Any]:
    return {
        "queue_sid": member.queue.sid,
        "call_sid": member.leg.sid,
        "date_enqueued": rfc2822(member.entered),
        "position": member.position,
        "uri": uri(f"Queues/{member.queue.sid}/Members/{member.leg.sid}.json"),
        "wait_time": member.seconds,
    }


def found(sid: str) -> Queue:
    queue = current_exchange().queues.all.get(sid)
    if queue is None:
        raise not_found()
    return queue


def member_of(sid: str, key: str) -> Member:
    members = found(sid).members
    if key == "Front" and members:
        return members[0]
    for member in members:
        if member.leg.sid == key:
            return member
    raise not_found()


@queues.get("/Queues.json")
def listing() -> dict[str, Any]:
    return page("queues", list(current_exchange().queues.all.values()), show, lambda queue: queue.sid)


@queues.post("/Queues.json")
def create() -> tuple[dict[str, Any], int]:
    form = Form(current_exchange(), "FriendlyName MaxSize")
    return show(current_exchange().queues.create(_free_name(form), form.whole("MaxSize", 100, 1, 5000))), 201


def _free_name(form: Form) -> str:
    name = form.text("FriendlyName")
    if not name or len(name) > NAME_LIMIT or current_exchange().queues.named(name) is not None:
        raise RefusedError(22003, f"FriendlyName {name[:NAME_LIMIT]!r} is missing, too long or in use")
    return name


@queues.get("/Queues/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return show(found(sid))


@queues.post("/Queues/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    queue = found(sid)
    form = Form(current_exchange(), "FriendlyName MaxSize")
    queue.max_size = form.whole("MaxSize", queue.max_size, 1, 5000)
    if form.text("FriendlyName", queue.name) != queue.name:
        queue.name = _free_name(form)
    queue.updated = current_exchange().clock.now()
    return show(queue)


@queues.delete("/Queues/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """Only an empty queue can be deleted (Twilio, Queue resource)."""
    queue = found(sid)
    if queue.members:
        raise RefusedError(22001, f"Queue {sid} is not empty")
    del current_exchange().queues.all[sid]
    return "", 204


@queues.get("/Queues/<sid>/Members.json")
def members(sid: str) -> dict[str, Any]:
    return page("queue_members", found(sid).members, show_member, lambda member: member.leg.sid)


@queues.get("/Queues/<sid>/Members/<key>.json")
def member(sid: str, key: str) -> dict[str, Any]:
    return show_member(member_of(sid, key))


@queues.post("/Queues/<sid>/Members/<key>.json")
def dequeue(sid: str, key: str) -> dict[str, Any]:
    taken = member_of(sid, key)
    form = Form(current_exchange(), "Url Method")
    url = form.url("Url")
    if url is None:
        raise RefusedError(21205, "Url parameter is required.")
    shown = show_member(taken)
    taken.leg.move(Fetch(url, form.method("Method")))
    return shown
