"""A page that nobody uses covers itself, in a real Chromium: only the web app is needed for it, with a lock of three seconds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from werkzeug.serving import make_server

from tests.web.clinic.logins import PASSPHRASE, add_login
from tests.web.conftest import TwoScenes, WordDoor, close
from tests.whole_house.person import Person, open_browser
from web.app import build_app
from web.settings import read_settings


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Person]:
    """Somebody at a Chromium before a web app whose pages cover themselves after three seconds; Mika can sign in."""
    settings = replace(read_settings({"SAYABLE_HOME": str(tmp_path / "home")}), lock_minutes=0.05)
    app = build_app(settings, door=WordDoor(), catalogue=TwoScenes())
    add_login(app, settings, "client", "Mika")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    driver = open_browser(tmp_path / "browser", 390, 844)
    try:
        yield Person(driver, f"http://127.0.0.1:{server.port}")
    finally:
        driver.quit()
        server.shutdown()
        serving.join(10)
        server.server_close()
        close(app)


def test_signed_in_nothing_is_left(quick: Person) -> None:
    """The page is gone, the sign-in page is there, going back shows nothing, and the session's token is dead."""
    quick.open("/sign-in")
    quick.driver.find_element(By.NAME, "name").send_keys("Mika")
    quick.driver.find_element(By.NAME, "passphrase").send_keys(PASSPHRASE)
    quick.click("main form .main-button")
    quick.wait_for(lambda: "/sign-in" not in quick.driver.current_url, "the first page")
    quick.open("/account")
    cookie = quick.driver.get_cookie("practice")
    assert cookie is not None
    quick.wait_for(lambda: quick.driver.current_url.endswith("/sign-in?locked=1"), "the cover")
    assert quick.driver.title == "Practice"
    assert "Mika" not in quick.driver.page_source
    quick.driver.back()
    quick.wait_for(lambda: quick.find_all("h1"), "some page")
    assert "Mika" not in quick.driver.page_source
    quick.driver.add_cookie({"name": "practice", "value": cookie["value"]})
    quick.open("/account")
    assert quick.driver.current_url.endswith("/?ended=1")


def test_a_page_in_use_stays(quick: Person) -> None:
    """Keys pressed every second keep the page for twice as long as the lock waits."""
    quick.come_in()
    for _ in range(12):
        ActionChains(quick.driver).send_keys("a").pause(1).perform()
    assert not quick.find_all("#cover")
    assert quick.find_all("main h1")


def test_a_guest_goes_on_by_a_button(quick: Person) -> None:
    """A guest's page shows nothing but the way on and out of it, and is the same page after that."""
    quick.come_in()
    quick.find("#cover")
    assert not quick.find_all("main h1") and not quick.find_all("header")
    assert [button.text for button in quick.find_all("button")] == ["Go on", "Leave quickly"]
    quick.click("#uncover")
    assert quick.find_all("main h1") and not quick.find_all("#cover")


def test_a_guest_leaves_from_the_cover(quick: Person) -> None:
    """Leaving quickly works on the cover as everywhere: the neutral page is there, and the guest's session has ended."""
    quick.come_in()
    quick.find("#cover")
    quick.driver.execute_script("document.querySelector('form[data-leave]').dataset.leave = '/help'")
    quick.click("#cover .leave-button")
    quick.wait_for(lambda: quick.driver.current_url.endswith("/help"), "the neutral page")
    quick.open("/scenes")
    assert quick.driver.current_url.endswith("/?ended=1")
