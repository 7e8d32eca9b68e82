"""Taking scenes in and handing them out: the same YAML as `data/scenarios`, whatever somebody uploads."""

from __future__ import annotations

import io

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.scenarios import check_scene
from data.scenarios.clinic_file import LARGEST_SCENE, check_clinic_scene
from data.scenarios.reader import HERE
from tests.web.clinic.authoring_desk import begin_copy, publish, read_draft
from tests.web.clinic.logins import find_events
from tests.web.test_pages import text_of
from web.clinic.scene_checks import tell_faults
from web.clinic.scene_text import change_keys, name_scene, read_value

S17 = (HERE / "S17.yml").read_text(encoding="utf-8")


def upload(author, content: bytes, name: str = "scene.yml"):
    author.browser.open("/authoring")
    data = {"csrf_token": author.browser.token, "file": (io.BytesIO(content), name)}
    return author.browser.client.post("/authoring/import", data=data, content_type="multipart/form-data")


def test_what_is_handed_out_can_be_taken_in(noor, database, tmp_path):
    """Out and in again is the same scene under the next id; the file is named by the id alone and passes the check of files."""
    begin_copy(noor)
    file = noor.browser.open("/authoring/C01/versions/1/scene.yml")
    assert file.headers["Content-Disposition"] == 'attachment; filename="C01.yml"' and file.mimetype == "application/yaml"
    (tmp_path / "C01.yml").write_bytes(file.data)
    assert check_scene(tmp_path / "C01.yml")[1] == []
    response = upload(noor, file.data, "whatever.txt")
    assert response.status_code == 303 and response.location.startswith("/authoring/C02")
    assert read_draft(database, "C02") == read_draft(database, "C01").replace("id: C01", "id: C02", 1)
    assert len(find_events(database, "scene_imported")) == 1


def test_a_faulty_file_is_told_with_lines_and_not_stored(noor, database):
    """An age of 17 is told with its line; nothing is stored, and a pasted text stays in the box."""
    told = text_of(upload(noor, S17.replace("age: 32", "age: 17").encode()))
    line = S17[: S17.index("age: 32")].count("\n") + 1
    assert f"Line {line}" in told and "every character is an adult" in told
    pasted = noor.browser.post_form("/authoring/import", text="id: S17\nkept: words of the author\n")
    assert pasted.status_code == 422 and "kept: words of the author" in text_of(pasted)
    assert noor.browser.open("/authoring/C01").status_code == 404 and find_events(database, "scene_imported") == []


def test_what_is_no_scene_is_refused(noor):
    """Nothing, bytes, tags, aliases, a bomb of anchors, another document, a list, too much: each a sentence, none an error."""
    bomb = b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"
    for content in (
        b"",
        b"\x00\x01\xff",
        b"\xff\xfeid",
        b"!!python/object/apply:os.system ['true']",
        bomb,
        b"--- 1\n--- 2\n",
        b"- a\n- b\n",
        b"{",
        b"id: " + b"[" * 5000,
        b"x: " + b"a" * (LARGEST_SCENE + 1),
        b"&a {b: *a}",
    ):
        response = upload(noor, content)
        assert response.status_code == 422, content[:40]
        assert "alert" in text_of(response)


def test_an_alias_in_a_scene_is_refused_with_its_line(noor):
    """A whole scene with one alias in it is not taken: the reader names the line."""
    told = upload(noor, S17.replace("title: An evening of my own", "title: *name").encode())
    assert told.status_code == 422 and "YAML alias" in text_of(told)


PIECES = st.sampled_from(
    [
        *S17.splitlines(keepends=True)[:120],
        "- x\n",
        "  - {a: [\n",
        "title: 3\n",
        "lines: no\n",
        "opening: []\n",
        "kind: reflection\n",
        "\t\n",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=300)))
@example("0: 1\n")
@example("? [a]\n: b\n")
@example("id: C01\nversion: 1\nlocale: 1\n")
@example("lines:\n  heard: 5\n")
@example("!!binary aGk=")
@example("=: 1")
@example("<<: {a: 1}\n")
@example("a: 1970-99-99\n")
def test_whatever_is_taken_in_ends_in_faults_with_a_line(text):
    """Any text gives faults (never an exception), each with a line of the text; naming and changing it raises nothing either."""
    named = name_scene(text, "C01", 1)
    told = tell_faults(named, "C01", 1)
    assert told and all(each.line >= 1 and each.problem for each in told)
    if read_value(text) is not None:
        changed = read_value(change_keys(text, {"title": 'A new one: "quoted" #1', "focus": ["a", "b: c"]}))
        assert (changed["title"], changed["focus"]) == ('A new one: "quoted" #1', ["a", "b: c"])
    assert check_clinic_scene(text, "C01")[1]


def test_the_scene_reads_the_same_after_a_restore(noor, database, app, settings):
    """The words come from the database: without the folder, the start of a process lays the file again, byte by byte."""
    begin_copy(noor)
    publish(noor, database, "C01")
    path = settings.home / "scenes" / "C01.v1.yml"
    laid = path.read_bytes()
    path.unlink()
    path.parent.rmdir()
    app.extensions["house"].own.keep_files_right()
    assert path.read_bytes() == laid
