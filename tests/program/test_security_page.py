"""SECURITY.md names every door: each address that answers somebody who has no session of the console."""

import re

from tests.support.paths import ROOT
from tests.support.world import World

SECURITY = (ROOT / "SECURITY.md").read_text()
#: The session opens all others of the console.
OPEN_IN_CONSOLE = {"console.login"}


def test_security_md_names_every_door(world: World) -> None:
    open_to_some = [
        rule.rule
        for rule in world.app.url_map.iter_rules()
        if not rule.endpoint.startswith("console.") or rule.endpoint in OPEN_IN_CONSOLE
    ]
    doors = {"/" + rule.split("/")[1] for rule in open_to_some}
    assert {"/voice", "/pay", "/login"} <= doors
    assert {door for door in doors if not re.search(rf"`{door}[/`]", SECURITY)} == set()
