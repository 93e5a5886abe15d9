"""Whether customers can pay online."""

from collections.abc import Iterator

from ivr.backoffice.checks.finding import Finding
from ivr.platform.providers.checkout import PaymentRefusedError, PaymentUnavailableError
from ivr.services import Services


def check_payments(ours: Services) -> Iterator[Finding]:
    """Asks Stripe only when there is a key, and only to read."""
    config, provider = ours.config, ours.payments
    if provider is None or not config.stripe_api_key:
        off = "nobody can pay: set STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET"
        sandbox = "payments go to the sandbox payment page"
        yield Finding(None, off) if config.is_production else Finding(is_well=True, words=sandbox)
        return
    if config.is_production and "_test_" in config.stripe_api_key:
        yield Finding(is_well=None, words="the Stripe key is a test key: no money is real")
    try:
        wrong = provider.check(f"{config.public_url}/payments/stripe")
    except PaymentRefusedError as refused:
        yield Finding(is_well=False, words=f"Stripe refuses the key: {type(refused.__cause__).__name__}")
    except PaymentUnavailableError:
        yield Finding(is_well=False, words="Stripe does not answer")
    else:
        yield from (Finding(is_well=False, words=words) for words in wrong)
        if not wrong:
            yield Finding(is_well=True, words="Stripe takes the key, and its webhook leads here")
