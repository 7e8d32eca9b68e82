"""The whole way through the clinic in two real browsers, from the first clinician to a client who leaves without a trace."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from selenium.webdriver.common.by import By

from tests.web.clinic.leaving_client import list_sealed
from tests.whole_house import clinic_walk as walk
from tests.whole_house.conftest import House
from tests.whole_house.person import Person, open_browser
from web.database.copying import copy_sqlite
from web.database.opening import open_database
from web.settings import read_settings

PICTURES = os.environ.get("SAYABLE_PICTURES")
FIRST, SECOND = "harmonica", "birdsong"
FIRST_REPLY = f"I feel worn out and I need one evening a week to myself, for my {FIRST}."
SECOND_REPLY = f"I miss you too, and I need an evening alone with the {SECOND}. Would Tuesday work for you?"
NOTE, COMMENT = "Two rounds are plenty. Go unhurriedly.", "Unmistakably yours, and you ask."
SETUP_LINK = re.compile(r"http\S+/join/\S+")
TYPED = (FIRST, SECOND, "unhurriedly", "Unmistakably")


@pytest.fixture
def two_people(house: House, tmp_path: Path) -> Iterator[tuple[Person, Person]]:
    """A clinician at a desk and a client with a phone."""
    house.wait_until_healthy()
    desk = open_browser(tmp_path / "desk", 1280, 900)
    try:
        phone = open_browser(tmp_path / "phone", 390, 844)
        try:
            yield Person(desk, house.address), Person(phone, house.address)
        finally:
            phone.quit()
    finally:
        desk.quit()


@pytest.fixture
def help_file(house: House) -> Iterator[Path]:
    """The operator's help file; afterwards it is as it was, and the house has read it again."""
    path = house.home / "help.en.yml"
    before = path.read_text(encoding="utf-8")
    yield path
    path.write_text(before, encoding="utf-8")
    read_again(house)


def find_setup_link(house: House) -> str:
    """The one-time link for the first clinician, as the terminal shows it once the house is ready."""
    house.wait_for(lambda: SETUP_LINK.search(house.said), 120)
    link = SETUP_LINK.search(house.said)
    assert link is not None
    return link[0]


def read_again(house: House) -> None:
    """The web process starts anew and reads the help file again, as after stopping and starting Sayable."""
    house.kill("web")
    house.wait_until_healthy()


def confirm(help_file: Path) -> None:
    """As docs/SAFETY.md says: one service that somebody tried, and the day of the check."""
    today = datetime.now(UTC).date().isoformat()
    help_file.write_text(
        f"operator_confirmed_on: {today}\nresources:\n  - name: The clinic's own desk\n    kind: any\n    text: at the front door\n"
        f"    hours: all day\n    languages: [en]\n    source: the clinic itself\n    checked_on: {today}\n",
        encoding="utf-8",
    )


def photograph(person: Person, name: str, top: str) -> None:
    if PICTURES is not None:
        person.photograph(Path(PICTURES), f"walk-{name}", top)


def ignore(person: Person, name: str, top: str) -> None:
    return


def test_the_way_through_the_clinic(house: House, two_people: tuple[Person, Person], help_file: Path, tmp_path: Path):
    """First clinician, invitation, homework, two rehearsals, one shared, read, commented, taken back; export; and then nothing is left."""
    noor, mika = two_people
    only = {"joining", "card", "homework-form", "homework", "talk", "share-preview", "comment", "my-data", "receipt"}
    seen: set[str] = set()

    def look(person: Person, name: str, top: str) -> None:
        if name in only - seen:
            seen.add(name)
            photograph(person, name, top)

    database = open_database(read_settings(house.given))
    sealed = SimpleNamespace(database=database)

    # a one-time link from the terminal for the first clinician; inviting waits for the help file
    walk.join(noor, find_setup_link(house), "Noor", walk.PASSPHRASE_OF_CLINICIAN, ignore)
    noor.open("/invitations")
    assert "Inviting waits until the help file has been confirmed" in walk.read_page(noor)
    assert not noor.find_all("input[name='label']")
    confirm(help_file)
    read_again(house)
    kept_before = set(list_sealed(sealed))

    # an invitation, and a client joins with a phone
    invitation = walk.invite(noor, "Mika", look)
    walk.join(mika, invitation, "Mika", walk.PASSPHRASE_OF_CLIENT, look)
    mika.wait_for(lambda: mika.driver.current_url.endswith("/homework"), "the homework page")
    noor.driver.get(invitation)
    assert "no longer" in walk.read_page(noor) or "gone" in noor.driver.current_url, "the invitation works a second time"

    # a scene for the week, and two rehearsals of it
    walk.give_homework(noor, "Mika", "S17", 2, NOTE, look)
    first = walk.practise(mika, FIRST_REPLY, look)
    second = walk.practise(mika, SECOND_REPLY, look)
    assert first != second
    mika.open("/homework")
    walk.wait_for_text(mika, "Done")
    noor.open("/caseload")
    photograph(noor, "caseload", "h1")
    assert not noor.find_all("a[href^='/shared/']"), "something is shared that nobody shared"

    # one of the two is shared; the clinician reads it and comments
    walk.share(mika, second, "Noor", look)
    noor.open("/caseload")
    noor.click("a[href^='/shared/']")
    walk.wait_for_text(noor, SECOND)
    assert FIRST not in noor.driver.page_source
    shared = noor.driver.current_url
    walk.comment(noor, COMMENT, look)

    # the client sees the comment, and who read it
    mika.open("/sharing")
    walk.wait_for_text(mika, "first read")
    mika.click(".share-list h3 a")
    walk.wait_for_text(mika, COMMENT)
    photograph(mika, "comment-read", "h1")
    mika.open("/who-looked")
    walk.wait_for_text(mika, "Noor")
    photograph(mika, "who-looked", "h1")

    # taken back: closed at once
    mika.open("/sharing")
    walk.press_text(mika, "Take it back")
    walk.wait_for_text(mika, "Taken back. From now on it opens nothing.")
    noor.driver.get(shared)
    assert SECOND not in noor.driver.page_source and COMMENT not in noor.driver.page_source
    assert not noor.driver.find_elements(By.CSS_SELECTOR, ".shared-view")
    noor.open("/caseload")
    assert not noor.find_all("a[href^='/shared/']")

    # everything to take along, then everything erased
    saved = walk.export(mika, walk.PASSPHRASE_OF_CLIENT, tmp_path / "downloads", look)
    taken = b"".join(saved.values()).decode("utf-8")
    assert [word for word in TYPED if word not in taken] == []
    recorded = [value for value in list_sealed(sealed) if value not in kept_before]
    assert len(recorded) > 15
    assert len(find_in_files(recorded, house)) > 15, "the search would find nothing anyway"
    backup = house.home / "backups" / "before-they-left.sqlite3"
    backup.parent.mkdir(mode=0o700, exist_ok=True)
    copy_sqlite(read_settings(house.given).sqlite_path, backup)
    walk.erase_everything(mika, walk.PASSPHRASE_OF_CLIENT, look)
    assert "Backups made before, encrypted" in walk.read_page(mika)
    database.engine.dispose()
    assert find_in_files(recorded, house) == []
    assert find_in_files([word.encode() for word in TYPED], house) == []
    assert recorded[0] in backup.read_bytes(), "a backup made before is the exception that the receipt names"
    backup.unlink()
    assert [word for word in TYPED if word in house.said] == []
    mika.open("/homework")
    assert mika.driver.current_url.split("?")[0].rstrip("/") == house.address, "still signed in"
    noor.open("/caseload")
    assert "Mika" not in walk.read_page(noor)


def find_in_files(needles: list[bytes], house: House) -> list[str]:
    """Which of them stand in which file of the house; backups made before are left out, by the name of their folder."""
    found = []
    for path in house.files():
        if "backups" in path.relative_to(house.home).parts:
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a temporary file that was just removed
        found += [f"{needle[:16]!r} in {path.name}" for needle in needles if needle in content]
    return found
