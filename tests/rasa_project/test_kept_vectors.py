"""The vectors of the scenes' phrases are kept between two starts, and are never wrong for having been kept."""

import numpy as np
import pytest

from rasa_project.kept_vectors import keep_vectors, name_phrase, place_of_vectors, read_vectors
from rasa_project.scene_nearness import SceneNearness
from rasa_project.sentence_encoder import WIDTH

SCENE = "id: {id}\ntitle: {title}\nsummary: The dog in the bed.\nclient_goal: Say where it sleeps.\nasks_for: [the dog]\n"


class CountingEncoder:
    """Gives each text a vector of its own and counts what it was asked."""

    def __init__(self):
        self.asked = []

    def encode(self, text):
        self.asked.append(text)
        return np.random.default_rng(abs(hash(text)) % 2**32).normal(size=WIDTH).astype(np.float32)


def read_scenes(folder, kept):
    encoder = CountingEncoder()
    nearness = SceneNearness(encoder, folder, kept)
    nearness.wait_until_learnt()
    return nearness, encoder.asked


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "scenes"
    folder.mkdir()
    (folder / "X1.yml").write_text(SCENE.format(id="X1", title="Dogs"))
    return folder


def test_a_second_start_reckons_nothing(folder, tmp_path):
    """The vectors of the first start serve the second, number for number."""
    first, asked = read_scenes(folder, tmp_path / "kept.npz")
    second, asked_again = read_scenes(folder, tmp_path / "kept.npz")
    assert len(asked) == 3 and asked_again == []
    assert np.array_equal(first._vectors, second._vectors)


def test_only_a_changed_phrase_is_reckoned(folder, tmp_path):
    """A new title is one new phrase, and the old one is kept no longer."""
    read_scenes(folder, tmp_path / "kept.npz")
    (folder / "X1.yml").write_text(SCENE.format(id="X1", title="Cats"))
    _, asked = read_scenes(folder, tmp_path / "kept.npz")
    assert asked == ["Cats. The dog in the bed."]
    assert name_phrase("Dogs. The dog in the bed.") not in read_vectors(tmp_path / "kept.npz", WIDTH)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", b"\x00" * 5000])
def test_a_damaged_file_is_made_anew(folder, tmp_path, damage):
    """Half a file, or none of ours, costs its time and nothing else."""
    (tmp_path / "kept.npz").write_bytes(damage)
    _, asked = read_scenes(folder, tmp_path / "kept.npz")
    assert len(asked) == 3
    assert len(read_vectors(tmp_path / "kept.npz", WIDTH)) == 3


def test_vectors_of_another_width_are_not_taken(tmp_path):
    """A file of another encoder is an empty one."""
    assert keep_vectors(tmp_path / "kept.npz", [name_phrase("a")], np.zeros((1, 12), np.float32))
    assert read_vectors(tmp_path / "kept.npz", WIDTH) == {}


def test_a_folder_that_cannot_be_written_is_no_fault(folder, tmp_path):
    """Where the disk does not let us, the scenes are there all the same."""
    (tmp_path / "file").write_text("in the way")
    nearness, asked = read_scenes(folder, tmp_path / "file" / "kept.npz")
    assert len(asked) == 3 and len(nearness._vectors) == 3


def test_it_lies_beside_the_models(tmp_path):
    """And is named for the release of the encoder."""
    place = place_of_vectors(tmp_path)
    assert place.parent == tmp_path / "models" and place.name.startswith("scene-vectors-") and place.suffix == ".npz"
