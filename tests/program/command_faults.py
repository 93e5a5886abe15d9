"""Whether a command exists: its words and options are looked up in the program, the Makefile, or on the disk."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click
import yaml  # type: ignore[import-untyped]  # it ships no types
from flask import Flask

from ivr.core.config import VARIABLES
from tests.program.documented import OUTSIDE
from tests.support.paths import ROOT

#: Those of ours, what compose.yaml and gunicorn read beside them, and any: NAME=VALUE.
SETTINGS: Final = {one.name for one in VARIABLES} | {"POSTGRES_PASSWORD", "GUNICORN_CMD_ARGS", "NAME"}


def faults_of(app: Flask, words: Sequence[str]) -> Iterator[str]:
    """Yield what of a command does not exist."""
    program, *rest = words
    if "=" in program:
        yield from _of_setting(program)
    elif program.startswith("deploy/"):
        yield from _of_deploy(program, rest)
    elif (name := Path(program).name) in _OURS:
        yield from _OURS[name](app, rest)
    elif name in OUTSIDE:
        yield from _of_compose(rest)
        yield from faults_of(app, rest[rest.index("flask") :]) if "flask" in rest else ()
    else:
        yield f"no program {program}: neither one of ours nor one of OUTSIDE"


def faults_of_row(app: Flask, span: str) -> Iterator[str]:
    """Yield the same of a row of README's table. It names some of what a command takes: what is missing is no fault."""
    words = span.replace("[", "").replace("]", "").split()
    yield from (one for one in _of_flask(app, ["--app", "ivr", *words]) if not one.endswith("is missing"))


def _of_flask(app: Flask, words: Sequence[str]) -> Iterator[str]:
    if list(words[:2]) not in (["--app", "ivr"], ["--app", "devtools"]):
        yield f"no application {words[:2]}"
    command: click.Command = app.cli
    context = click.Context(command, info_name="flask")
    left = list(words[2:])
    while isinstance(command, click.Group) and left and not left[0].isupper():
        found = command.get_command(context, left[0])
        if found is None:
            yield f"no command {left[0]}"
            return
        command, context = found, click.Context(found, info_name=left.pop(0), parent=context)
    if not isinstance(command, click.Group):
        yield from _of_arguments(command, context, left)


def _of_arguments(command: click.Command, context: click.Context, words: list[str]) -> Iterator[str]:
    try:
        given, over, _ = command.make_parser(context).parse_args(words)
    except click.UsageError as refused:
        yield refused.format_message()
        return
    yield from (f"one too many: {one}" for one in over)
    for one in command.params:
        value = given.get(one.name or "")
        if one.required and not isinstance(value, str | int | tuple):
            yield f"{one.name} is missing"
        if isinstance(one.type, click.Choice) and isinstance(value, str) and value not in one.type.choices:
            yield f"{one.name} can't be {value}"


def _of_support_line(app: Flask, words: Sequence[str]) -> Iterator[str]:
    return _of_flask(app, ["--app", "ivr", *words])


def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def _of_make(_app: Flask, words: Sequence[str]) -> Iterator[str]:
    for word in words:
        name, is_set, _ = word.partition("=")
        known = rf"\$\({name}\)" if is_set else rf"^{name}:"
        if not re.search(known, _makefile(), re.MULTILINE):
            yield f"the Makefile has no {name}"


def _of_python(_app: Flask, words: Sequence[str]) -> Iterator[str]:
    if words[:1] == ["-m"] and find_spec(words[1]) is None:
        yield f"no module {words[1]}"
    yield from _of_files(one for one in words if one.startswith("tests/"))


def _of_pip(_app: Flask, words: Sequence[str]) -> Iterator[str]:
    return _of_files(one for one in words if one.endswith(".txt"))


def _of_gunicorn(_app: Flask, words: Sequence[str]) -> Iterator[str]:
    if words[0] != "ivr:create_app()":
        yield f"no application {words[0]}"


def _of_deploy(program: str, words: Sequence[str]) -> Iterator[str]:
    if not os.access(ROOT / program, os.X_OK):
        yield f"no program {program}"
    for word in words:
        if "=" in word:
            yield from _of_setting(word)


def _of_setting(word: str) -> Iterator[str]:
    name = word.partition("=")[0]
    if name not in SETTINGS and f"$({name})" not in _makefile():
        yield f"no setting {name}"


def _of_compose(words: Sequence[str]) -> Iterator[str]:
    if words[:2] != ["compose", "--file"]:
        return
    yield from (missing := list(_of_files(words[2:3])))
    if not missing and words[3] in {"exec", "logs", "restart"}:
        services = yaml.safe_load((ROOT / words[2]).read_text(encoding="utf-8"))["services"]
        yield from (f"no service {one}" for one in words[4:5] if one not in services)


def _of_files(names: Sequence[str] | Iterator[str]) -> Iterator[str]:
    return (f"no file {one}" for one in names if not (ROOT / one).exists())


_OURS: Final[dict[str, Callable[[Flask, Sequence[str]], Iterator[str]]]] = {
    "flask": _of_flask,
    "gunicorn": _of_gunicorn,
    "make": _of_make,
    "pip": _of_pip,
    "python": _of_python,
    "python3": _of_python,
    "support-line": _of_support_line,
}
