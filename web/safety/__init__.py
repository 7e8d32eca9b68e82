"""Safety first: looks at everything typed before it is stored or sent. Pure; imports no Rasa, Flask or SQLAlchemy."""

from web.safety.rules import Finding, SafetyRules

__all__ = ["Finding", "SafetyRules"]
