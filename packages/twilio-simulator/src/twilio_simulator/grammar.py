"""Holds a document to Twilio's vocabulary: elements, nesting, attributes, values, text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element

from twilio_simulator.catalogue import twiml
from twilio_simulator.execution_context import DocumentKind

#: Codes of a verb in the wrong place, where Twilio has one; 13238 and 12200 are the others.
CODES: Final = {"Dial": 13201, "Gather": 13320}

VOICE: Final = re.compile(r"man|woman|alice|(Polly|Google|Amazon|ElevenLabs)\.[\w.-]+")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4}){0,2}(-[A-Z]{2}|-\d{3})?")
#: Lists too long to carry: 900 voices, 130 languages.
OPEN_ENUMS: Final = {"voice": VOICE, "language": LANGUAGE}

IMPLEMENTED: Final = frozenset(
    ("Say", "Play", "Pause", "Gather", "Record", "Redirect", "Hangup", "Reject", "Dial", "Enqueue", "Leave")
)
NOUNS: Final = frozenset(("Number", "Conference", "Queue"))
SPECIAL: Final = {
    ("Gather", "timeout"): re.compile(r"\d+|auto"),
    ("Gather", "speechTimeout"): re.compile(r"[1-9]\d*|auto"),
    ("Gather", "finishOnKey"): re.compile(r"[0-9*#]?"),
    ("Record", "finishOnKey"): re.compile(r"[0-9*#]*"),
}
#: Characters of a Say: of any voice, of a Polly voice, and once encoded.
SAY_LIMIT: Final = 4096
POLLY_LIMIT: Final = 3000
ENCODED_LIMIT: Final = 4500
NAME_LIMITS: Final = {"Enqueue": 64, "Conference": 128}


@dataclass(frozen=True)
class Problem:
    """Something Twilio would warn of, with its code."""

    code: int
    text: str


def correct(root: Element, kind: DocumentKind) -> list[Problem]:
    """Take out of the tree what is not allowed there, as Twilio passes it over, and say what it was."""
    problems = list(_attributes(root))
    allowed = twiml()["contexts"][kind.value]
    for node in list(root):
        if node.tag not in IMPLEMENTED:
            problems.append(Problem(12200, f"<{node.tag}> is not a verb of this network"))
            root.remove(node)
        elif allowed != "all verbs" and node.tag not in allowed:
            code = 13238 if kind is DocumentKind.ROOM_SOUND else CODES.get(node.tag, 12200)
            problems.append(Problem(code, f"<{node.tag}> is not allowed in a document of {kind.value}"))
            root.remove(node)
        elif node.tag == "Leave" and kind is not DocumentKind.QUEUE_WAIT:
            problems.append(Problem(12200, "<Leave> outside a queue"))
            root.remove(node)
        else:
            problems += _element(node)
    problems += _stray_text(root)
    return problems


def _element(node: Element) -> Iterator[Problem]:
    yield from _attributes(node)
    yield from _children(node)
    known = twiml()["elements"][node.tag]
    if known["content"] is None or (node.tag == "Dial" and len(node)):
        yield from _stray_text(node)
    if node.tag == "Say":
        yield from _say(node)
    if (node.text or "").strip() and len((node.text or "").strip()) > NAME_LIMITS.get(node.tag, 10**6):
        yield Problem(12200, f"the name in <{node.tag}> is too long")


def _children(node: Element) -> Iterator[Problem]:
    known = twiml()["elements"][node.tag]
    for child in list(node):
        simulated = node.tag != "Dial" or child.tag in NOUNS
        if child.tag not in known["children"] or not simulated:
            yield Problem(
                {"Gather": 13320, "Dial": 13215}.get(node.tag, 12200), f"<{child.tag}> in <{node.tag}>"
            )
            node.remove(child)
        else:
            yield from _element(child)
    if node.tag == "Dial":
        yield from _dial(node)


def _dial(node: Element) -> Iterator[Problem]:
    nouns = [child.tag for child in node]
    if not nouns and not (node.text or "").strip():
        yield Problem(13223, "<Dial> calls nobody")
    if nouns.count("Number") > 10:
        yield Problem(12200, "more than ten <Number>")
    if len(nouns) > 1 and set(nouns) != {"Number"}:
        yield Problem(13215, f"<Dial> mixes {' and '.join(nouns)}")


def _attributes(node: Element) -> Iterator[Problem]:
    known = twiml()["elements"].get(node.tag, {}).get("attributes", {})
    for name, value in list(node.attrib.items()):
        if name not in known:
            yield Problem(12200, f"attribute {name!r} is not allowed in <{node.tag}>")
        elif not _fits(node.tag, name, value, known[name]):
            yield Problem(_code(node.tag, name), f"{name}={value!r} in <{node.tag}>")
        else:
            continue
        del node.attrib[name]


def _fits(tag: str, name: str, value: str, rule: dict[str, Any]) -> bool:
    pattern = SPECIAL.get((tag, name)) or (OPEN_ENUMS.get(name) if "enum_count" in rule else None)
    if pattern:
        return pattern.fullmatch(value) is not None
    if name == "hints":
        return len(value.split(",")) <= 500 and all(len(hint.strip()) <= 100 for hint in value.split(","))
    words = value.split() if rule.get("list") else [value]
    if rule["type"] == "boolean":
        return value in ("true", "false")
    if rule["type"] == "integer":
        low, high = rule.get("range") or (0, None)
        return (
            value.isascii() and value.isdigit() and int(value) >= low and (high is None or int(value) <= high)
        )
    choices = rule.get("enum") or (rule["allowed"] if isinstance(rule.get("allowed"), list) else None)
    if choices is not None:
        choices = {*choices, *(rule["allowed"] if isinstance(rule.get("allowed"), list) else ())}
        return bool(words) and (
            value in choices or (bool(rule.get("list")) and all(word in choices for word in words))
        )
    if "pattern" in rule:
        return re.fullmatch(rule["pattern"], value) is not None
    return len(value) <= int(rule.get("max_length", 4096))


_ATTRIBUTE_CODES: Final = {
    ("Gather", "method"): 13312,
    ("Gather", "timeout"): 13313,
    ("Gather", "numDigits"): 13314,
    ("Gather", "finishOnKey"): 13310,
    ("Gather", "input"): 13326,
    ("Gather", "speechTimeout"): 13327,
    ("Gather", "hints"): 13330,
    ("Gather", "language"): 13331,
    ("Gather", "actionOnEmptyResult"): 13338,
    ("Dial", "method"): 13210,
    ("Dial", "timeout"): 13212,
    ("Dial", "hangupOnStar"): 13213,
    ("Dial", "timeLimit"): 13216,
    ("Dial", "record"): 13217,
    ("Number", "method"): 13221,
    ("Number", "sendDigits"): 13222,
    ("Conference", "muted"): 13230,
    ("Conference", "endConferenceOnExit"): 13231,
    ("Conference", "startConferenceOnEnter"): 13232,
    ("Conference", "waitMethod"): 13234,
    ("Conference", "beep"): 13235,
    ("Play", "loop"): 13410,
    ("Say", "loop"): 13510,
    ("Record", "method"): 13610,
    ("Record", "timeout"): 13611,
    ("Record", "maxLength"): 13612,
    ("Record", "finishOnKey"): 13613,
    ("Record", "playBeep"): 13616,
    ("Redirect", "method"): 13710,
}


def _code(tag: str, name: str) -> int:
    return _ATTRIBUTE_CODES.get((tag, name), 12200)


def _stray_text(node: Element) -> Iterator[Problem]:
    texts = [node.text, *(child.tail for child in node)]
    for text in texts:
        if (text or "").strip():
            yield Problem(12200, f"text {(text or '').strip()[:40]!r} in <{node.tag}>")


def _say(node: Element) -> Iterator[Problem]:
    words = "".join(node.itertext()).strip()
    limit = POLLY_LIMIT if node.get("voice", "").startswith("Polly.") else SAY_LIMIT
    if not words:
        yield Problem(13520, "<Say> says nothing")
    if len(words) > limit or len(quote(words)) > ENCODED_LIMIT:
        yield Problem(13521, f"<Say> of {len(words)} characters")
