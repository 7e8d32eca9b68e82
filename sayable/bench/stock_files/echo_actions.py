"""The stock bot's only action: it echoes what was said and empties the slot, so that the form asks again."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ValidateTalkForm(FormValidationAction):
    """Called by Rasa for each message while the form is active."""

    def name(self) -> str:
        """As in domain.yml."""
        return "validate_talk_form"

    def validate_said(self, slot_value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> dict[str, Any]:
        """Echo and forget."""
        dispatcher.utter_message(text=str(slot_value))
        return {"said": None}
