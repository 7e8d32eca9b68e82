"""A clinician's export as a FHIR bundle (R5 or R4B): Patient by pseudonym, Task for each homework, Observation for counts of skills.

No name, no word that anybody typed but a reason for skipping that the client told, no transcript. The bundle is validated by the
library fhir.resources before it leaves; the codes, which that library does not check, come from the value sets of HL7 named below.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from web.clinic.clinician_export import ClientExport, CountedRehearsal
from web.clinic.homework_states import AssignmentState

Version = Literal["r5", "r4b"]

PATIENT_SYSTEM = "urn:uuid:5f0b0a5e-6d0f-4f5b-9a53-0d8d1f7f6b21"
"""Names the pseudonyms of this program; they are random and lead to nobody outside the house that made them."""
SKILL_SYSTEM = "urn:uuid:8a2f6c3d-94b1-4f0e-8c55-7be1f0f3a9c4"
"""Names the keys of the codebook's criteria (docs/EXPORTS.md)."""

TASK_STATUS = {
    "later": "requested",
    "open": "requested",
    "begun": "in-progress",
    "done": "completed",
    "paused": "on-hold",
    "skipped": "rejected",
}
"""From the states of homework to http://hl7.org/fhir/ValueSet/task-status. An open one that was practised is in progress; one that was
skipped after that is cancelled, since `rejected` means that nothing was done."""


def write_bundle(export: ClientExport, version: Version) -> bytes:
    """The bundle as JSON. Raises pydantic's ValidationError if it were not valid, which the tests rule out."""
    bundle = _find_bundle_class(version).model_validate(make_bundle(export, version))
    return bundle.model_dump_json(indent=1).encode()


def make_bundle(export: ClientExport, version: Version) -> dict[str, Any]:
    """The bundle as plain JSON values, before the library looked at it."""
    patient = _name_patient(export)
    resources: list[dict[str, Any]] = [_make_patient(export)]
    resources += [_make_task(export, state, patient, version) for state in export.homework]
    resources += [_make_observation(export, each, patient) for each in export.counts]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _tell(export.made_at),
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def _find_bundle_class(version: Version) -> Any:
    """Imported when it is wanted: the library is large, and few requests want it."""
    if version == "r4b":
        from fhir.resources.R4B.bundle import Bundle as R4bBundle

        return R4bBundle
    from fhir.resources.bundle import Bundle

    return Bundle


def _make_patient(export: ClientExport) -> dict[str, Any]:
    pseudonymised = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "PSEUDED", "display": "pseudonymized"}
    return {
        "resourceType": "Patient",
        "id": _name_patient(export),
        "meta": {"security": [pseudonymised]},
        "identifier": [{"system": PATIENT_SYSTEM, "value": _name_patient(export)}],
    }


def _make_task(export: ClientExport, state: AssignmentState, patient: str, version: Version) -> dict[str, Any]:
    practised = bool(state.practised_at)
    status = TASK_STATUS[state.state]
    if practised and state.state == "open":
        status = "in-progress"
    if practised and state.state == "skipped":
        status = "cancelled"
    titles = [export.titles[item.kind, item.scene_id] for item in state.items]
    task: dict[str, Any] = {
        "resourceType": "Task",
        "id": _name(export, state.assignment_id),
        "status": status,
        "intent": "order",
        "code": {"text": "Communication practice"},
        "for": {"reference": f"urn:uuid:{patient}"},
        "authoredOn": _tell(state.made_at),
        "lastModified": _tell(state.changed_at),
        "output": [{"type": {"text": "times practised"}, "valueInteger": len(state.practised_at)}],
    }
    if titles:
        task["description"] = "; ".join(titles)
        wanted = zip(titles, state.items, strict=True)
        task["input"] = [{"type": {"text": title}, "valuePositiveInt": item.target_attempts} for title, item in wanted]
    days = {"start": state.opens_on, "end": state.due_on}
    period = {name: day.isoformat() for name, day in days.items() if day is not None}
    if period:
        task["restriction"] = {"period": period}
    if practised:
        task["executionPeriod"] = {"start": _tell(state.practised_at[0])}
    if state.stopped:
        task["businessStatus"] = {"text": "stopped by the client where it was"}
    if state.skip_reason:
        reason = {"text": state.skip_reason}
        task["statusReason"] = reason if version == "r4b" else {"concept": reason}
    if state.note:
        task["note"] = [{"text": state.note}]
    return task


def _make_observation(export: ClientExport, each: CountedRehearsal, patient: str) -> dict[str, Any]:
    components = [
        {"code": {"coding": [{"system": SKILL_SYSTEM, "code": skill.key, "display": skill.name}]}, "valueInteger": skill.times}
        for skill in each.skills
    ]
    replies = {"code": {"coding": [{"system": SKILL_SYSTEM, "code": "replies", "display": "replies in all"}]}, "valueInteger": each.replies}
    return {
        "resourceType": "Observation",
        "id": _name(export, each.attempt_id),
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "activity"}]}],
        "code": {
            "coding": [{"system": SKILL_SYSTEM, "code": "skill-counts", "display": "How many replies used each skill"}],
            "text": each.title,
        },
        "subject": {"reference": f"urn:uuid:{patient}"},
        "focus": [{"reference": f"urn:uuid:{_name(export, each.assignment_id)}"}],
        "effectiveDateTime": _tell(each.begun_at),
        "method": {"text": "Counted by a program that reads wording and can be wrong; no grade"},
        "component": [replies, *components],
    }


def _name_patient(export: ClientExport) -> str:
    return str(UUID(hex=export.care_id))


def _name(export: ClientExport, row_id: str) -> str:
    """The same in every export of this care, and another in that of another clinician."""
    return str(uuid5(UUID(hex=export.care_id), row_id))


def _tell(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
