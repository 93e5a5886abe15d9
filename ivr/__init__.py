"""The onsite support line. ``ivr:create_app`` is its address for gunicorn and Flask."""

from typing import TYPE_CHECKING, Any

if not TYPE_CHECKING:  # or every name would be one for a type checker

    def __getattr__(name: str) -> Any:
        """Load the application when it is asked for: a module of ours that is imported alone loads nothing else."""
        if name == "create_app":
            from ivr.app import create_app  # noqa: PLC0415

            return create_app
        raise AttributeError(f"module 'ivr' has no attribute {name!r}")
