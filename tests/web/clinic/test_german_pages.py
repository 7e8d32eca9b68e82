"""Read in German, no page has an English name of a skill, note, help panel or sentence of the guide; scenes stay in their own language."""

from __future__ import annotations

import html
import re

import pytest

from data.dialogue.around import read_around
from data.drills import read_drills
from data.rubric.wording import read_wording, read_wording_for
from data.safety.help import read_help
from tests.data.test_german import list_texts
from tests.web import practice_channel
from tests.web.clinic.one_of_everything import fill_address, make_world
from tests.web.clinic.test_route_matrix import ROLES
from tests.web.conftest import TwoScenes
from web.access.route_rules import OPEN_ROUTES, find_rule
from web.clinic.clinic_wording import list_originals, list_rows
from web.database.tables import Person
from web.rehearsal.catalogue import DrillCard

WHO = ("mika", "noor", "admin", "guest")
DOWNLOADS = frozenset({"api", "health", "static"})
GERMAN = [("Accept-Language", "de")]
FHIR_WORD = "Observation"
"""The name of a FHIR resource on the German page of exports too."""


def list_english() -> set[str]:
    """Every text of the English wording, help panels and drill frames that German words differently."""
    texts = set(list_originals(read_wording()).values()) - set(list_originals(read_wording_for("de")).values())
    texts |= set(list_texts(read_help().model_dump(mode="json", exclude={"locale"})).values())
    return texts | set(read_around("de").whole)


def find_english(page: str) -> list[str]:
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    return sorted(text for text in list_english() - {FHIR_WORD} if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown))


@pytest.fixture(autouse=True)
def real_notes(monkeypatch):
    """The channel says what the action server says: our English sentences, and the guide's."""
    wording, plain = read_wording(), practice_channel.judge
    drill = read_drills()["paraphrase"]

    def judge(text: str) -> dict:
        found = plain(text)
        for key, verdict in found["criteria"].items():
            for span in verdict["evidence"]:
                span["why"] = wording.criteria[key].why
        found["advice"]["strength"] = {"key": "i_statement", "text": wording.criteria["i_statement"].strength[0]}
        found["advice"]["next_step"] = {"key": "request", "text": wording.criteria["request"].next_step[0]}
        return found

    fill = practice_channel.fill

    def fill_with_guide(message, state, lines, **extra):
        if extra.get("moved"):
            extra["moved"] = {**extra["moved"], "because": "You spoke for yourself."}
        said = [*lines, ("guide", "note", drill.met[0]), ("guide", "note", "Billie is asked whether to go on.")]
        return fill(message, state, said, **extra)

    monkeypatch.setattr(practice_channel, "judge", judge)
    monkeypatch.setattr(practice_channel, "fill", fill_with_guide)
    monkeypatch.setattr(TwoScenes, "list_drills", lambda _: [DrillCard(drill.skill, drill.title, drill.intro)])


def read_in_german(database) -> None:
    with database.writing() as session:
        for person in session.query(Person):
            person.locale = "de"


def test_no_page_in_german_shows_our_english_texts(
    app, database, new_browser, make_person, take_into_care, mika, noor, admin, other_client, other_clinician
):
    """Every page of every role, with data on it: the same walk in English finds many of them, in German none."""
    former = make_person("clinician", "Tove")
    take_into_care(former, mika)
    others = {"other_client": other_client, "other_clinician": other_clinician}
    world = make_world(app.extensions["house"], new_browser, mika, noor, admin, others, former)
    english = walk(app, world, [])
    read_in_german(database)
    assert len({text for found in english.values() for text in found}) > 40
    assert {address: found for address, found in walk(app, world, GERMAN).items() if found} == {}


def walk(app, world, wish: list[tuple[str, str]]) -> dict[str, list[str]]:
    """By role and address: what was found. Each page must be there."""
    found = {}
    for who in WHO:
        for rule in app.url_map.iter_rules():
            area = rule.endpoint.split(".")[0]
            if (
                "GET" not in rule.methods
                or area in DOWNLOADS
                or not (rule.endpoint in OPEN_ROUTES or ROLES[who] in find_rule(rule.endpoint))
            ):
                continue
            ids = {**world.ids, "kind": "feedback"}
            answer = world.people[who].client.get(fill_address(rule.rule, ids), headers=wish)
            assert answer.status_code < 500, rule.rule
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found[f"{who} {rule.rule}"] = find_english(answer.get_data(as_text=True))
    assert len(found) > 50
    return found


def test_a_reply_is_told_in_the_language_of_who_reads_it(app, database, mika):
    """Notes, marks, the guide's lines and the way back: in English first, and the very same stored turn in German after."""
    attempt_id = mika.browser.start()
    mika.browser.order(attempt_id, "begin")
    before = mika.browser.say(attempt_id, "I feel torn.").json["turn"]
    read_in_german(database)
    after = mika.browser.look(attempt_id)["turns"][-1]
    ours, theirs = read_wording().criteria, read_wording_for("de").criteria
    assert before["reading"]["next_step"] == ours["request"].next_step[0]
    assert after["reading"]["next_step"] == theirs["request"].next_step[0]
    assert {mark["why"] for segment in after["segments"] for mark in segment["marks"]} == {theirs["i_statement"].why, theirs["feeling"].why}
    assert after["lines"][0]["text"] == before["lines"][0]["text"]  # the partner's own line
    assert after["lines"][-1]["text"] == "Billie wird gefragt, ob es weitergehen soll."


def test_a_clinic_adapts_each_language_on_its_own(app, database, noor, mika):
    """A German page adapts the German sentence; English readers keep theirs, and the other way round; help lines hold for both."""
    ours, theirs = read_wording().criteria["feeling"].why, read_wording_for("de").criteria["feeling"].why
    noor.browser.open("/authoring/wording/feedback")
    noor.browser.post_form("/authoring/wording/feedback", key="feeling.why", words="This is yours.")
    read_in_german(database)
    page = html.unescape(noor.browser.open("/authoring/wording/feedback").get_data(as_text=True))
    assert theirs in page and ours not in page and "This is yours." not in page
    assert noor.browser.post_form("/authoring/wording/feedback", key="feeling.why", words="Das gehört Ihnen.").status_code == 303
    line = {"name": "Nachtdienst", "kind": "any", "phone": "+43 1 000", "source": "die Praxis", "checked_on": "2026-11-01"}
    assert noor.browser.post_form("/authoring/wording/help", **line).status_code == 303
    with database.reading() as session:
        assert [row.words for row in list_rows(session, "de")] == ["Das gehört Ihnen."]
        assert [row.kind for row in list_rows(session, "en")] == ["feedback", "help"]
    house = app.extensions["house"]
    for wish, why in (("de", "Das gehört Ihnen."), ("en", "This is yours.")):
        with app.test_request_context("/", headers=[("Accept-Language", wish)]):
            assert house.own.words.tell(ours) == why and house.wording.criteria["feeling"].why == why
            assert [entry.name for entry in house.help_book.resources] == ["Nachtdienst"]
