"""Every prompt is translated, with the same values in it."""

import ast
import re
from pathlib import Path

import pytest

from ivr.platform import voice
from tests.program.spoken import FILES, prompts, spanish
from tests.support.paths import ROOT

VOICE = sorted(Path(str(voice.__file__)).parent.glob("*.py"))
SPEAKS = {"say", "say_unrecorded", "speak"}
VALUES = re.compile(r"%\(\w+\)s")
SENTENCE = re.compile(r"^[A-Z¿¡][^_]* .*[.?!]$")


def test_there_are_prompts_to_be_found() -> None:
    assert len(prompts()) > 40


@pytest.mark.parametrize("prompt", sorted(prompts()))
def test_every_prompt_has_spanish_words(prompt: str) -> None:
    translated = spanish().get(prompt)

    assert translated, "add it to flows/locale/es.po"
    assert sorted(VALUES.findall(translated)) == sorted(VALUES.findall(prompt))


def test_no_translation_is_left_over() -> None:
    assert set(spanish()) - prompts() == set()


def test_nothing_is_spoken_past_the_catalogue() -> None:
    """A sentence of a flow that is not given to _() would stay in one language for ever."""
    past = []
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = {
            id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and is_translated(node)
        }
        known |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        past += [
            f"{file.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in known and SENTENCE.search(node.value)
        ]
    assert past == []


def is_translated(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "_"


@pytest.mark.parametrize("file", VOICE, ids=lambda file: str(file.stem))
def test_the_voice_package_says_nothing_of_its_own(file: Path) -> None:
    """It says what it is given: no string goes to a verb that speaks."""
    spoken = [
        node.lineno
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in SPEAKS
        if any(isinstance(given, ast.Constant) and isinstance(given.value, str) for given in node.args)
    ]
    assert spoken == []


@pytest.mark.parametrize("catalogue", [ROOT / "flows/locale/es.po", ROOT / "ivr/company/mail/locale/es.po"])
def test_a_catalogue_says_each_sentence_once(catalogue: Path) -> None:
    """A merge of two branches may leave both."""
    entries = re.findall(
        r'^msgid ((?:".*"\n)+)((?:.+\n)*)', catalogue.read_text(encoding="utf-8"), re.MULTILINE
    )
    sentences = [sentence for sentence, _ in entries]
    assert len(sentences) > 100
    assert [one for one in set(sentences) if sentences.count(one) > 1] == []
    assert [sentence for sentence, rest in entries if rest.count("msgstr ") > 1 or "msgid " in rest] == []
