"""The widget in a real Chromium, against the web room with the channel of these tests: what happens when the connection fails."""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from sqlalchemy import func, select
from waitress import create_server

from web.database.tables import Turn

pytestmark = pytest.mark.whole_house

BROWSER = Path("/usr/bin/chromium")


@pytest.fixture
def address(app) -> Iterator[str]:
    server = create_server(app, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="module")
def driver(tmp_path_factory) -> Iterator[webdriver.Chrome]:
    if not BROWSER.exists():
        pytest.skip("Chromium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking", "disable-sync"):
        options.add_argument(f"--{argument}")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


class Person:
    """Somebody at the browser, in a talk."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self.address = driver, address
        driver.delete_all_cookies()
        driver.get(address)
        driver.delete_all_cookies()
        driver.get(address)
        self.press(".hero .main-button")
        self.wait_for(lambda: driver.current_url.endswith("/scenes"))
        self.press(".start-form button")
        self.press("form[data-command='begin'] button")
        self.find("#reply-text")

    def find(self, selector: str):
        return self.wait_for(lambda: self.driver.find_element(By.CSS_SELECTOR, selector))

    def press(self, selector: str) -> None:
        self.find(selector)
        self.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    def say(self, text: str) -> None:
        self.find("#reply-text").send_keys(text)
        self.press("#reply button")

    def wait_for(self, what: Callable[[], object], seconds: float = 40):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.05, ignored_exceptions=[Exception]).until(lambda _: what())

    def see(self, words: str):
        return self.wait_for(lambda: words in self.driver.find_element(By.TAG_NAME, "body").text)

    def box(self) -> str:
        return self.find("#reply-text").get_property("value")

    def be_offline(self, offline: bool) -> None:
        conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)


@pytest.fixture
def person(driver, address) -> Iterator[Person]:
    person = Person(driver, address)
    yield person
    person.be_offline(False)
    driver.execute_script("window.dispatchEvent(new Event('leaving'))")  # no question about typed words when the next test begins


def count_replies(app) -> int:
    with app.extensions["house"].database.reading() as session:
        return session.scalar(select(func.count()).select_from(Turn).where(Turn.kind == "speech"))


def test_a_reply_is_drawn_as_after_a_reload(person, app):
    """The answer appears without a reload, focus stays in the box, and a reload shows the same."""
    person.say("I feel torn.")
    person.see("Line 1.")
    assert person.driver.switch_to.active_element.get_attribute("id") == "reply-text"
    assert person.box() == ""
    before = person.find("#log").text
    person.driver.refresh()
    assert person.find("#log").text == before


def test_a_pause_keeps_its_box_and_typed_words_resume(person, app):
    """Paused, the heading takes the focus and the box is there; asking to go on in words brings the talk back, focus in the box."""
    person.press("form[data-command='pause'] button")
    person.wait_for(lambda: person.driver.switch_to.active_element.get_attribute("id") == "paused-title")
    person.say("Okay, shall we go on?")
    person.see("Yes, let us.")
    person.wait_for(lambda: person.find("#stage").get_attribute("data-phase") == "scene")
    person.wait_for(lambda: person.driver.switch_to.active_element.get_attribute("id") == "reply-text")
    assert person.box() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_card_self_check_and_what_carried_over_are_sound_in_a_browser(person, app, scheme, width):
    """The new pages fit the window, axe finds nothing on them, and the card can be kept, printed and withdrawn in the browser."""
    driver = person.driver
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    try:
        check_page(driver)
        person.press("form[data-command='pause'] button")
        person.see("The talk is paused")
        check_page(driver)
        person.press("form[data-command='stop'] button")
        person.find("form[data-command='guess']")
        for command in ("guess", "reveal"):
            person.press(f"form[data-command='{command}'] button")
            person.wait_for(lambda gone=command: not driver.find_elements(By.CSS_SELECTOR, f"form[data-command='{gone}']"))
        check_page(driver)
        person.press(".agreement-pointer a")
        person.find(".agreement-form")
        check_page(driver)
        person.press(".agreement-form button")
        person.see("The card is kept.")
        check_page(driver)
        driver.execute_script("window.print = () => { window.printed = true; }")
        person.press("#print-card")
        assert driver.execute_script("return window.printed === true")
        driver.execute_script("window.confirm = () => true")
        person.press("form[action$='/withdraw'] button")
        person.see("Withdrawn.")
        driver.get(f"{person.address}/carried-over")
        check_page(driver)
        driver.get(f"{person.address}/scenes")
        person.press(".start-form button")
        person.press("#self-check button")
        person.see("You can still stop at any point.")
        check_page(driver)
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def check_page(driver: webdriver.Chrome) -> None:
    """Nothing sticks out of the window, and axe-core 4.12 finds no violation."""
    assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), driver.current_url
    package = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
    driver.execute_script(Path(package, "axe.min.js").read_text(encoding="utf-8"))
    found = driver.execute_async_script("const done = arguments[0]; axe.run().then(done, fault => done({fault: `${fault}`}))")
    assert "fault" not in found and len(found["passes"]) > 10
    assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]] == []


def test_a_lost_connection_loses_nothing(person, app):
    """Offline, the reply stays on the page and is sent when the connection is back: one turn, one answer."""
    person.be_offline(True)
    person.say("I feel torn.")
    person.see("Not sent yet")
    assert count_replies(app) == 0
    person.be_offline(False)
    person.see("Line 1.")
    assert count_replies(app) == 1


def test_an_answer_that_got_lost_is_not_asked_for_twice(person, app, channel):
    """The reply arrives and its answer is lost on the way: the retry with the same id finds it, and Rasa is asked once."""
    lose_answer = (
        "const whole = window.fetch; window.fetch = async (...all) => { await whole(...all); window.fetch = whole; throw new TypeError(); }"
    )
    person.driver.execute_script(lose_answer)
    person.say("I feel torn.")
    person.see("Not sent yet")
    person.see("Line 1.")
    assert len([message for message in channel.seen if message["kind"] == "speech"]) == 1


def test_rasa_away_and_back(person, channel):
    """With Rasa away the page says that the reply is kept; it is sent again by itself or by the button."""
    channel.fail_with = 503
    person.say("I feel torn.")
    person.see("Your partner is not answering just now")
    channel.fail_with = None
    person.press("form[data-resend] button")
    person.see("Line 1.")


def test_a_reply_can_be_taken_back(person, channel):
    """A reply that waits can be taken back: its words return to the box."""
    channel.fail_with = 503
    person.say("I feel torn.")
    person.press("form[data-take-back] button")
    person.wait_for(lambda: person.box() == "I feel torn.")


def test_too_long_stays_in_the_box(person, app):
    """An over-long reply comes back to the box, whole, with a sentence."""
    text = "word " * 500
    put = "const box = document.getElementById('reply-text'); box.value = arguments[0];"
    put += " box.dispatchEvent(new Event('input', {bubbles: true}))"
    person.driver.execute_script(put, text)
    assert "characters too many" in person.find("#reply-count").text
    person.press("#reply button")
    person.see("longer than 2000 characters")
    assert person.box() == text
    assert count_replies(app) == 0


def test_what_is_half_typed_survives_a_pause(person):
    """Words in the box are still there after pause and resume."""
    person.find("#reply-text").send_keys("half a thought")
    person.press("form[data-command='pause'] button")
    person.press("form[data-command='resume'] button")
    person.wait_for(lambda: person.box() == "half a thought")


def test_try_again_puts_the_words_back(person):
    """Trying a reply again starts from its words, and the talk shows the new try."""
    person.say("You never listen.")
    person.see("Line 1.")
    person.press("form[data-command='try_again'] button")
    person.wait_for(lambda: person.box() == "You never listen.")
    person.find("#reply-text").clear()
    person.say("I feel unheard.")
    person.see("See 2 tries side by side")


def test_a_double_press_is_one_reply(person, app, channel):
    """Pressing send again while a reply is on its way sends nothing more."""
    channel.slow_seconds = 0.5
    person.say("I feel torn.")
    person.press("#reply button")
    person.see("Line 1.")
    assert count_replies(app) == 1


def test_help_shows_and_the_box_is_gone(person, app):
    """When safety speaks, help has the focus, the words are off the page, and the talk goes on only by choice."""
    person.say("red-canary words")
    person.see("The exercise is paused")
    person.wait_for(lambda: "help-title" in person.driver.switch_to.active_element.get_attribute("class"))
    assert "red-canary" not in person.driver.page_source
    person.press(".help-panel button[value='not_meant']")
    person.press(".help-folded button")
    assert person.find("#reply-text").is_displayed()


def test_marked_words_tell_why_by_keyboard(person):
    """Focus on marked words shows the reason below the reply; Escape closes it."""
    person.say("I feel torn.")
    mark = person.find(".own .mark")
    person.driver.execute_script("arguments[0].focus()", mark)
    assert "speaks from your side" in person.find(".reasons").text
    mark.send_keys(Keys.ESCAPE)
    assert person.find(".reasons").text == ""


def test_nothing_typed_is_in_the_browsers_storage(person):
    """No storage of the browser holds anything; the address holds no words."""
    person.say("I feel storage-canary.")
    person.see("Line 1.")
    stored = person.driver.execute_script("return JSON.stringify([{...localStorage}, {...sessionStorage}])")
    databases = person.driver.execute_async_script("const done = arguments[0]; indexedDB.databases().then((all) => done(all.length))")
    assert (stored, databases) == ("[{},{}]", 0)
    assert "canary" not in person.driver.current_url


def test_shift_three_times_leaves(person, app):
    """Three presses of Shift close the session and leave the page for the neutral one."""
    person.driver.execute_script("document.querySelector('form[data-leave]').dataset.leave = '/health/live'")
    for _ in range(3):
        webdriver.ActionChains(person.driver).key_down(Keys.SHIFT).key_up(Keys.SHIFT).perform()
    person.wait_for(lambda: person.driver.current_url.endswith("/health/live"))
    person.wait_for(lambda: count_replies(app) == 0)
    person.driver.get(person.address + "/scenes")
    person.see("Your session has ended")


def test_no_script_error_and_no_broken_policy(person):
    """A talk through its phases leaves the console without errors."""
    person.driver.get_log("browser")  # earlier tests went offline on purpose
    person.say("I feel torn.")
    person.see("Line 1.")
    for command in ("hint", "stop", "guess", "reveal"):
        person.press(f"form[data-command='{command}'] button")
        time.sleep(0.4)
    person.see("What turned the talk")
    assert [entry["message"] for entry in person.driver.get_log("browser") if entry["level"] == "SEVERE"] == []
