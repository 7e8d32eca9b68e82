"""Scenes that clinicians write: the form, its checks, versions, who may, and that nothing an author typed is lost."""

from __future__ import annotations

import html
import re

import pytest
from werkzeug.datastructures import MultiDict

from data.scenarios import list_scene_files
from data.scenarios.scene import Reflection, Scene
from tests.web.clinic.authoring_desk import begin_copy, fill, publish, read_draft, save
from tests.web.clinic.logins import find_events
from tests.web.conftest import TwoScenes, close
from tests.web.test_pages import text_of
from web.access.route_rules import find_rule
from web.app import build_app
from web.clinic.scene_checks import count_by_section, tell_faults
from web.clinic.scene_form import Form, fill_form, read_form
from web.clinic.scene_sections import REFLECTION, TALK, list_sections
from web.clinic.scene_text import TEMPLATE, change_keys, name_scene, read_value
from web.database.tables import Attempt


@pytest.fixture
def c01(noor) -> str:
    return begin_copy(noor)


def test_the_form_loses_nothing_of_any_scene_of_ours():
    """Every scene of ours goes through every section of the form and comes back with the same values."""
    for path in list_scene_files():
        text = path.read_text(encoding="utf-8")
        value = read_value(text)
        for section in list_sections(value):
            posted = MultiDict()
            for name, what in fill_form(section, value).items():
                posted.setlist(name, what if isinstance(what, list) else [what])
            again = read_value(change_keys(text, read_form(section, value, Form(posted.to_dict(flat=False)))))
            assert fill_form(section, again) == fill_form(section, value), (path.name, section.key)


def test_the_form_has_a_field_for_every_key():
    """What a scene can hold has a field, so a key that the readers learn is not left behind."""
    for sections, model, left in (
        (TALK, Scene, {"id", "version", "adults_only", "kind"}),
        (REFLECTION, Reflection, {"id", "version", "adults_only", "kind"}),
    ):
        named = {field.name.split(".")[0] for section in sections for field in section.fields}
        assert set(model.model_fields) - named == left
    topic = next(field for section in TALK for field in section.fields if field.name == "topics")
    entry = Scene.model_fields["topics"].annotation
    assert "Topic" in str(entry) and {field.name for field in topic.fields} == set(
        __import__("data.scenarios.scene", fromlist=["Topic"]).Topic.model_fields
    )


def test_a_copy_is_a_draft_of_ones_own(noor, database, c01):
    """A copy gets the next id, keeps every line and comment, has no fault, and the act is in the trail."""
    text = read_draft(database, c01)
    ours = next(path for path in list_scene_files() if path.stem == "S17").read_text(encoding="utf-8")
    assert c01 == "C01" and text == re.sub(r"(?m)^version: \d+", "version: 1", ours.replace("id: S17", "id: C01", 1), count=1)
    assert tell_faults(text, c01, 1) == []
    assert len(find_events(database, "scene_drafted")) == 1
    assert begin_copy(noor) == "C02"


def test_one_section_is_changed_and_the_rest_stays_to_the_letter(noor, database, c01):
    """A new title changes one line of the file; comments and all other lines stay."""
    before = read_draft(database, c01)
    response = save(noor, c01, "about", fill(noor, database, c01, "about", title="A Sunday of my own"))
    assert response.status_code == 303
    changed = [pair for pair in zip(before.splitlines(), read_draft(database, c01).splitlines(), strict=False) if pair[0] != pair[1]]
    assert changed[0] == ("title: An evening of my own", 'title: "A Sunday of my own"')
    assert before.splitlines()[40:] == read_draft(database, c01).splitlines()[-len(before.splitlines()[40:]) :]


def test_a_fault_is_told_beside_its_field_and_the_draft_is_kept(noor, database, c01):
    """An age under 18 is kept in the draft, told at its field with line and remedy, and bars publishing."""
    assert save(noor, c01, "who", fill(noor, database, c01, "who", partner__age="17")).status_code == 303
    page = text_of(noor.browser.open(f"/authoring/{c01}/sections/who"))
    told = re.search(r'data-fault-for="partner.age">(.*?)</p>', page, re.DOTALL)[1]
    assert "every character is an adult" in told and "line " in told
    refused = publish(noor, database, c01)
    assert refused.status_code == 422 and "still faults" in text_of(refused)


def test_what_nobody_can_read_or_reach_is_told_in_the_section_and_at_the_field_it_is_about(noor, database, c01):
    """A title without a shape, a cue of signs; then too few replies and closed levels, which rule out layers and endings elsewhere."""
    keep = fill(noor, database, c01, "about")
    assert save(noor, c01, "about", {**keep, "title": "\u200b\u2060\u200b\ufeff"}).status_code == 303
    topics = fill(noor, database, c01, "topics")
    assert save(noor, c01, "topics", {**topics, "topics[1].cues": "!!!\n??"}).status_code == 303
    assert count_by_section(tell_faults(read_draft(database, c01), c01, 1)) == {"about": 1, "topics": 2}
    assert tell_at(noor, c01, "about", "title") == ["is empty or too short – write at least 3 characters"]
    assert tell_at(noor, c01, "topics", "topics[1].cues") == ["has no letter in it – write it in words that can be read"] * 2

    save(noor, c01, "about", {**fill(noor, database, c01, "about"), "title": keep["title"]})
    save(noor, c01, "topics", {**fill(noor, database, c01, "topics"), "topics[1].cues": topics["topics[1].cues"]})
    closed = {f"partner__ceiling__{level}": "2" for level in ("friendly", "guarded", "upset")}
    levels = fill(noor, database, c01, "levels", min_turns="30", max_turns="8", **closed)
    assert save(noor, c01, "levels", levels).status_code == 303
    counts = count_by_section(tell_faults(read_draft(database, c01), c01, 1))
    assert "" not in counts and {"levels", "layers", "endings"} <= set(counts)
    assert tell_at(noor, c01, "levels", "min_turns") == [
        "nobody can reach a good ending: it comes after 30 replies, and the talk closes after 8 – lower it, or raise max_turns"
    ]
    assert "never gets more open than 2" in tell_at(noor, c01, "layers", "layers[2].openness")[0]
    assert "nobody can reach this ending: 'heard', but some layers" in tell_at(noor, c01, "endings", "endings[2].when")[0]
    assert publish(noor, database, c01).status_code == 422


def tell_at(author, scene_id: str, key: str, field: str) -> list[str]:
    """What a section's page tells at a field: problem and remedy, one text for each fault, without tags and line numbers."""
    page = text_of(author.browser.open(f"/authoring/{scene_id}/sections/{key}"))
    told = re.search(rf'data-fault-for="{re.escape(field)}">(.*?)</p>', page, re.DOTALL)[1]
    return [html.unescape(each) for each in re.findall(r'<span>(.*?) <span class="quiet">\(line \d+\)</span></span>', told)]


def test_check_tells_without_keeping(noor, database, c01):
    """The Check button and the checks while typing tell the same faults, and neither stores anything."""
    before = read_draft(database, c01)
    fields = fill(noor, database, c01, "lines-people", lines__silence__any="Only one line.")
    fields = {**fields, "lines.silence.open": "", "lines.silence.closed": ""}
    page = save(noor, c01, "lines-people", fields, act="check")
    assert page.status_code == 200 and "needs 3" in text_of(page) and "Only one line." in text_of(page)
    told = noor.browser.client.post(f"/authoring/{c01}/sections/lines-people/check", data={**fields, "csrf_token": noor.browser.token}).json
    assert list(told["fields"]) == ["lines.silence"] and told["fields"]["lines.silence"][0]["line"] > 100 and told["here"] == 1
    assert read_draft(database, c01) == before


def test_the_template_says_what_is_to_do_where(noor):
    """A scene from the template is all to do, and every fault is told in some section."""
    scene_id = begin_copy(noor, "template")
    text = name_scene(TEMPLATE.read_text(encoding="utf-8"), scene_id, 1)
    counts = count_by_section(tell_faults(text, scene_id, 1))
    assert "" not in counts and {"about", "who", "feelings", "opening", "topics", "endings", "lines-harm"} <= set(counts)
    page = text_of(noor.browser.open(f"/authoring/{scene_id}"))
    assert page.count("to do</span>") == len(counts)


def test_two_authors_in_different_sections_both_keep_theirs(noor, other_clinician, database, c01):
    """Somebody else's change to another section does not stand in the way, and is not undone."""
    mine = fill(noor, database, c01, "about", title="Mine")
    theirs = fill(other_clinician, database, c01, "who", partner__name="Robin")
    assert save(other_clinician, c01, "who", theirs).status_code == 303
    assert save(noor, c01, "about", mine).status_code == 303
    value = read_value(read_draft(database, c01))
    assert (value["title"], value["partner"]["name"]) == ("Mine", "Robin")


def test_two_authors_in_one_section_lose_nothing(noor, other_clinician, database, c01):
    """The second is told, sees both states, and what they keep then is their own choice."""
    mine = fill(noor, database, c01, "about", title="Title of Noor")
    assert save(other_clinician, c01, "about", fill(other_clinician, database, c01, "about", title="Title of Ines")).status_code == 303
    told = save(noor, c01, "about", mine)
    page = text_of(told)
    assert told.status_code == 409 and "Title of Noor" in page and "Title of Ines" in page
    assert read_value(read_draft(database, c01))["title"] == "Title of Ines"
    again = {**mine, "mark": re.search(r'name="mark" value="([^"]+)"', page)[1]}
    assert save(noor, c01, "about", again).status_code == 303
    assert read_value(read_draft(database, c01))["title"] == "Title of Noor"


def test_the_whole_text_of_two_authors(noor, other_clinician, database, c01):
    """A text written on an older state is told (409) and stays in the box beside the present one."""
    page = text_of(noor.browser.open(f"/authoring/{c01}/text"))
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    save(other_clinician, c01, "about", fill(other_clinician, database, c01, "about", title="Title of Ines"))
    told = noor.browser.post_form(f"/authoring/{c01}/text", text="title: lost words of Noor", revision=revision, act="keep")
    assert told.status_code == 409 and "lost words of Noor" in text_of(told) and "Title of Ines" in text_of(told)


def test_a_text_that_is_no_yaml_is_kept_and_told(noor, database, c01):
    """A half-written text is kept as a draft, told with its line; the form sends to the text, and publishing is refused."""
    page = text_of(noor.browser.open(f"/authoring/{c01}/text"))
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    broken = 'id: C01\nversion: 1\ntitle: "half\nlines: [\n'
    assert noor.browser.post_form(f"/authoring/{c01}/text", text=broken, revision=revision, act="keep").status_code == 303
    assert read_draft(database, c01) == broken
    assert "not YAML" in text_of(noor.browser.open(f"/authoring/{c01}/text"))
    assert noor.browser.open(f"/authoring/{c01}/sections/about").location.startswith(f"/authoring/{c01}/text")
    assert noor.browser.open(f"/authoring/{c01}").status_code == 200
    assert publish(noor, database, c01).status_code == 422


def test_published_it_stands_beside_ours_for_clients_and_not_for_guests(noor, mika, guest, database, c01, settings, channel):
    """A client of the clinic finds it and can begin it; its version goes to the action server; a guest is not offered it."""
    assert "C01" not in [scene["id"] for scene in mika.browser.call("GET", "/scenes").json["scenes"]]
    assert publish(noor, database, c01).status_code == 303
    assert [scene["id"] for scene in mika.browser.call("GET", "/scenes").json["scenes"]] == ["S17", "S01", "C01"]
    mika.browser.start("C01")
    assert channel.seen[-1]["argument"]["scene"] == "C01" and channel.seen[-1]["argument"]["version"] == 1
    assert "C01" not in text_of(guest.open("/scenes")) and "An evening of my own" not in text_of(guest.open("/scenes"))
    assert guest.call("POST", "/attempts", {"message_id": "a" * 32, "scene": "C01"}).status_code == 422
    path = settings.home / "scenes" / "C01.v1.yml"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert len(find_events(database, "scene_published")) == 1


def test_a_running_attempt_stays_on_its_version(noor, mika, database, c01, settings):
    """Version 2 is offered from now on; the attempt shows and plays version 1, whose file stays until no attempt needs it."""
    publish(noor, database, c01)
    attempt_id = mika.browser.start("C01")
    assert noor.browser.post_form(f"/authoring/{c01}/draft", version="1").status_code == 303
    save(noor, c01, "about", fill(noor, database, c01, "about", title="The second version"))
    assert publish(noor, database, c01).status_code == 303
    assert mika.browser.look(attempt_id)["scene"]["title"] == "An evening of my own"
    titles = {scene["id"]: (scene["title"], scene["version"]) for scene in mika.browser.call("GET", "/scenes").json["scenes"]}
    assert titles["C01"] == ("The second version", 2)
    assert sorted(path.name for path in (settings.home / "scenes").iterdir()) == ["C01.v1.yml", "C01.v2.yml"]
    assert noor.browser.post_form(f"/authoring/{c01}/archive").status_code == 303
    assert mika.browser.order(attempt_id, "begin").status_code == 200
    assert mika.browser.look(attempt_id)["scene"]["title"] == "An evening of my own"
    assert mika.browser.call("POST", "/attempts", {"message_id": "b" * 32, "scene": "C01"}).status_code == 422
    assert [path.name for path in (settings.home / "scenes").iterdir()] == ["C01.v1.yml"]


def test_without_attempts_an_archived_file_goes(noor, mika, database, c01, settings, app):
    """Once the last attempt of an archived version is deleted, the next sweep takes its file away; the version itself stays."""
    publish(noor, database, c01)
    attempt_id = mika.browser.start("C01")
    noor.browser.post_form(f"/authoring/{c01}/archive")
    own = app.extensions["house"].own
    own.keep_files_right()
    assert (settings.home / "scenes" / "C01.v1.yml").exists()
    with database.writing() as session:
        session.delete(session.get_one(Attempt, attempt_id))
    own.keep_files_right()
    assert list((settings.home / "scenes").iterdir()) == []
    assert noor.browser.post_form(f"/authoring/{c01}/versions/1/offer").status_code == 303
    assert (settings.home / "scenes" / "C01.v1.yml").exists()


def test_missing_files_come_back_at_start(noor, database, c01, settings, clock):
    """After a restore the folder may be empty or hold something else: a process that starts writes what the database has."""
    publish(noor, database, c01)
    path = settings.home / "scenes" / "C01.v1.yml"
    path.write_text("changed by hand")
    (path.parent / "C77.v1.yml").write_text("of another database")
    (path.parent / "notes.txt").write_text("an operator's own")
    again = build_app(settings, door=None, catalogue=TwoScenes(), now=clock, rate_limits=False)
    close(again)
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server")
    assert sorted(each.name for each in path.parent.iterdir()) == ["C01.v1.yml", "notes.txt"]


def test_another_process_sees_what_was_published_at_its_next_request(noor, database, c01, settings, clock, app):
    """No process has to be started anew: each asks before a request whether something changed."""
    other = build_app(settings, door=None, catalogue=TwoScenes(), now=clock, rate_limits=False)
    publish(noor, database, c01)
    assert other.extensions["house"].catalogue.find("C01") is None
    other.test_client().get("/")
    assert other.extensions["house"].catalogue.find("C01").title == "An evening of my own"
    close(other)


def test_publishing_what_was_not_seen_is_refused(noor, other_clinician, database, c01):
    """Publish means the draft as it stood on the page: a change by somebody else since then is told first."""
    page = text_of(noor.browser.open(f"/authoring/{c01}"))
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    save(other_clinician, c01, "about", fill(other_clinician, database, c01, "about", title="Title of Ines"))
    assert noor.browser.post_form(f"/authoring/{c01}/publish", revision=revision).status_code == 409
    assert find_events(database, "scene_published") == []


def test_a_draft_can_be_thrown_away(noor, database, c01):
    """The draft is gone, and its id is free again only because no attempt ever had it."""
    page = text_of(noor.browser.open(f"/authoring/{c01}"))
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert noor.browser.post_form(f"/authoring/{c01}/discard", revision=revision).status_code == 303
    assert noor.browser.open(f"/authoring/{c01}").status_code == 404


@pytest.mark.parametrize("who", ["mika", "admin", "guest"])
def test_only_clinicians_write_scenes(who, request, app, c01, noor):
    """Every route of authoring and of the wording is closed to clients, guests and administrators, who see no words."""
    browser = request.getfixturevalue(who)
    browser = getattr(browser, "browser", browser)
    browser.open("/")
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in ("authoring", "clinic_words"):
            continue
        assert find_rule(rule.endpoint) == frozenset({"clinician"})
        values = {"scene_id": c01, "key": "about", "version": 1, "kind": "help"}
        path = app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted(rule.methods & {"GET", "POST"}):
            response = browser.client.open(path, method=method, headers={"X-CSRFToken": browser.token})
            assert response.status_code == 403, (method, path, response.status_code)
            tried += 1
    assert tried >= 20


def test_a_scene_that_is_not_there_is_404(noor):
    """An id of nobody, a source of nobody, a version of nobody: nothing there."""
    noor.browser.open("/authoring")
    for path in (
        "/authoring/C99",
        "/authoring/C99/text",
        "/authoring/C99/preview",
        "/authoring/C99/sections/about",
        "/authoring/C99/versions/1/scene.yml",
    ):
        assert noor.browser.open(path).status_code == 404, path
    for source in ("../S17", "_template", "S99", "C99", ""):
        assert noor.browser.post_form("/authoring/new", source=source).status_code == 404, source
