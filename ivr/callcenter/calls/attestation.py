"""What a caller's carrier says of their number (SHAKEN/STIR, as Twilio reports it in StirVerstat). Pure.

Only full attestation (A) vouches that the caller may use the number. With B the carrier knows the caller and not the
number, with C neither; most calls from older networks have none. All three prove nothing, and are ordinary calls.
"""

from enum import StrEnum
from typing import Final

_VOUCHED: Final = "TN-Validation-Passed-A"
_FAILED: Final = "TN-Validation-Failed"


class Attestation(StrEnum):
    VOUCHED = "vouched"
    UNPROVEN = "unproven"
    #: The signature is not the carrier's: the number is most likely forged.
    FAILED = "failed"


def attestation(stir_verstat: str) -> Attestation:
    """Return what StirVerstat proves of the caller's number. Unknown words prove nothing.

    >>> attestation("TN-Validation-Passed-A"), attestation("TN-Validation-Failed-B"), attestation("")
    (<Attestation.VOUCHED: 'vouched'>, <Attestation.FAILED: 'failed'>, <Attestation.UNPROVEN: 'unproven'>)
    """
    if stir_verstat == _VOUCHED:
        return Attestation.VOUCHED
    return Attestation.FAILED if stir_verstat.startswith(_FAILED) else Attestation.UNPROVEN
