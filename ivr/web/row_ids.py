"""The id of a row in an address: no larger than any database has, so that no view need look."""

from typing import Any, Final

from werkzeug.routing import IntegerConverter, Map

#: The largest that PostgreSQL's integer holds.
LARGEST: Final = 2**31 - 1


class RowId(IntegerConverter):
    """Stands for ``int`` in every rule. A larger one, or one in other digits, is no such address: 404."""

    regex = "[0-9]{1,10}"

    def __init__(self, rules: Map, **options: Any) -> None:
        super().__init__(rules, **{"max": LARGEST, **options})
