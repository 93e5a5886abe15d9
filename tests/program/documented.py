"""The commands in the documents: in blocks, and in the middle of a sentence."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.support.paths import ROOT

#: Programs of ours. A code span or a block that begins with one of them is a command.
OURS: Final = ("flask", "make", "gunicorn", "python", "python3", "pip", "support-line")
#: Programs of others, and why nothing of theirs is looked up.
OUTSIDE: Final = {
    "age": "opens a nightly copy where there is nothing of ours",
    "apt": "Debian's",
    "apt-get": "Debian's",
    "cp": "copies a file",
    "curl": "asks an address",
    "docker": "builds and runs images; what runs inside is looked up",
    "grep": "reads a log",
    "install": "copies a file, with its owner",
    "journalctl": "systemd's log",
    "jq": "reads a log",
    "podman": "builds and runs images; what runs inside is looked up",
    "sha256sum": "reads a checksum",
    "systemctl": "systemd's",
}
#: Documents that hold today. Generated ones are held by what generates them, the simulator's by its own tests.
DOCUMENTS: Final = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted(
        path for path in (ROOT / "docs").glob("*.md") if path.stem not in {"call-map", "measured", "scale"}
    ),
)
_FENCED: Final = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INDENTED: Final = re.compile(r"(?:^    \S.*\n)+(?:\n*(?:^    .*\n)+)*", re.MULTILINE)
_SPAN: Final = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")
_SHELL: Final = frozenset({"sh", "bash", "console"})
_STARTS: Final = re.compile(
    rf"(?:sudo )?(?:{'|'.join((*OURS, *OUTSIDE))}|\S*(?:bin|deploy)/\S+) \S|[A-Z_]+=\S"
)


class Command(NamedTuple):
    """One program with its arguments, and the document that it stands in."""

    where: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.where}: {shlex.join(self.words)}"


def commands() -> list[Command]:
    """Return every command of the documents, each once."""
    return list(
        dict.fromkeys(
            Command(str(document.relative_to(ROOT)), words)
            for document in DOCUMENTS
            for line in _lines(document)
            for words in _split(line)
        )
    )


def _lines(document: Path) -> Iterator[str]:
    text = document.read_text(encoding="utf-8")
    for _, language, inside in _FENCED.findall(text):
        if language == "console":
            yield from (line.removeprefix("$ ") for line in inside.splitlines() if line.startswith("$ "))
        elif language in _SHELL:
            yield from inside.replace("\\\n", " ").splitlines()
    text = _FENCED.sub("", text)
    for block in _INDENTED.findall(text):
        if _STARTS.match(block.strip()):
            yield from block.splitlines()
    for span in _SPAN.findall(_INDENTED.sub("", text)):
        if _STARTS.match(span):
            yield " ".join(span.split())


def _split(line: str) -> Iterator[tuple[str, ...]]:
    """Split a line of the shell into its commands, each without what only prepares it."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("&|;"):
            if words[:1] == ["sudo"]:
                del words[0]
            if words and not re.fullmatch(r"\.\.\.|\$", words[0]):
                yield tuple(words)
            words = []
        else:
            words.append(word)
