"""A database of a clinic of a chosen size, written through the real tables and ciphers in bulk."""

import dataclasses
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from sayable.bench.written_talks import WrittenTalk, write_talks
from web.database.cipher import WordsCipher
from web.database.clinic_tables import Assignment, AssignmentItem, Care, Comment, Consent, Share
from web.database.engine import Database
from web.database.tables import Agreement, Attempt, Note, Person, Turn, make_id

BATCH = 200
CLIENTS_OF_ONE = 25
"""Clients of one clinician."""
SHARED_EVERY = 4
"""Every fourth rehearsal is shared with the clinician, and every second of those has a comment; all but the last were read."""
ASSIGNMENTS = 3
HOMEWORK_EVERY = 5
"""Every fifth rehearsal was begun for homework, each item in its turn."""


@dataclasses.dataclass(frozen=True)
class Size:
    """`attempts` in all, 15 turns each."""

    clients: int
    attempts: int

    @property
    def turns(self) -> int:
        return self.attempts * 15


BIG = Size(200, 20_000)
EMPTY = Size(1, 1)


@dataclasses.dataclass(frozen=True)
class Known:
    """Ids of what the measured pages show: one client's last finished talk and a talk that runs, and their clinician."""

    client_id: str
    clinician_id: str
    admin_id: str
    attempt_id: str
    running_attempt_id: str
    turn_id: str
    share_id: str
    assignment_id: str


class Clinic:
    """Rows for one table each, sealed on their way in."""

    def __init__(self, connection: Connection, cipher: WordsCipher) -> None:
        self.connection = connection
        self.cipher = cipher
        self.waiting: dict[Any, list[dict[str, Any]]] = {}

    def add(self, table: Any, row: dict[str, Any], **sealed: Any) -> str:
        """Put a row into the batch; `sealed` values go encrypted into their `…_sealed` columns: text as it is, bytes as prepared JSON."""
        row = {"id": make_id(), **row}
        for name, value in sealed.items():
            column = f"{name}_sealed"
            plain = value if isinstance(value, bytes) else str(value).encode()
            row[column] = None if value is None else self.cipher.seal(plain, table=table.__tablename__, column=column, row_id=row["id"])
        self.waiting.setdefault(table, []).append(row)
        return row["id"]

    def write(self) -> None:
        """Insert all that waits, in the order in which its tables were first used."""
        for table, rows in self.waiting.items():
            if rows:
                self.connection.execute(insert(table.__table__), rows)
        self.waiting = {table: [] for table in self.waiting}


def as_json(value: Any) -> bytes | None:
    """As `SealedJson` writes it; None stays None."""
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def fill_clinic(database: Database, size: Size, say: Callable[[str], None]) -> Known:
    """Write a clinic of `size` into an empty database; gives the ids to look at. The measured client and clinician are the last ones."""
    scenes = write_talks()
    talks = [list(prepare(talk)) for talk in scenes]
    now = datetime.now(UTC)
    engine = database.engine.execution_options(sayable_begin="BEGIN IMMEDIATE")
    with engine.begin() as connection:
        clinic = Clinic(connection, database.cipher)
        clinicians = [
            clinic.add(Person, {"role": "clinician", "created_at": now}, name=f"Clinician {n}")
            for n in range(-(-size.clients // CLIENTS_OF_ONE))
        ]
        admin_id = clinic.add(Person, {"role": "admin", "created_at": now}, name="Admin")
        clients = [
            clinic.add(Person, {"role": "client", "created_at": now, "last_practised_at": now}, name=f"C{n}") for n in range(size.clients)
        ]
        clinic.write()
        assignment_id = ""
        items: dict[str, list[str]] = {}
        for place, client_id in enumerate(clients):
            clinician_id = clinicians[place // CLIENTS_OF_ONE]
            clinic.add(Care, {"clinician_id": clinician_id, "client_id": client_id, "began_at": now}, label=f"Client {client_id[:4]}")
            for what in ("skill_counts", "reminders"):
                clinic.add(
                    Consent, {"person_id": client_id, "clinician_id": clinician_id, "what": what, "wording_version": 1, "given_at": now}
                )
            for _ in range(ASSIGNMENTS):
                assignment_id, added = add_assignment(clinic, clinician_id, client_id, now)
                items.setdefault(client_id, []).extend(added)
        clinic.write()
        for number in range(size.attempts):
            client_id, nth = clients[number % size.clients], number // size.clients
            clinician_id = clinicians[number % size.clients // CLIENTS_OF_ONE]
            place = number % len(talks)
            begun = now - timedelta(days=120) + timedelta(days=120) * (number / size.attempts)
            item_id = items[client_id][nth // HOMEWORK_EVERY % len(items[client_id])] if nth % HOMEWORK_EVERY == 0 else None
            attempt_id, turn_id = add_attempt(clinic, client_id, scenes[place], talks[place], begun, len(talks[place]), item_id)
            if nth % SHARED_EVERY == 0:
                add_share(clinic, attempt_id, clinician_id, turn_id, begun, begun, with_comment=nth % (2 * SHARED_EVERY) == 0)
            if number % BATCH == 0:
                clinic.write()
            if number and number % 5_000 == 0:
                say(f"  {number} rehearsals written")
        clinic.write()
        # the measured client: a finished talk that is shared and unread, and one that runs
        client_id, clinician_id = clients[-1], clinicians[-1]
        attempt_id, turn_id = add_attempt(clinic, client_id, scenes[0], talks[0], now, len(talks[0]))
        share_id = add_share(clinic, attempt_id, clinician_id, turn_id, now, None, with_comment=True)
        running_id, _ = add_attempt(clinic, client_id, scenes[1], talks[1], now, len(talks[1]) - 3)
        clinic.write()
    return Known(client_id, clinician_id, admin_id, attempt_id, running_id, turn_id, share_id, assignment_id)


def prepare(talk: WrittenTalk) -> Iterator[dict[str, Any]]:
    """The turns of a talk with their values ready for sealing: the same JSON is written thousands of times."""
    for turn in talk.turns:
        yield {
            "command": turn.command,
            "phase": turn.phase,
            "words": turn.words,
            "argument": as_json(turn.argument),
            "answer": as_json(turn.answer),
            "state_after": as_json(turn.state),
            "counts": as_json(turn.counts),
            "next_phase": turn.state["phase"],
        }


def add_attempt(
    clinic: Clinic,
    client_id: str,
    scene: WrittenTalk,
    turns: list[dict[str, Any]],
    begun: datetime,
    count: int,
    item_id: str | None = None,
) -> tuple[str, str]:
    """A rehearsal with the first `count` of `turns`; gives its id and the id of a reply in its middle."""
    ids = [make_id() for _ in turns[:count]]
    last_at = begun + timedelta(minutes=count)
    attempt_id = clinic.add(
        Attempt,
        {
            "person_id": client_id,
            "start_id": secrets.token_hex(16),
            "kind": "scene",
            "scene_id": scene.scene,
            "scene_version": scene.version,
            "level": "friendly",
            "seed": 7,
            "feedback_mode": "full",
            "phase": turns[count - 1]["next_phase"],
            "current_turn_id": ids[-1],
            "turn_count": count,
            "created_at": begun,
            "last_used_at": last_at,
            "assignment_item_id": item_id,
            "revision": 1,
        },
    )
    for number, turn in enumerate(turns[:count]):
        at = begun + timedelta(minutes=number)
        clinic.add(
            Turn,
            {
                "id": ids[number],
                "attempt_id": attempt_id,
                "parent_id": ids[number - 1] if number else None,
                "number": number + 1,
                "message_id": secrets.token_hex(16),
                "kind": "command" if turn["command"] else "speech",
                "command": turn["command"],
                "status": "answered",
                "said_in": turn["phase"],
                "created_at": at,
                "answered_at": at,
            },
            words=turn["words"],
            argument=turn["argument"],
            answer=turn["answer"],
            state_after=turn["state_after"],
            counts=turn["counts"],
        )
    clinic.add(Note, {"attempt_id": attempt_id, "changed_at": last_at}, words="A note to myself about this talk.")
    if count == len(turns):
        card = as_json({"limits": "Not late.", "signal": "A hand up.", "next_step": "Sunday.", "review": "In a week.", "review_on": ""})
        changes = as_json([["kept", last_at.isoformat()]])
        clinic.add(Agreement, {"attempt_id": attempt_id, "changed_at": last_at}, card=card, changes=changes)
    return attempt_id, ids[min(6, count - 1)]


def add_share(
    clinic: Clinic, attempt_id: str, clinician_id: str, turn_id: str, at: datetime, read_at: datetime | None, *, with_comment: bool
) -> str:
    """All of a rehearsal shown to the clinician, with or without a comment of theirs."""
    shown = {"talk": True, "note": True, "card": True, "counts": True, "help_pauses": False}
    row = {"attempt_id": attempt_id, "clinician_id": clinician_id, "last_turn_number": 15, "shared_at": at, **shown}
    row |= {"first_read_at": read_at, "last_read_at": read_at}
    share_id = clinic.add(Share, row)
    if with_comment:
        clinic.add(Comment, {"share_id": share_id, "turn_id": turn_id, "author_id": clinician_id, "made_at": at}, words="That was clear.")
    return share_id


def add_assignment(clinic: Clinic, clinician_id: str, client_id: str, at: datetime) -> tuple[str, list[str]]:
    """Homework of two scenes; its id and those of its items."""
    row = {"clinician_id": clinician_id, "client_id": client_id, "batch_id": make_id(), "made_at": at, "changed_at": at}
    assignment_id = clinic.add(Assignment, {**row, "skip_reason_shared": False}, note="Try it once this week.")
    items = []
    for place, scene in enumerate(("S01", "S17"), 1):
        item = {"assignment_id": assignment_id, "place": place, "kind": "scene", "scene_id": scene, "feedback_mode": "full"}
        items.append(clinic.add(AssignmentItem, {**item, "target_attempts": 1}))
    return assignment_id, items


def keep_known(home: Path, known: Known) -> None:
    (home / "known.json").write_text(json.dumps(dataclasses.asdict(known)), encoding="utf-8")


def read_known(home: Path) -> Known:
    return Known(**json.loads((home / "known.json").read_text(encoding="utf-8")))
