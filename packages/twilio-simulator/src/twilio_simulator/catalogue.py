"""Twilio's error codes and TwiML vocabulary, read from ``data/`` when first needed."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"


@cache
def _errors() -> dict[int, str]:
    listed = json.loads((DATA / "errors.json").read_text(encoding="utf-8"))["errors"]
    return {error["code"]: error["name"] for error in listed}


def error_name(code: int) -> str:
    return _errors().get(code, "unknown")


@cache
def twiml() -> dict[str, Any]:
    """``elements`` and ``contexts`` of the TwiML vocabulary."""
    vocabulary: dict[str, Any] = json.loads((DATA / "twiml.json").read_text(encoding="utf-8"))
    return vocabulary
