"""Countries are named as Babel names them in English, and nothing else of Babel's stays in memory."""

import subprocess
import sys

import phonenumbers
from babel import Locale

from ivr.core import countries

KEPT = """
import gc, tracemalloc
from ivr.core import countries

tracemalloc.start()
countries.name_of("PR")
gc.collect()
print(tracemalloc.get_traced_memory()[0])
"""


def test_every_region_of_a_telephone_number_has_babels_name() -> None:
    names = Locale("en").territories

    for code in phonenumbers.SUPPORTED_REGIONS:
        assert countries.name_of(code) == names.get(code, code)


def test_names_alone_are_kept() -> None:
    done = subprocess.run((sys.executable, "-c", KEPT), capture_output=True, text=True, check=True)  # noqa: S603  # our own words

    assert int(done.stdout) < 1_500_000, (
        "bytes, of modules mostly; with all that Babel knows of English, 4,500,000"
    )
