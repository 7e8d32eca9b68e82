"""Every setting of the web room, read once from the environment into a frozen object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class SettingsFault(Exception):
    """A setting that cannot be used; `str()` is one sentence that names it and says what would do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of one web process. Times are in the unit their name ends in."""

    home: Path
    host: str = "127.0.0.1"
    web_port: int = 8080
    web_threads: int = 16
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_timeout_seconds: float = 12.0
    database_url: str = ""
    guests: bool = True
    guest_hours: int = 23
    """A guest's attempt is erased this long after it began; with a sweep every quarter of an hour that stays within 24 hours."""
    session_idle_hours: int = 12
    """A guest's session ends when nobody used it for so long."""
    login_hours: int = 12
    """A session of someone who signed in ends after this, however busy."""
    lock_minutes: int = 20
    """After so long without use the page covers itself, and the session of someone who signed in ends."""
    lock_grace_minutes: int = 2
    """A page tells the server once a minute that it is being used; the server waits for so much longer than the page."""
    locale: str = "en"
    public_url: str = ""
    """The address people see, when it is not host and port: behind TLS it starts with https:// and cookies become `Secure`."""
    exit_url: str = "https://www.wikipedia.org/"
    """Where "leave quickly" goes: a neutral page that says nothing about the person."""
    trusted_proxy: str = ""
    """Address of the reverse proxy whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; empty: nobody's."""
    metrics_port: int = 0
    """Port of the Prometheus metrics; 0: none are served."""
    metrics_host: str = "127.0.0.1"
    clinic_contact: str = ""
    """One line shown with the help text, such as the clinic's own number; empty: nothing is shown."""
    copy_before_migration: bool = True
    """Whether a database of an earlier version is copied before it is brought up to date."""
    smtp_host: str = ""
    """The clinic's mail server, for reminders that clients switch on; empty: no e-mail is sent."""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    smtp_tls: str = "starttls"
    """starttls, tls (from the first byte) or off"""
    staff_second_factor: str = ""
    """required, offered, or empty: by where the house is served"""
    channel_secret: str = field(default="", repr=False)
    session_secret: str = field(default="", repr=False)
    words_key: str = field(default="", repr=False)

    @property
    def secrets_folder(self) -> Path:
        return self.home / "secrets"

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def secure(self) -> bool:
        """Whether people reach the app over TLS."""
        return self.public_url.startswith("https://")

    @property
    def serves_others(self) -> bool:
        """Whether anything says that people at other machines come here."""
        return bool(self.trusted_proxy or not _is_this_machine(self.host) or (self.public_url and not _is_this_machine(self.public_url)))

    @property
    def requires_second_factor(self) -> bool:
        """Whether clinicians and administrators work with a second factor only."""
        return self.staff_second_factor == "required" or (not self.staff_second_factor and self.serves_others)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None when another database is used."""
        if not self.database_url.startswith("sqlite:///"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///"))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from `environment` (usually `os.environ`); raises SettingsFault."""
    home = Path(environment.get("SAYABLE_HOME") or "var").expanduser().absolute()
    rasa_port = _read_port(environment, "SAYABLE_RASA_PORT", 5005)
    return Settings(
        home=home,
        host=environment.get("SAYABLE_HOST") or "127.0.0.1",
        web_port=_read_port(environment, "SAYABLE_WEB_PORT", 8080),
        web_threads=_read_whole(environment, "SAYABLE_WEB_THREADS", 16, 1, 256),
        rasa_url=_read_url(environment, "SAYABLE_RASA_URL", f"http://127.0.0.1:{rasa_port}").rstrip("/"),
        database_url=environment.get("SAYABLE_DATABASE_URL") or f"sqlite:///{home / 'sayable.sqlite3'}",
        guests=_read_switch(environment, "SAYABLE_GUESTS", True),
        lock_minutes=_read_whole(environment, "SAYABLE_LOCK_MINUTES", 20, 2, 720),
        locale=environment.get("SAYABLE_LOCALE") or "en",
        public_url=_read_url(environment, "SAYABLE_PUBLIC_URL", "").rstrip("/"),
        exit_url=_read_url(environment, "SAYABLE_EXIT_URL", "https://www.wikipedia.org/"),
        clinic_contact=(environment.get("SAYABLE_CLINIC_CONTACT") or "").strip(),
        trusted_proxy=_read_address(environment, "SAYABLE_TRUSTED_PROXY"),
        metrics_port=_read_whole(environment, "SAYABLE_METRICS_PORT", 0, 0, 65535),
        metrics_host=environment.get("SAYABLE_METRICS_HOST") or "127.0.0.1",
        **_read_smtp(environment),
        staff_second_factor=_read_staff_second_factor(environment),
        copy_before_migration=_read_switch(environment, "SAYABLE_COPY_BEFORE_MIGRATION", True),
        channel_secret=environment.get("SAYABLE_CHANNEL_SECRET") or "",
        session_secret=environment.get("SAYABLE_SESSION_SECRET") or "",
        words_key=environment.get("SAYABLE_WORDS_KEY") or "",
    )


_SMTP_PORTS = {"starttls": 587, "tls": 465, "off": 25}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _read_smtp(environment: Mapping[str, str]) -> dict[str, Any]:
    host = (environment.get("SAYABLE_SMTP_HOST") or "").strip()
    if not host:
        return {}
    tls = (environment.get("SAYABLE_SMTP_TLS") or "starttls").lower()
    if tls not in _SMTP_PORTS:
        raise SettingsFault(f"SAYABLE_SMTP_TLS is {tls!r}; it must be starttls, tls or off.")
    sender = (environment.get("SAYABLE_SMTP_FROM") or "").strip()
    if not re.fullmatch(r"[^@\s<>,;:\"()]+@[A-Za-z0-9.-]+", sender) or not sender.isascii():
        raise SettingsFault(f"SAYABLE_SMTP_FROM is {sender!r}; with SAYABLE_SMTP_HOST it must be the address mail is sent from.")
    user, password = environment.get("SAYABLE_SMTP_USER") or "", environment.get("SAYABLE_SMTP_PASSWORD") or ""
    if bool(user) != bool(password):
        raise SettingsFault("SAYABLE_SMTP_USER and SAYABLE_SMTP_PASSWORD belong together; set both, or neither.")
    if password and tls == "off" and host not in _THIS_MACHINE:
        raise SettingsFault("SAYABLE_SMTP_TLS is off, so SAYABLE_SMTP_PASSWORD would cross the network in the clear; use starttls or tls.")
    port = _read_port(environment, "SAYABLE_SMTP_PORT", _SMTP_PORTS[tls])
    return {"smtp_host": host, "smtp_port": port, "smtp_user": user, "smtp_password": password, "smtp_from": sender, "smtp_tls": tls}


def _read_staff_second_factor(environment: Mapping[str, str]) -> str:
    text = (environment.get("SAYABLE_STAFF_SECOND_FACTOR") or "").strip().lower()
    if text not in ("", "required", "offered"):
        raise SettingsFault(f"SAYABLE_STAFF_SECOND_FACTOR is {text!r}; it must be required or offered.")
    return text


def _is_this_machine(address: str) -> bool:
    """Whether a host, or the host of a URL, is reached from this machine only; a name that is not localhost is not."""
    host = urlsplit(address).hostname if "://" in address else address
    try:
        return host in _THIS_MACHINE or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _read_whole(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsFault(f"{name} is {text!r}; it must be a whole number from {low} to {high}.")
    return int(text)


def _read_port(environment: Mapping[str, str], name: str, default: int) -> int:
    return _read_whole(environment, name, default, 1, 65535)


def _read_address(environment: Mapping[str, str], name: str) -> str:
    text = (environment.get(name) or "").strip()
    if text:
        try:
            ip_address(text)
        except ValueError:
            raise SettingsFault(f"{name} is {text!r}; it must be one IP address, such as 127.0.0.1.") from None
    return text


def _read_switch(environment: Mapping[str, str], name: str, default: bool) -> bool:
    text = (environment.get(name) or ("on" if default else "off")).lower()
    if text not in ("on", "off"):
        raise SettingsFault(f"{name} is {text!r}; it must be on or off.")
    return text == "on"


def _read_url(environment: Mapping[str, str], name: str, default: str) -> str:
    text = environment.get(name) or default
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise SettingsFault(f"{name} is {text!r}; it must be an address that starts with http:// or https://.")
    return text
