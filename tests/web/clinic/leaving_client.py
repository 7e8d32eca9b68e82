"""A client of the clinic with something of everything: what a test exports, or erases and looks for afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from tests.web.clinic.conftest import Someone
from web.access.passphrases import hash_passphrase
from web.database.clinic_tables import (
    Assignment,
    AssignmentItem,
    ClientGroup,
    Comment,
    Consent,
    GroupMember,
    Invitation,
    RecoveryCode,
    Reminder,
    Share,
)
from web.database.sealed import SealedText
from web.database.tables import Attempt, Base, Person, make_id
from web.rehearsal.house import House

PASSPHRASE = "seven lamps on a quiet road"
_HASH = hash_passphrase(PASSPHRASE)


@dataclass
class Filled:
    """Ids of what was made, and every word that was typed."""

    finished: str = ""
    running: str = ""
    assignment: str = ""
    share: str = ""
    words: list[str] = field(default_factory=list)


def give_passphrase(house: House, person: Someone) -> None:
    with house.database.writing() as session:
        session.get_one(Person, person.id).passphrase_hash = _HASH


def fill(house: House, client: Someone, clinician: Someone, tag: str) -> Filled:
    """Practise, note, agree, share, get homework and comments; every word ends in `tag`, so that it can be looked for."""
    made = Filled()

    def word(text: str) -> str:
        made.words.append(f"{text}-{tag}")
        return made.words[-1]

    give_passphrase(house, client)
    browser, now = client.browser, house.now()
    made.assignment, item_id = make_id(), make_id()
    with house.database.writing() as session:
        person = session.get_one(Person, client.id)
        person.mail = {"address": word("a@mail.example"), "subject": "A reminder", "hour": 9}
        row = Assignment(id=made.assignment, clinician_id=clinician.id, client_id=client.id, batch_id=make_id(), due_on="2099-03-04")
        row.made_at = row.changed_at = now
        row.skipped_at = now
        session.add(row)
        row.note, row.skip_reason = word("note-of-homework"), word("why-skipped")
        session.flush()
        item = AssignmentItem(id=item_id, assignment_id=row.id, place=1, kind="scene", scene_id="S17", feedback_mode="full")
        session.add(item)
        session.add(Reminder(id=make_id(), assignment_id=row.id, kind="due", key=f"{row.id} due", send_at=now + timedelta(days=3)))
        session.add(
            Consent(id=make_id(), person_id=client.id, clinician_id=clinician.id, what="skill_counts", wording_version=1, given_at=now)
        )
        session.add(RecoveryCode(id=make_id(), person_id=client.id, purpose="passphrase", code_hash="f" * 64, made_at=now))
        invitation = Invitation(
            id=make_id(), made_by_id=clinician.id, role="client", kind="new", person_id=client.id, token_hash=make_id(), code_hash=make_id()
        )
        invitation.made_at, invitation.ends_at, invitation.used_at = now, now, now
        session.add(invitation)
        invitation.label = word("label")
        group = ClientGroup(id=make_id(), clinician_id=clinician.id, made_at=now)
        session.add(group)
        group.name = "A group"
        session.flush()
        session.add(GroupMember(id=make_id(), group_id=group.id, client_id=client.id, joined_at=now))
    made.finished = browser.start()
    browser.order(made.finished, "begin")
    first = browser.say(made.finished, f"I feel torn, {word('first-try')}.").json["turn"]["id"]
    browser.order(made.finished, "try_again", turn=first)
    second = browser.say(made.finished, f"I feel torn, {word('second-try')}.").json["turn"]["id"]
    browser.order(made.finished, "stop")
    browser.order(made.finished, "guess", guess={"feeling": word("guessed-feeling"), "need": word("guessed-need")})
    browser.order(made.finished, "reveal")
    browser.call("PUT", f"/attempts/{made.finished}/note", {"text": word("private-note")})
    card = {"limits": word("my-limit"), "signal": "red", "next_step": "", "review": "", "review_on": "2099-01-31"}
    assert browser.call("PUT", f"/attempts/{made.finished}/agreement", card).status_code == 200
    made.running = browser.start()
    browser.order(made.running, "begin")
    browser.say(made.running, f"I feel unsure, {word('running-reply')}.")
    made.share = make_id()
    with house.database.writing() as session:
        session.get_one(Attempt, made.finished).assignment_item_id = item_id
        share = Share(id=made.share, attempt_id=made.finished, clinician_id=clinician.id, talk=True, counts=True)
        share.last_turn_number, share.shared_at = session.get_one(Attempt, made.finished).turn_count, now
        session.add(share)
        session.flush()
        comment = Comment(id=make_id(), share_id=share.id, turn_id=second, author_id=clinician.id, made_at=now)
        session.add(comment)
        comment.words = word("a-comment")
        house.audit.record(session, "shared", now=now, actor_id=client.id, subject_id=client.id, object_id=share.id)
        house.audit.record(session, "share_read", now=now, actor_id=clinician.id, subject_id=client.id, object_id=share.id)
    return made


def list_sealed(house: House) -> list[bytes]:
    """Every sealed value in the database, but for the mark that tells a wrong key."""
    found = []
    with house.database.reading() as session:
        for mapper in Base.registry.mappers:
            columns = {value.column for value in vars(mapper.class_).values() if isinstance(value, SealedText)}
            if mapper.local_table.name == "key_check":
                continue
            for name in columns:
                found += [bytes(value) for value in session.scalars(select(getattr(mapper.class_, name))) if value]
    return found
