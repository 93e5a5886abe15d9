"""Every column of every table has a rule: whether it says something about a customer, and what erasing leaves in it."""

from sqlalchemy import JSON, LargeBinary, Text

from ivr.backoffice.personal_data.registry import RULES
from ivr.core.db import SealedJSON
from ivr.operations.schema import metadata

#: Texts of any length, sound and lists that say nothing about a customer, and why.
LONG_AND_KEPT = {
    "alarm_channel.causes": "codes",
    "alarm_channel.target": "an address of the company, sealed",
    "calendar.week": "the company's hours",
    "calendar.special_days": "the company's hours",
    "prompt_recording.audio": "the owner's voice",
    "person_request.matters": "ids and references",
    "person_request.counts": "numbers",
    "person_request.left": "ids at the providers, each gone once it is done",
    "coverage_watch.gaps": "open hours in which somebody is missing",
    "cost_day.used": "amounts of minutes and dollars",
    "health_report.results": "what the checks found; they name nobody",
    "report_day.counted": "numbers",
    "report_day.latest": "ids of intakes",
    "on_call_rotation.people": "ids of staff",
    "staff.languages": "of staff",
}


def test_every_column_has_a_rule() -> None:
    lacking = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name not in (RULES[table.name].columns if table.name in RULES else ())
    }
    assert not lacking, "say in ivr/backoffice/personal_data/registry.py whether they are personal"


def test_no_column_has_two_rules_and_no_rule_names_a_stranger() -> None:
    for name, rule in RULES.items():
        assert not set(rule.kept.split()) & set(rule.personal.split()), name
        named = {
            *rule.words.split(),
            *rule.hidden.split(),
            *rule.blanks,
            *filter(None, (rule.address, rule.leg)),
        }
        assert named <= rule.columns, name


def test_what_says_something_about_a_customer_is_found_by_something() -> None:
    for name, rule in RULES.items():
        if rule.is_about_customers:
            assert rule.label, name
            assert rule.matter or rule.through or rule.address or rule.leg or rule.words, name


def test_nothing_of_any_length_is_kept_without_a_reason() -> None:
    kept = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (JSON, SealedJSON, LargeBinary, Text))
        and column.name in RULES[table.name].kept.split()
    }
    assert kept == {*LONG_AND_KEPT}
