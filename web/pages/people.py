"""For administrators: clinicians and administrators, and a client found by their exact name. No words, no caseload, no counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from web.access.gate import visitor_here
from web.access.refusals import Refused
from web.access.signing_in import Reception, confirm_passphrase
from web.clinic.care import hand_over_everyone, list_clinicians
from web.clinic.erasing import erase_account
from web.clinic.invitations import DAYS, invite, list_made
from web.clinic.people import block, check_may_be_erased, draw_person, find_by_name, find_person, list_staff, sign_out_everywhere, unblock
from web.database.tables import Person
from web.pages.sign_in import Page, find_address
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House


def make_people_pages(house: House, reception: Reception) -> Blueprint:
    pages = Blueprint("people", __name__)

    @pages.get("/people")
    def show() -> Page:
        return draw()

    @pages.post("/people/invite")
    def make() -> Page:
        role: Literal["clinician", "admin"] = "admin" if request.form.get("role") == "admin" else "clinician"
        try:
            with house.database.writing() as session:
                row = invite(
                    session,
                    house.audit,
                    reception.name_secret,
                    role=role,
                    by_id=visitor_here().person_id,
                    now=house.now(),
                    label=request.form.get("label", ""),
                    life=timedelta(days=DAYS),
                )
        except Refused as fault:
            return draw(sentence=str(fault.sentence)), fault.status
        return redirect(url_for("inviting.show_card", invitation_id=row.id), 303)

    @pages.post("/people/find")
    def find() -> Page:
        with house.database.reading() as session:
            found = find_by_name(session, request.form.get("name", ""), reception.name_secret)
        if found is None or found.role == "guest":
            return draw(not_found=True), 422
        return redirect(url_for("people.show_one", person_id=found.id), 303)

    @pages.get("/people/<person_id>")
    def show_one(person_id: str) -> Page:
        return draw_one(person_id)

    @pages.post("/people/<person_id>/block")
    def block_one(person_id: str) -> Page:
        return act(person_id, lambda session, person: block(session, house.audit, person, by_id=me(), now=house.now()), "blocked")

    @pages.post("/people/<person_id>/unblock")
    def unblock_one(person_id: str) -> Page:
        return act(person_id, lambda session, person: unblock(session, house.audit, person, by_id=me(), now=house.now()), "unblocked")

    @pages.post("/people/<person_id>/sign-out")
    def sign_out_one(person_id: str) -> Page:
        return act(
            person_id, lambda session, person: sign_out_everywhere(session, house.audit, person, by_id=me(), now=house.now()), "signed_out"
        )

    @pages.post("/people/<person_id>/hand-over")
    def give(person_id: str) -> Page:
        def hand_over(session: Session, person: Person) -> None:
            if person.role != "clinician":
                raise NotFound
            to_id = request.form.get("to", "")
            hand_over_everyone(session, house.audit, from_id=person.id, to_id=to_id, by_id=me(), now=house.now())

        return act(person_id, hand_over, "handed")

    @pages.post("/people/<person_id>/erase")
    def erase_one(person_id: str) -> Page:
        try:
            confirm_passphrase(reception, me(), request.form.get("passphrase", ""), address=find_address())
            erase_account(house, person_id, by_id=me(), check=check_may_be_erased)
        except Refused as fault:
            return draw_one(person_id, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("people.show", done="erased"), 303)

    def act(person_id: str, change: Callable[[Session, Person], None], done: str) -> Page:
        try:
            with house.database.writing() as session:
                change(session, get(session, person_id))
        except Refused as fault:
            return draw_one(person_id, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("people.show_one", person_id=person_id, done=done), 303)

    def get(session: Session, person_id: str) -> Person:
        person = find_person(session, person_id)
        if person is None:
            raise NotFound
        return person

    def me() -> str:
        return visitor_here().person_id

    def draw(*, sentence: str = "", not_found: bool = False) -> str:
        with house.database.reading() as session:
            return render_template(
                "clinic/people.html",
                staff=list_staff(session),
                invitations=list_made(session, me(), now=house.now()),
                my_id=me(),
                sentence=sentence,
                not_found=not_found,
                done=request.args.get("done", ""),
            )

    def draw_one(person_id: str, *, sentence: str = "") -> str:
        with house.database.reading() as session:
            person = draw_person(get(session, person_id))
            others = list_clinicians(session, but_id=person_id) if person.role == "clinician" else []
        return render_template(
            "clinic/person.html", person=person, others=others, my_id=me(), sentence=sentence, done=request.args.get("done", "")
        )

    return pages
