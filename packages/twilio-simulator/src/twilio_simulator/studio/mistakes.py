"""What is wrong with a definition, and where.

A little stricter than Twilio: an event that its widget never has is refused, where Twilio would let it never happen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from twilio_simulator.studio import liquid
from twilio_simulator.studio.comparisons import COMPARISONS
from twilio_simulator.studio.widget_rules import NOT_PERFORMED, TIME_COMPARISONS, WIDGETS, WidgetRules

SCHEMA: Final = "https://schemas.twilio.com/studio/draft/2019-09/flow-definition"
STATES_AT_MOST: Final = 1000
TYPES: Final = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}


@dataclass(frozen=True)
class Mistake:
    """``path`` is where: #/states/1/properties/to."""

    message: str
    path: str


def mistakes_in(given: Any) -> Iterator[Mistake]:
    """All of them; none means that the definition can be performed."""
    if not isinstance(given, dict):
        yield Mistake("definition must be an object", "#")
        return
    for stray in sorted(set(given) - {"description", "$schema", "flags", "initial_state", "states"}):
        yield Mistake("additional property is not allowed", f"#/{stray}")
    if given.get("$schema", SCHEMA) != SCHEMA:
        yield Mistake(f"must be {SCHEMA}", "#/$schema")
    flags = given.get("flags", {"allow_concurrent_calls": True})
    if not isinstance(flags, dict) or not isinstance(flags.get("allow_concurrent_calls"), bool):
        yield Mistake("allow_concurrent_calls must be a boolean", "#/flags")
    states = given.get("states")
    if not isinstance(states, list) or not 1 <= len(states) <= STATES_AT_MOST:
        yield Mistake(f"must be an array of 1 to {STATES_AT_MOST} states", "#/states")
        return
    names = [one.get("name") for one in states if isinstance(one, dict)]
    for number, state in enumerate(states):
        yield from _in_state(state, names, f"#/states/{number}")
    first = next(
        (one for one in states if isinstance(one, dict) and one.get("name") == given.get("initial_state")),
        None,
    )
    if first is None:
        yield Mistake("must be the name of a state", "#/initial_state")
    elif first.get("type") != "trigger":
        yield Mistake("must be the name of a trigger", "#/initial_state")


def _in_state(given: Any, names: list[Any], path: str) -> Iterator[Mistake]:
    if not isinstance(given, dict):
        yield Mistake("must be an object", path)
        return
    name, kind = given.get("name"), given.get("type")
    if not isinstance(name, str) or not name:
        yield Mistake("must be a string with something in it", f"{path}/name")
    elif names.count(name) > 1:
        yield Mistake(f"widget name '{name}' is not unique", f"{path}/name")
    rules = WIDGETS.get(str(kind))
    if rules is None:
        known = str(kind) in NOT_PERFORMED
        yield Mistake(
            f"this simulator does not perform {kind!r}" if known else f"{kind!r} is no widget", f"{path}/type"
        )
        return
    properties = given.get("properties", {} if kind == "trigger" else None)
    if isinstance(properties, dict):
        yield from _in_properties(properties, rules, f"{path}/properties")
        yield from _of_its_own(str(kind), properties, f"{path}/properties")
    else:
        yield Mistake("must be an object", f"{path}/properties")
    transitions = given.get("transitions")
    if not isinstance(transitions, list):
        yield Mistake("must be an array", f"{path}/transitions")
        return
    for number, transition in enumerate(transitions):
        yield from _in_transition(transition, str(kind), names, f"{path}/transitions/{number}")


def _in_properties(given: dict[str, Any], rules: WidgetRules, path: str) -> Iterator[Mistake]:
    for name, value in given.items():
        if name == "offset":
            continue  # where the console draws it
        if name not in rules.properties:
            yield Mistake("additional property is not allowed", f"{path}/{name}")
        elif type(value) is not rules.properties[name]:
            yield Mistake(f"must be of type {TYPES[rules.properties[name]]}", f"{path}/{name}")
        elif isinstance(value, str):
            yield from _in_template(value, f"{path}/{name}")
    for name in rules.needed:
        if not given.get(name):
            yield Mistake("is required", f"{path}/{name}")


def _of_its_own(kind: str, given: dict[str, Any], path: str) -> Iterator[Mistake]:
    """Rules that one widget alone has."""
    if kind == "say-play" and sum(bool(given.get(one)) for one in ("say", "play", "digits")) != 1:
        yield Mistake("exactly one of say, play and digits is needed", path)
    if kind == "connect-call-to" and given.get("noun") not in ("number", "number-multi"):
        yield Mistake("this simulator connects to number and number-multi", f"{path}/noun")
    if kind == "record-voicemail" and given.get("play_beep", "true") not in ("true", "false"):
        yield Mistake("must be 'true' or 'false'", f"{path}/play_beep")
    variables = given.get("variables", []) if kind == "set-variables" else []
    for number, one in enumerate(variables if isinstance(variables, list) else []):
        if not isinstance(one, dict) or not all(isinstance(one.get(part), str) for part in ("key", "value")):
            yield Mistake("must have a key and a value, both strings", f"{path}/variables/{number}")
        else:
            yield from _in_template(one["value"], f"{path}/variables/{number}/value")


def _is_regex(value: Any) -> bool:
    try:
        re.compile(str(value))
    except re.error:
        return False
    return "{{" not in str(value)


def _in_template(template: str, path: str) -> Iterator[Mistake]:
    try:
        liquid.parse(template)
    except liquid.LiquidError as error:
        yield Mistake(f"Liquid: {error}", path)


def _in_transition(given: Any, kind: str, names: list[Any], path: str) -> Iterator[Mistake]:
    if not isinstance(given, dict):
        yield Mistake("must be an object", path)
        return
    if given.get("event") not in WIDGETS[kind].events:
        yield Mistake(f"{kind} has no event {given.get('event')!r}", f"{path}/event")
    following = given.get("next")
    if following is not None and following not in names:
        yield Mistake(f"there is no widget {following!r}", f"{path}/next")
    conditions = given.get("conditions", [])
    if not isinstance(conditions, list) or (given.get("event") == "match") != bool(conditions):
        yield Mistake("a match has conditions, and nothing else has", f"{path}/conditions")
        return
    for number, condition in enumerate(conditions):
        yield from _in_condition(condition, f"{path}/conditions/{number}")


def _in_condition(given: Any, path: str) -> Iterator[Mistake]:
    if not isinstance(given, dict):
        yield Mistake("must be an object", path)
        return
    for name in ("friendly_name", "value"):
        if not isinstance(given.get(name), str):
            yield Mistake("must be a string", f"{path}/{name}")
        else:
            yield from _in_template(given[name], f"{path}/{name}")
    arguments = given.get("arguments")
    if not isinstance(arguments, list) or len(arguments) != 1 or not isinstance(arguments[0], str):
        yield Mistake("must be an array of one string", f"{path}/arguments")
    else:
        yield from _in_template(arguments[0], f"{path}/arguments/0")
    comparison = str(given.get("type"))
    if comparison == "regex" and not _is_regex(given.get("value")):
        yield Mistake("must be a regular expression, with nothing of Liquid in it", f"{path}/value")
    if comparison in TIME_COMPARISONS:
        yield Mistake(f"{comparison!r} is not performed by this simulator", f"{path}/type")
    elif comparison not in COMPARISONS:
        yield Mistake(f"{given.get('type')!r} is no comparison", f"{path}/type")
