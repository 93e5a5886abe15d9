"""An estimate and a receipt as papers: the words and the figures of the customer's pages, for the PDF.

Both are made in the open transaction and rendered after it.
"""

from dataclasses import replace
from typing import Any

from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.payments import wording
from ivr.company.mail import rendering
from ivr.company.policy import service as policy
from ivr.core.money import format_cents
from ivr.core.phone_numbers import shown_number
from ivr.web.customer import lines, texts
from ivr.web.customer.queries import Matter
from ivr.web.papers.paper import Paper


def estimate(matter: Matter, language: str) -> Paper:
    """Return the estimate as its page shows it: what it costs, until when it is good, or that it is paid."""
    quote, say = matter.quote, texts.WORDS[language]
    number = f"{matter.intake.reference}-{quote.version}"
    facts = [(say["estimate"], number), *_customer(matter, language)]
    if quote.agreed_by:
        facts.append((say["agreed_by"], quote.agreed_by))
    if quote.sent_at:
        facts.append((say["sent_on"], rendering.day(quote.sent_at.isoformat(), language)))
    if matter.standing == EstimateState.SENT:
        facts.append((say["good_until"], rendering.date_shown(quote.valid_until, language)))
    standing = "refunded" if matter.is_refunded else "paid" if matter.standing == EstimateState.PAID else ""
    sentences = [
        say[standing].format(total=format_cents(quote.total_cents)) if standing else "",
        lines.increments(quote, say),
        _balance(matter, language),
        say["term_hours"].format(rate=format_cents(quote.rate_cents)),
        say["term_more"],
        say["term_questions"].format(phone=_phone(), reference=matter.intake.reference),
    ]
    table = replace(lines.priced(quote, say), heading=say["how"])
    return Paper(
        language=language,
        name=f"estimate-{number}",
        heading=say[quote.kind],
        facts=facts,
        tables=[table],
        sentences=[one for one in sentences if one],
        **_company(),
    )


def receipt(matter: Matter, language: str) -> Paper:
    """Return the receipt: what was charged, and each payment with its number at the provider."""
    money, say, reference = matter.money, texts.WORDS[language], matter.intake.reference
    tables = [
        replace(
            lines.priced(one, say), heading=f"{say[one.kind]}: {say['estimate']} {reference}-{one.version}"
        )
        for one in money.charged
    ]
    tables.append(
        replace(lines.paid(money, say, language, rendering.day, with_ids=True), heading=say["money"])
    )
    facts = [(say["reference"], reference), *_customer(matter, language)]
    balance = _balance(matter, language)
    return Paper(
        language=language,
        name=f"receipt-{reference}",
        heading=say["receipt_title"],
        facts=facts,
        tables=tables,
        sentences=[balance] if balance else [],
        **_company(),
    )


def _customer(matter: Matter, language: str) -> list[tuple[str, str]]:
    say, intake, booking = texts.WORDS[language], matter.intake, matter.booking
    facts = [(say["for"], intake.contact_name or ""), (say["site"], intake.site_address or "")]
    if booking is not None:
        begins, ends = booking.starts_at.isoformat(), booking.ends_at.isoformat()
        facts.append((say["when"], rendering.window(begins, ends, language)))
    return [fact for fact in facts if fact[1]]


def _balance(matter: Matter, language: str) -> str:
    return wording.balance_sentence(language, matter.money.sums, policy.current().refund_days)


def _phone() -> str:
    return shown_number(policy.current().company_phone)


def _company() -> dict[str, Any]:
    company = policy.current()
    address = [*company.company_address.splitlines(), _phone()]
    return {"company": company.company_name, "address": [one for one in address if one]}
