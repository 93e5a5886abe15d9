"""Whoever may knock, and every route that they may knock at."""

import re
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from flask.testing import FlaskClient
from werkzeug.routing import Rule

from ivr.company.policy.service import Command
from ivr.company.staff import changes, roster
from ivr.company.staff.links import Links
from ivr.platform.voice.signature import signature_for
from ivr.services import services
from tests.exhaustive.fuzz import hostile
from tests.support.paths import ROOT
from tests.support.world import World
from tests.web.twice.places import own_link

PASSWORD: Final = "a long enough one"
STAFF: Final = {"technician": "dana", "operator": "olive", "owner": "ruth"}
#: They end the session of whoever knocks, or of whoever knocks next.
LEFT_OUT: Final = frozenset({"console.logout", "console.set_place", "console.set_password"})
METHODS: Final = frozenset({"GET", "POST", "DELETE"})
#: The names of every field that a page of ours has, and of what Twilio sends.
NAMES: Final = sorted(
    {
        name
        for folder in ("ivr", "flows")
        for file in (*(ROOT / folder).rglob("*.html"), *(ROOT / folder).rglob("*.py"))
        for name in re.findall(
            r"""(?:\bname=|(?:form|args|values)(?:\.get|\.getlist)?[\[(])["']([\w-]{1,40})["']""",
            file.read_text(encoding="utf-8"),
        )
    }
)


class Doors:
    """The line with one matter in it, an estimate sent and a link out; and a client for each role."""

    def __init__(self, world: World) -> None:
        self.world = world
        known = own_link(world)
        # Forms are let in without a token: what is behind the gate is to be tried. The gate has its own tests.
        self._methods = world.app.config["WTF_CSRF_METHODS"]
        world.app.config["WTF_CSRF_METHODS"] = set()
        config = services(world.app).config
        with world.database.transaction():
            for name in STAFF.values():
                changes.set_password(Command("tests"), roster.by_name_or_phone(name), PASSWORD)
            dana = roster.by_name_or_phone("dana")
            staff_link = Links(config.secret_key, config.public_url).url(dana.id, dana.link_version)
        self.tokens = {"customer": known["link"], "link": staff_link.rpartition("/")[2]}
        self.known = {"reference": [known["ref"]], "token": [*self.tokens.values()], "page_id": ["x"]}
        self.clients = {role: world.app.test_client() for role in ("anonymous", "customer", "link", *STAFF)}
        self.rules = sorted(self._rules(), key=lambda one: (one[0].rule, one[1]))
        assert {one.endpoint for one in world.app.url_map.iter_rules()} >= LEFT_OUT

    def restore(self) -> None:
        """The application is kept for other tests."""
        self.world.app.config["WTF_CSRF_METHODS"] = self._methods

    def log_in(self) -> None:
        """Whoever was logged out by what has been sent comes in again."""
        for role, name in STAFF.items():
            client = self.clients[role]
            if client.get("/account").status_code != 200:
                client.post("/login", data={"email": f"{name}@example.com", "password": PASSWORD})
        self.clients["link"].get(f"/t/{self.tokens['link']}")

    def _rules(self) -> Iterator[tuple[Rule, str]]:
        for rule in self.world.app.url_map.iter_rules():
            if rule.endpoint not in LEFT_OUT:
                # What takes a form only is opened as a page, too: by a reload, or by whoever guesses.
                yield from ((rule, method) for method in sorted(METHODS & {"GET", *(rule.methods or ())}))

    def path(self, rule: Rule, chance: Random) -> str:
        """The address of this rule, its parts known ones or hostile."""
        parts = {}
        for name in rule.arguments:
            right = self.known.get(name, ["1", "2"])
            parts[name] = chance.choice(right) if chance.random() < 0.7 else hostile.in_path(chance)
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: parts[found[1]], rule.rule)
        if chance.random() < 0.3:
            path += f"?{chance.choice(NAMES)}={hostile.in_path(chance)}"
        return path

    def sent(self, path: str, method: str, chance: Random) -> dict[str, Any]:
        """Body and headers. Half of the webhooks whose address is ours are signed, so that a step reads them."""
        body = chance.choice(hostile.BODIES)(chance, NAMES) if method != "GET" else {}
        headers = dict(chance.choice(hostile.HEADERS))
        if path.startswith("/voice/") and "?" not in path and chance.random() < 0.5:
            values = hostile.form(chance, NAMES)["data"]
            config = services(self.world.app).config
            call = {"AccountSid": config.twilio_account_sid, "CallSid": f"CA{chance.randrange(9):032x}"}
            form = {name: given[0] for name, given in values.items()} | call
            url = self.world.address + path
            return {
                "data": form,
                "headers": {"X-Twilio-Signature": signature_for(url, form, config.twilio_auth_token)},
            }
        return body | {"headers": headers}


def knock(client: FlaskClient, method: str, path: str, sent: dict[str, Any]) -> int:
    """Return the status of the answer; a stream is left after its first words."""
    answer = client.open(path, method=method, **sent)
    answer.close()
    return answer.status_code
