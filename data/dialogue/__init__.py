"""What Rasa learns from (NLU examples, rules, stories) and what the guide says outside a scene."""
