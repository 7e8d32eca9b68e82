"""The pages that are there for a moment only, as axe-core looks at them: what a form answers, what is shown once, what went wrong.

`test_clinic_pages` opens every page that has an address and stays; here each page is brought about by what a person does before it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.web.browser import Browser
from tests.web.clinic.authoring_desk import begin_copy, fill, save
from tests.web.clinic.conftest import Someone, database, make_person, mika, noor, take_into_care  # noqa: F401 - fixtures
from tests.web.clinic.leaving_client import PASSPHRASE, give_passphrase
from tests.web.clinic.logins import ANOTHER, add_login, confirm_help
from tests.web.clinic.steps import ALL_PARTS, finish_talk, give_homework
from tests.web.conftest import TwoScenes, WordDoor, app, channel, clock, close, new_browser  # noqa: F401 - fixtures
from tests.whole_house.person import Person, open_browser
from tests.whole_house.test_accessibility import violations
from tests.whole_house.test_clinic_pages import NO_PAGES, Silent, address  # noqa: F401 - fixture
from tests.whole_house.test_clinic_pages import settings as clinic_settings  # noqa: F401 - fixture
from web.app import build_app
from web.clinic.clinic_settings import ClinicSettings, change_clinic_settings
from web.settings import Settings

LOGIN = "lantern wheat copper lake"
SEND = """
const [action, values] = arguments
const fits = form => form.getAttribute("action").split("#")[0].endsWith(action)
  && Object.keys(values).every(name => form.elements.namedItem(name) !== null)
const form = [...document.querySelectorAll("main form[method='post']")].find(fits)
for (const [name, value] of Object.entries(values)) form.elements.namedItem(name).value = value
document.documentElement.dataset.before = "yes"
HTMLFormElement.prototype.submit.call(form)
"""
"""Sends the first form that goes to `action` and has these fields, past the questions of the page's own scripts."""


@dataclass
class Looker:
    """A person at a browser of one look; `found`: for each page looked at that is not as it should be, what is wrong there."""

    person: Person
    found: dict[str, list[str]] = field(default_factory=dict)

    def open(self, path: str) -> None:
        self.person.open(path)

    def send(self, action: str, **values: str) -> None:
        """Fill and send a form of the page; comes back when the next page is there."""
        driver = self.person.driver
        driver.execute_script(SEND, action, values)
        arrived = "return document.readyState === 'complete' && !document.documentElement.dataset.before"
        self.person.wait_for(lambda: driver.execute_script(arrived), f"the answer to {action}")

    def look(self, name: str, proof: str, status: int = 200) -> None:
        """Ask axe about the page that is open, and whether it fits and the console is silent.

        `proof`: selector of what stands on it; `status`: how it was answered.
        """
        person, driver = self.person, self.person.driver
        assert person.find_all(proof), (name, driver.current_url, driver.find_element("tag name", "body").text)
        answered = driver.execute_script("return performance.getEntriesByType('navigation')[0].responseStatus")
        assert answered == status, (name, answered)
        faults = violations(person)
        wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"{wide} pixels too wide")
        for entry in driver.get_log("browser"):
            if entry["level"] == "SEVERE" and "responded with a status of" not in entry["message"]:
                faults.append(entry["message"])
        if faults:
            self.found[name] = faults

    def be(self, browser: Browser | None) -> None:
        """Go on as whoever that browser belongs to; None: as nobody."""
        driver = self.person.driver
        self.open("/help")
        driver.delete_all_cookies()
        if browser is not None:
            cookie = browser.client.get_cookie("practice")
            assert cookie is not None
            driver.add_cookie({"name": "practice", "value": cookie.value, "path": "/"})

    def read(self, selector: str) -> str:
        return self.person.driver.find_element("css selector", selector).get_attribute("value") or ""


@pytest.fixture
def settings(clinic_settings: Settings) -> Settings:  # noqa: F811
    return confirm_help(clinic_settings)


@contextmanager
def serve(app: Flask) -> Iterator[str]:  # noqa: F811
    """`app` at an address of its own, until the end of the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        close(app)


@pytest.fixture(params=[(1280, 900, "light"), (390, 844, "dark")], ids=["desk, light", "phone, dark"])
def at_browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Looker]]:
    """`at_browser(address)`: somebody at a browser of this look, in front of the house at that address."""
    width, height, scheme = request.param
    driver = open_browser(tmp_path / "browser", width, height)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    yield lambda there: Looker(Person(driver, there))
    driver.quit()


@pytest.fixture
def looker(at_browser, address: str) -> Looker:  # noqa: F811
    return at_browser(address)


def test_an_invitation_from_the_card_to_the_code(looker: Looker, noor: Someone):  # noqa: F811
    """The card after inviting, the invitation as a stranger, a refused joining and somebody signed in see it, the code shown once."""
    looker.be(noor.browser)
    looker.open("/invitations")
    looker.send("/invitations", label="M., Tuesdays")
    looker.look("the card after inviting", ".invitation-card")
    path = looker.read("input.code-field").removeprefix(looker.person.address)
    looker.open(path)
    looker.look("the invitation, signed in", "main h1")
    looker.be(None)
    looker.open(path)
    looker.look("joining.show_invitation", f"form[action='{path}']")
    looker.send(path, name="Mika", passphrase="short")
    looker.look("a refused joining", ".trouble", 422)
    looker.send(path, name="Mika", passphrase=LOGIN)
    looker.look("the offer of a code", "form[action='/account/recovery']")
    looker.send("/account/recovery")
    looker.look("the recovery code, once", "ul.codes code")
    looker.be(None)
    looker.open(path)
    looker.look("an invitation that is used", ".trouble")
    looker.send("/join", code="AAA-BBB-CCC")
    looker.look("a code that nobody has", ".trouble", 422)
    assert looker.found == {}


def test_a_new_way_in(looker: Looker, app, noor: Someone, mika: Someone):  # noqa: F811
    """A lost passphrase: the card for it, and the page that says first what will be erased, refused once and then gone through."""
    give_passphrase(app.extensions["house"], mika)
    looker.be(noor.browser)
    looker.open(f"/clients/{mika.id}/care")
    looker.send(f"/clients/{mika.id}/care/renew")
    looker.look("the card of a new way in", ".invitation-card")
    path = looker.read("input.code-field").removeprefix(looker.person.address)
    looker.be(None)
    looker.open(path)
    looker.look("a new way in", "form[data-ask]")
    looker.send(path, passphrase="short")
    looker.look("a new way in, refused", ".trouble", 422)
    looker.send(path, passphrase=ANOTHER)
    looker.look("the offer of a code after a new way in", "form[action='/account/recovery']")
    assert looker.found == {}


def test_signing_in_with_an_app(looker: Looker, app, settings: Settings, clock):  # noqa: F811
    """The codes of the app shown once, the page for the code with and without a wrong one, and a new passphrase by recovery code."""
    add_login(app, settings, "clinician", "Tove", LOGIN)
    looker.open("/sign-in")
    looker.send("/sign-in", name="Tove", passphrase="wrong wheat copper lake")
    looker.look("a refused sign-in", ".trouble", 422)
    looker.send("/sign-in", name="Tove", passphrase=LOGIN)
    looker.open("/account/recovery")
    looker.send("/account/recovery")
    recovery = looker.person.find("ul.codes code").text
    looker.open("/account/code-app")
    looker.send("/account/code-app/on", code="000000", passphrase=LOGIN)
    looker.look("a code that does not fit the app", ".trouble", 422)
    code = pyotp.TOTP(looker.read("input[name='secret']")).at(clock())
    looker.send("/account/code-app/on", code=code, passphrase=LOGIN)
    looker.look("the codes of the app, once", "ul.codes li:nth-child(8)")
    looker.open("/account/code-app")
    looker.look("the app while it is on", "form[action='/account/code-app/off']")
    looker.be(None)
    looker.open("/sign-in")
    looker.send("/sign-in", name="Tove", passphrase=LOGIN)
    looker.look("sign_in.show_code", "form[action='/sign-in/code']")
    looker.send("/sign-in/code", code="123")
    looker.look("a wrong code", ".trouble", 422)
    looker.open("/renew")
    looker.send("/renew", name="Tove", code="AAAAA-BBBBB-CCCCC-DDDDD", passphrase=ANOTHER)
    looker.look("a refused renewal", ".trouble", 422)
    looker.send("/renew", name="Tove", code=recovery, passphrase=ANOTHER)
    looker.look("the new recovery code, once", "ul.codes code")
    assert looker.found == {}


def test_errors_have_a_page(looker: Looker, mika: Someone):  # noqa: F811
    """Nothing at this address, not for this role, and a form whose token is stale: each is a page that axe finds nothing on."""
    looker.open("/no-such-page")
    looker.look("404, as nobody", ".error-page", 404)
    looker.be(mika.browser)
    looker.open("/no-such-page")
    looker.look("404, signed in", ".error-page", 404)
    looker.open("/caseload")
    looker.look("not for this role", ".error-page", 403)
    looker.open("/my-data")
    looker.send("/my-data/export", csrf_token="stale")
    looker.look("a stale form", ".error-page", 400)
    assert looker.found == {}


def test_erasing_gives_a_receipt(looker: Looker, app, mika: Someone):  # noqa: F811
    """A refused erasing, the receipt of one rehearsal, and the receipt of the whole login, which nobody is signed in for any more."""
    give_passphrase(app.extensions["house"], mika)
    attempt_id = finish_talk(mika.browser, "I feel tired.")
    looker.be(mika.browser)
    looker.open("/my-data")
    looker.send("/my-data/account/erase", word="no", passphrase=PASSPHRASE)
    looker.look("an erasing not confirmed", ".trouble", 422)
    looker.send(f"/my-data/rehearsals/{attempt_id}/erase")
    looker.look("leaving.show_receipt", ".receipt")
    looker.open("/my-data")
    word = looker.person.driver.execute_script("return document.querySelector(\"input[name='word']\").labels[0].textContent").split("“")[1]
    looker.send("/my-data/account/erase", word=word.split("”")[0], passphrase=PASSPHRASE)
    assert "/receipts/" in looker.person.driver.current_url
    looker.look("the receipt of a login", ".receipt")
    assert looker.found == {}


def test_a_preview_that_changed_and_one_of_nothing(looker: Looker, mika: Someone, noor: Someone):  # noqa: F811
    """What is to be shared changes between looking and confirming: the preview comes again and says so; and nothing chosen is said too."""
    attempt_id = finish_talk(mika.browser, "I feel tired.")
    query = "&".join(f"{part}=1" for part in ALL_PARTS)
    looker.be(mika.browser)
    looker.open(f"/attempts/{attempt_id}/share?to={noor.id}&{query}")
    looker.look("the preview", ".confirm-share")
    assert mika.browser.call("PUT", f"/attempts/{attempt_id}/note", {"text": "Begin with the feeling."}).status_code == 200
    looker.send(f"/attempts/{attempt_id}/share")
    looker.look("the preview after a change", ".trouble", 409)
    looker.open(f"/attempts/{attempt_id}/share?to={noor.id}")
    looker.look("a preview of nothing", ".trouble", 422)
    assert looker.found == {}


def test_trying_a_draft(looker: Looker, database, noor: Someone):  # noqa: F811
    """The preview of a draft before it begins, amid the talk, with help, and at the end; a draft with faults and one changed meanwhile."""
    scene_id = begin_copy(noor)
    here = f"/authoring/{scene_id}"
    looker.be(noor.browser)
    looker.open(f"{here}/preview")
    looker.send(f"{here}/preview", level="guarded")
    looker.look("a preview that has begun", ".log")
    looker.send(f"{here}/preview/turn", command="begin")
    looker.send(f"{here}/preview/turn", text="I feel tired, and I would like an evening alone.")
    looker.look("authoring preview, mid-talk", ".preview-note")
    looker.send(f"{here}/preview/turn", text="red-canary")
    looker.look("help in a preview", ".help-page")
    for command in ("stop", "guess", "reveal"):
        looker.send(f"{here}/preview/turn", command=command)
    looker.look("the end of a preview", ".log")
    looker.open(f"{here}/sections/who")
    looker.send(f"{here}/sections/who", **{"partner.age": "17"})
    looker.look("a section with a fault", "[aria-invalid='true']")
    meanwhile = fill(noor, database, scene_id, "who", partner__age="31")
    assert save(noor, scene_id, "who", meanwhile).status_code == 303
    looker.send(f"{here}/sections/who", **{"partner.age": "44"})
    looker.look("a section changed meanwhile", ".theirs", 409)
    looker.open(f"{here}/text")
    text = looker.read("textarea[name='text']")
    looker.send(f"{here}/text", text=text + "\n")
    looker.open(f"{here}/text")
    looker.send(f"{here}/text", text=text, revision="1")
    looker.look("a draft changed meanwhile", "details.card", 409)
    assert looker.found == {}


def test_the_wording_begins_with_the_notes(looker: Looker, noor: Someone):  # noqa: F811
    """The address of the wording leads to its first kind; a wording that cannot be kept comes back with the reason, a kept one says so."""
    looker.be(noor.browser)
    looker.open("/authoring/wording")
    assert looker.person.driver.current_url.endswith("/authoring/wording/feedback")
    looker.look("clinic_words.show", "main h1")
    looker.send("/authoring/wording/feedback", words="")
    looker.look("a wording that cannot be kept", ".trouble, [role='alert']", 422)
    assert looker.found == {}


def test_a_turn_that_the_page_put_in(looker: Looker, database, clock, mika: Someone, noor: Someone):  # noqa: F811
    """The answer comes as a piece of its own (no page), put into the page without a reload; axe looks at the page with it."""
    give_homework(database, noor, mika, now=clock())
    attempt_id = mika.browser.start()
    looker.be(mika.browser)
    looker.open(f"/practice/{attempt_id}")
    looker.person.press("begin")
    looker.person.find("#reply-text")
    before = looker.person.driver.execute_script("return performance.timeOrigin")
    looker.person.say("I feel tired, and I need an evening to myself.")
    asked = looker.person.driver.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
    assert any("/turns/" in name for name in asked), asked
    assert looker.person.driver.execute_script("return performance.timeOrigin") == before
    looker.look("practice.show_one_turn, in its page", "article.turn-speech[id] .answer")
    assert looker.found == {}


def test_the_way_into_a_frame(at_browser, settings: Settings, clock):  # noqa: F811
    """What stands in a frame on the clinic's own site before and after: the way in, a session that ended, and what leaving leaves."""
    app = build_app(  # noqa: F811
        replace(settings, public_url="https://practice.example"), door=WordDoor(), catalogue=TwoScenes(), now=clock, rate_limits=False
    )
    house = app.extensions["house"]
    with house.database.writing() as session:
        change_clinic_settings(session, house.audit, ClinicSettings(embed_origins=("https://a.example",)), by_id="0" * 32, now=house.now())
    with serve(app) as there:
        looker = at_browser(there)
        looker.open("/embed")
        looker.look("embedding.show", "form[action='/embed']")
        looker.open("/embed?ended=1")
        looker.look("embedding.show, ended", ".told")
        looker.open("/embed/left")
        looker.look("embedding.show_left", "main h1")
    assert looker.found == {}


def test_the_second_factor_where_staff_must_have_it(at_browser, settings: Settings, clock):  # noqa: F811
    """The page that everything leads to until the app is set up, and the page while the app cannot be switched off."""
    wanted = replace(settings, staff_second_factor="required")
    app = build_app(wanted, door=WordDoor(), catalogue=TwoScenes(), now=clock, rate_limits=False)  # noqa: F811
    add_login(app, settings, "clinician", "Tove", LOGIN)
    with serve(app) as there:
        looker = at_browser(there)
        looker.open("/sign-in")
        looker.send("/sign-in", name="Tove", passphrase=LOGIN)
        looker.open("/caseload")
        looker.look("the set-up that everything leads to", "form[action='/account/code-app/on']")
        looker.person.find(".languages button[value='de']").click()
        looker.person.find("html[lang='de'] main")
        looker.look("the same in German", "html[lang='de'] form[action='/account/code-app/on']")
        code = pyotp.TOTP(looker.read("input[name='secret']")).at(clock())
        looker.send("/account/code-app/on", code=code, passphrase=LOGIN)
        looker.look("the codes of the app, once", "ul.codes li:nth-child(8)")
        looker.open("/account/code-app")
        looker.look("the app that stays on", "form[action='/account/code-app/on']")
        looker.open("/caseload")
        looker.look("the page that was closed before", "nav.areas")
    assert looker.found == {}


def test_every_page_left_out_there_has_its_moment_here():
    """What `test_clinic_pages` leaves out is looked at in this file by name, or is no page: a file, a redirection, an empty answer."""
    no_pages = {"static", "account.stay", "account.arrive", "homework.save_calendar", "summary.show_pdf", "authoring.hand_out"}
    here = Path(__file__).read_text(encoding="utf-8")
    missing = [endpoint for endpoint in NO_PAGES - no_pages if f'look("{endpoint}' not in here]
    assert missing == []
