"""Start the whole house on one machine: Rasa, the action server and the web app under one supervisor."""
