"""Every table and column: whether it says something about a customer, how it belongs to them, what erasing does.

A column without a rule fails ``tests/program/test_personal_data.py``. The file is long because it is one table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ivr.backoffice.personal_data import rules
from ivr.backoffice.personal_data.spelling import without_words
from ivr.company.mail.models import MailState

Row = Mapping[str, Any]
#: Makes the new values of a row from the old ones and the person's words.
Rewrite = Callable[[Row, frozenset[str]], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """What is in one table. Columns are named in one text, with spaces between them."""

    #: Columns that say nothing about a customer once the personal ones are blank: ids, moments, money, states, staff.
    kept: str
    #: Columns that do.
    personal: str = ""
    #: What its rows are called in counts.
    label: str = ""
    #: A row belongs to the person by the id of a matter in this column,
    matter: str | None = None
    #: or by this column, which is an id in that table,
    through: tuple[str, str] | None = None
    #: or, where it belongs to no matter, by a number or an address of theirs in this column,
    address: str | None = None
    #: or by the SID of a leg, or the name of a conference, in this column,
    leg: str | None = None
    #: or because one of their words is in one of these columns.
    words: str = ""
    #: Erasing deletes the row; otherwise it blanks the personal columns.
    is_deleted: bool = False
    #: What is left in a column that may not be empty. All others become NULL.
    blanks: Mapping[str, Any] = field(default_factory=dict)
    #: What is left, where it depends on the row.
    rewrite: Rewrite | None = None
    #: Columns that no export shows: they open something, or are sound, which is exported as files.
    hidden: str = ""

    @property
    def is_about_customers(self) -> bool:
        return bool(self.personal)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset((*self.kept.split(), *self.personal.split()))


def _event(row: Row, _words: frozenset[str]) -> dict[str, Any]:
    # The key may be the number that was keyed, or the first words that were said.
    return {"key": f"purged:{row['id']}", "data": rules.without_persons(row["data"] or {})}


def _order(row: Row, _words: frozenset[str]) -> dict[str, Any]:
    return {"asked": {**row["asked"], "email": None, "paid_url": "", "back_url": ""}, "page_url": None}


def _letter(row: Row, _words: frozenset[str]) -> dict[str, Any]:
    # One that has not been sent yet never will be.
    state = MailState.FAILED if row["state"] == MailState.QUEUED else row["state"]
    return {"to": "", "subject": "", "values": {}, "calendar": None, "why": None, "state": state}


def _line_of_audit(row: Row, words: frozenset[str]) -> dict[str, Any]:
    written = {name: row[name] for name in ("subject", "before", "after", "once")}
    return {name: without_words(text, words) for name, text in written.items() if text}


#: By table. Of staff it says "kept": their rows are kept for as long as what they did is.
RULES: Final[Mapping[str, Rule]] = {
    # A matter
    "intake": Rule(
        "id reference stage call_state state closed_from kind language created_at heard_at arrived_at"
        " waiting_since room technician_id operator_id wrap_up is_silent wrong_keys emergency_at",
        "closed_why caller_number callback_number callback_extension issue issue_recording_url transcript"
        " contact_name contact_number contact_extension contact_email site_address system_number"
        " system_extension detailed_issue notes wrap_up_note",
        "intakes",
        matter="id",
    ),
    "call": Rule(
        "id sid intake_id direction goes_on conference_sid is_joined on_hold hold_untold_since stir_verstat"
        " shield answered_at heard patient_until outcome status sequence started_at ended_at",
        "keyed",
        "calls",
        matter="intake_id",
    ),
    "callback": Rule(
        "id intake_id reason state due_at arrived_at created_at tries not_dialed last_try staff_id claimed_by",
        "number extension",
        "scheduled callbacks",
        matter="intake_id",
    ),
    "call_event": Rule(
        "id intake_id at kind", "key data", "lines of the timeline", matter="intake_id", rewrite=_event
    ),
    "clip": Rule(
        "id intake_id content_type made_at seconds heard_at",
        "url token audio transcript",
        "recorded messages",
        matter="intake_id",
        is_deleted=True,
        hidden="url token audio",
    ),
    "recording": Rule(
        "id call_id intake_id announced_at state seconds is_paused",
        "sid",
        "recorded calls",
        matter="intake_id",
    ),
    "booking": Rule(
        "intake_id starts_at ends_at was_starts_at was_ends_at sequence booked_by booked_at cancelled_at"
        " cancelled_because technician_id is_remote on_the_way_at arrived_at done_at"
        " assigned_at reminded_for customer_moves",
        "reason cancelled_words",
        "visits",
        matter="intake_id",
    ),
    "quote": Rule(
        "id intake_id version kind state base_cents hours_included extra_hours rate_cents surcharge_cents"
        " increment_cents total_cents units valid_until language agreed_at created_at created_by sent_at"
        " sent_by opened_at paid_at agreed_leg",
        "rate_reason surcharge_reason agreed_by secret_hash",
        "estimates",
        matter="intake_id",
        hidden="secret_hash",
    ),
    "time_check": Rule(
        "id intake_id technician_id ends_at state made_at hours answered_at decided_at decided_leg rate_cents quote_id",
        matter="intake_id",
    ),
    "site_call": Rule(
        "id check_id called tries begun_at sid answered_at heard patient_until outcome",
        through=("check_id", "time_check"),
    ),
    "checkout": Rule(
        "id key intake_id quote_id number provider state cents page_id created_at expires_at",
        "asked page_url",
        "payment pages",
        matter="intake_id",
        rewrite=_order,
        hidden="key asked page_url",
    ),
    "mail": Rule(
        "id key intake_id kind language state created_at sent_at opened_at",
        "to subject values calendar why",
        "emails",
        matter="intake_id",
        address="to",
        rewrite=_letter,
        hidden="key values",
    ),
    "follow_up": Rule(
        "id intake_id cause subject_id owner_id made_at due_at cents reminded_at wants_no_letters closed_at"
        " closed_because closed_by",
        "note",
        "follow-ups",
        matter="intake_id",
    ),
    "hold": Rule(
        "id intake_id placed_by placed_at until_at lifted_at lifted_by",
        "why",
        "holds",
        matter="intake_id",
        blanks={"why": ""},
    ),
    "dial": Rule(
        "id key at intake_id",
        "number",
        "counted calls",
        matter="intake_id",
        is_deleted=True,
    ),
    "refused_number": Rule(
        "id intake_id refused_at ends_at refused_by taken_back_at taken_back_by",
        "number reason",
        "refusals of a number",
        matter="intake_id",
        address="number",
        is_deleted=True,
    ),
    # What arrived, and what is done for it
    "given_answer": Rule(
        "id key at about path",
        "answer params",
        "stored webhooks and forms",
        leg="about",
        words="answer params",
        is_deleted=True,
        hidden="key answer",
    ),
    # ``ivr.platform.jobs`` deletes them, in whichever table its engine has.
    "job": Rule(
        "id name state run_at attempts max_attempts lease_owner lease_until created_at finished_at",
        "payload key error",
        "jobs that have ended",
        words="payload key error",
        is_deleted=True,
    ),
    "unsent_form": Rule(
        "staff_id page action kept_at", "fields", "unsent forms", words="fields", is_deleted=True
    ),
    "login_attempt": Rule(
        "id network device at", "email", "log-in attempts", address="email", is_deleted=True
    ),
    # What is written down about acts
    "audit": Rule(
        "id kind at staff_id staff_name",
        "subject before after once",
        "lines of the audit trail",
        words="subject before after once",
        rewrite=_line_of_audit,
    ),
    "person_request": Rule(
        "id kind state asked_at due_at noted_by done_by begun_at done_at matters counts left",
        "words",
        "requests",
        words="words",
        blanks={"words": []},
    ),
    # Money: what is booked is kept, without a name
    "ledger_entry": Rule("id intake_id quote_id kind cents ref at fee_cents", matter="intake_id"),
    "payment_event": Rule(
        "id provider event_id checkout_id what payment dispute status cents currency at",
        through=("checkout_id", "checkout"),
    ),
    "payment_task": Rule("id intake_id kind ref cents opened_at closed_at closed_by", matter="intake_id"),
    "refund_order": Rule(
        "id key intake_id checkout_id payment refund_id cents state asked_by asked_at settled_at",
        "reason",
        "refunds that staff asked for",
        matter="intake_id",
        blanks={"reason": ""},
        hidden="key",
    ),
    # What staff did for it
    "offer": Rule(
        "id intake_id staff_id role state language callback_id made_at placed_at accepted_at ended_at told_gone"
        " at_desk answered_at heard patient_until outcome",
        matter="intake_id",
    ),
    "leg": Rule(
        "id sid offer_id status sequence started_at answered_at ended_at", through=("offer_id", "offer")
    ),
    "transfer": Rule(
        "id intake_id from_offer_id to_offer_id state reason begun_at ended_at", matter="intake_id"
    ),
    "hosted_call": Rule("id execution_sid intake_id began_at ended_at talked_seconds", matter="intake_id"),
    # The company and its staff
    "hosted_flow": Rule("id sid url rings is_on looked_at open_since"),
    "owner_call": Rule("id call_sid staff_id intake_id is_vouched wrong_pins tried_at let_in_at until_at"),
    "closing": Rule("id from_at until_at ended_at closed_by message_intake_id"),
    "calendar": Rule("id zone week special_days observes_holidays updated_at"),
    "policies": Rule("name value changed_at changed_by"),
    "settings_version": Rule("id version"),
    "prompt_recording": Rule(
        "id prompt language words digest content_type audio seconds made_at made_by removed_at spoken"
    ),
    "prompt_words": Rule("id prompt language words made_at made_by"),
    "prompt_call": Rule("id staff_id prompt language state made_at begun_at sid"),
    "staff": Rule(
        "id name role phone email languages password_hash pin_hash is_available is_active link_version last_outcome"
        " offer_id idle_since wraps_up_until phone_tested_at created_at away_until away_reason unanswered has_shifts"
        " zone calendar_version"
    ),
    "weekly_shift": Rule("id staff_id weekday starts ends"),
    "shift_change": Rule("id staff_id starts_at ends_at is_on reason made_at made_by cancelled_at"),
    "shift": Rule("id staff_id starts_at ends_at"),
    "kept_view": Rule("staff_id query kept_at"),
    "on_call_rotation": Rule("id is_on people weekday changes_at starts_on"),
    "on_call_override": Rule("id staff_id starts_at ends_at made_at made_by cancelled_at"),
    "shift_request": Rule(
        "id kind staff_id taker_id starts_at ends_at reason state asked_at settled_at settled_by off_id on_id"
    ),
    "coverage_watch": Rule("id looked_until gaps told_on"),
    "health_report": Rule("id at by results"),
    "setup_code": Rule("id nonce made_at"),
    "setup_check": Rule("name is_well words checked_at checked_by"),
    "staff_session": Rule(
        "id staff_id kind secret_hash browser network created_at used_at ended_at ended_because"
    ),
    "one_time_codes": Rule("staff_id secret last_step created_at"),
    "passkey": Rule("id staff_id name credential_id public_key sign_count created_at used_at"),
    "recovery_code": Rule("id staff_id digest"),
    "outage": Rule("id began_at ended_at lasts"),
    # Of a customer an alarm has the reference of their matter, as an offer has its id.
    "alarm": Rule(
        "id key cause about figure raised_at times steps_told told_at acknowledged_at acknowledged_by ended_at"
        " over_at"
    ),
    "alarm_channel": Rule("id kind name target staff_id causes step made_at removed_at"),
    "alarm_notice": Rule(
        "id alarm_id channel_id what state made_at begun_at tries lost settled_at why sid answered_at heard"
        " patient_until outcome"
    ),
    "alarm_watch": Rule("id looked_at"),
    "follow_up_watch": Rule("id since looked_at"),
    "wall_link": Rule("id name secret_hash made_at made_by revoked_at"),
    "silent_day": Rule("id day calls minutes"),
    "backup_run": Rule("id begun_at ended_at place is_good name size why"),
    "cost_day": Rule("id zone day used"),
    "report_day": Rule("id zone day first_at until_at rules counted latest"),
}
