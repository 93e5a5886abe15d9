"""The scripts: one file for a browser, modules for whoever writes them."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import ivr.web
from ivr.web.scripts import SCRIPTS, joined, whole

WEB = Path(ivr.web.__file__).parent
#: Served by itself: it is a worker, and no page's.
WORKER = WEB / "technician/static/worker.js"


def test_a_page_names_its_script_by_what_is_in_it(operator: FlaskClient) -> None:
    found = re.search(r'src="(/scripts/page-([0-9a-f]{12})\.js)"', operator.get("/").text)
    assert found

    answer = operator.get(found[1])

    assert answer.mimetype == "text/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sha256(answer.data).hexdigest().startswith(found[2])
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age == 365 * 24 * 60 * 60


@pytest.mark.parametrize("name", ["scripts/page-000000000000.js", "styles/icon-000000000000.svg"])
def test_whoever_asks_for_another_release_gets_this_one_and_does_not_keep_it(
    stranger: FlaskClient, name: str
) -> None:
    answer = stranger.get(f"/{name}")

    assert answer.status_code == 200
    assert answer.cache_control.no_cache
    assert answer.cache_control.max_age is None


def test_there_is_no_other_script(stranger: FlaskClient) -> None:
    assert stranger.get("/scripts/nothing-000000000000.js").status_code == 404


def test_every_module_is_in_a_script_once_and_after_what_it_imports() -> None:
    written = {file for file in WEB.rglob("*.js") if file != WORKER}
    joined = {name: re.findall(r"^const \$(\w+) = ", whole(name), re.MULTILINE) for name in SCRIPTS}

    assert {module for found in joined.values() for module in found} == {file.stem for file in written}
    for name, found in joined.items():
        assert len({*found}) == len(found), name
        for place, module in enumerate(found):
            text = next(file for file in written if file.stem == module).read_text(encoding="utf-8")
            assert {*re.findall(r'"\./(\w+)\.js"', text)} <= {*found[:place]}, module


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('import { a as b } from "./other.js";\n', "import { a as b }"),
        ('import other from "./other.js";\n', "import other"),
        ("export let a = 1;\n", "export let a"),
        ("export default 1;\n", "export default"),
        ('import "./begins.js";\n', "imports itself"),
    ],
)
def test_a_module_that_would_not_be_joined_rightly_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "other.js").write_text("export const a = 1;\n")
    (tmp_path / "begins.js").write_text(text)

    with pytest.raises(ValueError, match=re.escape(why)):
        joined(tmp_path / "begins.js")


def test_what_is_for_its_writers_is_not_sent() -> None:
    assert [line for line in whole("page").splitlines() if line.lstrip().startswith(("//", "/**"))] == []
