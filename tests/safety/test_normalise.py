"""What people type is brought into one plain shape before the rules look at it."""

import pytest

from data.safety.rules import FOLDER
from data.safety.spelling import read_spelling
from web.safety.normalise import normalise

SPELLING = read_spelling(["hit", "kill"])


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I don’t want to", "i do not want to"),
        ("i dont wanna", "i do not want to"),
        ("I'm DONE!!! really", "i am done ."),
        ("he’ll  come\tback", "he will come back"),
        ("she's here? no.", "she is here . no ."),
        ("baaaad tiiired diiiie", "baad tired diie"),
        ("wnat to lieve agian", "want to lieve again"),
        ("e\u200bn\u200bd it", "end it"),
        ("s-u-i-c-i-d-e", "suicide"),
        ("su1c1de k*ll", "suicide kill"),
        ("Wait... Tom said it", "wait name said it"),
        ("", ""),
        ("🙂", ""),
    ],
)
def test_text_becomes_plain_words(typed, plain):
    """Quotes, contractions, short forms, masks, slips of the finger and fillers come out as the words that the rules know."""
    assert normalise(typed, SPELLING).text.split() == plain.split()


def test_real_words_are_never_mended():
    """A word that is in use is left as it is, however near it stands to a word that the rules look for."""
    for word in ("hiding", "form", "lever", "fiend", "bother", "wait", "sacred", "want", "farther"):
        assert normalise(f"the {word} thing", SPELLING).text.split()[1] == word


def test_the_file_says_which_words_are_never_names():
    """Days, months and words that start sentences are not taken for a person's name."""
    assert {"monday", "please", "when"} <= read_spelling([], FOLDER / "spelling.yml").no_names
    assert normalise("On Monday Ana hit me", SPELLING).text.split() == ["on", "monday", "name", "hit", "me"]
