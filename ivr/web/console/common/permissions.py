"""What each role may do in the console, and what each route of it does. Pure.

The gate asks for every request, so that a route without a line here opens to nobody; pages ask before they show a
button or a link. What of it a technician sees is narrower still: ``scope``. Why: docs/decisions/0027-who-sees-what.md.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ivr.company.staff.models import Role


class Action(StrEnum):
    """What a person does in the console."""

    #: Their own log-in: password, second factor, sessions.
    OWN_ACCOUNT = "own_account"
    #: Reads the board and matters, controls calls, takes callbacks, leaves notes.
    WORK = "work"
    #: Hears the recording of a call.
    HEAR = "hear"
    #: Does so with everybody's matters, and not with their own and the open ones alone.
    ALL_MATTERS = "all_matters"
    #: Writes down what a customer wants, and decides about the matter and its number.
    CHANGE = "change"
    #: Reads and makes estimates, and books visits.
    SELL = "sell"
    #: Reads what customers paid and owe, and resolves it.
    MONEY = "money"
    #: Has a payment refunded.
    REFUND = "refund"
    #: Takes lists of matters and of payments out as a file.
    TAKE_OUT = "take_out"
    #: Reads the letters of a desk without a mail server.
    LETTERS = "letters"
    #: Reads the reports, and takes them out as a file.
    REPORTS = "reports"
    #: Sets how the company works, and reads who did what.
    SETTINGS = "settings"
    #: Finds, takes out, holds and erases what is kept of one person.
    PERSONAL_DATA = "personal_data"


_TECHNICIAN: Final = frozenset({Action.OWN_ACCOUNT, Action.WORK, Action.HEAR})
_OPERATOR: Final = _TECHNICIAN | {
    Action.ALL_MATTERS,
    Action.CHANGE,
    Action.SELL,
    Action.MONEY,
    Action.TAKE_OUT,
    Action.LETTERS,
}
ROLES: Final[Mapping[Role, frozenset[Action]]] = {
    Role.TECHNICIAN: _TECHNICIAN,
    #: Their own page shows their visits; the console has nothing for them but their log-in.
    Role.FIELD: frozenset({Action.OWN_ACCOUNT}),
    Role.OPERATOR: _OPERATOR,
    Role.OWNER: _OPERATOR | {Action.REFUND, Action.REPORTS, Action.SETTINGS, Action.PERSONAL_DATA},
}

_OF_ACTION: Final[Mapping[Action, str]] = {
    Action.OWN_ACCOUNT: """
        account logout log_ins end_log_ins confirm take_confirmation own_password change_own_password own_factor
        switch_codes passkey_to_add add_passkey remove_passkey make_recovery_codes
        own_calendar renew_own_calendar own_calls set_own_pin own_shifts
        act_on_own_shifts""",
    Action.WORK: """
        home lanes stream bar available absence callbacks callbacks_list claim assign ring_now postpone close
        intakes intake visit_paper leave_note fill_in fields clip search
        hold transfer bring_in hand_over hang_up call_back recording_pause
        follow_ups follow_ups_list hand_follow_up note_follow_up close_follow_up""",
    Action.HEAR: "recording",
    Action.CHANGE: "decide set_callback_number refused_numbers refuse_number",
    Action.SELL: """
        estimates estimate estimate_sum work_on_estimate withdraw_estimate send_estimate_again promise_estimate
        book_visit cancel_visit assign_visit visits estimate_pdf""",
    Action.MONEY: "money close_money_task receipt_pdf",
    Action.REFUND: "refund_payment",
    Action.TAKE_OUT: "intakes_csv payments_csv",
    Action.LETTERS: "outbox letter",
    Action.REPORTS: "reports figures_csv reported_calls reports_csv robots robots_csv costs costs_csv",
    Action.SETTINGS: """
        checklist_page check_item health_page check_health
        settings opening_hours set_hours close_line on_call_page set_on_call order_on_call give_turn
        visit_settings set_visits money_settings set_money calls_settings set_calls
        dialing_settings set_dialing robot_settings set_robots
        company_settings set_company prompts prompt set_prompt_words remove_prompt_words upload_prompt remove_prompt
        call_me_with_prompt
        people add_person person change_person set_password set_place link_person end_log_ins_of take_factor
        mail_password set_pin try_telephone close_calendar_of audit audit_csv
        alarms_page acknowledge_alarm alarm_settings set_alarms add_alarm_channel change_alarm_channel
        make_wall_link revoke_wall_link
        follow_up_settings set_follow_ups
        shifts_page decide_leave take_back_change person_shifts set_week add_change give_shift""",
    Action.PERSONAL_DATA: """
        personal_data_page find_person export_person erase_person
        hold_person lift_hold note_person_request decline_person_request personal_data_receipt""",
}
#: The action of each route that needs a log-in.
ACTIONS: Final[Mapping[str, Action]] = {
    f"console.{name}": action for action, names in _OF_ACTION.items() for name in names.split()
}


def may(role: Role, action: Action) -> bool:
    """Whether people in this role do this."""
    return action in ROLES[role]


def who_may_open(endpoint: str | None) -> tuple[Role, ...]:
    """The roles that this route is open to, as they stand in ``ROLES``."""
    return tuple(role for role in ROLES if may_open(role, endpoint))


def may_open(role: Role, endpoint: str | None) -> bool:
    """Whether this route is open to people in this role. One that is not in the table is open to nobody."""
    action = ACTIONS.get(endpoint or "")
    return action is not None and may(role, action)
