"""What is said to both: the same replies in the same order, each with a number so that none is said twice."""

REPLIES = (
    "What was your week like, now that we talk about it?",
    "So you sat there on your own and wondered whether I'd come, is that it?",
    "I feel a bit tired when we talk this late, and I'd like some quiet.",
    "That makes sense to me.",
    "When you changed the plan on Friday I was disappointed, because I need to know what to expect.",
    "Hm.",
    "Could we try to sit down together on Sunday evening, just for half an hour?",
    "It sounds like that was lonely for you. What would have helped?",
    "You never tell me these things.",
    "I'd like you to knock before you come in, is that all right with you?",
)


def reply_number(number: int) -> str:
    """The reply for turn `number`, 1 and up."""
    return f"{REPLIES[number % len(REPLIES)]} ({number})"
