"""Studio over REST, asked by Twilio's own SDK: flows, revisions, executions."""

import copy
import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.studio.v2.flow import FlowInstance
from twilio.rest.studio.v2.flow.execution import ExecutionInstance
from twilio.rest.studio.v2.flow.execution.execution_context import ExecutionContextInstance
from twilio.rest.studio.v2.flow.execution.execution_step import ExecutionStepInstance
from twilio.rest.studio.v2.flow.execution.execution_step.execution_step_context import (
    ExecutionStepContextInstance,
)
from twilio.rest.studio.v2.flow.flow_revision import FlowRevisionInstance
from werkzeug.test import Client as Browser

from simulator_tests.flows import Json, continuity, definition, say, split
from simulator_tests.lab import ACCOUNT, LINE, MONDAY, TOKEN, Lab

HELLO = definition(say("hello", "Hello."))


def create(lab: Lab, given: Json = HELLO, status: str = "published") -> Any:
    return lab.twilio.studio.v2.flows.create(friendly_name="Continuity", status=status, definition=given)


def call(lab: Lab, flow: Any, times: int = 1) -> None:
    """Calls to the flow from its first word to its last, a minute apart."""
    [number] = lab.twilio.incoming_phone_numbers.list()
    number.update(voice_url=flow.webhook_url)
    for _ in range(times):
        lab.caller.dials(LINE).waits(60)


def test_a_flow_is_made_changed_and_taken_away(lab: Lab) -> None:
    flows = lab.twilio.studio.v2.flows
    made = create(lab)
    assert made.webhook_url == f"https://webhooks.twilio.com/v1/Accounts/{ACCOUNT}/Flows/{made.sid}"
    assert (made.revision, made.valid, made.errors, made.date_created) == (1, True, [], MONDAY)
    changed = flows(made.sid).update(
        status="draft", definition=definition(say("bye", "Goodbye.")), commit_message="shorter"
    )
    assert (changed.revision, changed.status, changed.commit_message) == (2, "draft", "shorter")
    assert changed.friendly_name == "Continuity"
    assert flows(made.sid).fetch().definition["states"][1]["name"] == "bye"
    assert flows(made.sid).update(status="published").definition == changed.definition
    assert [one.definition for one in flows.list()] == [None]
    assert flows(made.sid).delete()
    assert flows.list() == []
    with pytest.raises(TwilioRestException, match="was not found") as refused:
        flows(made.sid).fetch()
    assert refused.value.status == 404


def test_each_change_is_a_revision(lab: Lab) -> None:
    flow = lab.twilio.studio.v2.flows(create(lab).sid)
    flow.update(status="draft", friendly_name="Later")
    assert [one.revision for one in flow.revisions.list()] == [2, 1]
    assert flow.revisions("1").fetch().friendly_name == "Continuity"
    assert flow.revisions("LatestPublished").fetch().revision == 1
    assert flow.revisions("LatestRevision").fetch().friendly_name == "Later"


def test_validate_makes_nothing(lab: Lab) -> None:
    asked = lab.twilio.studio.v2.flow_validate
    assert asked.update(friendly_name="Continuity", status="published", definition=continuity()).valid
    assert lab.twilio.studio.v2.flows.list() == []
    with pytest.raises(TwilioRestException):
        asked.update(friendly_name="Continuity", status="published", definition={})


def test_lists_have_pages(lab: Lab) -> None:
    flows = [create(lab) for _ in range(3)]
    assert [one.sid for one in lab.twilio.studio.v2.flows.list(page_size=2)] == [
        one.sid for one in flows[::-1]
    ]
    flow = lab.twilio.studio.v2.flows(flows[0].sid)
    flow.update(status="published")
    assert len(flow.revisions.list(page_size=1)) == 2
    call(lab, flows[0], times=3)
    executions = flow.executions.list(page_size=1)
    assert len({one.sid for one in executions}) == 3
    assert len(executions[0].steps.list(page_size=1)) == 2
    first = flow.executions.page(page_size=2)
    assert first.next_page_url.startswith(f"https://studio.twilio.com/v2/Flows/{flows[0].sid}/Executions?")


def test_executions_are_found_by_time_and_status(lab: Lab) -> None:
    flow = create(lab)
    call(lab, flow, times=3)
    executions = lab.twilio.studio.v2.flows(flow.sid).executions
    third, second, _ = executions.list()
    assert second.date_created == MONDAY + timedelta(seconds=60)
    assert [one.sid for one in executions.list(date_created_from=second.date_created)] == [
        third.sid,
        second.sid,
    ]
    assert len(executions.list(date_created_to=second.date_created)) == 1
    assert len(executions.list(status="ended")) == 3
    assert executions.list(status="active") == []
    assert executions(third.sid).delete()
    assert len(executions.list()) == 2


def test_an_execution_is_ended(lab: Lab) -> None:
    """The widget under way is heard to its end, and no other."""
    flow = create(lab, definition(say("one", "Words " * 20, "two"), say("two", "Never.")))
    [number] = lab.twilio.incoming_phone_numbers.list()
    number.update(voice_url=flow.webhook_url)
    lab.caller.dials(LINE)
    [execution] = lab.twilio.studio.v2.flows(flow.sid).executions.list(status="active")
    assert execution.update(status="ended").status == "ended"
    lab.caller.does_not_hear("Never.", for_seconds=30)
    assert lab.caller.ended


def test_answers_have_what_the_sdk_reads(lab: Lab) -> None:
    flow = create(lab)
    call(lab, flow)
    browser, base = Browser(lab.exchange.rest), f"/v2/Flows/{flow.sid}"

    def answer(path: str) -> Json:
        got = browser.get(base + path, auth=(ACCOUNT, TOKEN)).json
        assert got is not None
        return dict(got)

    [execution] = answer("/Executions")["executions"]
    step = answer(f"/Executions/{execution['sid']}/Steps")["steps"][0]
    at = f"/Executions/{execution['sid']}"
    for path, instance in (
        ("", FlowInstance),
        ("/Revisions/1", FlowRevisionInstance),
        (at, ExecutionInstance),
        (f"{at}/Context", ExecutionContextInstance),
        (f"{at}/Steps/{step['sid']}", ExecutionStepInstance),
        (f"{at}/Steps/{step['sid']}/Context", ExecutionStepContextInstance),
    ):
        read = re.findall(r'payload\.get\(\s*"(\w+)"', inspect.getsource(instance.__init__))
        assert set(answer(path)) == set(read), path


def test_nobody_else_may_ask(lab: Lab) -> None:
    assert Browser(lab.exchange.rest).get("/v2/Flows").status_code == 401


def test_an_execution_is_forgotten_with_its_call(lab: Lab) -> None:
    lab.exchange.keep = 2
    flow = create(lab)
    call(lab, flow, times=3)
    assert len(lab.twilio.studio.v2.flows(flow.sid).executions.list()) == 2


def _spoilt(spoil: Callable[[Json], object]) -> Json:
    given = copy.deepcopy(
        definition(split("which", "{{trigger.call.From}}", {"1": "hello"}), say("hello", "Hello."))
    )
    spoil(given)
    return given


#: How a definition is spoilt, and where that is told.
SPOILS: list[tuple[Callable[[Json], object], str]] = [
    (lambda given: given.pop("states"), "#/states"),
    (lambda given: given["states"].clear(), "#/states"),
    (lambda given: given.update(more=1), "#/more"),
    (lambda given: given.update(flags={}), "#/flags"),
    (lambda given: given.update({"$schema": "other"}), "#/$schema"),
    (lambda given: given.update(initial_state="nowhere"), "#/initial_state"),
    (lambda given: given.update(initial_state="hello"), "#/initial_state"),
    (lambda given: given["states"].append("Trigger"), "#/states/3"),
    (lambda given: given["states"][2].update(type="say-pray"), "#/states/2/type"),
    (lambda given: given["states"][2].update(type="run-function"), "#/states/2/type"),
    (lambda given: given["states"][2].update(type=["say-play"]), "#/states/2/type"),
    (lambda given: given["states"][2].pop("properties"), "#/states/2/properties"),
    (lambda given: given["states"][2].pop("transitions"), "#/states/2/transitions"),
    (lambda given: given["states"].append(say("hello", "Again.")), "#/states/2/name"),
    (lambda given: given["states"][2]["properties"].update(say=5), "#/states/2/properties/say"),
    (lambda given: given["states"][2]["properties"].update(loop=True), "#/states/2/properties/loop"),
    (lambda given: given["states"][2]["properties"].update(shout="!"), "#/states/2/properties/shout"),
    (
        lambda given: given["states"][2]["properties"].update(play="https://app.test/a"),
        "#/states/2/properties",
    ),
    (lambda given: given["states"][2]["properties"].update(say="{{ a"), "#/states/2/properties/say"),
    (lambda given: given["states"][1]["properties"].pop("input"), "#/states/1/properties/input"),
    (
        lambda given: given["states"][2]["transitions"][0].update(event="keypress"),
        "#/states/2/transitions/0/event",
    ),
    (lambda given: given["states"][2]["transitions"][0].update(next="gone"), "#/states/2/transitions/0/next"),
    (
        lambda given: given["states"][1]["transitions"][1].pop("conditions"),
        "#/states/1/transitions/1/conditions",
    ),
    (
        lambda given: given["states"][1]["transitions"][1]["conditions"][0].update(type="resembles"),
        "#/states/1/transitions/1/conditions/0/type",
    ),
    (
        lambda given: given["states"][1]["transitions"][1]["conditions"][0].update(type="is_before_time"),
        "#/states/1/transitions/1/conditions/0/type",
    ),
    (
        lambda given: given["states"][1]["transitions"][1]["conditions"][0].update(type="regex", value="("),
        "#/states/1/transitions/1/conditions/0/value",
    ),
    (
        lambda given: given["states"][1]["transitions"][1]["conditions"][0].update(arguments=[]),
        "#/states/1/transitions/1/conditions/0/arguments",
    ),
]


@pytest.mark.parametrize(("spoil", "path"), SPOILS)
def test_what_is_wrong_with_a_definition_is_told(
    lab: Lab, spoil: Callable[[Json], object], path: str
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        create(lab, _spoilt(spoil))
    assert (refused.value.status, refused.value.code) == (400, 81022)
    assert path in [one["property_path"] for one in refused.value.details["errors"]]


def test_what_a_form_lacks_is_told(lab: Lab) -> None:
    browser = Browser(lab.exchange.rest)
    whole = {"FriendlyName": "Continuity", "Status": "published", "Definition": "{}"}
    for name in whole:
        form = {one: value for one, value in whole.items() if one != name}
        refused = browser.post("/v2/Flows", data=form, auth=(ACCOUNT, TOKEN))
        assert refused.status_code == 400
        assert name in refused.text
    refused = browser.post("/v2/Flows", data={**whole, "Definition": "{"}, auth=(ACCOUNT, TOKEN))
    assert (refused.status_code, (refused.json or {})["code"]) == (400, 20001)
