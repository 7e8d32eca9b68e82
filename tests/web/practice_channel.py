"""A practice channel for tests: a real HTTP server on loopback that answers by docs/INTERFACES.md, slow, wrong or away on demand."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NEXT_PHASE = {
    ("begin", "briefing"): "scene",
    ("hint", "scene"): "scene",
    ("try_again", "scene"): "scene",
    ("pause", "scene"): "paused",
    ("time_out", "scene"): "timed_out",
    ("time_out", "paused"): "timed_out",
    ("resume", "paused"): "scene",
    ("resume", "timed_out"): "scene",
    ("stop", "scene"): "guess",
    ("stop", "paused"): "guess",
    ("stop", "drill"): "over",
    ("guess", "guess"): "reveal",
    ("reveal", "reveal"): "debrief",
    ("debrief", "debrief"): "over",
}


FOUND = {"limits": ["not on Thursdays"], "signal": "red", "next_step": "a walk", "agreed": True, "review": "in two weeks"}
"""What the agreement card is filled with."""


class PracticeChannel:
    """`seen` holds every message taken. `fail_with`: answer this status; `slow_seconds`: wait first; `crisis_on`: the model's verdict."""

    def __init__(self) -> None:
        self.secret = "channel-secret-for-tests"
        self.seen: list[dict[str, Any]] = []
        self.fail_with: int | None = None
        self.slow_seconds = 0.0
        self.crisis_on = "violet-canary"
        self.broken_answer: bytes | None = None
        channel = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits for a delayed ACK

            def do_GET(self) -> None:
                self.reply(channel.fail_with or 200, {"status": "ok"})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/webhooks/practice/turn" or self.headers["X-Sayable-Secret"] != channel.secret:
                    return self.reply(401, {"error": "The secret is wrong."})
                if channel.fail_with:
                    return self.reply(channel.fail_with, {"error": "Asked to fail."})
                time.sleep(channel.slow_seconds)
                message = json.loads(body)
                channel.seen.append(message)
                status, answer = channel.answer(message)
                if channel.broken_answer is not None:
                    return self.send(200, channel.broken_answer)
                return self.reply(status, answer)

            def reply(self, status: int, answer: dict[str, Any]) -> None:
                self.send(status, json.dumps(answer).encode())

            def send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        state = message["state"] or {"phase": "lobby", "turns": 0}
        phase, command = state["phase"], message["command"]
        if message["kind"] == "speech":
            return self.answer_speech(message, state)
        if command == "start":
            argument = message["argument"]
            new = {"phase": "briefing", "turns": 0, "hidden_need": "hidden-canary", "scene": argument["scene"]}
            new["feedback"] = argument["feedback"]
            return 200, fill(message, new, [("guide", "setting", "A hallway, early evening.")])
        if command == "drill":
            new = {"phase": "drill", "step": f"drill_{message['argument']['skill']}", "turns": 0}
            return 200, fill(message, new, [("partner", "say", "Give this back.")], drill=report())
        if (command, phase) not in NEXT_PHASE:
            return 409, {"error": f"Not possible in the phase {phase}."}
        new = state | {"phase": NEXT_PHASE[command, phase]}
        extra: dict[str, Any] = {}
        if command == "reveal":
            extra["reveal"] = {"feeling": "sad", "need": "connection", "text": "I was sad."}
        if command == "stop":
            extra["ending"] = {"id": "stopped", "title": "A stop", "text": "You said stop."}
            if "scene" in state:
                extra["agreement"] = FOUND
        return 200, fill(message, new, [("partner", "say", f"After {command}, turn {state['turns']}.")], **extra)

    def answer_speech(self, message: dict[str, Any], state: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if state["phase"] == "lobby":
            offers = [{"scene": "S17", "why": "It fits."}, {"scene": "S99", "why": "Not there."}]
            return 200, fill(message, {"phase": "lobby", "step": "offered"}, [("guide", "answer", "Here is one.")], offers=offers)
        if state["phase"] in ("paused", "timed_out"):
            goes_on = "go on" in message["text"]
            new = state | {"phase": "scene"} if goes_on else state
            return 200, fill(message, new, [("partner", "say", "Yes, let us.") if goes_on else ("guide", "note", "It is paused.")])
        if state["phase"] not in ("scene", "drill"):
            return 409, {"error": "Not now."}
        text = message["text"]
        if self.crisis_on in text:
            return 200, fill(message, state, [], crisis=True)
        new = state | {"turns": state["turns"] + 1}
        return 200, fill(
            message,
            new,
            [("partner", "say", f"Line {new['turns']}.")],
            feedback=None if state.get("feedback") == "none" else judge(text),
            counted=judge(text)["counted"],
            moved={"openness": min(4, new["turns"]), "shift": 1, "because": "moved-canary"},
            **({"drill": report("p01")} if state["phase"] == "drill" else {}),
        )


def report(*missed: str) -> dict[str, Any]:
    return {"skill": "paraphrase", "line": "p01", "met": not missed, "left": 3, "lines": 4, "missed": list(missed)}


def judge(text: str) -> dict[str, Any]:
    """Finds the words "I feel": enough for the web room, which only draws what it is given."""
    criteria = {}
    at = text.find("I feel")
    if at >= 0:
        span = {"start": at, "end": at + 6, "text": "I feel", "why": "speaks from your side"}
        wider = {"start": at, "end": min(len(text), at + 12), "text": text[at : at + 12], "why": "names a feeling"}
        criteria = {
            "i_statement": {"present": True, "score": 0.9, "evidence": [span]},
            "feeling": {"present": True, "score": 0.8, "evidence": [wider]},
            "crisis": {"present": False, "score": 0.0, "evidence": []},
        }
    advice = {
        "strength": {"key": "i_statement", "text": "You spoke for yourself."},
        "next_step": {"key": "request", "text": "Ask for one thing."},
    }
    return {
        "rubric": "2026.11",
        "criteria": criteria,
        "advice": advice | {"rewording": None},
        "counted": sorted(set(criteria) - {"crisis"}),
    }


def fill(message: dict[str, Any], state: dict[str, Any], lines: list[tuple[str, str, str]], **extra: Any) -> dict[str, Any]:
    answer = {
        "message_id": message["message_id"],
        "phase": state["phase"],
        "state": state,
        "lines": [{"who": who, "kind": kind, "text": text} for who, kind, text in lines],
        "feedback": None,
        "offers": [],
        "moved": None,
        "ending": None,
        "reveal": None,
        "crisis": False,
    }
    return answer | extra
