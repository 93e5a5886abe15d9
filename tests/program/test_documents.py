"""The documents can be built, ask nobody outside, and say what is so: commands, keys, buttons, files, the reference."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from devtools.callmap.script import whole_script
from devtools.reference_command import REFERENCE
from ivr.core.config import DESK, from_environment
from ivr.platform.providers.stripe import EVENTS
from ivr.web.console.checklist import WORDS
from ivr.web.console.settings.pages import TABS
from tests.program.command_faults import faults_of, faults_of_row
from tests.program.documented import DOCUMENTS, Command, commands
from tests.program.spoken import spanish
from tests.support.applications import application
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
#: Commands of the documents that read, or write into a database of their own.
RUN = (
    "db upgrade",
    "db check",
    "staff list",
    "jobs dead",
    "export intakes",
    "purge --dry-run",
    "person erased",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    file = tmp_path_factory.mktemp("documents") / "line.db"
    with application(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{file}"})) as app:
        yield app


# The pages.


def test_the_pages_are_built_strictly_and_ask_nobody_outside(tmp_path: Path) -> None:
    """A link that leads nowhere, an anchor that is not there, a page that no menu names: each ends the build."""
    built = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert built.returncode == 0, built.stderr

    pages = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.rglob("*.html")}
    assert {"owner.html", "operators.html", "technicians.html", "contributing.html"} <= pages.keys()
    assert pages["technicians.html"].count("<table>") == 18, "nine menus, in two languages"
    loads = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=[\"']?(?:https?:)?//")
    assert [name for name, page in pages.items() if loads.search(page)] == []


def test_the_reference_is_what_the_code_says(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["reference", "--check"])

    assert done.exit_code == 0, done.output


def test_a_page_of_the_reference_that_was_changed_or_lost_is_named(app: Flask, tmp_path: Path) -> None:
    for page in REFERENCE.glob("*.md"):
        (tmp_path / page.name).write_text(
            page.read_text(encoding="utf-8").replace("# Tables", "# Table"), encoding="utf-8"
        )
    (tmp_path / "states.md").unlink()

    done = app.test_cli_runner().invoke(args=["reference", "--check", "--into", str(tmp_path)])

    assert done.exit_code == 1
    assert re.findall(r"\w+\.md", done.output) == ["states.md", "tables.md"]


def test_each_file_that_a_document_names_is_there() -> None:
    named = re.compile(r"`((?:ivr|flows|devtools|tests|bench|deploy|docs|packages|migrations)/[\w./-]+)`")
    lost = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in named.findall(document.read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and name != "deploy/.env"
    ]
    assert lost == []


def test_each_picture_is_taken_by_make_screenshots() -> None:
    taken = set(re.findall(r'"([a-z]+)"', (ROOT / "tests/screenshots.py").read_text(encoding="utf-8")))
    shown = re.findall(
        r"\]\(screenshots/(\w+)\.png\)", "".join(path.read_text() for path in DOCS.glob("*.md"))
    )

    assert {path.stem for path in (DOCS / "screenshots").iterdir()} == set(shown)
    assert set(shown) <= taken


# The commands.


def test_there_are_commands_to_be_found() -> None:
    assert len(commands()) > 60


@pytest.mark.parametrize("command", commands(), ids=str)
def test_a_command_of_the_documents_is_one(command: Command, app: Flask) -> None:
    assert list(faults_of(app, command.words)) == []


def test_what_only_looks_is_run(app: Flask) -> None:
    runner: FlaskCliRunner = app.test_cli_runner()

    for words in RUN:
        done = runner.invoke(args=words.split())
        assert done.exit_code == 0, f"{words}: {done.output}"


def test_the_table_of_commands_has_all_of_them_and_no_other(app: Flask) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Commands")[2]
    rows = re.findall(r"^\| (`.+?) \| ", text, re.MULTILINE)
    named = [span.replace("\\|", "|") for row in rows for span in re.findall(r"`([^`]+)`", row)]

    assert [f"{one}: {fault}" for one in named for fault in faults_of_row(app, one)] == []
    assert {one.split()[0] for one in named} == set(app.cli.list_commands(click.Context(app.cli)))
    assert len(rows) == len(set(rows)), "a command has two rows"


# The people's pages.


def test_the_technicians_keys_are_those_of_the_flows() -> None:
    text = (DOCS / "technicians.md").read_text(encoding="utf-8")
    parts = re.findall(r"<!-- step: (\S+) -->(.*?)(?=^###|\Z)", text, re.MULTILINE | re.DOTALL)
    arrows = whole_script().arrows

    assert len(parts) == 18, "nine menus, in two languages"
    for step, part in parts:
        keys = {arrow.label for arrow in arrows if arrow.source == step and len(arrow.label) == 1}
        assert set(re.findall(r"^\| \*\*(.)\*\*", part, re.MULTILINE)) == keys, step


def test_the_technicians_sentences_are_heard_in_their_language() -> None:
    english, _, other = (DOCS / "technicians.md").read_text(encoding="utf-8").partition('lang="es"')
    heard = re.compile(r"(?<!\*)\*((?:[A-Z][^*]+\. )*[^*]*\b[1-9]\b[^*]+\.)\*(?!\*)")

    said = [(heard.findall(english), set(spanish())), (heard.findall(other), set(spanish().values()))]
    for sentences, catalogue in said:
        assert len(sentences) == 9
        assert set(sentences) <= catalogue


def test_the_operators_buttons_are_those_of_the_pages() -> None:
    text = (DOCS / "operators.md").read_text(encoding="utf-8")
    web = (path for kind in ("html", "py") for path in (ROOT / "ivr/web").rglob(f"*.{kind}"))
    pages = "\n".join(path.read_text(encoding="utf-8") for path in web)

    named = [one for one in re.findall(r"\*\*([^*]+)\*\*", text) if len(one) > 1]
    assert len(named) > 20
    assert [one for one in named if one not in pages] == []


def test_the_owners_checklist_is_that_of_the_page() -> None:
    text = (
        (DOCS / "owner.md")
        .read_text(encoding="utf-8")
        .partition("## 4. The checklist")[2]
        .partition("\n## ")[0]
    )

    assert re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.MULTILINE) == [one.title for one in WORDS.values()]


def test_each_page_of_the_settings_that_a_document_names_is_there() -> None:
    page = re.compile(r"(?<!Voice, )\bSettings, ([A-Z]\w+(?: calls?| data)?)")  # Voice, Settings is Twilio's
    named = {
        (document.name, words)
        for document in DOCUMENTS
        for words in page.findall(" ".join(document.read_text(encoding="utf-8").split()))
    }
    assert len({words for _, words in named}) > 6
    pages = {words for group in TABS.values() for words in group.values()}
    assert sorted(one for one in named if one[1] not in pages) == []


def test_the_owner_chooses_the_events_that_the_service_needs() -> None:
    text = (DOCS / "owner.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^ +- `([a-z_.]+)`$", text, re.MULTILINE)) == EVENTS
