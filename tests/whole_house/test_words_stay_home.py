"""Planted words: after talks that went well and talks that failed, they are found in no file and in nothing the terminal showed."""

import contextlib
import os
import sqlite3
from pathlib import Path

import httpx

from sayable.practice_client import PracticeClient, make_message_id

PLANTED = ["quillfeather", "mossbarrow", "tinderwick", "applethorn", "winterlark", "cobblefen", "dovetailing"]


def files_with(words: list[str], files: list[Path]) -> list[str]:
    """Which of `words` stand readably in which of `files`: as UTF-8 or UTF-16, in any case."""
    found = []
    for path in files:
        try:
            content = path.read_bytes().lower()
        except FileNotFoundError:
            continue  # a temporary file that was just removed
        for word in words:
            if word.encode() in content or word.encode("utf-16-le") in content:
                found.append(f"{word} in {path}")
    return found


def test_the_search_finds_what_is_there(tmp_path: Path):
    """The search itself: it finds a planted word in a file of bytes and in a database, and does not find one that is not there."""
    (tmp_path / "a.log").write_bytes(b"\x00\xffTypED: QuillFeather\n")
    with sqlite3.connect(tmp_path / "b.sqlite3") as database:
        database.execute("create table t (x text)")
        database.execute("insert into t values ('mossbarrow')")
    database.close()
    found = files_with(PLANTED, list(tmp_path.iterdir()))
    assert [line.split(" ")[0] for line in sorted(found)] == ["mossbarrow", "quillfeather"]


def test_planted_words_are_in_no_file(house, guest: PracticeClient):
    """Typed in the lobby, in a scene, in a guess, a note, bad bodies, a crisis and while parts are dying: no file holds the words."""
    house.wait_until_healthy()
    guest.http.post("/api/lobby", json={"message_id": make_message_id(), "text": "I want to practise asking my quillfeather for time"})
    attempt = guest.start("S17")["id"]
    guest.press(attempt, "begin")
    assert guest.say(attempt, "I feel mossbarrow sad, and I need a tinderwick evening to myself.")["status"] == "answered"
    guest.send(attempt, "applethorn " * 1000)  # too long
    guest.http.post(f"/api/attempts/{attempt}/replies", content=b'{"text": "winterlark"', headers={"Content-Type": "application/json"})
    guest.http.get("/practice/winterlark?text=winterlark")
    house.kill("actions")
    guest.send(attempt, "Would cobblefen Tuesdays work for you?")
    house.kill("rasa")
    guest.send(attempt, "And applethorn too?")
    house.kill("web")
    with contextlib.suppress(httpx.TransportError):
        guest.send(attempt, "Are you there, dovetailing?")
    house.wait_until_healthy()
    waiting = guest.show(attempt)["waiting_turn_id"]
    if waiting:
        guest.resend(attempt, waiting)
    guest.press(attempt, "stop")
    guest.press(attempt, "guess", guess={"feeling": "dovetailing", "need": "winterlark"})
    guest.http.put(f"/api/attempts/{attempt}/note", json={"text": "a note about my quillfeather"})
    other = guest.start("S17")["id"]
    guest.press(other, "begin")
    assert guest.say(other, "I want to kill myself, cobblefen or not")["status"] == "help"

    assert files_with(PLANTED, house.files()) == []
    temporary = [path for path in Path(os.environ.get("TMPDIR", "/tmp")).glob("*") if path.is_file() and path.stat().st_uid == os.getuid()]
    started = house.home.stat().st_ctime
    assert files_with(["cobblefen", "winterlark"], [path for path in temporary if path.stat().st_mtime > started - 600]) == []
    assert [word for word in PLANTED if word in house.said] == []


def test_logs_say_something(house):
    """The search above is worth something only when logs are written: each part has a log, and the web app's names its requests."""
    logs = {path.name: path.read_text(encoding="utf-8") for path in (house.home / "logs").glob("*.log")}
    assert {"rasa.log", "actions.log", "web.log", "supervisor.log"} <= set(logs)
    assert '"event": "request"' in logs["web.log"]
