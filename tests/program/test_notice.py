"""NOTICE names everything of others that is kept in this repository."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.paths import ROOT

NOTICE: Final = (ROOT / "NOTICE").read_text()
#: A line that begins with a path and ends as a folder does.
NAMED: Final = set(re.findall(r"^(\S+)/$", NOTICE, re.MULTILINE))
LICENCE: Final = re.compile(r"(licen[cs]e|copying)[\w-]*(\.md|\.txt)?", re.IGNORECASE)


def test_notice_names_the_folders_with_a_licence_of_others_and_no_more() -> None:
    assert set(_vendored()) == NAMED


def _vendored() -> Iterator[str]:
    """The folders with a licence in them. Beside a pyproject.toml it is the licence of that distribution of ours."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "var"]
        if "pyproject.toml" not in files and any(LICENCE.fullmatch(name) for name in files):
            yield Path(folder).relative_to(ROOT).as_posix()
