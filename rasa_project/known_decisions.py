"""What the rules decided for a phase, step and intent is decided once: RulePolicy is asked again only for what it has not been asked.

The practice channel makes every tracker anew, and only these three bear on the rules, so the same three always give the same action.
Asking takes Rasa 3 of the 7 milliseconds that it needs for a turn: it matches every rule, by way of a graph runner.
Whatever does not look like a tracker of the channel is asked about as ever.
"""

import copy
from typing import Dict, Optional, Text, Tuple

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MOST = 4096
"""Decisions kept. There are a few hundred; the bound is for steps that nobody foresaw."""
DECIDING = frozenset({"phase", "step"})
FRESH = (SlotSet, SlotSet, ActionExecuted, UserUttered)
"""The events of a tracker that the channel made, when Rasa asks what comes next."""

Situation = Tuple[Optional[Text], Optional[Text], Text]


def remember_decisions() -> None:
    """Makes every MessageProcessor of this process remember; each its own, for its own model."""
    ask = MessageProcessor._predict_next_with_tracker
    if getattr(ask, "remembers", False):
        return

    def recall_or_ask(processor: MessageProcessor, tracker: DialogueStateTracker) -> PolicyPrediction:
        situation = read_situation(processor.domain, tracker)
        if situation is None:
            return ask(processor, tracker)
        known: Dict[Situation, PolicyPrediction] = processor.__dict__.setdefault("_known_decisions", {})
        if situation not in known:
            if len(known) >= MOST:
                known.clear()
            known[situation] = ask(processor, tracker)
        decision = copy.copy(known[situation])
        decision.events, decision.optional_events = list(decision.events), list(decision.optional_events)
        return decision

    recall_or_ask.remembers = True
    MessageProcessor._predict_next_with_tracker = recall_or_ask


def read_situation(domain: Domain, tracker: DialogueStateTracker) -> Optional[Situation]:
    """Phase, step and intent, when nothing else can bear on the rules; else None."""
    events = [event for event in tracker.events if not isinstance(event, DefinePrevUserUtteredFeaturization)]
    if tuple(type(event) for event in events) != FRESH or tracker.followup_action or tracker.active_loop or events[3].entities:
        return None
    if any(slot.influence_conversation for slot in domain.slots if slot.name not in DECIDING):
        return None
    return tracker.get_slot("phase"), tracker.get_slot("step"), events[3].intent_name or ""
