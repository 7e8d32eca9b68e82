"""The practice page in a sandboxed frame of another site, over TLS, in real Chromium with third-party cookies blocked."""

from __future__ import annotations

import datetime
import ipaddress
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from tests.web.conftest import TwoScenes, WordDoor, channel, clock, close, settings  # noqa: F401 - fixtures
from tests.whole_house.conftest import find_free_ports
from tests.whole_house.person import Person, open_browser
from web.app import build_app
from web.clinic.clinic_settings import ClinicSettings, change_clinic_settings

ROOT = Path(__file__).resolve().parents[2]


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        return


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[object, int], None]]:
    """`serve(app, port)`: over TLS, with a certificate made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    running = []

    def start(app: object, port: int) -> None:
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent, ssl_context=context)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture
def ports() -> list[int]:
    return find_free_ports(2)


@pytest.fixture
def practice(settings, clock, serve, ports) -> Iterator[Flask]:  # noqa: F811
    """The house at https://practice.example, which lets https://clinic.example (and nobody else) show it."""
    app = build_app(
        replace(settings, public_url=f"https://practice.example:{ports[0]}"),
        door=WordDoor(),
        catalogue=TwoScenes(),
        now=clock,
        rate_limits=False,
    )
    house = app.extensions["house"]
    with house.database.writing() as session:
        wanted = ClinicSettings(embed_origins=(f"https://clinic.example:{ports[1]}",))
        change_clinic_settings(session, house.audit, wanted, by_id="0" * 32, now=house.now())
    serve(app, ports[0])
    yield app
    close(app)


@pytest.fixture
def browser(practice, serve, ports, tmp_path: Path) -> Iterator[Person]:
    """A phone-sized browser; clinic.example and stranger.example show the frame exactly as docs/EMBEDDING.md writes it."""
    snippet = re.search(r"<iframe.*?</iframe>", (ROOT / "docs" / "EMBEDDING.md").read_text(), re.S)
    assert snippet is not None
    page = '<!doctype html><meta name="viewport" content="width=device-width"><title>Clinic</title><h1>Our clinic</h1>' + snippet[
        0
    ].replace("https://practice.example", f"https://practice.example:{ports[0]}")
    serve(Response(page, mimetype="text/html"), ports[1])
    driver = open_browser(
        tmp_path / "browser",
        390,
        844,
        "--ignore-certificate-errors",
        "--host-resolver-rules=MAP *.example 127.0.0.1",
        "--test-third-party-cookie-phaseout",
    )
    yield Person(driver, f"https://clinic.example:{ports[1]}")
    driver.quit()


def test_a_guest_practises_in_the_clinics_page(browser: Person, ports):
    """From the clinic's page a guest begins, takes a scene and says something, in the frame; every cookie of ours is partitioned."""
    browser.open("/")
    browser.driver.switch_to.frame(browser.find("iframe"))
    browser.click("main form button.main-button")
    browser.take_scene("S17")
    browser.press("begin")
    browser.type("I feel worn out.")
    browser.click(".composer button[type='submit'], #reply-form button[type='submit'], form:has(#reply-text) button[type='submit']")
    browser.wait_for(lambda: "I feel worn out." in browser.find("main").text, "the reply in the talk")
    browser.driver.switch_to.default_content()
    cookies = browser.driver.execute_cdp_cmd("Storage.getCookies", {})["cookies"]
    ours = [cookie for cookie in cookies if "practice.example" in cookie["domain"]]
    assert {cookie["name"] for cookie in ours} >= {"__Host-practice-frame", "__Host-practice-frame-form"}
    for cookie in ours:
        assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "None", cookie
        assert cookie["partitionKey"]["topLevelSite"] == "https://clinic.example", cookie


def test_another_site_may_not_show_it(browser: Person, ports):
    """The same frame in a page of stranger.example stays empty: the browser refuses to show it there."""
    browser.driver.get(f"https://stranger.example:{ports[1]}/")
    browser.driver.switch_to.frame(browser.find("iframe"))
    assert browser.find_all("main form button.main-button") == []
    browser.driver.switch_to.default_content()
    told = [line["message"] for line in browser.driver.get_log("browser")]
    assert any("frame-ancestors" in line for line in told), told
