"""A newcomer makes a line ready for callers: from the first page to a checklist on which all is done."""

from collections.abc import Mapping
from typing import Final

from bench.ground.person import Cost, Person
from devtools.demo_stage import Stage
from devtools.local_stack import LocalStack
from devtools.seed import PEOPLE, email

_PASSWORD: Final = "a long demonstration"  # noqa: S105  # of a line that is deleted
_OWNER, _TECHNICIAN, _OPERATOR = (PEOPLE[place] for place in (0, 1, 4))


def run(ada: Person, parts: LocalStack, stage: Stage, costs: Mapping[str, list[Cost]]) -> None:
    """Do it once."""
    code = parts.flask("staff", "setup-code").partition(" and type ")[2].partition(".")[0]
    ada.page.goto("/setup")
    with ada.errand() as first:
        ada.types(Your_name=_OWNER[0], Phone=_OWNER[2], Email=email(_OWNER[0]), Password=_PASSWORD)
        ada.fills(ada.field("Confirm the password"), _PASSWORD)
        ada.fills(ada.page.get_by_label("Setup code"), code)
        ada.clicks(ada.button("Become the owner"), ada.words("of 7 still to do"))
    costs["the first owner gets in"].append(first)
    with ada.errand() as rest:
        _makes_it_ready(ada, stage)
    costs["and sets up the line, test calls included"].append(rest)
    ada.page.context.close()


def _makes_it_ready(ada: Person, stage: Stage) -> None:
    ada.clicks(ada.button("Name and greeting are right"), ada.words("4 of 7 still to do"))
    ada.clicks(ada.button("These hours are right"), ada.words("3 of 7 still to do"))
    ada.clicks(ada.link("Set the prices"), ada.heading("Prices"))
    ada.fills(ada.page.get_by_label("Hourly rate"), "150")
    ada.clicks(ada.button("Save"), ada.words("Saved: Hourly rate."))
    for name, role, phone, _ in (_TECHNICIAN, _OPERATOR):
        ada.clicks(ada.link("Staff"), ada.heading("Add a person"))
        ada.types(Name=name, Role=role.capitalize(), Phone=phone, Email=email(name))
        ada.clicks(ada.page.get_by_role("button", name="Add", exact=True), ada.button("Test call"))
        ada.clicks(ada.button("Test call"), ada.words("The person who picks up hears that it is a test."))
        _answers(stage, phone)
    ada.clicks(ada.link("Checklist"), ada.words("1 of 7 still to do"))
    ada.clicks(ada.button("Check the number"), ada.words("All is done: this line is ready for callers."))


def _answers(stage: Stage, phone: str) -> None:
    stage.wait_for_ring([phone], "the test call")
    stage.do(phone, "answer")
    stage.wait_for_question(phone, "the test call asks for a key")
    stage.do(phone, "press", keys="1")
    stage.wait_until_idle([phone], "the test call is over")
