"""Which release runs: its version, and the commit that it was made of."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]
_UNKNOWN: Final = "unknown"


@cache
def release() -> tuple[str, str]:
    """Return version and commit; each is "unknown" where the folder that the service runs from does not say."""
    try:
        # Whoever installs a release leaves it there: one line.
        version, _, commit = (_ROOT / "RELEASE").read_text(encoding="utf-8").strip().partition(" ")
    except OSError:
        return _in_source(), _UNKNOWN
    return version or _UNKNOWN, commit or _UNKNOWN


def _in_source() -> str:
    try:
        said = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    except OSError:
        return _UNKNOWN
    version: str = said["project"]["version"]
    return version
