"""The way through the clinic, by two people at two browsers: what each does there, one verb each."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.whole_house.person import Person

PASSPHRASE_OF_CLINICIAN = "harbour ladle quiet tuesday"
PASSPHRASE_OF_CLIENT = "three lamps under the stairs"
LAST_WORD = "erase everything"

Look = Callable[[Person, str, str], None]
"""Called with who, a name for the page, and the selector of what should stand at the top: to photograph it, or to do nothing."""


def press_text(person: Person, words: str) -> None:
    """Press the first button or link that shows exactly these words."""
    path = f"//main//*[self::button or self::a or self::summary][normalize-space(.)={quote(words)}]"
    found = person.wait_for(
        lambda: [element for element in person.driver.find_elements(By.XPATH, path) if element.is_displayed()], f"“{words}” to press"
    )[0]
    person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    found.click()


def quote(words: str) -> str:
    """As a string of XPath 1.0, which knows no escapes."""
    return f"'{words}'" if "'" not in words else f'"{words}"'


def say_yes(person: Person) -> None:
    """Answer the question that a page asks before something that cannot be undone."""

    def answer() -> bool:
        try:
            person.driver.switch_to.alert.accept()
        except NoAlertPresentException:
            return False
        return True

    person.wait_for(answer, "a question to answer")


def fill(person: Person, selector: str, words: str) -> None:
    field = person.find(selector)
    field.clear()
    field.send_keys(words)


def read_page(person: Person) -> str:
    return person.find("main").text


def wait_for_text(person: Person, words: str) -> None:
    person.wait_for(lambda: words in read_page(person), f"“{words}” on the page")


def join(person: Person, link: str, name: str, passphrase: str, look: Look) -> None:
    """Open an invitation, choose name and passphrase, keep the recovery code."""
    person.driver.get(link)
    person.find("input[name='passphrase']")
    look(person, "joining", "h1")
    fill(person, "input[name='name']", name)
    Select(person.find("select[name='time_zone']")).select_by_value("Europe/Lisbon")
    fill(person, "input[name='passphrase']", passphrase)
    person.click("form.fields button[type='submit']")
    press_text(person, "Show me my recovery code")
    person.find(".codes code")
    press_text(person, "I have kept it – go on")


def invite(person: Person, label: str, look: Look) -> str:
    """Make a card for a client; gives its link."""
    person.open("/invitations")
    fill(person, "input[name='label']", label)
    press_text(person, "Make the card")
    link = person.find("input.code-field[readonly]").get_attribute("value")
    look(person, "card", "h1")
    assert link is not None
    return link


def give_homework(person: Person, label: str, scene: str, attempts: int, note: str, look: Look) -> None:
    person.open("/caseload")
    press_text(person, label)
    press_text(person, "Homework")
    press_text(person, "Give homework")
    person.click(f"input[name='scene'][value='{scene}']")
    press_text(person, "Go on with what is ticked")
    fill(person, "input[name='attempts-1']", str(attempts))
    fill(person, "#note", note)
    look(person, "homework-form", "h1")
    press_text(person, "Give this homework")
    wait_for_text(person, "Given. It stands on their homework page now.")


AND_THEN = ("What is that like for you?", "So you would like me to tell you earlier. Is that right?")
"""With three replies a rehearsal counts for homework."""


def practise(person: Person, reply: str, look: Look) -> str:
    """Play the first piece of homework with `reply` and two more, to the debrief; gives the attempt's id."""
    person.open("/homework")
    look(person, "homework", "h1")
    person.click(".item-acts .begin-form button")
    person.press("begin")
    person.say(reply)
    look(person, "talk", "article.turn-speech[id]")
    for words in AND_THEN:
        person.say(words)
    person.press("stop")
    person.find("input[name='feeling']").send_keys("lonely")
    person.press("guess")
    person.wait_for(lambda: person.find_all("form[data-command='reveal'] button") or person.find_all(".debrief"), "the other side")
    if person.find_all("form[data-command='reveal'] button"):
        person.press("reveal")
    person.find(".debrief")
    look(person, "debrief", "#debrief-title")
    person.press("debrief")
    person.wait_for(lambda: not person.find_all("form[data-command='debrief']"), "the end")
    return person.driver.current_url.rsplit("/", 1)[1].split("#")[0]


def share(person: Person, attempt_id: str, name: str, look: Look) -> None:
    """Look at the preview of the talk, then share it."""
    person.open(f"/practice/{attempt_id}")
    press_text(person, "Share …")
    person.click("input[name='talk']")
    press_text(person, "Show me exactly what will be seen")
    person.find(".preview-frame")
    look(person, "share-preview", "#preview-title")
    press_text(person, f"Share this with {name}")
    wait_for_text(person, "Shared.")


def comment(person: Person, words: str, look: Look) -> None:
    """Write a comment beside the first reply of the shared talk that is open."""
    person.click("article aside.comments summary, .turn-speech aside.comments summary, .shared-view aside.comments summary")
    field = person.wait_for(lambda: person.find_all(".shared-view aside.comments textarea"), "the field for a comment")[0]
    field.send_keys(words)
    look(person, "comment", ".shared-view")
    form = field.find_element(By.XPATH, "./ancestor::form")
    form.find_element(By.CSS_SELECTOR, "button").click()
    wait_for_text(person, words)


def export(person: Person, passphrase: str, folder: Path, look: Look) -> dict[str, bytes]:
    """Save everything as a file; gives what is in it, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    person.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    person.open("/my-data")
    look(person, "my-data", "h1")
    fill(person, "form[action$='/my-data/export'] input[name='passphrase']", passphrase)
    person.click("form[action$='/my-data/export'] button")
    saved = person.wait_for(lambda: list(folder.glob("*.zip")), "the saved file")[0]
    with zipfile.ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def erase_everything(person: Person, passphrase: str, look: Look) -> None:
    person.open("/my-data")
    press_text(person, "Erase my account")
    fill(person, "form[action$='/account/erase'] input[name='word']", LAST_WORD)
    fill(person, "form[action$='/account/erase'] input[name='passphrase']", passphrase)
    person.click("form[action$='/account/erase'] button")
    person.find(".receipt")
    look(person, "receipt", "h1")
