"""The documents: no dead link, every setting documented, every document in the index."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NOT_FOR_PEOPLE = {
    "SAYABLE_ROOT",  # these four are set by `sayable up` for its own parts, or by the tests for themselves
    "SAYABLE_SUPERVISOR_SOCKET",
    "SAYABLE_RASA_MODEL",
    "SAYABLE_PICTURES",
}


def anchors_of(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_link_is_dead(document: Path) -> None:
    """Every link to a file of the repository leads to one that is there, and every anchor to a heading."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name) if name else document
        assert path.exists(), f"{document.name} links to {target}, which is not there"
        if anchor and path.suffix == ".md":
            assert anchor in anchors_of(path), f"{document.name} links to {target}, but there is no such heading"


def test_every_document_is_in_the_index() -> None:
    """docs/README.md links every document in docs."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    missing = [path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md" and f"({path.name}" not in index]
    assert missing == []


def test_every_setting_is_documented() -> None:
    """Each SAYABLE_… name in the code has its row in docs/SETTINGS.md, and each row names a setting that the code reads."""
    used = set()
    for folder in ("web", "actions", "rasa_project", "sayable", "data"):
        for path in (ROOT / folder).rglob("*.py"):
            if ".venv" not in path.parts:
                used |= set(re.findall(r"\bSAYABLE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8")))
    used |= set(re.findall(r"\bSAYABLE_[A-Z_]+[A-Z]\b", (ROOT / "bootstrap.py").read_text(encoding="utf-8")))
    documented = set(re.findall(r"`(SAYABLE_[A-Z_]+)", (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")))
    assert used - NOT_FOR_PEOPLE - documented == set()
    assert documented - used == set()


def test_the_readme_shows_a_real_picture() -> None:
    """README shows at least one picture of the running house, and the file is there and is one."""
    pictures = re.findall(r"!\[[^\]]+\]\((docs/pictures/[^)]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
