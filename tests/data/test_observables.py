"""What a reply did is found in ordinary sentences and not in their look-alikes."""

from pathlib import Path

import pytest

from actions import partner
from data.faults import ContentError
from data.rubric.observables import CODES, load_observables, split_sentences

OBSERVABLES = load_observables()
DETECTORS = {**OBSERVABLES.detectors, **OBSERVABLES.questions, "unmarked": OBSERVABLES.unmarked, "idiom": OBSERVABLES.idiom}


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_finds_its_examples_and_leaves_the_look_alikes(name):
    """Each detector carries sentences it must and must not find."""
    detector = DETECTORS[name]
    assert [text for text in detector.must_find if not detector.finds(text)] == []
    assert [text for text in detector.must_leave if detector.finds(text)] == []


def test_every_code_of_the_catalogue_is_mapped():
    """O1–O30 and N1–N10, each to codebook keys or to a detector."""
    assert set(OBSERVABLES.codes) == set(CODES)
    for observable in OBSERVABLES.codes.values():
        assert observable.keys or observable.detectors or observable.all_of


def test_a_wish_with_room_for_no_needs_both():
    """O20 is a wish in the first person and room for no, together."""
    wish = OBSERVABLES.codes["O20"]
    assert wish.shown_by(frozenset({"i_statement", "room_for_no"}))
    assert not wish.shown_by(frozenset({"i_statement"}))


@pytest.mark.parametrize("typed", ["I can’t stop thinking", "don’t stop"])
def test_curly_quotes_are_read_like_straight_ones(typed):
    """A phone's apostrophe must not turn a sentence into a stop."""
    assert not OBSERVABLES.detectors["stop"].finds(typed)


def test_a_stop_inside_a_longer_reply_is_found():
    """A stop counts wherever its sentence stands."""
    assert OBSERVABLES.detectors["stop"].finds("I know you mean well. Please stop. I'm tired.")


def test_sentences_are_split_and_folded():
    """Lower case, straight quotes, single spaces."""
    assert split_sentences("No…  I’m FINE.\nReally?") == ["no…", "i'm fine.", "really?"]


def test_a_broken_pattern_names_its_place(tmp_path):
    """Whoever edits the patterns is told where it went wrong."""
    path = tmp_path / "observables.yml"
    path.write_text("observables: {}\ndetectors:\n  odd:\n    within: ['(']\n    finds: [a]\n    leaves: [b]\n")
    with pytest.raises(ContentError, match=r"observables\.yml:4: detectors\.odd\.within\[0\]: is not a pattern"):
        load_observables(path)


def test_every_detector_that_a_code_needs_is_heard_by_the_partner():
    """A detector of the mapping that no part of the engine asks for would choose nothing."""
    engine = " ".join(path.read_text(encoding="utf-8") for path in Path(partner.__file__).parent.glob("*.py"))
    named = {name for code in load_observables().codes.values() for name in code.detectors}
    assert [name for name in sorted(named) if f'"{name}"' not in engine] == []
