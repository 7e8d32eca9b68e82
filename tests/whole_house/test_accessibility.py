"""The pages for everyone: by keyboard, on a phone, and as axe-core looks at them, in light and dark."""

import importlib.util
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.whole_house.person import Person


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
