"""A document: bytes in, verbs out. Stricter than Twilio: whatever it would only warn of is a problem here."""

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from twilio_simulator.execution_context import DocumentKind, Place, RelativeURLError
from twilio_simulator.grammar import Problem, correct
from twilio_simulator.verbs import Performed
from twilio_simulator.verbs.hangup import Hangup
from twilio_simulator.verbs.play import Play
from twilio_simulator.verbs.registry import VERBS
from twilio_simulator.verbs.say import Say

XML_TYPES: Final = ("text/xml", "application/xml", "text/html")
MAX_TWIML: Final = 64 * 1024


class DocumentError(Exception):
    """Twilio cannot perform this at all and turns to the fallback URL. ``code`` is its error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Document:
    """``problems`` are what Twilio would warn of and pass over."""

    verbs: tuple[Performed, ...]
    problems: tuple[Problem, ...] = ()


def parse(body: bytes, content_type: str, place: Place, kind: DocumentKind) -> Document:
    """The verbs of a document that came from ``place``.

    Raises DocumentError 12300 for a content type that is no TwiML, 12100 for what is not well formed, 11100 or 15004
    for a URL that leads nowhere.
    """
    if content_type.startswith("audio/"):
        return _audio(place)
    if content_type not in (*XML_TYPES, "text/plain"):
        raise DocumentError(12300, f"Content-Type {content_type or '(none)'}")
    if content_type == "text/plain" and not body.lstrip().startswith(b"<"):
        return _read_out(body, place)
    if not body:
        return Document(())
    root = _root(body)
    problems = correct(root, kind)
    try:
        verbs = tuple(VERBS[node.tag].parse(node, place) for node in root)
    except RelativeURLError as error:
        code = 15004 if str(error) else 11100
        raise DocumentError(code, f"URL {str(error)!r} without a document to stand on") from error
    return Document(verbs, tuple(problems))


def _root(body: bytes) -> Element:
    if len(body) > MAX_TWIML:
        raise DocumentError(12100, f"{len(body)} bytes")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise DocumentError(12100, "a document type declaration")
    try:
        root = fromstring(body)  # noqa: S314  # entities need a declaration, which is refused above
    except ParseError as error:
        raise DocumentError(12100, f"not well formed: {error}") from error
    if root.tag != "Response":
        raise DocumentError(12100, f"the root is <{root.tag}>")
    return root


def _audio(place: Place) -> Document:
    node = Element("Play")
    node.text = place.url
    return Document((Play.parse(node, place), Hangup()))


def _read_out(body: bytes, place: Place) -> Document:
    node = Element("Say")
    node.text = body.decode("utf-8", "replace")
    return Document((Say.parse(node, place), Hangup()))
