"""The price of a visit, in integer cents. Pure. The figures are the company's (its process, opening paragraph)."""

from typing import Final

#: The trip and the first hour on site.
BASE_CENTS: Final = 350_00
