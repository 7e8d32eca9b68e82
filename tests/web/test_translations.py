"""Every text of the interface in every language offered: nothing missing or doubtful, no placeholder lost, the compiled file fresh."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.web.clinic.logins import add_login, sign_in
from web.database.tables import Person
from web.pages.language import list_locales

WEB = Path(__file__).parents[2] / "web"
LANGUAGES = sorted(path.name for path in (WEB / "translations").iterdir() if (path / "LC_MESSAGES").is_dir())
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
GERMAN = [("Accept-Language", "de-AT,de;q=0.9,en;q=0.5")]


def read_catalogue(language: str) -> Catalog:
    with (WEB / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True)


def list_said() -> set[str | tuple[str, ...]]:
    """Every text that the code and the templates of web/ hand to gettext."""
    with (WEB / "translations" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(WEB), methods, options, KEYWORDS)
    return {tuple(text) if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def list_texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


def test_there_is_a_second_language():
    """German is there, and what is looked at below is more than a handful."""
    assert "de" in LANGUAGES and len(list_said()) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str):
    """Each text of the interface has its translation, in each of its plural forms, and none is marked as doubtful."""
    catalogue = read_catalogue(language)
    ids = {message.id for message in catalogue if message.id}
    assert sorted(map(str, list_said() - ids)) == [], "not in the catalogue"
    assert sorted(map(str, ids - list_said())) == [], "said nowhere any more"
    assert [
        message.id for message in catalogue if message.id and (message.fuzzy or not all(text.strip() for text in list_texts(message)))
    ] == []
    forms = [message.id for message in catalogue if isinstance(message.id, tuple) and len(list_texts(message)) != catalogue.num_plurals]
    assert forms == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_is_lost(language: str):
    """A name, a number or a day that the English text holds stands in each form of the translation, and none is made up."""
    wrong = []
    for message in read_catalogue(language):
        if message.id:
            english = message.id[-1] if isinstance(message.id, tuple) else message.id
            held = set(PLACEHOLDER.findall(str(english)))
            wrong += [text for text in list_texts(message) if set(PLACEHOLDER.findall(text)) != held]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_fits(language: str):
    """messages.mo, which the program reads, says what messages.po says (`make translations` writes it)."""
    with (WEB / "translations" / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in read_catalogue(language):
        if isinstance(message.id, tuple):
            one, many = message.id
            assert [compiled.ngettext(one, many, number) for number in (1, 2)] == list_texts(message)
        elif message.id:
            assert compiled.gettext(str(message.id)) == message.string


def test_a_guest_is_met_in_the_language_of_their_browser(app, new_browser):
    """Without a login the browser's wish decides among what is there; with none that is there, the house's own language."""
    client = new_browser().client
    page = client.get("/", headers=GERMAN).get_data(as_text=True)
    assert '<html lang="de">' in page and "Proben Sie ein schweres Gespräch" in page
    assert '<html lang="en">' in client.get("/", headers=[("Accept-Language", "fr")]).get_data(as_text=True)
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)


def test_the_first_page_offers_each_language_and_keeps_the_choice(app, new_browser):
    """Chosen on the first page, a language stays through beginning as a guest, whatever the browser wishes."""
    browser = new_browser()
    page = browser.open("/").get_data(as_text=True)
    with app.app_context():
        assert all(f'name="locale" value="{locale}"' in page for locale in list_locales())
    assert browser.post_form("/language", locale="de").status_code == 303
    assert '<html lang="de">' in browser.open("/").get_data(as_text=True)
    assert browser.post_form("/begin").status_code == 303
    assert "Szenen" in browser.open("/scenes").get_data(as_text=True)
    browser.post_form("/language", locale="xx")
    assert '<html lang="de">' in browser.open("/scenes").get_data(as_text=True)


def test_a_login_has_its_own_language(app, settings, new_browser):
    """What stands on the account page holds, not what the browser wishes."""
    person_id = add_login(app, settings, "client", "Mika")
    browser = new_browser()
    sign_in(browser, "Mika")
    assert '<html lang="en">' in browser.client.get("/account", headers=GERMAN).get_data(as_text=True)
    assert browser.post_form("/account/place", time_zone="Europe/Vienna", locale="de").status_code == 303
    page = browser.client.get("/account", headers=[("Accept-Language", "en")]).get_data(as_text=True)
    assert '<html lang="de">' in page and "Ihr Konto" in page
    with app.extensions["house"].database.reading() as session:
        assert session.get_one(Person, person_id).locale == "de"


def test_a_scene_in_another_language_says_so(app, new_browser):
    """English scenes on a German page carry their language, for the eye and for a screen reader; on an English page they do not."""
    guest = new_browser().be_guest()
    german = guest.client.get("/scenes", headers=GERMAN).get_data(as_text=True)
    assert "auf Englisch" in german and 'lang="en">Scene S17' in german
    assert "in English" not in guest.client.get("/scenes").get_data(as_text=True)
    attempt_id = guest.start()
    assert "Diese Szene ist auf Englisch" in guest.client.get(f"/practice/{attempt_id}", headers=GERMAN).get_data(as_text=True)
