"""The page of addresses: every route of the web, who may come in, and what it does."""

import inspect
from collections.abc import Iterator
from typing import Final

from flask import Flask
from werkzeug.routing import Rule

from devtools.documents.markdown import code, page, prose, table
from ivr.company.staff.models import Role
from ivr.platform.voice.flow import Flow
from ivr.web.console.common.permissions import ACTIONS, may

_NETWORK: Final = (
    "Each request is a POST that the network has signed; one without a valid signature is answered with 403. "
    "[The call map](../call-map.md) draws how the steps of a call follow each other."
)


def addresses(app: Flask) -> str:
    """Return the page."""
    rules = sorted(app.url_map.iter_rules(), key=lambda one: one.rule)
    rules = [one for one in rules if not one.endpoint.endswith("static")]
    steps = [one for one in rules if _is_step(app, one)]
    webhooks = [one for one in rules if one.rule.startswith("/voice/") and one not in steps]
    console = [one for one in rules if one.endpoint.startswith("console.")]
    others = [one for one in rules if one not in (*steps, *webhooks, *console)]
    return page(
        "Addresses",
        "What the web answers, below `PUBLIC_URL`.",
        [
            "## The telephone network",
            _NETWORK,
            _table(app, webhooks, by="the network"),
            "### Steps of a call",
            table(("flow", "steps"), _flows(steps)),
            "## The console",
            "A log-in is required, but for the pages that log somebody in. A form carries a token of its page.",
            _table(app, console),
            "## Customers, machines and others",
            "Links in letters are their own key: they hold a token that cannot be guessed.",
            _table(app, others),
        ],
    )


def _is_step(app: Flask, rule: Rule) -> bool:
    return inspect.getmodule(app.view_functions[rule.endpoint]) is inspect.getmodule(Flow)


def _flows(steps: list[Rule]) -> Iterator[tuple[str, str]]:
    for flow in dict.fromkeys(one.endpoint.partition(".")[0] for one in steps):
        yield code(flow), " ".join(code(one.rule) for one in steps if one.endpoint.startswith(f"{flow}."))


def _table(app: Flask, rules: list[Rule], *, by: str = "anybody") -> str:
    return table(
        ("address", "method", "who", "what it does"),
        (
            (
                code(one.rule),
                " ".join(sorted((one.methods or set()) - {"HEAD", "OPTIONS"})),
                _who(one.endpoint) or by,
                prose(app.view_functions[one.endpoint].__doc__),
            )
            for one in rules
        ),
    )


def _who(endpoint: str) -> str:
    """The roles that the console opens this to; nothing where it asks nobody."""
    action = ACTIONS.get(endpoint)
    roles = [role for role in Role if action is not None and may(role, action)]
    return "whoever is logged in" if roles == list(Role) else ", ".join(roles)
