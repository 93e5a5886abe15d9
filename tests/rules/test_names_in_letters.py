"""A letter calls a person by the first name, where the name surely has one."""

import pytest

from ivr.company.mail.names import called


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ana-María Núñez", "Ana-María"),
        ("  Rosa   Diaz ", "Rosa"),
        ("Siobhan O'Neil", "Siobhan"),
        ("Rosa", "Rosa"),
        ("Ana María Núñez", "Ana María Núñez"),
        ("Dr Lee", "Dr Lee"),
        ("Mrs. Lopez", "Mrs. Lopez"),
        ("La Bodega", "La Bodega"),
        ("Acme Inc", "Acme Inc"),
        ("ACME CORP", "ACME CORP"),
        ("J Smith", "J Smith"),
        ("Lee, Ann", "Lee, Ann"),
        ("Unit 4", "Unit 4"),
        ("rosa diaz", "rosa diaz"),
        ("王 伟", "王 伟"),
        ("", ""),
    ],
)
def test_a_letter_calls_somebody_as_they_would_be_called(name: str, wanted: str) -> None:
    assert called(name) == wanted
