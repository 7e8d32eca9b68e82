"""The running house in a real Chromium, as a person uses it: from choosing a scene to the debrief, and through what can go wrong."""

import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from data.rubric.wording import read_wording
from tests.whole_house.person import Person

GUIDE_REPLY = "I feel anxious when you initiate intimacy without a prior check-in; I need a moment to assess"


def criteria_found(turn: WebElement) -> set[str]:
    """The keys of the criteria that the fuller view names; each stands there as its name and whether it helps."""
    named = [name.get_attribute("textContent").strip() for name in turn.find_elements(By.CSS_SELECTOR, ".criteria .criterion dt")]
    helps = r"\s+(helps|can get in the way)"
    names = {key: criterion.name for key, criterion in read_wording().criteria.items()}
    return {key for key in names for shown in named if re.fullmatch(re.escape(names[key]) + helps, shown)}


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
    """ "Leave quickly" goes to another page at once, and the talk cannot be opened again from this browser."""
    person.begin("S17")
    practice = person.driver.current_url
    form = person.find("form.leave")
    person.driver.execute_script("arguments[0].dataset.leave = '/privacy'", form)  # no network in tests: another page of ours will do
    person.click("form.leave button")
    person.wait_for(lambda: "/practice/" not in person.driver.current_url, "another page")
    person.driver.get(practice)
    person.wait_for(lambda: "/practice/" not in person.driver.current_url, "the first screen")
    assert not person.find_all("#reply-text")


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
