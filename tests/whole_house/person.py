"""Somebody at a real Chromium in front of the running house: what a person does there, one verb each."""

from collections.abc import Callable
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

ANSWER_SECONDS = 40


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

    def photograph(self, folder: Path, name: str, top: str = "h1") -> None:
        """Keep a picture of the window, scrolled so that the first element of `top` stands below the page's header."""
        folder.mkdir(parents=True, exist_ok=True)
        header = self.driver.find_element(By.CSS_SELECTOR, "header.top").rect["height"]
        below_header = self.driver.find_element(By.CSS_SELECTOR, top).rect["y"] - header - 26
        self.driver.execute_script("scrollTo({top: arguments[0], behavior: 'instant'})", below_header)
        self.rest()
        self.driver.save_screenshot(str(folder / f"{name}.png"))


def open_browser(profile: Path, width: int, height: int, *more: str) -> webdriver.Chrome:
    """A fresh headless Chromium with its profile in `profile`, a window of `width` by `height` pixels and `more` arguments."""
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
        f"--user-data-dir={profile}",
        f"--window-size={width},{height}",
        *more,
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    if width < 500:  # headless windows have a least width; the device's own measure has none
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return driver
