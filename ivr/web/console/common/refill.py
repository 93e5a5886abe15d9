"""Puts what somebody typed back into its form on a page. A form is known by the address that it is sent to. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

_NOT_TYPED: Final = frozenset({"password", "file", "submit", "button", "image", "reset"})
_TICKED: Final = frozenset({"checkbox", "radio"})
#: The page's own: an old token is refused, and an old id is taken for a repeat.
_ANEW: Final = frozenset({"csrf_token", "form_id", "from_page"})

Attributes = dict[str, str | None]
Typed = Mapping[str, list[str]]


def refill(page: str, address: str, action: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the page, whose path is ``address``, with these names and values in the form that is sent to ``action``.

    Of several such forms it is the one that shares most names; without any, the page stays as it is. Passwords and
    files are never filled in. The form is marked ``data-typed``: a script leaves it as it is.
    """
    typed: dict[str, list[str]] = {}
    for name, value in pairs:
        typed.setdefault(name, []).append(value)
    read = _Page()
    read.feed(page)
    read.close()
    forms = [one for one in read.forms if urlsplit(one.action or address).path == action]
    if not forms:
        return page
    form = max(forms, key=lambda one: len(one.names & typed.keys()))
    return "".join(_filled(read.pieces, form, typed))


@dataclass
class _Form:
    """A form by the places of its tags in the page, and the boxes (``details``) around it."""

    action: str
    begins: int
    boxes: list[int]
    names: set[str] = field(default_factory=set)
    ends: int = 0


@dataclass
class _Piece:
    """A tag, or what stands between two tags."""

    text: str
    tag: str = ""
    attributes: Attributes = field(default_factory=dict)


class _Page(HTMLParser):
    """A page in pieces, which together are the page again."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[_Piece] = []
        self.forms: list[_Form] = []
        self._boxes: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "details":
            self._boxes.append(len(self.pieces))
        if tag == "form" and has.get("method") == "post":
            self.forms.append(_Form(has.get("action") or "", len(self.pieces), list(self._boxes)))
        elif self.forms and not self.forms[-1].ends and (name := has.get("name")):
            self.forms[-1].names.add(name)
        self.pieces.append(_Piece(self.get_starttag_text() or "", tag, has))

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._boxes:
            self._boxes.pop()
        if tag == "form" and self.forms and not self.forms[-1].ends:
            self.forms[-1].ends = len(self.pieces)
        self.pieces.append(_Piece(f"</{tag}>", f"/{tag}"))

    def handle_data(self, data: str) -> None:
        self.pieces.append(_Piece(data))

    def handle_entityref(self, name: str) -> None:
        self.pieces.append(_Piece(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.pieces.append(_Piece(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        self.pieces.append(_Piece(f"<!--{data}-->"))

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(_Piece(f"<!{decl}>"))


def _filled(pieces: list[_Piece], form: _Form, typed: Typed) -> Iterator[str]:
    fields = _Fields(typed)
    for at, piece in enumerate(pieces):
        if at in form.boxes:
            yield _tag("details", {**piece.attributes, "open": None})
        elif at == form.begins:
            yield _tag("form", {**piece.attributes, "data-typed": None})
        else:
            yield fields.filled(piece) if form.begins < at < form.ends else piece.text


class _Fields:
    """The fields of the form, one piece after the other."""

    def __init__(self, typed: Typed) -> None:
        #: What has not found its field yet.
        self._left = {name: list(values) for name, values in typed.items() if name not in _ANEW}
        self._chosen: list[str] = []  # of the select that is open
        self._has_new_words = False  # the text area that is open

    def filled(self, piece: _Piece) -> str:
        match piece.tag:
            case "input":
                return self._input(piece)
            case "textarea" if words := self._of(piece):
                self._has_new_words = True
                return f"{piece.text}\n{escape(words.pop(0))}"  # a browser drops the first line feed
            case "select":
                self._chosen = self._of(piece)
            case "option" if self._chosen:
                return _marked(piece, "selected", piece.attributes.get("value") in self._chosen)
            case "/textarea":
                self._has_new_words = False
        return "" if self._has_new_words else piece.text

    def _input(self, piece: _Piece) -> str:
        kind, words = piece.attributes.get("type") or "text", self._of(piece)
        if kind in _NOT_TYPED or piece.attributes.get("name") in {None, *_ANEW}:
            return piece.text
        if kind in _TICKED:
            return _marked(piece, "checked", (piece.attributes.get("value") or "on") in words)
        return _tag("input", {**piece.attributes, "value": words.pop(0)}) if words else piece.text

    def _of(self, piece: _Piece) -> list[str]:
        return self._left.get(piece.attributes.get("name") or "", [])


def _marked(piece: _Piece, mark: str, is_marked: bool) -> str:  # noqa: FBT001  # what the mark says
    rest: Attributes = {name: value for name, value in piece.attributes.items() if name != mark}
    return _tag(piece.tag, {**rest, mark: None} if is_marked else rest)


def _tag(tag: str, attributes: Attributes) -> str:
    told = (name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{' '.join((tag, *told))}>"
