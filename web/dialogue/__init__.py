"""The client for Rasa's practice channel: what goes out, what comes back, and what may go wrong on the way."""
