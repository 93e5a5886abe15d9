"""Who imports whom is held by import-linter; this is what it cannot say, for it sees a package from outside whole."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_file_speaks_to_twilio_over_rest() -> None:
    files = [*ROOT.glob("ivr/**/*.py"), *ROOT.glob("flows/**/*.py")]

    assert [str(file.relative_to(ROOT)) for file in files if "twilio.rest" in imported(file)] == [
        "ivr/telephony/twilio.py"
    ]


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {".".join(name.split(".")[:2]) for name in found}
