"""Whether customers can pay online."""

from collections.abc import Iterator

from ivr.backoffice.checks.finding import Finding, ok, unknown, warning, wrong
from ivr.platform.providers.checkout import Account, PaymentRefusedError, PaymentUnavailableError
from ivr.services import Services


def check_payments(ours: Services) -> Iterator[Finding]:
    """Ask Stripe only when there is a key, and only to read: key, webhook, and the state of the account."""
    config, provider = ours.config, ours.payments
    if provider is None or not config.stripe_api_key:
        if config.is_production:
            yield warning("Nobody can pay online.", "Set STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET.")
        else:
            yield ok("Payments go to the sandbox payment page.")
        return
    if config.is_production and "_test_" in config.stripe_api_key:
        yield warning("The Stripe key is a test key: no money is real.", "Set STRIPE_API_KEY to a live key.")
    try:
        faults = provider.check(f"{config.public_url}/payments/stripe")
    except PaymentRefusedError as refused:
        yield wrong(
            f"Stripe refuses the key: {type(refused.__cause__).__name__}.",
            "Copy STRIPE_API_KEY from the Stripe dashboard.",
        )
        return
    except PaymentUnavailableError:
        yield wrong("Stripe does not answer.", "Look at status.stripe.com.")
        return
    for words in faults:
        yield wrong(
            f"{words[:1].upper()}{words[1:]}.", "Set it right in the Stripe dashboard, under Webhooks."
        )
    if not faults:
        yield ok("Stripe takes the key, and its webhook leads here.")
    try:
        yield from of_account(provider.account())
    except PaymentRefusedError:
        yield unknown("The Stripe key may not read its account.", 'Give it the right to read "Account".')
    except PaymentUnavailableError:
        yield unknown("Stripe does not tell how the account stands.", "Check again in a while.")


def of_account(account: Account) -> Iterator[Finding]:
    """Yield what the state of the account means."""
    dashboard = "Answer what the Stripe dashboard asks."
    if not account.takes_payments:
        yield wrong("Stripe lets this account take no payments.", dashboard)
    if not account.pays_out:
        yield warning("Stripe pays nothing out to the bank.", dashboard)
    if account.is_overdue:
        yield warning("Stripe waits for facts about the company that are overdue.", dashboard)
    if not account.tells_fees:
        yield warning(
            "The Stripe key may not read fees: Payments shows none.",
            'Give it the right to read "PaymentIntents", "Charges", "Balance" and "Balance transaction sources".',
        )
    if account.takes_payments and account.pays_out and not account.is_overdue:
        yield ok("The Stripe account takes payments and pays them out.")
