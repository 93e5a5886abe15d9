"""The board, the alerts, their runbook and the table of metrics speak of the figures that /metrics tells."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from prometheus_client.parser import text_string_to_metric_families

from ivr.app import create_app
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.support.paths import ROOT

RULES: Final = ROOT / "deploy/prometheus/alerts.yaml"
BOARD: Final = ROOT / "deploy/grafana/line.json"
#: Where an installed one is, and where ``make proxies`` unpacks it.
PROMTOOL: Final = shutil.which(
    "promtool", path=f"{ROOT}/.venv/proxies/usr/bin{os.pathsep}{os.environ['PATH']}"
)
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool is not here: apt-get install prometheus"
)
_METRIC: Final = re.compile(r"\bline_[a-z_]+")
_SUFFIXES: Final = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}

#: The service while all is well, in Prometheus' notation of series: a value each minute.
WELL: Final = {
    'up{job="line"}': "1x300",
    'line_build_info{version="1", commit="a"}': "1x300",
    "line_database_up": "1x300",
    "line_disk_free_bytes": "9e9x300",
    "line_worker_unseen_seconds": "20x300",
    "line_oldest_job_seconds": "0x300",
    "line_jobs_dead": "0x300",
    "line_network_down": "0x300",
    "line_longest_wait_seconds": "30x300",
    "line_callers_waiting": "1x300",
    'line_staff{role="technician", state="free"}': "0x300",
    'line_staff{role="technician", state="engaged"}': "2x300",
    'line_staff{role="technician", state="away"}': "1x300",
    'line_calls_today{what="rang"}': "40x300",
    'line_calls_today{what="left_line"}': "2x300",
    "line_callback_overdue_seconds": "60x300",
    "line_callbacks_for_a_person": "0x300",
    "line_turns_failed_total": "7x300",
    "line_errors_total": "7x300",
    "line_fallbacks_total": "7x300",
    'line_webhook_seconds_bucket{step="a", le="0.1"}': "0+10x300",
    'line_webhook_seconds_bucket{step="a", le="1"}': "0+10x300",
    'line_webhook_seconds_bucket{step="a", le="3"}': "0+10x300",
    'line_webhook_seconds_bucket{step="a", le="+Inf"}': "0+10x300",
    'line_webhook_seconds_count{step="a"}': "0+10x300",
    'line_signatures_refused_total{whose="telephone"}': "3x300",
    'line_signatures_refused_total{whose="payments"}': "0x300",
    "line_payment_tasks": "0x300",
    "line_letters_returned": "1x300",
}
#: What is otherwise when each of them fires. None: nothing is told.
ILL: Final[dict[str, dict[str, str | None]]] = {
    "NothingMeasured": {'line_build_info{version="1", commit="a"}': None},
    "MachineSilent": {'up{job="line"}': "0x300"},
    "DatabaseDown": {"line_database_up": "0x300"},
    "DiskNearlyFull": {"line_disk_free_bytes": "9e8x300"},
    "WorkerDead": {"line_worker_unseen_seconds": "1e9x300"},
    "JobsWait": {"line_oldest_job_seconds": "31x300"},
    "JobsDead": {"line_jobs_dead": "1x300"},
    "NetworkDown": {"line_network_down": "1x300"},
    "CallersWait": {"line_longest_wait_seconds": "181x300"},
    "NobodyOnShift": {'line_staff{role="technician", state="engaged"}': "0x300"},
    "CallersHangUp": {'line_calls_today{what="left_line"}': "9x300"},
    "CallbacksOverdue": {"line_callback_overdue_seconds": "901x300"},
    "CallbacksForAPerson": {"line_callbacks_for_a_person": "1x300"},
    "TurnsFail": {"line_turns_failed_total": "7x33 8x9"},
    "AnswersFail": {"line_errors_total": "7x33 12x9"},
    "FallbackAsked": {"line_fallbacks_total": "7x33 8x9"},
    "WebhooksSlow": {
        'line_webhook_seconds_bucket{step="a", le="0.1"}': "0+5x300",
        'line_webhook_seconds_bucket{step="a", le="1"}': "0+8x300",
    },
    "CallsRefused": {
        'line_webhook_seconds_count{step="a"}': "99x300",
        'line_signatures_refused_total{whose="telephone"}': "3x33 9x9",
    },
    "SignaturesRefused": {'line_signatures_refused_total{whose="telephone"}': "3x20 33x20"},
    "PaymentEventsRefused": {'line_signatures_refused_total{whose="payments"}': "0x20 1x20"},
    "PaymentTasks": {"line_payment_tasks": "1x300"},
    "LettersReturn": {"line_letters_returned": "4x300"},
    "ReleasesDiffer": {'line_build_info{version="1", commit="b"}': "1x300"},
}
#: Forty minutes after the first value; those that wait longest are looked at after four and a half hours.
LOOKED_AT: Final = {"CallbacksForAPerson": "270m", "PaymentTasks": "270m"}


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def panels() -> Iterator[tuple[str, str]]:
    """Each expression of the board, with its panel's title."""
    for panel in json.loads(BOARD.read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> dict[str, str]:
    """The names that /metrics tells, and of which type they are."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("watched") / "line.db")
    app = create_app(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{file}"}))
    families = text_string_to_metric_families(app.test_client().get("/metrics").text)
    services(app).database.engine.dispose()
    return {f"{one.name}{suffix}": one.type for one in families for suffix in _SUFFIXES[one.type]}


def test_each_metric_has_its_line_in_the_table_and_the_table_no_other(told: dict[str, str]) -> None:
    table = re.findall(r"^\| `(line_[a-z_]+)` \| (\w+)", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    assert sorted(name for name, _ in table) == sorted(
        {name.removesuffix("_bucket") for name in told if not (name.endswith(("_sum", "_count")))}
    )


def test_board_and_alerts_ask_for_what_is_told_and_add_up_no_figure_of_the_database(
    told: dict[str, str],
) -> None:
    table = dict(
        re.findall(r"^\| `(line_[a-z_]+)` \| (\w+)", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    )
    asked = [*panels(), *((one["alert"], one["expr"]) for one in alerts())]
    for title, expr in asked:
        names = set(_METRIC.findall(expr))
        assert names <= told.keys(), title
        for name in names:
            if table.get(name) == "database":
                once = len(re.findall(rf"\b{name}\b", expr))
                assert len(re.findall(rf"\b(?:max|min)(?: by \([a-z, ]+\))? ?\({name}\b", expr)) == once, (
                    title
                )


def test_each_alert_says_who_is_woken_and_leads_to_its_section() -> None:
    book = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=\n## |\Z)", book, re.DOTALL | re.MULTILINE))
    assert list(sections) == [one["alert"] for one in alerts()]
    for one in alerts():
        severity, words = one["labels"]["severity"], sections[one["alert"]]
        assert one["annotations"]["runbook_url"] == f"docs/runbook.md#{one['alert'].lower()}"
        assert severity in {"critical", "warning"}
        assert f"{severity.capitalize()}" in words, one["alert"]
        for answer in ("**You see**", "**It means**", "**Do now**", "**It is over**"):
            assert answer in words, one["alert"]


def test_every_alert_has_its_story() -> None:
    assert list(ILL) == [one["alert"] for one in alerts()]


def test_each_alert_fires_when_it_should_and_none_while_all_is_well(tmp_path: Path) -> None:
    tests = [story("", {})] + [story(name, otherwise) for name, otherwise in ILL.items()]
    file = tmp_path / "stories.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", str(file))


def test_prometheus_reads_its_configuration_and_every_expression_of_the_board(tmp_path: Path) -> None:
    for name in ("prometheus.yaml", "alerts.yaml"):
        shutil.copy(RULES.parent / name, tmp_path)
    (tmp_path / "metrics_token").touch()
    promtool("check", "config", str(tmp_path / "prometheus.yaml"))
    rules = [
        {"record": f"panel:{number}", "expr": re.sub(r"\$__\w+", "5m", expr)}
        for number, (_, expr) in enumerate(panels())
    ]
    board = tmp_path / "board.yaml"
    board.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": rules}]}))
    promtool("check", "rules", str(board))


def story(fires: str, otherwise: dict[str, str | None]) -> dict[str, Any]:
    """The service with something otherwise, and the one alert that this makes fire."""
    series = [{"series": one, "values": values} for one, values in (WELL | otherwise).items() if values]
    at = LOOKED_AT.get(fires, "40m")
    expected: dict[str, list[dict[str, Any]]] = {one["alert"]: [] for one in alerts()} | {
        one["alert"]: [
            {"exp_labels": one["labels"] | labels_of(fires), "exp_annotations": one["annotations"]}
        ]
        for one in alerts()
        if one["alert"] == fires
    }
    looks = [{"eval_time": at, "alertname": name, "exp_alerts": found} for name, found in expected.items()]
    return {
        "name": fires or "all is well",
        "interval": "1m",
        "input_series": series,
        "alert_rule_test": looks,
    }


def labels_of(alert: str) -> dict[str, str]:
    return {"job": "line"} if alert == "MachineSilent" else {}


def promtool(*words: str) -> None:
    if PROMTOOL is None:
        assert "CI" not in os.environ, "promtool is missing: see the target proxies in the Makefile"
        pytest.skip("there is no promtool here: make proxies")
    ran = subprocess.run([str(PROMTOOL), *words], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert ran.returncode == 0, ran.stdout + ran.stderr
