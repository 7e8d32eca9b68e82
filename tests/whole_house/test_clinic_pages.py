"""Every page of the clinic as axe-core looks at it, with data on it: in light and dark, at a desk and on a phone.

The web app runs here in this process with a stand-in for Rasa; the pages are drawn from the routes, so a new one is looked at too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.clinic.conftest import (  # noqa: F401 - fixtures
    admin,
    database,
    make_person,
    mika,
    noor,
    other_client,
    other_clinician,
    take_into_care,
)
from tests.web.clinic.one_of_everything import World, fill_address, make_world
from tests.web.clinic.test_route_matrix import OWNERS, ROLES
from tests.web.conftest import app, channel, clock, new_browser  # noqa: F401 - fixtures
from tests.whole_house.person import Person, open_browser
from tests.whole_house.test_accessibility import violations
from web.access.route_rules import OPEN_ROUTES, find_rule
from web.settings import Settings, read_settings

NO_PAGES = frozenset(
    {
        "static",
        "account.stay",
        "account.arrive",
        "homework.save_calendar",
        "summary.show_pdf",
        "authoring.hand_out",
        "clinic_words.show",
        "embedding.show",
        "embedding.show_left",
        "leaving.show_receipt",
        "sign_in.show_code",
        "joining.show_invitation",
        "practice.show_one_turn",
    }
)
"""Files, answers without a page of their own, and pages that need a moment of their own."""


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        return


@pytest.fixture
def settings(tmp_path: Path, channel) -> Settings:  # noqa: F811
    home, secret = str(tmp_path / "home"), channel.secret
    return read_settings(
        {"SAYABLE_HOME": home, "SAYABLE_RASA_URL": channel.url, "SAYABLE_CHANNEL_SECRET": secret, "SAYABLE_LOCK_MINUTES": "120"}
    )


@pytest.fixture
def address(app) -> Iterator[str]:  # noqa: F811
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def world(app, new_browser, make_person, take_into_care, mika, noor, admin, other_client, other_clinician) -> World:  # noqa: F811
    former = make_person("clinician", "Tove")
    take_into_care(former, mika)
    others = {"other_client": other_client, "other_clinician": other_clinician}
    return make_world(app.extensions["house"], new_browser, mika, noor, admin, others, former)


def list_pages(app, world: World, who: str) -> list[tuple[str, str]]:  # noqa: F811
    """Endpoint and address of every page that opens to this visitor."""
    found = []
    for rule in app.url_map.iter_rules():
        area = rule.endpoint.split(".")[0]
        if "GET" not in rule.methods or rule.endpoint in NO_PAGES or area in ("api", "health"):
            continue
        if rule.endpoint in OPEN_ROUTES:
            if who != "nobody":
                continue
        elif who == "nobody" or ROLES[who] not in find_rule(rule.endpoint) or ("<" in rule.rule and who not in OWNERS[area]):
            continue
        found.append((rule.endpoint, fill_address(rule.rule, world.ids)))
    return sorted(found)


@pytest.mark.parametrize("who", ["nobody", "mika", "noor", "admin"])
def test_axe_finds_nothing_on_any_page_of_the_clinic(app, world: World, address: str, tmp_path: Path, who: str):  # noqa: F811
    """No page of this role has a violation that axe knows: light at a desk, dark on a phone, where nothing is scrolled sideways either."""
    found: dict[str, list[str]] = {}
    looked = 0
    for look, width, height, scheme in (("desk, light", 1280, 900, "light"), ("phone, dark", 390, 844, "dark")):
        driver = open_browser(tmp_path / look, width, height)
        try:
            person = Person(driver, address)
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            person.open("/help")
            cookie = world.people[who].client.get_cookie("practice")
            if who != "nobody":
                assert cookie is not None
                driver.add_cookie({"name": "practice", "value": cookie.value, "path": "/"})
            for endpoint, path in list_pages(app, world, who):
                person.open(path)
                assert person.find_all("main h1"), (endpoint, driver.title)
                faults = violations(person)
                wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if wide > 0:
                    faults.append(f"{wide} pixels too wide")
                if faults:
                    found[f"{endpoint} ({look})"] = faults
                looked += 1
            noise = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
            if noise:
                found[f"console ({look})"] = noise
        finally:
            driver.quit()
    assert not found, "\n" + "\n".join(f"{page}: {fault}" for page, faults in found.items() for fault in faults)
    assert looked >= 2 * {"nobody": 6, "mika": 12, "noor": 18, "admin": 4}[who]
