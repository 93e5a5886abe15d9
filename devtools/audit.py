"""``make audit``: known holes in what is locked, by pip-audit.

Its answer is kept in ``advisories.json`` with the day. Without a network that list is looked at in its place. A
package of which no answer is known counts as a finding: pip-audit itself says that all is well when it has learned
nothing.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from devtools.licences import locked

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("requirements.txt", "requirements-dev.txt", "devtools/requirements.txt", "devtools/pip.txt")
LIST: Final = ROOT / "devtools" / "advisories.json"
_SERVICES: Final = ("osv", "pypi")

#: By ``name==version``: the holes that are known, each with the versions that mend it.
Answers = Mapping[str, Mapping[str, list[str]]]


def answers(report: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Return what a report of pip-audit says (its JSON). What it skipped, it does not know."""
    return {
        f"{one['name']}=={one['version']}": {hole["id"]: list(hole["fix_versions"]) for hole in one["vulns"]}
        for one in report["dependencies"]
        if "skip_reason" not in one
    }


def findings(pins: Mapping[str, str], known: Answers) -> Iterator[str]:
    """Yield a sentence for each hole, and for each package of which nothing is known."""
    for name, version in sorted(pins.items()):
        holes = known.get(f"{name}=={version}")
        if holes is None:
            yield f"{name} {version}: nothing is known of it"
        for hole, mended in (holes or {}).items():
            yield f"{name} {version}: {hole}, mended in {', '.join(mended) or 'no release yet'}"


def ask() -> dict[str, dict[str, list[str]]]:
    """Ask the services of advisories, and return what the first of them knows; nothing without a network."""
    for service in _SERVICES:
        with TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            words = ["--vulnerability-service", service, "--format", "json", "--output", str(report)]
            locks = [word for lock in LOCKS for word in ("--requirement", lock)]
            subprocess.run(  # noqa: S603  # our own words; its exit status does not tell holes from no network
                [
                    sys.executable,
                    "-m",
                    "pip_audit",
                    "--disable-pip",
                    "--progress-spinner",
                    "off",
                    *words,
                    *locks,
                ],
                cwd=ROOT,
                capture_output=True,
                check=False,
            )
            known = answers(json.loads(report.read_text(encoding="utf-8"))) if report.exists() else {}
        if known:
            return known
    return {}


def main() -> None:
    """Print what is found. Exits 1 when that is anything."""
    if known := ask():
        kept = {"asked": datetime.now(UTC).date().isoformat(), "known": known}
        LIST.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        said = "Asked now."
    elif LIST.exists():
        kept = json.loads(LIST.read_text(encoding="utf-8"))
        known, said = kept["known"], f"No service of advisories answers. This is the list of {kept['asked']}."
    else:
        sys.exit(
            "No service of advisories answers, and no list of an earlier answer is kept: nothing was checked."
        )
    pins = {name: version for lock in LOCKS for name, version in locked(ROOT / lock).items()}
    found = list(findings(pins, known))
    print("\n".join([said, *found, f"{len(pins)} packages, {len(found)} findings."]))  # noqa: T201  # what is asked for
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
