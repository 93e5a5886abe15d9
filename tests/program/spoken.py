"""What the line says, in both languages."""

import ast
from pathlib import Path

from babel.messages.pofile import read_po

from flows import FLOWS, SCRIPT

FILES = sorted(Path(str(FLOWS[0].module.__file__)).parent.glob("*.py"))


def prompts() -> set[str]:
    """Every literal that is spoken: what flows pass to _()."""
    found = set()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                argument = node.args[0]
                assert isinstance(argument, ast.Constant), f"{file.name}:{node.lineno} is not a literal"
                found.add(str(argument.value))
    return found


def spanish() -> dict[str, str]:
    with (SCRIPT.locale / "es.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
