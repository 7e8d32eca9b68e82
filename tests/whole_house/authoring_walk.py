"""Writing a scene at a browser: what a clinician does there, one verb each."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from tests.whole_house.clinic_walk import press_text, wait_for_text
from tests.whole_house.person import Person


def copy_scene(person: Person, source: str) -> str:
    """Begin a draft with one of our scenes; gives the new scene's id."""
    person.open("/authoring")
    Select(person.find("select[name='source']")).select_by_value(source)
    person.click("form[action$='/authoring/new'] button")
    wait_for_text(person, "Here is your draft.")
    return person.driver.current_url.rsplit("/", 1)[1].split("?")[0]


def open_section(person: Person, scene_id: str, key: str) -> None:
    """Open a section of the form from the page of its scene; it has been checked once when this comes back."""
    person.open(f"/authoring/{scene_id}")
    person.click(f".section-list a[href$='/sections/{key}']")
    person.wait_for(lambda: person.find("#check-sum").text, "the first check")


def write(person: Person, name: str, words: str) -> WebElement:
    """Put other words into a field, key by key, as somebody types them."""
    field = person.find(f"[name='{name}']")
    field.clear()
    field.send_keys(words)
    return field


def read_faults(person: Person, name: str) -> str:
    """What is told beside a field; empty when there is nothing to tell."""
    return " ".join(place.text for place in person.find_all(f"[data-fault-for='{name}']"))


def keep(person: Person) -> None:
    person.click(".author-acts button[value='keep']")
    wait_for_text(person, "Kept.")


def play(person: Person, scene_id: str, level: str, reply: str) -> str:
    """Try the draft from its first line to what was underneath; gives the page of the talk amid it, after the reply."""
    person.open(f"/authoring/{scene_id}")
    press_text(person, "Try it")
    Select(person.find("select[name='level']")).select_by_value(level)
    person.click("form[action$='/preview'] button")
    press_button(person, "begin")
    person.find("textarea[name='text']").send_keys(reply)
    person.click("form.fields:has(textarea[name='text']) button")
    person.find(".own-bubble")
    amid = person.find("main").text
    for command in ("stop", "guess"):
        press_button(person, command)
    if person.find_all("form:has(input[name='command'][value='reveal']) button"):
        press_button(person, "reveal")
    return amid


def press_button(person: Person, command: str) -> None:
    """Press a button of the preview; comes back when the page that answers is there."""
    before = person.find(f"form:has(input[name='command'][value='{command}']) button")
    person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", before)
    before.click()
    person.wait_for(lambda: person.driver.execute_script("return document.readyState") == "complete" and is_gone(before), command)


def is_gone(element: WebElement) -> bool:
    try:
        element.is_enabled()
    except Exception:  # the page it stood on is no longer there, which each driver words in its own way
        return True
    return False


def publish(person: Person, scene_id: str) -> None:
    person.open(f"/authoring/{scene_id}")
    press_text(person, "Publish to the clinic")
    wait_for_text(person, "Published.")


def begin_next_version(person: Person, scene_id: str) -> None:
    person.open(f"/authoring/{scene_id}")
    press_text(person, "New version from this")
    wait_for_text(person, "Here is your draft.")


def save_file(person: Person, scene_id: str, version: int, folder: Path) -> Path:
    """Save a version as a file; gives where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    person.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    person.open(f"/authoring/{scene_id}")
    person.click(f"a[href$='/versions/{version}/scene.yml']")
    return person.wait_for(lambda: list(folder.glob("*.yml")), "the saved file")[0]


def take_in(person: Person, path: Path) -> str:
    """Take a file in from the form; gives the id that it has here."""
    person.open("/authoring")
    person.driver.find_element(By.CSS_SELECTOR, "input[name='file']").send_keys(str(path))
    press_text(person, "Take in")
    wait_for_text(person, "Taken in as a draft.")
    return person.driver.current_url.rsplit("/", 1)[1].split("?")[0]
