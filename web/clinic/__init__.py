"""The clinic: people with a login, homework, what is shared, progress, authored scenes, and what leaves the house."""
