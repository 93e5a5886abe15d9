"""What the API refuses, in Twilio's own words and codes."""

from typing import Any

from flask import request


class RefusedError(Exception):
    """``details`` stand in the answer of those resources that have any."""

    def __init__(
        self, code: int, message: str, status: int = 400, *, details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.details = details

    @property
    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        } | ({"details": self.details} if self.details is not None else {})


def not_found() -> RefusedError:
    return RefusedError(20404, f"The requested resource {request.path} was not found", 404)


def not_in_progress() -> RefusedError:
    return RefusedError(21220, "Call is not in-progress. Cannot redirect.")
