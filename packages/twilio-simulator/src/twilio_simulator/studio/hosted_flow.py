"""A flow of Studio, performed on a call: it stands where a document would, and each of its widgets is one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from twilio_simulator.documents import DocumentError, parse
from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Ending, Fetch, HungUp, Performance
from twilio_simulator.performing import perform
from twilio_simulator.studio import liquid
from twilio_simulator.studio.comparisons import holds
from twilio_simulator.studio.definition import Condition, State, Transition
from twilio_simulator.studio.executions import Execution
from twilio_simulator.studio.flows import Flow, Revision
from twilio_simulator.studio.widget_twiml import document
from twilio_simulator.webhooks import voice_parameters

#: An execution stops after so many steps, and after so many of one widget in a row (Twilio, Studio FAQ).
STEPS_AT_MOST: Final = 1000
REPEATS_AT_MOST: Final = 10
#: What a second call of a number hears where a flow does not allow it (Twilio support, Stuck Executions).
OUT_OF_SERVICE: Final = b"<Response><Say>This number is out of service.</Say><Hangup/></Response>"


@dataclass(frozen=True)
class HostedFlow:
    """The verb of a call that a flow has; ``extra`` came with the request for it."""

    flow: Flow
    revision: Revision
    extra: dict[str, str]

    @property
    def url(self) -> str:
        return self.flow.webhook_url

    def leaves_ringing(self, context: ExecutionContext) -> bool:  # noqa: ARG002  # its widgets answer the call
        return True

    def perform(self, context: ExecutionContext) -> Performance:
        if not self.revision.definition.concurrent and self._is_under_way(context.leg.from_number):
            sorry = parse(OUT_OF_SERVICE, "text/xml", Place(self.url), context.kind)
            return (yield from perform(context, sorry))
        told = {**voice_parameters(context.leg), **self.extra}
        execution = Execution.begin(self.flow.sid, self.revision.number, context.leg, told)
        self.flow.executions.append(execution)
        if context.exchange.switches.studio_notices_every_hang_up:
            context.leg.on_end.append(execution.end)
        yield from _Walk(context, self, execution).run()
        execution.end()
        return Ending.RAN_OUT

    def _is_under_way(self, number: str) -> bool:
        return any(one.contact == number and one.status == "active" for one in self.flow.executions)


class _Walk:
    """From widget to widget, until one leads nowhere."""

    def __init__(self, context: ExecutionContext, hosted: HostedFlow, execution: Execution) -> None:
        self._context = context
        self._exchange = context.exchange
        self._url = hosted.url
        self._definition = hosted.revision.definition
        self._execution = execution
        self._repeats = 0

    def run(self) -> Performance:
        states = self._definition.states
        state = self._leave(states[self._definition.initial], "incomingCall")
        while state is not None:
            try:
                event = yield from self._widget(state)
            except HungUp:
                if self._execution.left:
                    self._go_on_alone(state)
                    self._execution.end()
                raise
            state = self._leave(state, event)
        return None

    def _widget(self, state: State) -> Any:
        """Perform it; returns the event, or the transition, that leaves it."""
        if state.type in ("split-based-on", "set-variables"):
            return self._thought(state)
        given = {name: self._rendered(value) for name, value in state.properties.items()}
        try:
            verbs = parse(document(state, given, self._url), "text/xml", Place(self._url), self._context.kind)
        except DocumentError as error:
            self._exchange.fault(error.code, f"{error} in the widget {state.name}")
            return "failed"
        for problem in verbs.problems:
            self._exchange.fault(problem.code, f"{problem.text} in the widget {state.name}")
        outcome = yield from perform(self._context, verbs)
        if isinstance(outcome, Fetch):
            self._execution.hear(outcome.extra)
        return self._event(state.type, outcome.extra if isinstance(outcome, Fetch) else {})

    def _thought(self, state: State) -> str | Transition:
        """Widgets that take no time and need no caller."""
        if state.type == "set-variables":
            for one in state.properties.get("variables", ()):
                self._execution.variables[one["key"]] = self._rendered(one["value"])
            return "next"
        matches = (one for one in state.transitions if one.event == "match")
        return next((one for one in matches if all(map(self._meets, one.conditions))), "noMatch")

    def _meets(self, condition: Condition) -> bool:
        return holds(
            condition.comparison, self._rendered(condition.argument), self._rendered(condition.value)
        )

    def _leave(self, state: State, event: str | Transition) -> State | None:
        """The next widget; None when there is none, the flow was ended, or it goes round and round."""
        transition = event if isinstance(event, Transition) else Transition(event, state.next(event))
        execution, following = self._execution, transition.next
        execution.transition(transition.event, state.name, state.type, following)
        if following is None or execution.status == "ended":
            return None
        self._repeats = self._repeats + 1 if following == state.name else 1
        if len(execution.steps) >= STEPS_AT_MOST:
            self._exchange.fault(81000, f"{STEPS_AT_MOST} steps in the flow {execution.flow_sid}")
            return None
        if self._repeats > REPEATS_AT_MOST:
            self._exchange.fault(81001, f"the widget {state.name} in the flow {execution.flow_sid}")
            return None
        execution.at = following
        return self._definition.states[following]

    def _go_on_alone(self, state: State) -> None:
        """The caller is gone: widgets that need none go on to the next that does."""
        following = self._leave(state, "hangup")
        while following is not None and following.type in ("split-based-on", "set-variables"):
            following = self._leave(following, self._thought(following))

    def _rendered(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return liquid.render(value, liquid.Scope(self._execution.context, self._now()))

    def _now(self) -> datetime:
        return self._exchange.clock.now().astimezone(ZoneInfo(self._exchange.switches.studio_zone))

    def _event(self, kind: str, told: dict[str, str]) -> str:
        """Which event a widget ends with, by what its verb reported."""
        match kind:
            case "gather-input-on-call":
                return (
                    "keypress" if told.get("Digits") else "speech" if told.get("SpeechResult") else "timeout"
                )
            case "connect-call-to":
                return "callCompleted"
            case "record-voicemail":
                clip = self._exchange.recordings.clips.get(told.get("RecordingSid", ""))
                return "recordingComplete" if clip is not None and clip.words else "noAudio"
        return "audioComplete"
