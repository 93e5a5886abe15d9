"""What a web keeps in memory: fresh, after calls, after a day of pages, and after hostile clients.

    .venv/bin/python -m bench.memory [CALLS] [PAGES] [HOSTILE]

One worker, as the Procfile starts it, has it all to itself, sixteen clients at once.
Each figure is the memory after a third, two thirds and all of it: what grows on and on is a leak.
"""

import os
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import requests
from flask import Flask
from sqlalchemy import select

from bench.ground.callers import calls, run
from bench.ground.databases import both, folder, kind_of
from bench.ground.hostile import attack
from bench.ground.web import ADDRESS, LINE, Web
from bench.ground.windows import Window
from ivr.app import create_app
from ivr.callcenter.intake.models import Intake
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.core.db import Database, session

_CLIENTS: Final = 16
_THIRDS: Final = 3
_EMAIL: Final = "ruth@example.com"
_PASSWORD: Final = "a long enough one"  # noqa: S105  # of the bench
_MEBI: Final = 1024 * 1024
_PAGES: Final = (
    *("/", "/board", "/intakes/{}", "/callbacks", "/intakes", "/search?q=desk", "/estimates"),
    *("/money", "/reports", "/reports/robots", "/reports/costs", "/refused"),
    *("/settings/hours", "/settings/prompts", "/settings/staff", "/settings/staff/1", "/settings/changes"),
)


def main() -> None:
    """Print the table."""
    given = [int(word) for word in sys.argv[1:]]
    called, looked, hostile = given + [10_000, 3_000, 12_000][len(given) :]
    print(f"{called} calls, {looked} pages, {hostile} hostile requests; MB of one web\n")
    print("| database | fresh | calls | pages | hostile |\n|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, where, called, looked, hostile)


def measured(url: str, where: Path, called: int, looked: int, hostile: int) -> None:
    """Print the row of one database."""
    database = Database(url)
    os.environ.update(DATABASE_URL=url, PUBLIC_URL=ADDRESS)
    app = create_app()
    with Web(LINE, url, where, workers=1) as web:
        fresh = _memory(web)
        rows = (
            _grown(web, lambda part: _call(web, called // _THIRDS, part)),
            _grown(web, lambda _: _look(web, database, looked // _THIRDS)),
            _grown(web, lambda part: _attack(web, app, hostile // _THIRDS, part)),
        )
    database.engine.dispose()
    print(
        f"| {kind_of(url)} | {fresh} | {' | '.join(', '.join(map(str, row)) for row in rows)} |", flush=True
    )


def _memory(web: Web) -> int:
    return max(web.memory()) // _MEBI


def _grown(web: Web, work: Callable[[int], None]) -> Sequence[int]:
    """Return the memory after each third of the work."""
    after = []
    for part in range(_THIRDS):
        work(part)
        after.append(_memory(web))
    return after


def _call(web: Web, count: int, part: int) -> None:
    run(web.port, calls(count, 1 + part * count), at_once=_CLIENTS)


def _look(web: Web, database: Database, count: int) -> None:
    """Have an owner's browsers log in, and open every page again and again, of other intakes each time."""
    with database.transaction():
        owner = session.scalar(select(Staff.id).where(Staff.role == Role.OWNER))
        owner = owner or roster.add("Ruth", Role.OWNER, "+14155550199", _EMAIL, ["en"], _PASSWORD).id
    with database.reading():
        references = session.scalars(select(Intake.reference).limit(500)).all()

    def looks(first: int) -> None:
        _log_in(web)
        window = Window(web.port, database, owner)
        for number in range(first, count, _CLIENTS):
            window.fetch(
                _PAGES[number // _CLIENTS % len(_PAGES)].format(references[number % len(references)])
            )

    _at_once(looks)


def _log_in(web: Web) -> None:
    """Log in with the password, whose hash takes 19 MB of the web for a moment."""
    with requests.Session() as browser:
        page = f"http://localhost:{web.port}/login"
        token = re.findall(r'name="csrf_token" value="(.*?)"', browser.get(page, timeout=60).text)[0]
        form = {"csrf_token": token, "email": _EMAIL, "password": _PASSWORD}
        answer = browser.post(page, data=form, timeout=60, allow_redirects=False)
    if answer.status_code not in {302, 429, 503}:  # so many at once are told to come again
        raise SystemExit(f"/login: {answer.status_code}")


def _attack(web: Web, app: Flask, count: int, part: int) -> None:
    _at_once(lambda first: attack(web.port, app, count // _CLIENTS, part * _CLIENTS + first))


def _at_once(work: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(_CLIENTS) as threads:
        for _ in threads.map(work, range(_CLIENTS)):
            pass  # raises what one of them has raised


if __name__ == "__main__":
    main()
