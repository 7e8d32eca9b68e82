"""The pages of what went wrong, as axe-core looks at them: everything that `web/errors.py` can show, for everybody who can get there.

The list comes from the handlers that the app has: another handler, status or sentence is looked at too, or a test here fails.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask, request
from sqlalchemy.exc import DBAPIError, OperationalError
from waitress.server import create_server
from werkzeug.exceptions import HTTPException, default_exceptions

from tests.web.browser import Browser
from tests.web.clinic.conftest import Someone, admin, database, make_person, mika, noor, take_into_care  # noqa: F401 - fixtures
from tests.web.conftest import TwoScenes, WordDoor, app, channel, clock, close, new_browser  # noqa: F401 - fixtures
from tests.whole_house.person import Person
from tests.whole_house.test_accessibility import violations
from tests.whole_house.test_clinic_pages import address  # noqa: F401 - fixture
from tests.whole_house.test_clinic_pages import settings as clinic_settings  # noqa: F401 - fixture
from tests.whole_house.test_embedded import browser, ports, practice, serve  # noqa: F401 - fixtures
from tests.whole_house.test_moment_pages import Looker, at_browser, looker, settings  # noqa: F401 - fixtures
from web.api.faults import SENTENCES
from web.app import build_app
from web.rehearsal.faults import RehearsalFault

Make = Callable[[], Exception]
IN_JSON_ALONE = {"second_factor_needed"}
"""Said by the API; a page leads to the set-up instead (tests/web/clinic/test_second_factor.py)."""
NUMBER = re.compile(r"<code>[^<]*</code>")
"""The number of the request, the one thing in which two pages of the same fault differ."""


def list_faults(app: Flask) -> dict[str, Make]:  # noqa: F811
    """A name and a maker of everything that the handlers of `app` answer with a page; the API, which answers JSON, has its own."""
    answering = {blueprint for blueprint, handlers in app.error_handler_spec.items() if any(handlers.values())}
    assert answering == {None, "api"}, "a blueprint answers faults in its own way: look at its pages here too"
    faults: dict[str, Make] = {}
    for handlers in app.error_handler_spec[None].values():
        for kind in handlers:
            if kind is HTTPException:
                faults |= {f"HTTP {status}": found for status, found in default_exceptions.items() if status >= 400}
            elif kind is RehearsalFault:
                faults |= {f"{fault.__name__} {status}": fault for status, fault in find_longest().items()}
            elif issubclass(kind, DBAPIError):
                faults[kind.__name__] = partial(kind, "planted", {}, Exception("planted"))
            else:
                faults[kind.__name__] = partial(kind, "planted")
    return faults


def find_longest() -> dict[int, type[RehearsalFault]]:
    """Of each status that a refusal can have, the one with the longest sentence."""
    kinds, found = [RehearsalFault], {}
    for kind in kinds:
        kinds += kind.__subclasses__()
        if kind.__init__ is RehearsalFault.__init__ and len(str(kind.sentence)) >= len(str(found.get(kind.status, kind).sentence)):
            found[kind.status] = kind
    assert set(found) == {kind.status for kind in kinds}
    return found


def plant(app: Flask) -> None:  # noqa: F811
    """Every address fails as `?planted=NAME` says, behind the gate: whoever comes by is known by then."""
    faults = list_faults(app)

    def fail() -> None:
        if name := request.args.get("planted"):
            raise faults[name]()

    app.before_request_funcs.setdefault(None, []).append(fail)


def list_pages(app: Flask, browser: Browser) -> dict[str, tuple[str, int]]:  # noqa: F811
    """For each different error page of this visitor, by what it says: the name of a fault that brings it about, and the status."""
    found: dict[str, tuple[str, int]] = {}
    for name in list_faults(app):
        answer = browser.client.get("/help", query_string={"planted": name})
        text = answer.get_data(as_text=True)
        assert 'class="card error-page"' in text and "planted" not in text, (name, text)
        assert answer.status_code >= 400, name
        found.setdefault(html.unescape(NUMBER.sub("", text.partition("<main")[2])), (name, answer.status_code))
    return found


@pytest.fixture
def visitors(app: Flask, new_browser, mika: Someone, noor: Someone, admin: Someone) -> dict[str, Browser]:  # noqa: F811
    plant(app)
    people = {"client": mika.browser, "clinician": noor.browser, "administrator": admin.browser}
    return {"nobody": new_browser(), "guest": new_browser().be_guest(), **people}


@pytest.mark.parametrize("who", ["nobody", "guest", "client", "clinician", "administrator"])
def test_axe_finds_nothing_on_any_page_of_an_error(app: Flask, looker: Looker, visitors: dict[str, Browser], who: str):  # noqa: F811
    """Whatever a handler can answer is a page that axe finds nothing on, for nobody, guests and every role, at a desk and on a phone."""
    pages = list_pages(app, visitors[who])
    looker.be(None if who == "nobody" else visitors[who])
    for name, status in pages.values():
        looker.open(f"/help?planted={name}")
        looker.look(name, ".error-page", status)
    assert looker.found == {}


def test_every_sentence_is_looked_at(app: Flask, visitors: dict[str, Browser]):  # noqa: F811
    """Each sentence that the house has for a fault stands on one of the pages above: a new one comes with what brings it about."""
    said = "".join(list_pages(app, visitors["guest"]))
    with app.test_request_context("/"):
        assert [code for code, sentence in SENTENCES.items() if sentence() not in said] == sorted(IN_JSON_ALONE)


def test_in_a_frame(practice: Flask, browser: Person, ports):  # noqa: F811
    """In a frame on the clinic's own site axe finds nothing on any error page, and its way back stays there; help opens before a visit."""
    plant(practice)
    inside = f"https://practice.example:{ports[0]}"
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    browser.open("/")
    browser.driver.switch_to.frame(browser.find("iframe"))
    browser.click("main a[href='/help']")
    browser.wait_for(lambda: len(browser.driver.window_handles) == 2, "help in a tab of its own")
    browser.driver.switch_to.window(browser.driver.window_handles[1])
    browser.find(".help-page")
    browser.driver.close()
    browser.driver.switch_to.window(browser.driver.window_handles[0])
    browser.driver.switch_to.frame(browser.find("iframe"))
    for who, path in (("nobody", "/embed"), ("guest", "/help")):  # without a visit, the entry alone belongs to a frame
        if who == "guest":
            browser.click(".error-page a.button")
            browser.click("main form button.main-button")
            browser.find("form.start-form")
        for name in list_faults(practice):
            browser.driver.execute_script("location.href = arguments[0]", f"{inside}{path}?planted={name}")
            browser.wait_for(lambda: at(browser, name), f"the page of {name}")  # noqa: B023 - waited for within the round
            text = f"{who}: {browser.find('main').text.partition('number')[0]}"
            if text not in seen:
                seen.add(text)
                found[f"{name}, {who}"] = violations(browser) + measure_width(browser)
    assert len(seen) >= 2 * len(SENTENCES)
    assert {page: faults for page, faults in found.items() if faults} == {}
    browser.click(".error-page a.button")
    browser.find("form.start-form")


def at(browser: Person, name: str) -> bool:  # noqa: F811
    """Whether the frame shows the page of this fault."""
    here = browser.driver.execute_script("return document.readyState === 'complete' && decodeURIComponent(location.search)")
    return here == f"?planted={name}" and bool(browser.find_all(".error-page"))


def measure_width(browser: Person) -> list[str]:  # noqa: F811
    wide = browser.driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wide} pixels too wide"] if wide > 0 else []


@pytest.fixture
def limited(settings, clock) -> Iterator[tuple[Flask, str]]:  # noqa: F811
    """The house with its rate limits, under the server that it runs under, and its address."""
    app = build_app(settings, door=WordDoor(), catalogue=TwoScenes(), now=clock)  # noqa: F811
    server = create_server(app, host="127.0.0.1", port=0, ident=None, max_request_body_size=512 * 1024)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(10)
    close(app)


def test_as_they_come_about(limited, at_browser, monkeypatch):  # noqa: F811
    """Too much at once, too often, a fault of the program and a database that is away: what a guest does leads to the page of each."""
    app, there = limited  # noqa: F811
    looker = at_browser(there)  # noqa: F811
    looker.person.come_in()
    house = app.extensions["house"]

    def be_broken(*given, **more):
        raise RuntimeError("planted")

    def be_away(*given, **more):
        raise OperationalError("planted", {}, Exception("planted"))

    with monkeypatch.context() as patched:
        patched.setattr(type(house.catalogue), "list_cards", be_broken)
        looker.open("/scenes")
        looker.look("500", ".error-page", 500)
    with monkeypatch.context() as patched:
        patched.setattr(type(house.database), "reading", be_away)
        patched.setattr(type(house.database), "reading_rows", be_away)
        looker.open("/scenes")
        looker.look("503", ".error-page", 503)
    looker.open("/scenes")
    looker.send("/scenes/start", scene="S" * 300_000)
    looker.look("413", ".error-page", 413)
    cookie = looker.person.driver.get_cookie("practice")
    hurried = Browser(app.test_client())
    hurried.client.set_cookie("practice", cookie["value"])
    hurried.open("/scenes")
    assert 429 in [hurried.post_form("/scenes/start").status_code for _ in range(40)]
    looker.open("/scenes")
    looker.send("/scenes/start", scene="S17")
    looker.look("429", ".error-page", 429)
    assert looker.found == {}
