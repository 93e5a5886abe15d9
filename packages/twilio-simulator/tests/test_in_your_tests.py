"""What README and docs/in-your-tests.md show of pytest is run by pytest, as a stranger would run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
GUIDE = PACKAGE / "docs/in-your-tests.md"
PLUGIN = "twilio_simulator.pytest_plugin"


def write_files(page: Path, folder: Path) -> list[str]:
    """Every Python block of the page becomes the file that its first line names."""
    blocks = re.findall(r"```python\n# (\S+)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for name, code in blocks:
        (folder / name).write_text(code, encoding="utf-8")
    return [name for name, _ in blocks]


def run_python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python that knows that folder and the simulator."""
    path = os.pathsep.join([str(folder), str(PACKAGE / "src")])
    return subprocess.run(  # noqa: S603  # our own words
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_pytest(folder: Path, *arguments: str) -> str:
    """What it prints. The plugin is named, and others that may be installed here are not loaded."""
    done = run_python(folder, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", *arguments)
    return done.stdout + done.stderr


def test_the_five_lines_of_the_readme(tmp_path: Path) -> None:
    assert set(write_files(PACKAGE / "README.md", tmp_path)) == {
        "app.py",
        "test_time.py",
        "rest.py",
        "flow.py",
    }
    assert "1 passed" in run_pytest(tmp_path)


def test_the_guide(tmp_path: Path) -> None:
    """Each of its six tests, in both positions of the switch that its conftest.py throws."""
    assert write_files(GUIDE, tmp_path) == [
        "clinic.py",
        "test_clinic.py",
        "test_whoever_answers.py",
        "conftest.py",
    ]
    assert "12 passed" in run_pytest(tmp_path)


def test_what_does_not_come_true_fails_with_the_transcript_of_the_guide(tmp_path: Path) -> None:
    write_files(GUIDE, tmp_path)
    (tmp_path / "test_clinic.py").write_text(
        (tmp_path / "test_clinic.py").read_text().replace("from nine to five", "")
        + """

def test_sundays(twilio_exchange, line):
    twilio_exchange.phone("+12025550111").dials(line).hears("closed on Sundays")
"""
    )
    said = run_pytest(tmp_path, "-k", "sundays and 1")
    shown = re.findall(r"```text\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    assert [line for line in shown.splitlines() if line not in said] == []
    assert "1 failed" in said
    assert "_expect" not in said, "the traceback ends in the test"


APP = """
from flask import Flask

A, B = "+12025550111", "+12025550122"


def app_saying(verbs):
    app = Flask("app")
    app.post("/voice")(lambda: (f"<Response>{verbs}</Response>", {"Content-Type": "text/xml"}))
    return app


app = app_saying("<Say>Hello.</Say>")
"""


def test_what_twilio_would_refuse_fails_the_test(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(f"""{APP}

def test_no_document(twilio_exchange):
    twilio_exchange.phone(A).dials(twilio_exchange.connect(app, voice="/nowhere"))


def test_no_answer_to_a_status_callback(twilio_exchange):
    number = twilio_exchange.connect(app, status_callback="/gone")
    twilio_exchange.phone(A).dials(number).waits(5)


def test_a_wrong_url(twilio_exchange):
    number = twilio_exchange.connect(app)
    twilio_exchange.client.calls.create(to=A, from_=number, url="nowhere")


def test_a_fault_after_the_last_step(twilio_exchange):
    number = twilio_exchange.connect(app)
    url = "https://app1.example/voice"
    twilio_exchange.client.calls.create(to=A, from_=number, url=url, call_token="unknown")


def test_a_fault_that_is_meant(twilio_exchange):
    twilio_exchange.forgive(11200)
    twilio_exchange.phone(A).dials(twilio_exchange.connect(app, voice="/nowhere")).hears("application error")
""")
    said = run_pytest(tmp_path)
    assert "11200 HTTP retrieval failure: voice.inbound from https://app1.example/nowhere: HTTP 404" in said
    assert "15003" in said
    assert "Url is not a valid URL: nowhere" in said
    assert "ERROR test_it.py::test_a_fault_after_the_last_step - AssertionError" in said
    assert "20001" in said
    assert "3 failed, 2 passed, 1 error" in said


def test_nothing_is_left_of_a_network_whose_test_is_over(tmp_path: Path) -> None:
    """A call that is still up ends with it, and the next test has another network with the same numbers."""
    (tmp_path / "test_it.py").write_text(f"""{APP}
import gc
import threading
import weakref

seen = []


def test_one(twilio_exchange):
    number = twilio_exchange.connect(app)
    assert number == "+18005550100"
    twilio_exchange.phone(A).dials(number).hears("hello")
    assert [leg.status for leg in twilio_exchange.network.legs.values()] == ["in-progress"]
    seen.append(weakref.ref(twilio_exchange.network))


def test_two(twilio_exchange):
    gc.collect()
    assert seen[0]() is None
    assert threading.active_count() == 1
    assert twilio_exchange.connect(app) == "+18005550100"
    assert twilio_exchange.connect(app) == "+18005550101"
    assert twilio_exchange.transcript == ""


def test_two_applications(twilio_exchange):
    twilio_exchange.connect(app)
    number = twilio_exchange.connect(app_saying("<Dial>" + B + "</Dial>"))
    caller, called = twilio_exchange.phone(A), twilio_exchange.phone(B)
    caller.dials(number)
    called.rings().answers()
    assert caller.is_talking_to(called)
    called.says("good morning")
    caller.hears("good morning").hangs_up()
    assert called.ended
""")
    assert "3 passed" in run_pytest(tmp_path)


def test_a_run_without_use_for_it_does_not_wait_for_it(tmp_path: Path) -> None:
    loads = f"import sys, pytest, {PLUGIN}; print({{'flask', 'requests', 'twilio', 'werkzeug'}} & {{*sys.modules}})"
    assert run_python(tmp_path, "-c", loads).stdout == "set()\n"
