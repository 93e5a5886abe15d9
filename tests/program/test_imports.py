"""What a web loads before it answers anything: nothing that only rare pages or other processes need."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from ivr.core.config import DESK
from tests.support.paths import ROOT

#: Each takes 20 ms to half a second to load, or much memory.
LATER: Final = {
    "twilio.rest": "a worker asks Twilio; a web only when a page plays a recording",
    "requests": "the same",
    "stripe": "only where STRIPE_API_KEY is set, when somebody pays",
    "sentry_sdk": "only where SENTRY_DSN is set",
    "procrastinate": "only on PostgreSQL",
    "psycopg": "only on PostgreSQL",
    "alembic": "commands",
    "obstore": "a worker, where copies of the database go to a bucket",
    "pyrage": "a worker, where copies of the database are encrypted",
    "argon2": "the first log-in",
    "webauthn": "the second step of a log-in",
    "cryptography": "sealed columns and the second step of a log-in",
    "pyotp": "the second step of a log-in",
    "segno": "the second step of a log-in",
    "icalendar": "a letter of a booking",
    "smtplib": "a worker sends letters",
    "reportlab": "papers: an estimate, a receipt, a visit",
    "PIL": "the same",
}


_PROGRAM: Final = f"""
import sys
from ivr import create_app
app = create_app()
print(*(set({list(LATER)!r}) & sys.modules.keys()))
app.warm_up()
from ivr.callcenter.intake.models import Intake
print('warm', Intake.__mapper__.configured)
from ivr.web.server.warm_up import load_pages
print('compiled', len(app.jinja_env.cache))
load_pages(app)
pages = set(app.jinja_env.list_templates(extensions=['html']))
print('not compiled', pages - {{name for _, name in app.jinja_env.cache.keys()}})
"""


def test_a_web_loads_what_turns_need_and_no_more(tmp_path: Path) -> None:
    ran = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", _PROGRAM],
        env={**os.environ, **DESK, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "SENTRY_DSN": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded, warm, before, after = ran.stdout.splitlines()
    assert loaded == ""
    assert warm == "warm True"
    assert before == "compiled 0"
    assert after == "not compiled set()"
    assert "started_without_database" in ran.stderr, "no table is there, and the web starts all the same"
