"""Plays every scene with written client styles and reports what happened (`sayable simulate`)."""
