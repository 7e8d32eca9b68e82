"""A scene of the clinic's own, written in a real browser and played through the real house."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.scenarios.clinic_file import check_clinic_scene
from tests.whole_house import authoring_walk as walk
from tests.whole_house.conftest import House
from tests.whole_house.person import Person, open_browser
from web.access.names import make_person
from web.access.visitors import let_in_person
from web.database.opening import open_database
from web.secrets_store import read_sign_in_secret
from web.settings import read_settings

TITLE, SECOND_TITLE = "An evening at the pottery", "A later evening at the pottery"
REPLY = "I feel worn out and I need one evening a week to myself, for my pottery."

UNFOLD = """
for (let each = document.querySelector(arguments[0]); each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true
"""
CUT_OFF = """
const over = box => box.right > innerWidth + 1 || box.left < -1
return [...document.querySelectorAll("main input, main textarea, main select, main button, main a.button")]
  .filter(each => each.offsetParent && over(each.getBoundingClientRect())).map(each => each.outerHTML.slice(0, 120))
"""


@pytest.fixture
def logins(house: House) -> Iterator[dict[str, dict[str, str]]]:
    """The cookie of a clinician and of a client in their care, both erased afterwards."""
    from datetime import UTC, datetime, timedelta

    from web.database.clinic_tables import Care
    from web.database.erasure import erase_person
    from web.database.tables import make_id

    house.wait_until_healthy()
    settings = read_settings(house.given)
    database, now = open_database(settings), datetime.now(UTC)
    people, cookies = {}, {}
    for role, name in (("clinician", "Ravenna"), ("client", "Quill")):
        with database.writing() as session:
            secret = read_sign_in_secret(settings)
            given = {"role": role, "name": name, "passphrase_hash": "!", "time_zone": "Europe/Lisbon", "locale": "en", "now": now}
            people[role] = make_person(session, secret, **given).id
        cookies[role] = {"name": "practice", "value": let_in_person(database, people[role], now=now, life=timedelta(hours=2)), "path": "/"}
    with database.writing() as session:
        care = Care(id=make_id(), clinician_id=people["clinician"], client_id=people["client"], began_at=now)
        session.add(care)
        care.label = "Quill"
    yield cookies
    for person_id in people.values():
        erase_person(database, person_id, now=now, why="left")
    database.engine.dispose()


def come_as(person: Person, cookie: dict[str, str]) -> Person:
    person.open("/help")
    person.driver.add_cookie(cookie)
    return person


@pytest.fixture
def two_people(house: House, logins, tmp_path: Path) -> Iterator[tuple[Person, Person]]:
    """A clinician at a desk and a client with a phone, both signed in."""
    desk = open_browser(tmp_path / "desk", 1280, 900)
    try:
        phone = open_browser(tmp_path / "phone", 390, 844)
        try:
            yield come_as(Person(desk, house.address), logins["clinician"]), come_as(Person(phone, house.address), logins["client"])
        finally:
            phone.quit()
    finally:
        desk.quit()


def test_a_scene_from_copying_to_the_next_version(house: House, two_people: tuple[Person, Person], tmp_path: Path):
    """Copied, faulty, mended, tried, published, found and begun by a client; the next version leaves that talk alone; a file goes round."""
    noor, mika = two_people
    scene_id = walk.copy_scene(noor, "S17")

    # a fault is told beside its field while it is typed, in words and with the line; mended, it goes
    walk.open_section(noor, scene_id, "who")
    assert noor.find("#check-sum").text == "No fault here."
    age = walk.write(noor, "partner.age", "17")
    noor.wait_for(lambda: walk.read_faults(noor, "partner.age"), "the fault beside the age")
    told = walk.read_faults(noor, "partner.age")
    assert "18" in told, told
    assert age.get_attribute("aria-invalid") is not None
    assert noor.find("#check-sum").text == "To mend here: 1"
    assert walk.read_faults(noor, "partner.name") == ""
    walk.keep(noor)
    noor.open(f"/authoring/{scene_id}")
    assert "1 thing is still to do before it can be published." in noor.find("main").text
    walk.press_text(noor, "Publish to the clinic")
    noor.find("p.trouble")
    walk.open_section(noor, scene_id, "who")
    walk.write(noor, "partner.age", "44")
    noor.wait_for(lambda: noor.find("#check-sum").text == "No fault here.", "the mended age")
    assert walk.read_faults(noor, "partner.age") == ""
    walk.keep(noor)
    walk.open_section(noor, scene_id, "about")
    walk.write(noor, "title", TITLE)
    walk.keep(noor)

    # tried through the real Rasa and actions, and published
    amid = walk.play(noor, scene_id, "guarded", REPLY)
    assert REPLY in amid and "Billie" in amid and "Openness" in amid
    assert "connection: to know that the evenings together are wanted" in noor.find("main").text
    mika.open("/scenes")
    assert TITLE not in mika.find("main").text
    walk.publish(noor, scene_id)

    # the client finds it and begins; the next version does not touch that talk
    mika.open("/scenes")
    assert TITLE in mika.find("main").get_attribute("textContent")
    begin_on_card(mika, scene_id)
    running = mika.driver.current_url
    assert TITLE in mika.find("main").text
    walk.begin_next_version(noor, scene_id)
    walk.open_section(noor, scene_id, "about")
    walk.write(noor, "title", SECOND_TITLE)
    walk.keep(noor)
    walk.publish(noor, scene_id)
    mika.driver.get(running)
    assert TITLE in mika.find("main").text and SECOND_TITLE not in mika.find("main").text
    mika.press("begin")
    mika.find("#reply-text")
    answered = mika.say(REPLY)
    assert answered.find_elements("css selector", ".answer")
    mika.open("/scenes")
    listed = mika.driver.execute_script(
        "return [...document.querySelectorAll('.scene-card h3, .scene-card h2')].map(each => each.textContent.trim())"
    )
    assert SECOND_TITLE in " | ".join(listed) and TITLE not in listed

    # as a file, and in again
    path = walk.save_file(noor, scene_id, 2, tmp_path / "downloads")
    text = path.read_text(encoding="utf-8")
    assert check_clinic_scene(text, scene_id, 2)[1] == [] and SECOND_TITLE in text
    again = walk.take_in(noor, path)
    assert again != scene_id
    noor.open(f"/authoring/{again}")
    assert SECOND_TITLE in noor.find("h1").text and "The checks find no fault." in noor.find("main").text
    path.write_text(text.replace("  age: 44", "  age: 17"), encoding="utf-8")
    noor.open("/authoring")
    noor.driver.find_element("css selector", "input[name='file']").send_keys(str(path))
    walk.press_text(noor, "Take in")
    line = 1 + text.splitlines().index("  age: 44")
    noor.wait_for(lambda: f"Line {line}" in noor.find(".trouble").text, "the line of the fault in the file")


def begin_on_card(person: Person, scene_id: str) -> None:
    """Open the card of a scene wherever it is folded, and begin it."""
    form = f"form.start-form:has(input[name='scene'][value='{scene_id}'])"
    person.driver.execute_script(UNFOLD, form)
    person.click(f"{form} button")
    person.find("form[data-command='begin'] button")


@pytest.mark.parametrize("person", [(390, 844)], indirect=True, ids=["phone"])
def test_on_a_phone_nothing_of_the_form_is_cut_off(person: Person, logins):
    """The list, a scene, every section of its form, the text and the preview fit into 390 pixels, with a fault shown and without."""
    come_as(person, logins["clinician"])
    scene_id = walk.copy_scene(person, "S17")
    sections = [link.get_attribute("href") for link in person.find_all(".section-list a")]
    assert len(sections) > 8
    here = [f"/authoring/{scene_id}{more}" for more in ("", "/text", "/preview")]
    for path in ["/authoring", *here, *(each.removeprefix(person.address) for each in sections)]:
        person.open(path)
        person.driver.execute_script("for (const entry of document.querySelectorAll('details.entry')) entry.open = true")
        assert measure_width(person) <= 0, path
        assert find_cut_off(person) == [], path
    walk.open_section(person, scene_id, "who")
    walk.write(person, "partner.age", "17")
    person.wait_for(lambda: walk.read_faults(person, "partner.age"), "the fault beside the age")
    assert measure_width(person) <= 0


def measure_width(person: Person) -> int:
    return person.driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


def find_cut_off(person: Person) -> list[str]:
    """Fields and buttons of the page that reach over an edge of the window, which a page that hides its overflow would not tell."""
    return person.driver.execute_script(CUT_OFF)
