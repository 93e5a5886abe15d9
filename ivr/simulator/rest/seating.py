"""How a participant is added over REST: a room, a place kept in it, a leg on its way there."""

def _room(conference: str) -> Room:
    if not CONFERENCE_SID.fullmatch(conference):
        return here().rooms.open(conference)
    room = here().rooms.all.get(conference)
    if room is None or room.over:
        raise not_found()
    return room


def _manners(form: Form) -> Manners:
    coaching = form.text("CallSidToCoach") if form.flag("Coaching", default=False) else None
    return Manners(
        label=form.text("Label") or None,
        muted=form.flag("Muted", default=False),
        start_on_enter=form.flag("StartConferenceOnEnter", default=True),
        end_on_exit=form.flag("EndConferenceOnExit", default=False),
        beep=form.text("Beep", "true"),
        wait_url=form.url("WaitUrl") if form.text("WaitUrl") else ("" if "WaitUrl" in form else None),
        wait_method=form.method("WaitMethod"),
        coach=coaching or None,
        max_participants=form.whole("MaxParticipants", 250, 2, 250),
    )


def _settings(form: Form) -> RoomSettings:
    return RoomSettings(
        RoomCallback(
            form.url("ConferenceStatusCallback"),
            form.method("ConferenceStatusCallbackMethod"),
            form.words("ConferenceStatusCallbackEvent", "start end", EVENTS),
        ),
        form.text("ConferenceRecord") in ("true", "record-from-start"),
        RecordingCallback(
            form.url("ConferenceRecordingStatusCallback"),
            form.method("ConferenceRecordingStatusCallbackMethod"),
        ),
    )


def _seat(room: Room, leg: Leg, manners: Manners, settings: RoomSettings) -> Participant:
    """The place in the room of a leg that is only being dialled; lost again if it never answers."""
    try:
        participant = room.expect(leg, manners, settings)
    except LabelTakenError as error:
        leg.end("canceled")
        raise RefusedError(16025, f"Participant label {error} is in use") from error
    except RoomFullError as error:
        leg.end("canceled")
        raise RefusedError(16020, f"Conference {error} is full") from error
    except NobodyToCoachError as error:
        leg.end("canceled")
        raise RefusedError(13240, f"Call {error} is not in the conference") from error
    answered = leg.on_answer

    def attending() -> None:
        answered()
        leg.perform(attend(Stage(leg), participant))

    leg.on_answer = attending
    leg.on_end.append(lambda: room.leave(participant, "participant_add_failed"))
    if leg.exchange.switches.participant_join_at == "ringing":
        leg.on_ringing = lambda: room.announce_join(participant)
    return participant


