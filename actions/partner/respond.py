"""What the partner says to a reply, by what weighed most in it, and what that changes in the state."""

from __future__ import annotations

from collections.abc import Callable

from actions.partner.choose_line import take_from_group, take_line
from actions.partner.partner_state import State, keep_words, openness_of
from actions.partner.read_reply import Reading
from actions.partner.weigh import SHARES
from data.lexicons.families import load_feelings
from data.scenarios import Scene
from data.scenarios.line_book import Spoken

LONGEST_KEPT = 300  # characters of the client's words kept for the agreement card
MOST_WORDS = 55  # of both parts together
ASKED_GROUPS = {
    "more": "asked_feeling",
    "feeling": "asked_feeling",
    "need": "asked_need",
    "change": "asked_change",
    "why": "asked_why",
    "us": "asked_us",
    "generic": "asked_generic",
}
HARM_GROUPS = {
    "hostile": "hostile",
    "blame": "blamed",
    "demand": "demanded",
    "sorry_but": "sorry_but",
    "absolutes": "absolutes",
    "faux_feeling": "faux_feeling",
    "roadblock": "advised",
    "punishes_no": "blamed",
}
PLAIN_GROUPS = {
    "thanks": "thanked",
    "confused": "confused",
    "uncertain": "uncertain",
    "flirting": "flirting",
    "joking": "joked",
    "greeting": "greeted",
    "assent": "client_yes",
    "refusal": "client_no",
    "silence": "silence",
    "one_word": "one_word",
    "off_topic": "off_topic",
    "repeated": "repeated",
    "leaving": "leaving",
    "later": "later",
    "sorry": "sorry",
    "plain": "plain",
}


WARM = frozenset({"happy", "grateful", "touched", "relieved", "calm", "excited", "hopeful", "proud", "curious"})


def is_warm(word: str) -> bool:
    """Whether a feeling word is a pleasant one."""
    return any(family in WARM for family in load_feelings().families_of.get(word.lower(), ()))


class Answer:
    """Builds the partner's answer to one reply, part by part, taking lines from the scene and writing to `state`."""

    def __init__(self, scene: Scene, state: State, reading: Reading) -> None:
        self.scene = scene
        self.state = state
        self.reading = reading
        self.parts: list[str] = []

    def say(self, group: str, **more: str) -> bool:
        """Add a line of a group (or of its neighbours)."""
        return self.add(take_from_group(self.scene, self.state, group, {**self.reading.slots, **more}))

    def say_only(self, pool: str) -> bool:
        """Add a line of exactly this pool, if one is left."""
        return self.add(take_line(self.scene, self.state, pool, self.reading.slots))

    def add(self, line: str | None) -> bool:
        if line is None:
            return False
        self.parts.append(line)
        return True

    def has_room(self) -> bool:
        """Whether a second part still makes a breath's length."""
        return len(self.parts) < 2 and sum(len(part.split()) for part in self.parts) <= MOST_WORDS // 2

    # -- listening ---------------------------------------------------------------------------------------------------

    def tell_layer(self) -> bool:
        """Tell the next layer, if the partner is open enough for it."""
        told = self.state["told"]
        if told >= len(self.scene.layers) or openness_of(self.state) < self.scene.layers[told].openness:
            return False
        if not self.say_only(f"layers.{told}"):
            return False
        self.state["told"] = told + 1
        return True

    def be_heard(self) -> None:
        """The client listened: confirm or correct a guess, tell the next layer, or say that it arrived; then answer a question."""
        self.state["listened"] += 1
        did, guess = self.reading.did, self.reading.guess
        if guess and guess[1] == "wrong":
            self.say("label_wrong")
        elif guess and guess[1] == "right" and self.say_only("lines.label_right"):
            if self.has_room() and self.state["told"] == 0:
                self.tell_layer()
        elif guess and (
            (guess[1] == "surface" and self.say_only("lines.label_surface"))
            or (guess[1] == "also" and (self.say_only("lines.label_also") or self.say_only("lines.label_surface")))
        ):
            if self.has_room():
                self.tell_layer()
        elif self.reading.names_need and self.say_only("lines.need_right"):
            pass
        elif self.reading.asked and self.reading.asked_topics:
            self.say("validated" if did("validation") and not did("paraphrase") else "heard")
        elif did("validation") and not did("paraphrase"):
            if not (self.tell_layer_after("lines.validated")):
                self.say("validated")
        elif not self.tell_layer():
            self.say("heard")
        if self.reading.asked and self.has_room():
            self.answer_question()

    def tell_layer_after(self, pool: str) -> bool:
        """A short reaction and the next layer, when there is one to tell."""
        before = len(self.parts)
        told = self.state["told"]
        if told >= len(self.scene.layers) or openness_of(self.state) < self.scene.layers[told].openness:
            return False
        self.say_only(pool)
        if not self.has_room():
            return len(self.parts) > before
        return self.tell_layer() or len(self.parts) > before

    # -- questions ---------------------------------------------------------------------------------------------------

    def answer_question(self) -> None:
        """What the partner knows about it; else by the kind of question."""
        for topic_id in self.reading.asked_topics:
            if self.say_topic(topic_id, "asked"):
                return
        kind = self.reading.asked or "generic"
        if kind == "more" and self.tell_layer():
            return
        if kind in ("feeling", "why") and self.state["listened"] and self.tell_layer():
            return
        self.say(ASKED_GROUPS[kind])

    def say_topic(self, topic_id: str, part: str) -> bool:
        """A line of a topic's part, if one is left."""
        number = next(number for number, topic in enumerate(self.scene.topics) if topic.id == topic_id)
        if not self.say_only(f"topics.{number}.{part}"):
            return False
        if topic_id not in self.state["topics"]:
            self.state["topics"].append(topic_id)
        return True

    # -- sharing -----------------------------------------------------------------------------------------------------

    def take_in_sharing(self) -> None:
        """The client spoke for themselves: take up their word, or what they spoke of; then answer a question."""
        self.state["shared"] += 1
        reading = self.reading
        if reading.did("feeling") and is_warm(reading.slots.get("feeling", "")):
            self.say("shared_warm")
        elif reading.did("feeling") and reading.slots.get("feeling"):
            self.say("shared_feeling")
        elif reading.did("need") and reading.slots.get("need"):
            self.say("shared_need")
        elif not any(self.say_topic(topic_id, "told") for topic_id in reading.topics):
            if reading.did("feeling"):
                self.say("shared_feeling")
            elif reading.did("need"):
                self.say("shared_need")
            elif reading.did("i_statement", "disclosure"):
                self.say("shared_self")
            else:
                self.say("observed")
        elif reading.did("feeling", "need", "i_statement") and not reading.asked:
            return
        if not self.has_room():
            return
        if reading.asked:
            self.answer_question()
        else:
            any(self.say_topic(topic_id, "told") for topic_id in reading.topics)

    # -- steps -------------------------------------------------------------------------------------------------------

    def weigh_step(self) -> None:
        """The client proposed a step: agree, amend, hesitate or decline, for the partner's own reason."""
        state, scene, reading = self.state, self.scene, self.reading
        step = reading.slots.get("step")
        if step:
            keep_words(state["steps"], step)
        state["offer"] = None
        if state["pushes"]:
            self.say("step_after_pressure")
            return
        openness = openness_of(state)
        heard = state["told"] >= scene.agrees_after
        if openness == 0:
            state["no_open"] = True
            self.say("step_decline")
        elif heard and openness >= 2:
            if self.wants_to_amend():
                self.amend()
            else:
                self.agree()
        elif not heard or openness < 2:
            self.hesitate()

    def wants_to_amend(self) -> bool:
        """Guarded and upset partners make one counter-proposal first, unless the step was small or left room for no."""
        state = self.state
        if state["level"] == "friendly" or any(line.number in state["used"] for line in self.amend_lines()):
            return False
        return not self.reading.did("bounded_step", "revocable", "room_for_no") and bool(self.fitting_amends())

    def amend_lines(self) -> list[Spoken]:
        return [line for number in range(len(self.scene.amends)) for line in self.scene.book[f"amends.{number}"]]

    def fitting_amends(self) -> list[int]:
        """Numbers of the counter-proposals that answer what was proposed: about one of its topics, or about anything."""
        topics = set(self.reading.topics)
        about = [number for number, each in enumerate(self.scene.amends) if topics & set(each.fits)]
        return about or [number for number, each in enumerate(self.scene.amends) if not each.fits]

    def amend(self) -> None:
        """Say a counter-proposal that fits what was proposed, and wait for the answer."""
        fitting = self.fitting_amends()
        start = (self.state["seed"] + self.state["turn"]) % len(fitting)
        for number in [*fitting[start:], *fitting[:start]]:
            if self.say_only(f"amends.{number}"):
                self.state["offer"] = number
                self.state["offered"] = self.state["turn"]
                return
        self.agree()

    def agree(self) -> None:
        """A clear yes to what was proposed."""
        topics = self.reading.topics
        if not any(self.say_topic(topic_id, "agree") for topic_id in topics) and not self.say_only("lines.step_agree"):
            self.hesitate()  # no clear yes is left to say, so nothing is agreed
            return
        self.state["agreed"] = {
            "step": self.reading.slots.get("step", ""),
            "words": (self.reading.step_words or "")[:LONGEST_KEPT],
            "by": "client",
            "turn": self.state["turn"],
        }
        if self.reading.did("review_point"):
            self.state["reviewed"] = True
            self.state["review_words"] = (self.reading.review_words or "")[:LONGEST_KEPT]

    def hesitate(self) -> None:
        if not any(self.say_topic(topic_id, "hesitate") for topic_id in self.reading.topics):
            self.say("step_hesitate")

    def take_offer(self) -> None:
        """The client said yes to the counter-proposal."""
        amendment = self.scene.amends[self.state["offer"]]
        self.state["offer"] = None
        if self.state["pushes"]:
            self.say("step_after_pressure")
            return
        line = take_line(self.scene, self.state, "lines.offer_taken", {**self.reading.slots, "offer": amendment.step})
        if not self.add(line):
            self.hesitate()
            return
        self.state["agreed"] = {"step": amendment.step, "words": "", "by": "partner", "turn": self.state["turn"]}

    # -- limits ------------------------------------------------------------------------------------------------------

    def keep_limit(self) -> None:
        """Remember the limit, turned round for the partner's mouth and as typed for the card."""
        if self.reading.slots.get("limit"):
            keep_words(self.state["limits"], self.reading.slots["limit"])
        if self.reading.limit_words:
            keep_words(self.state["limit_words"], self.reading.limit_words[:LONGEST_KEPT])

    def meet_limit(self) -> None:
        """Accept a limit, or test it the way the scene wants practised."""
        state, level = self.state, self.state["level"]
        self.keep_limit()
        tests_left = getattr(self.scene.partner.tests_limit, level) - state["tests"]
        if tests_left > 0 and not self.reading.elsewhere and self.say_only("lines.limit_test"):
            state["tests"] += 1
            state["testing"] = True
            return
        state["kept_limit"] = True
        self.say("limit_accept")

    def stop_testing(self) -> None:
        """The limit was held after a test: test again if the scene wants it, else keep to it."""
        state = self.state
        if state["tests"] < getattr(self.scene.partner.tests_limit, state["level"]) and self.say_only("lines.limit_test"):
            state["tests"] += 1
            return
        state["testing"] = False
        state["kept_limit"] = True
        self.say("limit_held", **({"limit": state["limits"][-1]} if state["limits"] else {}))

    # -- harm --------------------------------------------------------------------------------------------------------

    def meet_pressure(self) -> None:
        """First a limit of the partner's own, then closing."""
        self.state["pushes"] += 1
        self.state["agreed"] = None
        self.state["offer"] = None
        self.say("pressured" if self.state["pushes"] == 1 else "pressured_again")

    def take_back(self) -> None:
        """What was agreed is no longer agreed; a no needs no reason."""
        agreed = self.state["agreed"]
        step = (agreed or {}).get("step") or (self.state["steps"][-1] if self.state["steps"] else "")
        self.state["agreed"] = None
        self.state["reviewed"] = False
        self.say("taken_back", **({"step": step} if step else {}))


def respond(scene: Scene, state: State, reading: Reading, main: str) -> list[str]:
    """The parts of the partner's answer, one or two, in order. Changes `state`."""
    answer = Answer(scene, state, reading)
    testing, state["testing"] = state["testing"], False
    if testing and main in ("holds_limit", "silence", "one_word", "question", "share", "plain"):
        state["testing"] = True
    if reading.did("very_long") and main not in ("pressure", "hostile", "boundary"):
        answer.say_only("lines.very_long")
    handler: dict[str, Callable[[], object]] = {
        "pressure": answer.meet_pressure,
        "takes_back": answer.take_back,
        "boundary": answer.meet_limit,
        "holds_limit": answer.stop_testing,
        "takes_offer": answer.take_offer,
        "question": answer.answer_question,
        "share": answer.take_in_sharing,
        "request": answer.weigh_step,
        "emotion_label": answer.be_heard,
        "paraphrase": answer.be_heard,
        "validation": answer.be_heard,
    }
    if main in handler and not (main == "request" and listened_too(reading)):
        handler[main]()
    elif main == "request":
        respond_to_both(answer)
    elif main in HARM_GROUPS:
        state["harms"] += 1
        answer.say(HARM_GROUPS[main])
    elif main == "caves":
        answer.say("limit_dropped")
    elif main == "accepts_no":
        state["no_open"], state["no_accepted"] = False, True
        answer.say("no_accepted")
    elif main == "repair":
        state["repaired"] = True
        answer.say("repaired")
    elif main == "leaves_offer":
        answer.say("offer_left", offer=scene.amends[state["offer"]].step)
        state["offer"] = None
    elif main == "review_point":
        state["reviewed"] = True
        state["review_words"] = (reading.review_words or "")[:LONGEST_KEPT]
        answer.say("reviewed", step=state["agreed"]["step"])
    elif main == "consent_check":
        answer.say(
            "checked_in"
            if reading.did("check_in", "resume") or not reading.did("revocable", "room_for_no", "consent_check")
            else "room_given"
        )
    elif main == "topic":
        if not any(answer.say_topic(topic_id, "told") for topic_id in reading.topics):
            answer.say("plain")
    elif state["agreed"] and main in ("assent", "thanks", "plain", "topic"):
        answer.say("settled", step=state["agreed"]["step"])
    else:
        answer.say(PLAIN_GROUPS.get(main, "plain"))
    add_second_part(answer, main)
    return answer.parts


def listened_too(reading: Reading) -> bool:
    """Whether a reply with a proposal also listened; "it's fine if not" belongs to the proposal."""
    return reading.did("paraphrase", "emotion_label") or (
        reading.did("validation") and not reading.did("consent_check", "room_for_no", "revocable")
    )


def respond_to_both(answer: Answer) -> None:
    """The reply listened and proposed: a short sign that it arrived, then the reaction to the proposal."""
    reading, state = answer.reading, answer.state
    state["listened"] += 1
    guess = reading.guess
    if state["told"] < answer.scene.agrees_after and answer.tell_layer():
        pass
    elif guess and guess[1] in ("right", "surface", "also", "wrong"):
        answer.say_only(f"lines.label_{guess[1]}")
    else:
        answer.say_only("lines.heard" if reading.did("paraphrase") else "lines.validated")
    answer.weigh_step()


def add_second_part(answer: Answer, main: str) -> None:
    """What else the reply held and is owed an answer: a limit beside harm, a question or a proposal beside what weighed more."""
    reading, state = answer.reading, answer.state
    if not answer.parts or not answer.has_room():
        return
    harmed = main in HARM_GROUPS or main == "pressure"
    if harmed:
        if reading.did("boundary"):
            answer.keep_limit()
            state["kept_limit"] = True
            answer.say_only("lines.limit_accept")
        return
    if main in ("boundary", "repair", "accepts_no", "holds_limit") and reading.did("request") and not state["testing"]:
        answer.weigh_step()
    elif (main in ("repair", "accepts_no", "sorry", "consent_check") and reading.asked) or (
        main == "request" and reading.asked and reading.asked_topics
    ):
        answer.answer_question()
    if main in ("boundary", "request") and reading.did(*SHARES):
        state["shared"] += 1
