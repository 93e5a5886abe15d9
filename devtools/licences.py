"""``make licences``: under which licence each package is that the service runs on, as the installed packages say."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.txt"
#: Licences that ask for no more than to be named, as SPDX or as the classifiers of PyPI write them.
FREE: Final = frozenset(
    {
        *("MIT", "MIT-0", "MIT License", "BSD-2-Clause", "BSD-3-Clause", "BSD License", "ISC", "0BSD"),
        *("Apache-2.0", "Apache Software License", "PSF-2.0", "Python Software Foundation License"),
        "MIT-CMU",
    }
)
#: A licence that asks for more, and why that does not matter here.
EXCEPTIONS: Final = {
    "certifi": ("MPL-2.0", "a list of certificates, used as it comes"),
    "psycopg": (
        "LGPL-3.0-only",
        "a library, used as it comes; whoever runs the service can put another in its place",
    ),
    "psycopg-binary": ("LGPL-3.0-only", "as psycopg"),
    "psycopg-pool": ("LGPL-3.0-only", "as psycopg"),
    "pyrage": ("", "MIT, by the LICENSE that it brings; its description leaves it out"),
}
_CLASSIFIERS: Final = {"Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0"}


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Return the version of each package in a lock, by its name."""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def licence_of(package: str) -> str | None:
    """Return what an installed package says of itself, several classifiers joined by "OR"; None when it is not here."""
    try:
        metadata = distribution(package).metadata
    except PackageNotFoundError:
        return None  # the lock is for every machine, and some packages are for others
    named = [
        one.rpartition(" :: ")[2]
        for one in metadata.get_all("Classifier", [])
        if one.startswith("License ::")
    ]
    classified = " OR ".join(_CLASSIFIERS.get(one, one) for one in named)
    told = [*metadata.get_all("License-Expression", []), classified, *metadata.get_all("License", [])]
    return next((str(one).strip().partition("\n")[0] for one in told if one), "")


def is_free(licence: str) -> bool:
    """Whether one of the licences offered (OR), with all its parts (AND), asks for no more than to be named."""
    return any(
        all(part.strip(" ()") in FREE for part in choice.split(" AND ")) for choice in licence.split(" OR ")
    )


def main() -> None:
    """Print a line for each package."""
    for package, version in sorted(locked().items()):
        print(f"{package:<28} {version:<16} {licence_of(package) or 'not on this machine'}")  # noqa: T201  # what is asked for


if __name__ == "__main__":
    main()
