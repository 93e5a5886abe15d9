"""Every text of the program that a person reads or hears, and where it stands: templates, code, scripts, catalogues."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from tests.support.paths import ROOT

#: A string of Python or JavaScript that is for people has two words, or is one with a capital letter.
FOR_PEOPLE = re.compile(r"[^\W\d_]\S* +\S*[^\W\d_]|^[A-Z][a-z]+[.!?:]?$")
#: What a browser shows or a screen reader says, of an element's attributes.
ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description", "content", "label", "value"}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
#: Comments first, so that a string in a comment is none; regular expressions are left out with what holds them.
JAVASCRIPT = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`""", re.DOTALL
)
#: Python's names for what writes to the log, which people who run the service read in their own words.
LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


@dataclass(frozen=True)
class Text:
    """Words for people. ``file`` is relative to the project."""

    file: str
    line: int
    words: str


def texts() -> Iterator[Text]:
    """Yield every text of pages, letters, prompts, refusals, notices, timelines, scripts and catalogues."""
    for folder in ("ivr", "flows"):
        for file in sorted((ROOT / folder).rglob("*")):
            yield from of_file(file)


def of_file(file: Path) -> Iterator[Text]:
    """Yield the texts of one file: a template, a module, a script or a catalogue. Others have none."""
    name = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
    match file.suffix:
        case ".html" | ".txt" | ".subject":
            yield from of_template(name, file.read_text(encoding="utf-8"))
        case ".py":
            yield from of_python(name, file.read_text(encoding="utf-8"))
        case ".js":
            yield from of_javascript(name, file.read_text(encoding="utf-8"))
        case ".po":
            with file.open("rb") as source:
                for message in read_po(source):
                    spoken = message.string if isinstance(message.string, tuple) else (message.string,)
                    yield from (Text(name, message.lineno or 0, str(one)) for one in spoken if message.id)


def of_template(name: str, source: str) -> Iterator[Text]:
    """Yield what a template shows: its own text and attributes, and the strings of its expressions."""
    page = JINJA.sub(_blank, source)
    if name.endswith(".html"):
        reader = _Page()
        reader.feed(page)
        found = reader.found
    else:
        found = [(number, line) for number, line in enumerate(page.splitlines(), start=1)]
    yield from (Text(name, line, " ".join(words.split())) for line, words in found if words.strip())
    parsed = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(source)
    for node in parsed.find_all(nodes.Const):
        if isinstance(node.value, str) and FOR_PEOPLE.search(node.value):
            yield Text(name, node.lineno, node.value)


def _blank(found: re.Match[str]) -> str:
    """Return as many lines as an expression has, so that what follows keeps its number."""
    return "…" + "\n" * found[0].count("\n")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.found += [(self.getpos()[0], words or "") for name, words in attrs if name in ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # as the parser calls it
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in {"script", "style"}:
            line = self.getpos()[0]
            self.found += [(line + after, words) for after, words in enumerate(data.split("\n"))]


def of_python(name: str, source: str) -> Iterator[Text]:
    """Yield the strings that read like words: no docstring, and nothing that goes to the log."""
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in LOGS:
            silent |= {id(one) for one in ast.walk(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in silent:
            continue
        if FOR_PEOPLE.search(node.value):
            yield Text(name, node.lineno, " ".join(node.value.split()))


def of_javascript(name: str, source: str) -> Iterator[Text]:
    for found in JAVASCRIPT.finditer(source):
        words = next((one for one in found.groups() if one is not None), "")
        if FOR_PEOPLE.search(words):
            yield Text(name, source.count("\n", 0, found.start()) + 1, words)
