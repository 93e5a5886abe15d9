"""Every kind of letter, with as much in it as there can be."""

from typing import Any

from ivr.company.mail.rendering import TEMPLATES
from ivr.company.policy.rules import Policy

#: Read by operations and owners, whose language is English.
ENGLISH_ONLY = {
    "alarm",
    "calls_limit",
    "caller_message",
    "last_week",
    "shift_gaps",
    "silence",
    "visit_changed",
}
#: What all of the kinds together are filled with.
VALUES_OF_ALL = {
    "company": Policy(),
    "address": "https://line.test",
    "name": "Maria Lopez",
    "reference": "K7M3QX",
    "estimate": "K7M3QX-1",
    "place": "1 Main St",
    "base_cents": 350_00,
    "extra_hours": 2,
    "rate_cents": 150_00,
    "hours_cents": 300_00,
    "surcharge_cents": 0,
    "total_cents": 650_00,
    "cents": 650_00,
    "method": "card",
    "balance": "",
    "then": "",
    "page": "",
    "role": "technician",
    "url": "https://line.test/pay/x",
    "link": "https://line.test/t/x",
    "days": 30,
    "minutes": 30,
    "what": "password",
    "detail": "",
    "at": "2026-11-23T09:00:00-08:00",
    "by": "Ruth",
    "until": "2026-12-14T23:59:00-08:00",
    "agreed_by": "",
    "starts_at": "2026-11-30T09:00:00-08:00",
    "ends_at": "2026-11-30T11:00:00-08:00",
    "technician": "Sam",
    "is_cancelled": False,
    "is_remote": False,
    "left_at": "2026-11-23T18:00:00-08:00",
    "number": "+14155552671",
    "issue": "",
    "transcript": "",
    "is_recorded": False,
    "seconds": None,
    "why": "You asked us to cancel it.",
    "cause": "unpaid",
    "words": "",
    "money": "",
    "window": "hour",
    "week": "Mon, Nov 16 to Sun, Nov 22, 2026",
    "week_before": "Mon, Nov 9 to Sun, Nov 15, 2026",
    "figures": [["Called", "331 (up 91% from 173)"], ["Paid", "$61,550 (up 102% from $30,425)"]],
    "report": "/reports?from=2026-11-16&to=2026-11-22",
    "side": "gives",
    "who": "Tomas",
    "reason": "",
    "gaps": [
        {
            "starts_at": "2026-11-30T09:00:00-08:00",
            "ends_at": "2026-11-30T11:00:00-08:00",
            "lacks": "no operator",
        }
    ],
    "more": 0,
    "since": "2026-11-23T09:00:00-08:00",
    "changed": [{"weekday": 0, "before": [["08:00:00", "16:00:00"]], "now": []}],
    "had_shifts": True,
    "has_shifts": True,
    "zone_before": "America/New_York",
    "zone_now": "America/Los_Angeles",
    "because": "week",
    "visits": [
        {
            "reference": "K7M3QX",
            "starts_at": "2026-11-30T09:00:00-08:00",
            "ends_at": "2026-11-30T11:00:00-08:00",
        }
    ],
    "made": 48,
    "most": 60,
}


def kinds() -> set[str]:
    return {file.stem for file in TEMPLATES.iterdir() if not file.name.startswith("_")}


URL = "https://line.test/pay/" + "k" * 83
#: What may be empty is full.
FULL: dict[str, Any] = VALUES_OF_ALL | {
    "company": Policy(company_address="1 Broadway, Suite 400, Oakland, CA 94607"),
    "name": "Ana-María Núñez",
    "place": "1 Main St, Oakland",
    "issue": "The office Wi-Fi drops every few minutes since Monday",
    "surcharge_cents": 50_00,
    "surcharge_reason": "Ladder work",
    "total_cents": 700_00,
    "cents": 700_00,
    "paid_at": "2026-11-23T09:00:00-08:00",
    "payment": "pi_3QW9kZ2eZvKYlo2C1rXkPq7A",
    "method": "Online, through Stripe",
    "then": "We'll call you to agree on the day of your visit.",
    "page": URL,
    "url": URL,
    "link": URL,
    "agreed_at": "2026-11-23T09:00:00-08:00",
    "transcript": "Hi, please call me back about the printer.",
    "is_recorded": True,
    "seconds": 9,
    "words": "The van broke down.",
    "money": "Your payment of $700 stays with us until we agree with you on a new day.",
    "calls": 12,
    "title": "Alarm: Onsite Support",
    "text": "A caller has waited for four minutes.\nhttps://line.test/alarms",
}
WAS = {"was_starts_at": "2026-11-24T09:00:00-08:00", "was_ends_at": "2026-11-24T11:00:00-08:00"}
#: What only these kinds have.
ONLY: dict[str, dict[str, Any]] = {"visit_changed": WAS}
#: Kinds that look otherwise with other values.
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "moved": ("booking_confirmed", WAS),
    "visit_canceled_by_customer": ("visit_changed", WAS | {"is_cancelled": True}),
    "passkey": ("account_changed", {"what": "passkey_added", "detail": "Ana's phone"}),
    "paid_twice": (
        "receipt",
        {"balance": "You have paid $700 twice. We'll send the second $700 back.", "then": ""},
    ),
}


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    """Each kind and each variant, by name: the kind, and its values."""
    plain: dict[str, tuple[str, dict[str, Any]]] = {kind: (kind, ONLY.get(kind, {})) for kind in kinds()}
    return {name: (kind, FULL | more) for name, (kind, more) in (plain | VARIANTS).items()}
