"""The running house in a real Chromium, as a person uses it: from choosing a scene to the debrief, and through what can go wrong."""

import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from data.rubric.wording import read_wording

GUIDE_REPLY = "I feel anxious when you initiate intimacy without a prior check-in; I need a moment to assess"
ANSWER_SECONDS = 40
PICTURES = os.environ.get("SAYABLE_PICTURES")  # a folder for the pictures that the documents show


class Person:
    """Somebody at the browser."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self, path: str) -> None:
        self.driver.get(self.address + path)

    def find(self, selector: str) -> WebElement:
        return self.wait_for(lambda: self.find_all(selector), f"{selector} on the page")[0]

    def find_all(self, selector: str) -> list[WebElement]:
        return [element for element in self.driver.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]

    def wait_for(self, what: Callable[[], object], why: str, seconds: float = ANSWER_SECONDS):
        return WebDriverWait(self.driver, seconds, ignored_exceptions=[Exception]).until(lambda _: what(), f"waited in vain: {why}")

    def click(self, selector: str) -> None:
        element = self.find(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def press(self, command: str) -> None:
        """Press the first button of a command ("begin", "stop", …)."""
        self.click(f"form[data-command='{command}'] button[type='submit']")

    def come_in(self) -> None:
        self.open("/")
        self.click("main form button.main-button")
        self.wait_for(lambda: self.driver.current_url.endswith("/scenes"), "the scenes")

    def take_scene(self, scene: str) -> None:
        self.click(f"form.start-form:has(input[name='scene'][value='{scene}']) button")
        self.find("form[data-command='begin'] button")

    def begin(self, scene: str) -> None:
        self.come_in()
        self.take_scene(scene)
        self.press("begin")
        self.find("#reply-text")

    def type(self, text: str) -> None:
        self.find("#reply-text").send_keys(text)

    def say(self, text: str) -> WebElement:
        """Type and send a reply, wait for its answer; gives the turn's article."""
        before = len(self.answered())
        self.type(text)
        self.click("#reply button[type='submit']")
        self.wait_for(lambda: len(self.answered()) > before, "the partner's answer")
        return self.answered()[-1]

    def answered(self) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, "article.turn-speech[id]:has(.answer)")

    def words_said(self) -> list[str]:
        return [words.get_attribute("textContent") for words in self.driver.find_elements(By.CSS_SELECTOR, ".turn-speech .own .words")]

    def browser_storage(self) -> list[str]:
        return self.driver.execute_script(
            "return [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].filter(kept => kept)"
        )

    def rest(self) -> None:
        """Wait until nothing on the page fades or moves any more."""
        self.wait_for(lambda: self.driver.execute_script("return document.getAnimations().length === 0"), "a page at rest")

    def photograph(self, name: str, top: str = "h1") -> None:
        """Keep a picture of the window, scrolled so that the first element of `top` stands below the page's header."""
        assert PICTURES is not None
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        below_header = self.driver.find_element(By.CSS_SELECTOR, top).rect["y"] - 90
        self.driver.execute_script("scrollTo({top: arguments[0], behavior: 'instant'})", below_header)
        self.rest()
        self.driver.save_screenshot(str(Path(PICTURES) / f"{name}.png"))


def criteria_found(turn: WebElement) -> set[str]:
    """The keys of the criteria that the fuller view names; each stands there as its name and whether it helps."""
    named = [name.get_attribute("textContent").strip() for name in turn.find_elements(By.CSS_SELECTOR, ".criteria .criterion dt")]
    helps = r"\s+(helps|can get in the way)"
    names = {key: criterion.name for key, criterion in read_wording().criteria.items()}
    return {key for key in names for shown in named if re.fullmatch(re.escape(names[key]) + helps, shown)}


@pytest.fixture
def person(house, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody at a fresh Chromium, in a window 1440 by 900 unless the test is marked otherwise."""
    house.wait_until_healthy()
    width, height = getattr(request, "param", (1440, 900))
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path / 'browser'}",
        f"--window-size={width},{height}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    if width < 500:  # headless windows have a least width; the device's own measure has none
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield Person(driver, house.address)
    finally:
        driver.quit()


def test_s01_from_choosing_to_the_debrief(person: Person):
    """S01 in the browser: the guide's reply shows feeling, observation and need, no blame; a request is the next step; then the debrief."""
    person.open("/")
    person.come_in()
    person.take_scene("S01")
    assert "Sam" in person.find(".briefing").text
    person.press("begin")

    turn = person.say(GUIDE_REPLY)

    assert person.words_said() == [GUIDE_REPLY]
    found = criteria_found(turn)
    assert {"feeling", "observation", "need"} <= found
    assert not {"blame", "request"} & found
    note = turn.find_element(By.CSS_SELECTOR, ".note").text
    assert "One thing to try" in note
    assert "ask" in note.lower() or "request" in note.lower()
    marked = " ".join(mark.text for mark in turn.find_elements(By.CSS_SELECTOR, ".mark.skill"))
    assert "anxious" in marked
    assert turn.find_element(By.CSS_SELECTOR, ".answer .partner-bubble").text

    person.say("Would you be willing to ask me first, just with a word, before you start?")
    person.press("stop")
    person.find("input[name='feeling']").send_keys("embarrassed")
    person.find("input[name='need']").send_keys("to be wanted")
    person.press("guess")
    person.wait_for(lambda: person.find_all("form[data-command='reveal'] button") or person.find_all(".debrief"), "the other side")
    if person.find_all("form[data-command='reveal'] button"):
        person.press("reveal")
    assert "Sam" in person.find(".debrief .reveal").text
    assert person.find_all(".skill-counts li")
    person.press("debrief")
    person.wait_for(lambda: not person.find_all("form[data-command='debrief']"), "the end")
    assert person.find(".debrief")
    assert person.browser_storage() == []


def test_reasons_open_by_keyboard(person: Person):
    """Marked words show on focus why they are marked; Escape closes the reason, Enter opens it again."""
    person.begin("S17")
    turn = person.say("I feel sad and I need an evening to myself.")
    mark = turn.find_element(By.CSS_SELECTOR, ".mark")
    reason = turn.find_element(By.ID, mark.get_attribute("aria-describedby"))
    assert mark.get_attribute("tabindex") == "0"
    person.driver.execute_script("arguments[0].focus()", mark)
    person.wait_for(lambda: reason.is_displayed(), "the reason on focus")
    assert reason.text
    mark.send_keys(Keys.ESCAPE)
    person.wait_for(lambda: not reason.is_displayed(), "no reason after Escape")
    mark.send_keys(Keys.ENTER)
    person.wait_for(lambda: reason.is_displayed(), "the reason after Enter")


def test_a_reload_in_the_middle(person: Person):
    """After a reload the same talk stands there, word for word; the browser's storage holds nothing of it."""
    person.begin("S17")
    person.say("I'd like one evening a week on my own 🙂. It isn't about you.")
    person.say("What is that like for you?")
    before = person.find("#log").text
    assert person.browser_storage() == []
    person.driver.refresh()
    person.find("#reply-text")
    assert person.find("#log").text == before
    person.say("Thank you for telling me.")
    assert len(person.words_said()) == 3


@pytest.mark.parametrize("part", ["rasa", "actions", "web"])
def test_a_part_dies_while_the_page_is_open(house, person: Person, part: str):
    """The part is killed, a reply is sent: the page says that it is kept, and with or without "Send again" it is answered, once."""
    person.begin("S17")
    person.say("I'd like one evening a week on my own.")
    house.kill(part)
    person.type("What is that like for you?")
    person.click("#reply button[type='submit']")
    person.wait_for(lambda: "What is that like for you?" in person.words_said(), "the reply on the page")
    house.wait_until_healthy()

    def is_answered() -> bool:
        for button in person.find_all("form[data-resend] button"):
            button.click()
        return len(person.answered()) == 2 and not person.find_all("form[data-resend]")

    person.wait_for(is_answered, "the answer to the kept reply", 90)
    assert person.words_said() == ["I'd like one evening a week on my own.", "What is that like for you?"]
    person.say("And Tuesdays?")
    person.driver.refresh()
    person.find("#reply-text")
    assert len(person.words_said()) == 3


def test_too_long_a_reply_stays_in_the_box(person: Person):
    """Over 2,000 characters: refused with a reason, and the whole text is still in the box."""
    person.begin("S17")
    long = "word " * 401
    box = person.find("#reply-text")
    person.driver.execute_script("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", box, long)
    person.click("#reply button[type='submit']")
    person.wait_for(lambda: person.find_all("#fault"), "a reason")
    assert "2000" in person.find("#fault").text
    assert person.find("#reply-text").get_attribute("value").strip() == long.strip()


def test_crisis_pauses_and_help_shows(person: Person):
    """Words of crisis: the exercise pauses, help stands there, the words do not, and one can go on."""
    person.begin("S17")
    person.type("I want to kill myself")
    person.click("#reply button[type='submit']")
    panel = person.find(".help-panel")
    assert panel.text
    assert "kill myself" not in person.driver.page_source
    person.click(".help-panel button[value='resume']")
    person.wait_for(lambda: not person.find_all(".help-panel"), "the exercise again")


def test_leaving_quickly_ends_the_session(person: Person):
    """"Leave quickly" goes to another page at once, and the talk cannot be opened again from this browser."""
    person.begin("S17")
    practice = person.driver.current_url
    form = person.find("form.leave")
    person.driver.execute_script("arguments[0].dataset.leave = '/privacy'", form)  # no network in tests: another page of ours will do
    person.click("form.leave button")
    person.wait_for(lambda: "/practice/" not in person.driver.current_url, "another page")
    person.driver.get(practice)
    person.wait_for(lambda: "/practice/" not in person.driver.current_url, "the first screen")
    assert not person.find_all("#reply-text")


@pytest.mark.parametrize("person", [(360, 740)], indirect=True, ids=["phone"])
def test_a_phone_sized_window(person: Person):
    """At 360 pixels nothing has to be scrolled sideways, on any page of a talk, and it can be played."""
    for path in ("/", "/help", "/privacy"):
        person.open(path)
        assert_fits(person, path)
    person.begin("S17")
    assert_fits(person, "a scene")
    person.say("I feel nervous, and averyveryverylongwordthatdoesnotendatallandgoesonandonandonandonandonandonandon.")
    assert_fits(person, "a reply with feedback")
    person.press("stop")
    person.find("input[name='feeling']")
    assert_fits(person, "the guess")


def assert_fits(person: Person, where: str) -> None:
    wide = person.driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where} is {wide} pixels too wide"


def test_only_one_line_when_asked_for(person: Person):
    """With notes set to one line the fuller view is not there."""
    person.come_in()
    card = person.find("form.start-form:has(input[value='S17'])")
    Select(card.find_element(By.NAME, "feedback")).select_by_value("line")
    person.take_scene("S17")
    person.press("begin")
    turn = person.say("I feel sad and I need an evening to myself.")
    assert turn.find_elements(By.CSS_SELECTOR, ".note")
    assert not turn.find_elements(By.CSS_SELECTOR, ".criteria")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_console_is_silent(person: Person, scheme: str):
    """No page of a talk has a violation that axe knows, in light and dark; no script fails and no policy is broken."""
    person.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    found = {}
    for path in ("/", "/help", "/privacy"):
        person.open(path)
        found[path] = violations(person)
    person.come_in()
    found["scenes"] = violations(person)
    person.take_scene("S17")
    found["briefing"] = violations(person)
    person.press("begin")
    person.say("You never listen. I feel used, and I need an evening to myself. Would Tuesday work for you?")
    found["talk"] = violations(person)
    person.press("pause")
    person.find("form[data-command='resume'] button")
    found["paused"] = violations(person)
    person.press("stop")
    person.find("input[name='feeling']")
    found["guess"] = violations(person)
    person.press("guess")
    person.wait_for(lambda: person.find_all("form[data-command='reveal'] button") or person.find_all(".debrief"), "the other side")
    if person.find_all("form[data-command='reveal'] button"):
        person.press("reveal")
    person.find(".debrief")
    found["debrief"] = violations(person)
    assert {page: faults for page, faults in found.items() if faults} == {}
    noise = [entry["message"] for entry in person.driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert noise == []


def read_axe() -> str:
    """The script of axe-core 4.12, as a file inside a package whose own Python part we do not use."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None
    assert package.submodule_search_locations is not None
    return (Path(package.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def violations(person: Person) -> list[str]:
    """What axe finds on the page as it stands: its rule and the place."""
    person.rest()
    person.driver.execute_script(read_axe())
    found = person.driver.execute_async_script("const done = arguments[0]; axe.run().then(done, fault => done({fault: `${fault}`}))")
    assert "fault" not in found, found
    assert len(found["passes"]) > 10, "axe looked at nothing"
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found["violations"]]


@pytest.mark.skipif(PICTURES is None, reason="takes the pictures for the documents; SAYABLE_PICTURES names their folder")
@pytest.mark.parametrize("person", [(1200, 1010)], indirect=True, ids=["window"])
def test_pictures_for_the_documents(person: Person):
    """The first screen, the scenes, a talk with its notes and a debrief can be photographed from the running house."""
    person.open("/")
    person.photograph("welcome")
    person.come_in()
    person.photograph("scenes")
    person.take_scene("S01")
    person.press("begin")
    person.say(GUIDE_REPLY)
    person.photograph("talk")
    person.say("Would you be willing to ask me first, just with a word, before you start?")
    person.press("stop")
    person.find("input[name='feeling']").send_keys("embarrassed")
    person.press("guess")
    person.wait_for(lambda: person.find_all("form[data-command='reveal'] button") or person.find_all(".debrief"), "the other side")
    if person.find_all("form[data-command='reveal'] button"):
        person.press("reveal")
    person.find(".debrief")
    person.photograph("debrief")
