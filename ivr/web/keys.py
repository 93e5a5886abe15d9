"""The keys of the web: the first signs, both are read while keys are changed (docs/operations.md)."""

from flask import Flask

from ivr.core.config import Config


def init_keys(app: Flask, config: Config) -> None:
    """Have sessions and the tokens in forms signed. Links have the same keys: ``config.secret_keys``."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=[config.second_secret_key] if config.second_secret_key else None,
        WTF_CSRF_SECRET_KEY=config.secret_keys,
    )
