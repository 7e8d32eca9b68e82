"""A rehearsal from choosing a scene to its debrief: what a client may do, what is kept, and what is shown of it."""
