"""YAML files are read so that every fault can name its line."""

from pathlib import Path

import pytest

from data.faults import ContentError
from data.read_yaml import read_yaml

PATH = Path("somewhere.yml")


def test_a_fault_names_file_line_key_problem_and_remedy():
    """The message reads like a sentence somebody can act on."""
    file = read_yaml(PATH, "partner:\n  name: Sam\n  age: 12\n")
    fault = file.fault(("partner", "age"), "must be 18 or more", "every character is an adult")
    assert str(fault) == "somewhere.yml:3: partner.age: must be 18 or more; every character is an adult"


def test_the_line_of_a_list_entry_is_found():
    """Places go into lists, too, and a band that the file leaves out is stepped over."""
    file = read_yaml(PATH, "lines:\n  heard:\n    - one\n    - two\n")
    assert file.line_of(("lines", "heard", "any", 1)) == 4


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "not YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "given twice"),
        ("a: &x 1\nb: *x\n", 2, "alias"),
        ("a: {step} is it\n", 1, "double quotes"),
        ("a: 1\nb:\n\tc: 2\n", 3, "spaces, not with a tab"),
        ('title: "An evening\nid: S17\nnext: 1\n', 1, "close the quotation mark"),
        ('a: 1\nb: 2\nc: "x\0y"\n', 3, "U+0000"),
        ("a: 1\n\ud800: 2\n", 2, "U+D800"),
        ("a: 1\nb:\n  - c: 2027-02-30\n", 3, "b[0].c: '2027-02-30' looks like a date or a number and is none"),
    ],
)
def test_what_is_not_clean_yaml_is_refused_with_its_line(text, line, words):
    """Broken YAML, a key given twice, aliases, characters of no text and dates that are none each name the line."""
    with pytest.raises(ContentError) as caught:
        read_yaml(PATH, text)
    assert caught.value.line == line
    assert words in str(caught.value)


def test_a_file_that_is_missing_or_not_text_is_told(tmp_path):
    """Neither a missing file nor bytes end in a traceback."""
    with pytest.raises(ContentError, match="cannot be read"):
        read_yaml(tmp_path / "none.yml")
    (tmp_path / "bytes.yml").write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(ContentError, match=r"bytes\.yml:2: is not UTF-8"):
        read_yaml(tmp_path / "bytes.yml")
