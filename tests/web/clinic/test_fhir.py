"""The FHIR bundle: valid for the library in both versions, coded from HL7's value sets, and without a name or a word of the client's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from fhir.resources.bundle import Bundle as R5Bundle
from fhir.resources.R4B.bundle import Bundle as R4bBundle
from sqlalchemy import select, update

from tests.web.clinic.leaving_client import Filled, fill
from web.clinic.fhir_bundle import PATIENT_SYSTEM, SKILL_SYSTEM, TASK_STATUS
from web.clinic.homework_states import State
from web.database.clinic_tables import Assignment, AssignmentItem, Care, Consent
from web.database.tables import Attempt, make_id

CLASSES = {"r5": R5Bundle, "r4b": R4bBundle}
HL7_TASK_STATUS = {"draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold", "failed"}
HL7_TASK_STATUS |= {"completed", "entered-in-error"}
"""http://hl7.org/fhir/ValueSet/task-status, required by Task.status in both versions."""


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def filled(house, mika, noor) -> Filled:
    return fill(house, mika, noor, "mika")


def take(clinician, client, version: str = "r5") -> dict:
    clinician.browser.open(f"/clients/{client.id}/export")
    response = clinician.browser.post_form(f"/clients/{client.id}/export", form=f"fhir-{version}")
    assert (response.status_code, response.mimetype) == (200, "application/fhir+json"), response.get_data(as_text=True)[:500]
    return json.loads(response.data)


def pick(bundle: dict, kind: str) -> list[dict]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("version", CLASSES)
def test_the_library_reads_it_back_as_it_was(filled, noor, mika, version):
    """What was sent is valid, and read and written by the library once more it is the same JSON."""
    sent = take(noor, mika, version)
    bundle = CLASSES[version].model_validate(sent)
    assert json.loads(bundle.model_dump_json()) == sent
    assert (sent["resourceType"], sent["type"]) == ("Bundle", "collection")
    assert [len(pick(sent, kind)) for kind in ("Patient", "Task", "Observation")] == [1, 1, 1]


@pytest.mark.parametrize("version", CLASSES)
def test_the_library_would_refuse_a_broken_one(filled, noor, mika, version):
    """The check can fail: a field that does not exist, a missing status, a wrong type are each refused."""
    for kind, key, value in (("Task", "colour", "red"), ("Observation", "status", None), ("Task", "input", "many")):
        broken = take(noor, mika, version)
        resource = pick(broken, kind)[0]
        resource[key] = value
        with pytest.raises(ValueError):
            CLASSES[version].model_validate(broken)


@pytest.mark.parametrize("version", CLASSES)
def test_every_reference_leads_to_an_entry(filled, noor, mika, version):
    """Each subject and focus is the fullUrl of an entry; each fullUrl carries the id of its resource, and none comes twice."""
    bundle = take(noor, mika, version)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"])
    task, observation, patient = pick(bundle, "Task")[0], pick(bundle, "Observation")[0], pick(bundle, "Patient")[0]
    assert task["for"]["reference"] == observation["subject"]["reference"] == f"urn:uuid:{patient['id']}"
    assert observation["focus"][0]["reference"] == f"urn:uuid:{task['id']}"


@pytest.mark.parametrize("version", CLASSES)
def test_no_name_and_no_words(filled, noor, mika, version):
    """No name, label, id of the person or word the client typed is in it; the clinician's own note is."""
    text = json.dumps(take(noor, mika, version), ensure_ascii=False)
    absent = [
        "Mika",
        "Noor",
        mika.id,
        noor.id,
        filled.finished,
        *(word for word in filled.words if not word.startswith("note-of-homework")),
    ]
    assert not [word for word in absent if word in text]
    assert "note-of-homework-mika" in text


def test_the_pseudonym_is_that_of_the_care(filled, house, noor, mika, other_clinician, take_into_care):
    """It stays the same from export to export, and another clinician's export of the same client has another throughout."""
    first, second = take(noor, mika), take(noor, mika, "r4b")
    name = pick(first, "Patient")[0]["identifier"][0]
    assert name["system"] == PATIENT_SYSTEM and name == pick(second, "Patient")[0]["identifier"][0]
    with house.database.reading() as session:
        assert name["value"].replace("-", "") == session.scalar(select(Care.id).where(Care.clinician_id == noor.id))
    take_into_care(other_clinician, mika)
    with house.database.writing() as session:
        row = Assignment(id=make_id(), clinician_id=other_clinician.id, client_id=mika.id, batch_id=make_id())
        row.made_at = row.changed_at = house.now()
        session.add(row)
    other = take(other_clinician, mika)
    assert not {entry["fullUrl"] for entry in first["entry"]} & {entry["fullUrl"] for entry in other["entry"]}


def test_counts_are_coded(filled, noor, mika):
    """An Observation for the finished rehearsal: how many replies, and how many of them used each skill, under the codebook's keys."""
    observation = pick(take(noor, mika), "Observation")[0]
    assert observation["status"] == "final"
    found = {part["code"]["coding"][0]["code"]: part["valueInteger"] for part in observation["component"]}
    assert found == {"replies": 1, "feeling": 1, "i_statement": 1}
    assert {part["code"]["coding"][0]["system"] for part in observation["component"]} == {SKILL_SYSTEM}


def test_without_consent_there_are_no_counts(filled, house, noor, mika, clock):
    """No Observation once the consent is withdrawn; the homework stays."""
    with house.database.writing() as session:
        session.execute(update(Consent).values(withdrawn_at=clock()))
    bundle = take(noor, mika)
    assert pick(bundle, "Observation") == [] and len(pick(bundle, "Task")) == 1


def test_every_state_of_homework_has_a_status_of_hl7():
    """The table covers every state there is, with codes of the required value set alone."""
    assert set(TASK_STATUS) == set(State.__args__)
    assert set(TASK_STATUS.values()) <= HL7_TASK_STATUS


@pytest.mark.parametrize(
    ("fields", "practised", "status"),
    [
        ({}, False, "requested"),
        ({"opens_on": "2099-01-01"}, False, "requested"),
        ({}, True, "completed"),
        ({"stopped_at": timedelta(0)}, False, "completed"),
        ({"paused_at": timedelta(0)}, False, "on-hold"),
        ({"skipped_at": timedelta(0)}, False, "rejected"),
    ],
)
def test_states_become_statuses(house, noor, mika, clock, fields, practised, status):
    """Homework in each state, given and read through the pages' own functions."""
    assert find_status(house, noor, mika, clock, fields, 1 if practised else 0, wanted=1) == status


def test_begun_and_left_are_told_apart(house, noor, mika, clock):
    """Practised once of three times is in progress; skipped after that it is cancelled, since rejected would mean nothing was done."""
    assert find_status(house, noor, mika, clock, {}, 1, wanted=3) == "in-progress"
    with house.database.writing() as session:
        session.execute(update(Assignment).values(skipped_at=clock()))
    assert pick(take(noor, mika), "Task")[0]["status"] == "cancelled"


def find_status(house, noor, mika, clock, fields, practised: int, *, wanted: int) -> str:
    assignment_id, item_id = make_id(), make_id()
    with house.database.writing() as session:
        row = Assignment(id=assignment_id, clinician_id=noor.id, client_id=mika.id, batch_id=make_id())
        row.made_at = row.changed_at = clock()
        for name, value in fields.items():
            setattr(row, name, clock() + value if isinstance(value, timedelta) else value)
        session.add(row)
        session.flush()
        item = AssignmentItem(id=item_id, assignment_id=assignment_id, place=1, kind="scene", scene_id="S17", feedback_mode="full")
        item.target_attempts = wanted
        session.add(item)
    for _ in range(practised):
        attempt = mika.browser.start()
        mika.browser.order(attempt, "begin")
        for number in range(3):
            mika.browser.say(attempt, f"I feel like number {number}.")
        with house.database.writing() as session:
            session.get_one(Attempt, attempt).assignment_item_id = item_id
    task = pick(take(noor, mika), "Task")[0]
    assert task["status"] in HL7_TASK_STATUS
    return task["status"]
