"""The scenes that ship are sound, and every kind of fault in a scene is refused with its place."""

import copy
import json
from pathlib import Path

import pytest
import yaml

from data.faults import ContentError
from data.scenarios import Scene, check_scene, list_scene_files, list_scenes, load_scene, read_scene
from data.scenarios.groups import GROUPS, SLOTS
from data.scenarios.line_book import every_line
from data.scenarios.reader import HERE
from data.scenarios.schema import write_schema
from data.scenarios.translations import find_missing_translations

S17 = HERE / "S17.yml"


@pytest.fixture
def raw():
    """S17 as plain data, to be spoilt."""
    return copy.deepcopy(yaml.safe_load(S17.read_text(encoding="utf-8")))


def faults_of(raw, name="S17.yml"):
    """The faults of spoilt data, written out as a file again."""
    text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=10_000)
    _, faults = check_scene(Path(name), text)
    return text, faults


@pytest.mark.parametrize("path", list_scene_files(), ids=lambda path: path.stem)
def test_every_scene_is_sound(path):
    """check-content finds nothing in what ships."""
    _, faults = check_scene(path)
    assert [str(fault) for fault in faults] == []


@pytest.mark.parametrize("scene", [scene for scene in list_scenes() if scene.kind == "talk"], ids=lambda scene: scene.id)
def test_every_scene_has_an_adult_partner_three_good_endings_and_a_withdraw_branch(scene):
    """G2 and G8: adults only, everybody may leave, and a talk without agreement is a good ending."""
    assert scene.adults_only is True
    assert scene.partner.age >= 18
    good = [ending for ending in scene.endings if ending.when != ("pressed",)]
    assert len(good) >= 3
    assert {("next_talk",), ("stopped",), ("pressed",)} <= {ending.when for ending in scene.endings}
    assert scene.lines["withdraws"].said()
    assert scene.lines["taken_back"].said()


@pytest.mark.parametrize("scene", [scene for scene in list_scenes() if isinstance(scene, Scene)], ids=lambda scene: scene.id)
def test_an_ending_tells_of_being_heard_only_where_it_asks_for_it(scene):
    """No debrief says that the partner was heard, or told everything, unless the talk had to come to that (or to trust) for this ending."""
    for ending in scene.endings:
        told = f"{ending.title} {ending.text}".lower()
        claims = any(words in told for words in ("was heard", "being heard", "heard, and", "all of it", "everything now"))
        assert not claims or {"heard", "open"} & set(ending.when), (ending.id, ending.text)


def test_the_six_first_scenes_are_there():
    """Issue 2 names them."""
    assert {"S17", "S01", "S02", "S08", "S16r", "S23"} <= {scene.id for scene in list_scenes()}


def test_a_scene_that_is_not_there_is_a_key_error():
    """Neither a strange id nor a path leads anywhere."""
    for scene_id in ("S99", "../S17", "S17.yml", ""):
        with pytest.raises(KeyError):
            load_scene(scene_id)


def test_line_numbers_are_stable_and_distinct():
    """An attempt remembers numbers of lines, so they must not depend on anything but the file."""
    scene = load_scene("S17")
    numbers = [line.number for lines in scene.book.values() for line in lines]
    assert sorted(numbers) == list(range(len(list(every_line(scene)))))
    assert read_scene(S17).book == scene.book


def spoil(raw, change):
    change(raw)
    return raw


CASES = [
    ("a missing key", lambda raw: raw["partner"]["hidden"].pop("need"), "partner.hidden.need: missing; add `need:`"),
    ("a mistyped key", lambda raw: raw["partner"].update(vioce="x"), "did you mean `voice`?"),
    ("a child", lambda raw: raw["partner"].update(age=17), "partner.age"),
    ("no assertion that all are adults", lambda raw: raw.update(adults_only=False), "every character in every scene is an adult"),
    ("an unknown criterion", lambda raw: raw["aims"].append("kindness"), "'kindness' is not a criterion"),
    ("an unknown group of lines", lambda raw: raw["lines"].update(hugged=["x y"]), "no such group of lines: 'hugged'"),
    ("too few lines in a group", lambda raw: raw["lines"].update(blamed=["Hey."]), "the group 'blamed' has 1 lines and needs 4"),
    ("a slot that cannot be filled", lambda raw: raw["lines"]["heard"]["open"].append("So {step}."), "{step} cannot be filled here"),
    (
        "a sentence bent around the client's words",
        lambda raw: raw["lines"]["step_agree"]["open"].append("Yes, I will {step}."),
        "bent around {step}",
    ),
    ("an unknown slot", lambda raw: raw["lines"]["heard"]["open"].append("So {stepp}."), "{stepp} cannot be filled here"),
    ("only lines with slots", lambda raw: raw["lines"].update(step_hesitate=["{step}?", "{step}, hm."]), "needs words of the client"),
    ("a line twice", lambda raw: raw["lines"]["thanked"]["any"].append(raw["lines"]["stopped"]["any"][0]), "the same line stands at"),
    ("an unknown family of feelings", lambda raw: raw["partner"]["hidden"]["families"].append("blurgh"), "no family 'blurgh'"),
    ("topics that wait for each other", lambda raw: circle(raw), "goes in a circle"),
    ("a topic that waits for nobody", lambda raw: raw["topics"][0].update(after="nowhere"), "no topic 'nowhere'"),
    (
        "a topic that is never reached",
        lambda raw: raw["topics"].append({"id": "twin", "cues": ["work"], "asked": ["Same."]}),
        "unreachable: earlier topics",
    ),
    ("a topic without lines", lambda raw: raw["topics"].append({"id": "mute", "cues": ["zebra"]}), "a topic without lines"),
    (
        "a layer nobody hears",
        lambda raw: raw["partner"].update(ceiling={"friendly": 2, "guarded": 2, "upset": 2}),
        "unreachable: the partner never gets more open",
    ),
    ("an ending nobody can reach", lambda raw: raw["endings"].insert(0, ending("open", when=["open"])), None),
    (
        "an ending behind a wider one",
        lambda raw: raw["endings"].insert(2, ending("late", when=["step_agreed", "open"])),
        "'understood' comes first and asks for no more",
    ),
    (
        "an ending that contradicts itself",
        lambda raw: raw["endings"].insert(0, ending("odd", when=["stopped", "open"])),
        "ends the talk by itself",
    ),
    ("no ending for a stop", lambda raw: drop_ending(raw, "stopped"), "no ending `when: [stopped]`"),
    ("no ending for pressure", lambda raw: drop_ending(raw, "pressed"), "no ending `when: [pressed]`"),
    (
        "no hints for mending",
        lambda raw: raw.update(hints=[hint for hint in raw["hints"] if hint["stage"] != "mend"]),
        "no hint for the stage 'mend'",
    ),
    (
        "lines of a test that never comes",
        lambda raw: raw["partner"].update(tests_limit={"friendly": 0, "guarded": 0, "upset": 0}),
        "the partner never tests a limit",
    ),
    ("more turns than lines", lambda raw: raw.update(max_turns=400, follow_ups=[]), "400 turns are more than"),
    (
        "a start above the ceiling",
        lambda raw: raw["partner"].update(start={"friendly": 2, "guarded": 1, "upset": 4}),
        "starts above its ceiling",
    ),
    ("no opening for a level", lambda raw: raw["opening"].pop("upset"), "no opening for the level 'upset'"),
    ("a good ending after the last reply", lambda raw: raw.update(min_turns=24), "nobody can reach a good ending: it comes after 24"),
    ("a line of blanks", lambda raw: raw["layers"][0].update(says=["   \t "]), "layers[0].says[0]: is blank"),
    ("a line of signs", lambda raw: raw["layers"][0].update(says=["… ?!"]), "layers[0].says[0]: has no letter in it"),
    ("a summary without a shape", lambda raw: raw.update(summary="\u3164" * 12), "summary: is blank"),
    ("a name without a shape", lambda raw: raw["partner"].update(name=". \u200b ."), "partner.name: has no letter in it"),
    ("a content note of blanks", lambda raw: raw.update(content_notes=["\u00a0\u2003"]), "content_notes[0]: is blank"),
    (
        "a layer behind one that is never told",
        lambda raw: (
            raw["layers"][0].update(openness=4) or raw["partner"].update(ceiling=dict.fromkeys(("friendly", "guarded", "upset"), 3))
        ),
        "nobody can reach this ending: 'heard', but some layers can never be told",
    ),
    ("agreement that can never come", lambda raw: raw.update(agrees_after=5), "there are only 3 layers"),
]


def circle(raw):
    raw["topics"][0]["after"] = raw["topics"][1]["id"]
    raw["topics"][1]["after"] = raw["topics"][0]["id"]


def ending(ending_id, when):
    return {"id": ending_id, "title": "Some ending", "when": when, "says": ["Well then, that was that for now."], "text": "It is over."}


def drop_ending(raw, kind):
    raw["endings"] = [each for each in raw["endings"] if each["when"] != [kind]]


@pytest.mark.parametrize(("change", "words"), [case[1:] for case in CASES if case[2]], ids=[case[0] for case in CASES if case[2]])
def test_a_fault_is_refused_with_its_place(raw, change, words):
    """Each kind of fault is found, and the line it names is the line where it stands."""
    text, faults = faults_of(spoil(raw, change))
    told = [str(fault) for fault in faults]
    assert any(words in each for each in told), told
    fault = next(fault for fault in faults if words in str(fault))
    assert 1 <= fault.line <= text.count("\n") + 1
    assert fault.remedy


def test_an_ending_that_the_partners_ceiling_rules_out_is_named(raw):
    """A condition that can never hold is found from the partner's own ceiling."""
    raw["partner"]["ceiling"] = {"friendly": 1, "guarded": 1, "upset": 1}
    raw["partner"]["start"] = {"friendly": 1, "guarded": 1, "upset": 0}
    _, faults = faults_of(raw)
    told = "\n".join(map(str, faults))
    assert "nobody can reach this ending: 'step_agreed', but the partner never gets open enough" in told
    assert "nobody can reach this ending: 'heard', but some layers can never be told" in told
    assert "unreachable: the partner never opens" in told


def test_the_line_in_a_message_is_the_line_in_the_file(raw):
    """The number leads to the very line."""
    raw["lines"]["heard"]["closed"][1] = "{nonsense} at the start."
    text, faults = faults_of(raw)
    [fault] = [fault for fault in faults if "nonsense" in str(fault)]
    assert "{nonsense}" in text.splitlines()[fault.line - 1]


def test_texts_lose_the_blanks_at_their_ends_and_keep_what_is_inside(raw):
    """Blanks and invisible characters at the ends are no part of a line; a joiner inside a word or an emoji is."""
    raw["layers"][0]["says"] = ["\ufeff  Yeah, the shop\u00addoor. \U0001f469\u200d\U0001f373 \u200b"]
    raw["topics"][0]["cues"] = ["50/50 ", "zebra"]
    scene, _ = check_scene(Path("S17.yml"), yaml.safe_dump(raw, allow_unicode=True))
    assert scene.layers[0].says == ("Yeah, the shop\u00addoor. \U0001f469\u200d\U0001f373",)
    assert scene.topics[0].cues == ("50/50", "zebra")


def test_a_child_or_an_id_twice_in_a_reflection_is_told():
    """Reflections have no partner, and the ground rules of their words hold all the same."""
    raw = yaml.safe_load((HERE / "S12.yml").read_text(encoding="utf-8"))
    raw["prompts"][0]["asks"] = ["What did you know when you were fifteen years old?"]
    raw["prompts"][1]["id"] = "arriving"
    told = [str(fault) for fault in faults_of(raw, "S12.yml")[1]]
    assert any("prompts[0].asks[0]: 'fifteen years old' is an age under 18" in each for each in told), told
    assert any("prompts[1].id: the id 'arriving' is used twice" in each for each in told), told


def test_a_file_with_another_name_than_its_scene_is_told(raw):
    """S17 in a file called S18.yml would be found under the wrong name."""
    _, faults = faults_of(raw, "S18.yml")
    assert any("call it S17.yml" in str(fault) for fault in faults)


def test_what_is_no_scene_at_all_is_told():
    """An empty file, a list, a number."""
    for text in ("", "- a\n- b\n", "42"):
        _, faults = check_scene(Path("x.yml"), text)
        assert "is not a scene" in str(faults[0])
    with pytest.raises(ContentError):
        read_scene(Path("x.yml"), "")


def test_a_translation_must_have_everything_the_scene_has(raw, tmp_path):
    """A missing topic, ending, group of lines or hint is named, and so is a version left behind."""
    raw["locale"] = "de"
    raw["version"] += 1
    raw["topics"] = [topic for topic in raw["topics"] if topic["id"] != "friends"]
    raw["lines"].pop("joked")
    raw["hints"] = [hint for hint in raw["hints"] if hint["stage"] != "close"]
    raw["follow_ups"] = []
    path = tmp_path / "S17.de.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    translated, faults = check_scene(path)
    assert faults == []
    told = [str(fault) for fault in find_missing_translations([(S17, load_scene("S17")), (path, translated)])]
    for words in (f"translates version {raw['version']}", "no translation of 'friends'", "the group 'joked'", "hints for 'close'"):
        assert any(words in each for each in told), told


def test_the_schema_for_editors_is_what_the_models_say():
    """data/scenarios/schema.json is made from the models; `python -m data.scenarios.schema` writes it."""
    assert json.loads((HERE / "schema.json").read_text(encoding="utf-8")) == json.loads(write_schema())


def test_the_page_for_writers_names_every_group_slot_and_key():
    """docs/SCENES.md leaves no group, slot or top-level key out."""
    page = (HERE.parent.parent / "docs" / "SCENES.md").read_text(encoding="utf-8")
    for name in [*GROUPS, *Scene.model_fields]:
        assert f"`{name}`" in page or f" {name} " in page or f"`{name} " in page or f" {name}`" in page, name
    for slot in SLOTS:
        assert f"{{{slot}}}" in page


def test_the_template_has_every_key_and_group():
    """Whoever copies the template meets every key."""
    template = yaml.safe_load((HERE / "_template.yml").read_text(encoding="utf-8"))
    assert set(GROUPS) == set(template["lines"])
    required = {name for name, field in Scene.model_fields.items() if field.is_required()}
    assert required <= set(template)


def test_a_faulty_scene_is_left_out_and_logged_and_the_others_stay(tmp_path, caplog):
    """One slip in one file does not close the house; the log says where it is."""
    (tmp_path / "S17.yml").write_text(S17.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "S01.yml").write_text("id: S01\n", encoding="utf-8")
    assert [scene.id for scene in list_scenes(tmp_path)] == ["S17"]
    assert "S01.yml:1:" in caplog.text
