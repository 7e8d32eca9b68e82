"""A guest who goes on whatever happens: sends again what got no answer, twice what was sent once, late what was sent before."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from sayable.practice_client import PracticeClient, make_message_id
from tests.whole_house.patience import Patience, Stuck

REPLIES = (
    "I feel a bit nervous about this, and I'd like one quiet evening a week.",
    "What was that like for you?",
    "So you felt left out when I said it like that.",
    "That makes sense to me.",
    "Would Tuesdays work for you, for a month?",
    "I hear you, and I can see why that was hard.",
    "Thank you for telling me.",
)


@dataclass
class Talk:
    """One attempt, and each reply that the guest sent in it, by its message id."""

    attempt_id: str
    said: dict[str, str] = field(default_factory=dict)


class PatientGuest:
    """Plays until `over` is set and everything said has its answer. `fault` holds what went wrong for the guest."""

    def __init__(self, address: str, number: int, seed: int, planted: str, over: threading.Event, patience: Patience | None = None) -> None:
        self.client = PracticeClient(address, seconds=25)
        self.number = number
        self.random = random.Random(f"{seed}/{number}")
        self.planted = planted
        self.over = over
        self.patience = patience or Patience()
        self.talks: list[Talk] = []
        self.refusals: list[tuple[int, Any]] = []
        """Every status from 400 on with the body that came with it."""
        self.calls = 0
        self.lost_calls = 0
        self.unreached_calls = 0
        self.answered = 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            self.enter()
            while not self.over.is_set():
                self.play()
        except BaseException as fault:
            self.fault = fault

    def play(self) -> None:
        """One talk, until the partner ends it, it has been long enough, or all is over."""
        talk = self.begin_talk()
        waiting: list[tuple[str, str]] = []
        for _ in range(self.random.randint(6, 14)):
            if not waiting:
                waiting.append(self.think_up(talk))
            message_id, text = waiting.pop(0)
            outcome = self.say(talk, message_id, text, waiting)
            if outcome is None or outcome["phase"] != "scene":
                break  # what was said too early is put to the talk below, and not taken any more
            if len(talk.said) > 2 and self.random.random() < 0.2:
                self.say_again_late(talk)
            if self.over.is_set():
                break
            time.sleep(self.random.uniform(0.0, 0.4))
        while waiting:
            self.say(talk, *waiting.pop(0), waiting)

    def think_up(self, talk: Talk) -> tuple[str, str]:
        mark = f"{self.planted} {self.number}-{len(self.talks)}-{len(talk.said)}-{self.random.randrange(10**6)}"
        return make_message_id(), f"{self.random.choice(REPLIES)} ({mark})"

    def say(self, talk: Talk, message_id: str, text: str, waiting: list[tuple[str, str]]) -> dict[str, Any] | None:
        """Say it until it is answered; on the way, at times, twice at once, with a lost answer, or the next thing too early.

        None when the partner had ended the talk before it arrived: then it is not part of it.
        """
        talk.said[message_id] = text
        path, body = f"/api/attempts/{talk.attempt_id}/replies", {"message_id": message_id, "text": text}
        budget = self.patience.begin("a reply")
        for tries in itertools.count():
            chance = self.random.random()
            if chance < 0.1:
                twin = threading.Thread(target=self.call, args=("POST", path, body))
                twin.start()
                answer = self.call("POST", path, body)
                twin.join()
            elif chance < 0.15:
                answer = self.call("POST", path, body, seconds=0.03)  # the page is gone before the answer comes
            else:
                answer = self.call("POST", path, body)
            if answer is not None and answer.status_code == 200:
                return self.check(answer.json(), talk, message_id)
            if answer is not None and answer.status_code == 202 and answer.json()["away"]:
                self.call("POST", f"/api/attempts/{talk.attempt_id}/turns/{answer.json()['turn']['id']}/resend")
            elif answer is not None and answer.status_code == 409 and answer.json()["code"] == "send_earlier_first":
                self.resend_waiting(talk)
            elif answer is not None and answer.status_code == 409 and answer.json()["code"] in ("not_now", "over"):
                del talk.said[message_id]
                return None
            elif answer is not None and answer.status_code not in (202, 409, 429, 500, 503):
                raise Stuck(f"{answer.status_code} to a reply: {answer.text[:300]}")
            if not waiting and self.random.random() < 0.15:
                self.say_too_early(talk, waiting)
            budget.spend(answer and (answer.status_code, answer.text[:300]))
            time.sleep(self.random.uniform(0.3, 0.6) * min(1 + tries, 6))
        raise AssertionError

    def check(self, outcome: dict[str, Any], talk: Talk, message_id: str) -> dict[str, Any]:
        if outcome["status"] != "answered":
            raise Stuck(f"a reply came out as {outcome['status']}")
        turn = outcome["turn"]
        if "".join(segment["text"] for segment in turn["segments"]) != talk.said[message_id] or turn["message_id"] != message_id:
            raise Stuck("the answer is to other words than were said")
        if turn["status"] != "answered" or not turn["lines"]:
            raise Stuck(f"an answer without lines, turn {turn['status']}")
        self.answered += 1
        return outcome

    def say_too_early(self, talk: Talk, waiting: list[tuple[str, str]]) -> None:
        """The next reply while this one has no answer: refused, or (this one never arrived) taken first; it is said again later."""
        message_id, text = self.think_up(talk)
        answer = self.call("POST", f"/api/attempts/{talk.attempt_id}/replies", {"message_id": message_id, "text": text})
        talk.said[message_id] = text
        waiting.append((message_id, text))
        if answer is not None and answer.status_code == 409:
            assert answer.json()["code"] in ("still_answering", "send_earlier_first", "not_now"), answer.text

    def say_again_late(self, talk: Talk) -> None:
        """A message from before arrives once more: it gets the answer that it had, or, with other words, is refused."""
        message_id = self.random.choice(list(talk.said)[:-1])
        other = self.random.random() < 0.2
        body = {"message_id": message_id, "text": "Something else." if other else talk.said[message_id]}
        answer = self.call("POST", f"/api/attempts/{talk.attempt_id}/replies", body)
        if answer is None or answer.status_code in (429, 500, 503):
            return
        if other:
            assert answer.status_code == 409 and answer.json()["code"] == "message_id_used", answer.text
        elif answer.status_code == 200:
            self.check(answer.json(), talk, message_id)
            self.answered -= 1

    def resend_waiting(self, talk: Talk) -> None:
        shown = self.call("GET", f"/api/attempts/{talk.attempt_id}")
        if shown is not None and shown.status_code == 200 and shown.json()["waiting_turn_id"]:
            self.call("POST", f"/api/attempts/{talk.attempt_id}/turns/{shown.json()['waiting_turn_id']}/resend")

    def begin_talk(self) -> Talk:
        body = {"message_id": make_message_id(), "scene": "S17", "level": self.random.choice(["friendly", "guarded"])}
        attempt = self.insist_on("POST", "/api/attempts", body, lambda answer: answer["phase"] == "briefing")
        talk = Talk(attempt["id"])
        self.talks.append(talk)
        order = {"message_id": make_message_id(), "command": "begin"}
        self.insist_on("POST", f"/api/attempts/{talk.attempt_id}/commands", order, lambda answer: answer["phase"] == "scene")
        return talk

    def insist_on(self, method: str, path: str, body: dict[str, Any] | None, is_done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The same call with the same message id until it is done."""
        budget = self.patience.begin(path)
        while True:
            answer = self.call(method, path, body)
            if answer is not None and answer.status_code in (200, 201) and is_done(answer.json()):
                return answer.json()
            if answer is not None and answer.status_code not in (200, 201, 202, 409, 429, 500, 503):
                raise Stuck(f"{answer.status_code} to {path}: {answer.text[:300]}")
            budget.spend(answer and (answer.status_code, answer.text[:300]))
            time.sleep(self.random.uniform(0.3, 1.0))

    def enter(self) -> None:
        budget = self.patience.begin("coming in")
        while True:
            try:
                return self.client.enter()
            except (httpx.TransportError, httpx.HTTPStatusError) as error:
                if isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500:
                    raise
                budget.spend(repr(error))
                time.sleep(0.5)
            finally:
                self.calls += 1

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, seconds: float = 25) -> httpx.Response | None:
        """The answer, or None when none came. Notes what was refused, and waits when it was too often."""
        try:
            answer = self.client.http.request(method, path, json=body, timeout=seconds)
        except httpx.TransportError as error:
            self.lost_calls += 1
            self.unreached_calls += isinstance(error, httpx.ConnectError)
            return None
        finally:
            self.calls += 1
        if answer.status_code >= 400:
            self.refusals.append((answer.status_code, answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text))
        if answer.status_code == 429:
            time.sleep(min(float(answer.headers.get("Retry-After", "1")), 15))
        return answer
