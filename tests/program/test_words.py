"""Every prompt is translated, with the same values in it."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ivr.callcenter.routing.offers import NoLongerWantedError
from ivr.core.errors import Refusal
from ivr.platform.voice import translations

TOP = Path(__file__).parents[2]
VALUES = re.compile(r"%\(\w+\)s")


def prompts() -> set[str]:
    """Every literal that is spoken: what flows pass to _(), and what refusals say."""
    found = {"I am sorry, something went wrong on our side. One moment please.", Refusal.spoken}
    found |= {NoLongerWantedError.spoken} | {refusal.spoken for refusal in Refusal.__subclasses__()}
    for file in (TOP / "flows").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                argument = node.args[0]
                assert isinstance(argument, ast.Constant), f"{file.name}:{node.lineno} is not a literal"
                found.add(str(argument.value))
    return found


def spanish() -> dict[str, str]:
    with (translations.LOCALE / "es.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


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
    """A string given to say, ask or hang_up without _() would stay English for ever."""
    spoken = []
    for file in (TOP / "flows").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "say",
                "ask",
                "hang_up",
                "hear_out",
                "listen",
                "record",
            }:
                spoken += [
                    f"{file.name}:{argument.lineno}"
                    for argument in node.args[1:]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                ]
    assert spoken == []
