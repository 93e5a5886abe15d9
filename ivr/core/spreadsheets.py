"""What a spreadsheet program must be told, and what it must not run, in a file of CSV. Pure."""

import re
from typing import Final

#: Without it Excel takes the file for the code page of its own country, and Núñez for NÃºÃ±ez.
BYTE_ORDER_MARK: Final = "\ufeff"

_E164: Final = re.compile(r"\+[1-9][0-9]{1,14}")
#: OWASP's list for "CSV injection": the full-width forms are formulas in East Asian spreadsheets.
_STARTS_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001


def cell(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would run it as a formula.

    A plain E.164 number keeps its +: a spreadsheet can only read it as a number, and programs want it as it is.

    >>> cell("=1+1"), cell("+14155552671"), cell("Rosa")
    ("'=1+1", '+14155552671', 'Rosa')
    """
    return f"'{text}" if text.startswith(_STARTS_FORMULA) and not _E164.fullmatch(text) else text
