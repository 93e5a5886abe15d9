"""Commands of the line."""

from flask import Flask


def flask(app: Flask, *words: str) -> tuple[int, str]:
    """A command: its exit status and what it printed."""
    done = app.test_cli_runner().invoke(args=list(words), catch_exceptions=False)
    return done.exit_code, done.output
