"""Flows of Studio: create, update, list, fetch, delete, validate; and their revisions."""

import json
from typing import Any, Final

from flask import Blueprint

from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.rest.studio_pages import STUDIO, iso8601, meta_page
from twilio_simulator.studio.definition import Definition, DefinitionError
from twilio_simulator.studio.flows import Flow, Revision

FIELDS: Final = "FriendlyName Status Definition CommitMessage"

flows = Blueprint("flows", __name__)


def found(sid: str) -> Flow:
    flow = current_exchange().studio.flows.get(sid)
    if flow is None:
        raise not_found()
    return flow


@flows.get("/Flows")
def listing() -> dict[str, Any]:
    """Without definitions, as at Twilio."""
    newest_first = list(reversed(current_exchange().studio.flows.values()))
    return meta_page(
        "flows", newest_first, lambda flow: show(flow) | {"definition": None}, lambda flow: flow.sid
    )


@flows.post("/Flows")
def create() -> tuple[dict[str, Any], int]:
    revision = _revision(None)
    flow = current_exchange().studio.create()
    flow.revisions.append(revision)
    return show(flow), 201


@flows.post("/Flows/Validate")
def validate() -> dict[str, Any]:
    _revision(None)
    return {"valid": True}


@flows.get("/Flows/<sid>")
def fetch(sid: str) -> dict[str, Any]:
    return show(found(sid))


@flows.post("/Flows/<sid>")
def update(sid: str) -> dict[str, Any]:
    flow = found(sid)
    flow.revisions.append(_revision(flow.latest))
    return show(flow)


@flows.delete("/Flows/<sid>")
def delete(sid: str) -> tuple[str, int]:
    del current_exchange().studio.flows[found(sid).sid]
    return "", 204


@flows.get("/Flows/<sid>/Revisions")
def revisions(sid: str) -> dict[str, Any]:
    flow = found(sid)
    newest_first = list(reversed(flow.revisions))
    return meta_page(
        "revisions",
        newest_first,
        lambda one: show_revision(flow, one) | {"definition": None},
        lambda one: str(one.number),
    )


@flows.get("/Flows/<sid>/Revisions/<number>")
def revision(sid: str, number: str) -> dict[str, Any]:
    """By its number, or as LatestPublished or LatestRevision."""
    flow = found(sid)
    named = {"LatestRevision": flow.latest, "LatestPublished": flow.published}
    wanted = named.get(number) or next((one for one in flow.revisions if str(one.number) == number), None)
    if wanted is None:
        raise not_found()
    return show_revision(flow, wanted)


def show(flow: Flow) -> dict[str, Any]:
    url = f"{STUDIO}/v2/Flows/{flow.sid}"
    return show_revision(flow, flow.latest) | {
        "warnings": [],
        "date_created": iso8601(flow.revisions[0].made),
        "webhook_url": flow.webhook_url,
        "url": url,
        "links": {
            "revisions": f"{url}/Revisions",
            "executions": f"{url}/Executions",
            "test_users": f"{url}/TestUsers",
        },
    }


def show_revision(flow: Flow, one: Revision) -> dict[str, Any]:
    return {
        "sid": flow.sid,
        "account_sid": current_exchange().account_sid,
        "author_sid": None,
        "friendly_name": one.friendly_name,
        "definition": one.given,
        "status": one.status,
        "revision": one.number,
        "commit_message": one.commit_message,
        "valid": True,
        "errors": [],
        "date_created": iso8601(one.made),
        "date_updated": iso8601(one.made),
        "url": f"{STUDIO}/v2/Flows/{flow.sid}/Revisions/{one.number}",
    }


def _revision(before: Revision | None) -> Revision:
    """What the form asks for; an update keeps what it does not name. Status is always needed."""
    form = Form(current_exchange(), FIELDS)
    needed = ["Status", *(["FriendlyName", "Definition"] if before is None else [])]
    for name in needed:
        if not form.text(name):
            raise RefusedError(20001, f"Missing required parameter {name} in the post body")
    given = _definition(form.text("Definition")) if before is None or "Definition" in form else before.given
    return Revision(
        number=before.number + 1 if before else 1,
        friendly_name=form.text("FriendlyName", before.friendly_name if before else ""),
        status=form.one_of("Status", ("draft", "published")),
        given=given,
        definition=_checked(given),
        commit_message=form.text("CommitMessage") or None,
        made=current_exchange().clock.now(),
    )


def _definition(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(20001, f"Invalid parameter Definition: {error}") from error


def _checked(given: Any) -> Definition:
    try:
        return Definition.parse(given)
    except DefinitionError as error:
        wrong = [{"message": one.message, "property_path": one.path} for one in error.mistakes]
        details = {"errors": wrong, "warnings": []}
        raise RefusedError(81022, "Flow definition is invalid", details=details) from error
