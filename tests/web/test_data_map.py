"""The data map: every table of the program stands in it, with a class and every sealed column; and the privacy page says what it says."""

from __future__ import annotations

import re
from pathlib import Path

from web.database import clinic_tables  # noqa: F401 - so that its tables are known
from web.database.sealed import SealedText
from web.database.tables import Base

DATA_MAP = Path(__file__).parents[2] / "docs" / "DATA_MAP.md"
CLASSES = {"A", "B", "C", "D"}


def read_map() -> dict[str, list[str]]:
    """Table to the cells of its row."""
    rows = {}
    for line in DATA_MAP.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found = re.fullmatch(r"`(\w+)`", cells[0])
        if found and len(cells) == 6:
            rows[found[1]] = cells
    return rows


def list_mapped() -> dict[str, set[str]]:
    """Table to its sealed columns."""
    return {
        mapper.local_table.name: {value.column for value in vars(mapper.class_).values() if isinstance(value, SealedText)}
        for mapper in Base.registry.mappers
    }


def test_every_table_is_classified():
    """A new table without its row in the map fails here, and so does a row whose table is gone."""
    assert set(read_map()) == set(list_mapped())
    assert {cells[1] for cells in read_map().values()} == CLASSES


def test_every_sealed_column_is_named():
    """The map names the sealed columns that there are, no more and no fewer."""
    named = {table: set(re.findall(r"`(\w+)`", cells[3])) for table, cells in read_map().items()}
    assert named == list_mapped()


def test_words_are_sealed_wherever_the_map_says_words():
    """No table of class A is without a sealed column."""
    assert [table for table, cells in read_map().items() if cells[1] == "A" and "`" not in cells[3]] == []


def test_what_hangs_on_a_person_goes_with_them():
    """Every table that points to a person goes with the person's row by its foreign key; what is the clinic's only loses the pointer."""
    loses_the_pointer = {("invitation", "made_by_id"), ("clinic_scene", "author_id"), ("clinic_wording", "changed_by_id")}
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.columns:
            for key in column.foreign_keys:
                if key.column.table.name == "person":
                    expected = "SET NULL" if (mapper.local_table.name, column.name) in loses_the_pointer else "CASCADE"
                    assert key.ondelete == expected, f"{mapper.local_table.name}.{column.name}"


def test_the_privacy_page_says_who_sees_what_and_how_to_leave(new_browser, settings):
    """In plain words, open to everybody: what a clinician sees without and with sharing, how long it stays, how to take it along and go."""
    page = new_browser().open("/privacy").get_data(as_text=True)
    for words in ("With a login", "Your clinician", "The administrator", "for 12 months", "Taking it along", "Erasing it", "Backups"):
        assert words in page, words
