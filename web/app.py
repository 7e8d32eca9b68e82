"""The app factory: the one place where the parts of the web room are put together."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask, request
from flask_babel import Babel, format_date, format_time, get_locale
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from sqlalchemy.exc import OperationalError

from data.safety.help import place_operator_form
from web.access.embedding import FormSessions
from web.access.gate import place_gate
from web.access.limits import make_limiter
from web.access.signing_in import Reception
from web.access.throttle import Throttle
from web.api.routes import make_api
from web.clinic.audit import AuditTrail
from web.clinic.our_words import read_our_words
from web.clinic.own_content import ClinicCatalogue, OwnContent
from web.clinic.retention import erase_outlived
from web.database.erasure import erase_expired
from web.database.opening import open_database
from web.dialogue.client import Dialogue, RasaDialogue
from web.errors import handle_errors
from web.headers import add_headers
from web.health import make_health
from web.logs import log_failure, log_requests
from web.metrics import MeasuredDialogue, Metrics
from web.pages.account import make_account_pages
from web.pages.assigning import make_assigning_pages
from web.pages.authoring import make_authoring_pages
from web.pages.caseload import make_caseload_pages
from web.pages.clinic_settings import make_clinic_settings_pages
from web.pages.clinic_words import make_clinic_words_pages
from web.pages.embedding import draw_for_frame, make_embedding_pages
from web.pages.exporting import make_exporting_pages
from web.pages.groups import make_group_pages
from web.pages.homework import make_homework_pages
from web.pages.inviting import make_inviting_pages
from web.pages.joining import make_joining_pages
from web.pages.language import find_locale
from web.pages.leaving import find_near_ending, make_leaving_pages
from web.pages.names import check_name, language_here, language_name, leaning_name, level_name, partner_name, phase_name, skill_phrase
from web.pages.navigation import find_home, find_time_zone, has_news_here, list_areas
from web.pages.parting import make_parting_pages
from web.pages.people import make_people_pages
from web.pages.practice import make_practice_pages
from web.pages.progress import make_progress_pages
from web.pages.reading import make_reading_pages
from web.pages.scenes import make_scene_pages
from web.pages.shared import make_shared_pages
from web.pages.sharing import make_sharing_pages
from web.pages.sign_in import make_sign_in_pages
from web.pages.summary import make_summary_pages
from web.pages.trail import make_trail_pages
from web.pages.unread import has_unread_here
from web.pages.welcome import make_welcome_pages
from web.pages.whole_numbers import bound_numbers
from web.rehearsal.catalogue import Catalogue, SceneCatalogue
from web.rehearsal.door import Door
from web.rehearsal.house import House
from web.secrets_store import read_audit_secret, read_channel_secret, read_session_secret, read_sign_in_secret
from web.settings import Settings

LARGEST_BODY_BYTES = 256 * 1024


def build_app(
    settings: Settings,
    *,
    door: Door | None = None,
    dialogue: Dialogue | None = None,
    catalogue: Catalogue | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    rate_limits: bool = True,
) -> Flask:
    """The Flask app of `settings`; what is not handed in is the house's own. Raises SecretFault, DatabaseFault or ContentError."""
    database = open_database(settings)
    place_operator_form(settings.home, settings.locale)
    dialogue = dialogue or RasaDialogue(settings.rasa_url, read_channel_secret(settings), timeout_seconds=settings.rasa_timeout_seconds)
    metrics = Metrics() if settings.metrics_port else None
    own = OwnContent(database, settings.home, settings.locale, read_our_words(settings.home, settings.locale))
    house = House(
        database=database,
        dialogue=MeasuredDialogue(dialogue, metrics) if metrics else dialogue,
        door=door or _load_door(),
        catalogue=ClinicCatalogue(catalogue or SceneCatalogue.load(settings.locale), own),
        own=own,
        audit=AuditTrail(read_audit_secret(settings)),
        now=now,
        claim_for=timedelta(seconds=settings.rasa_timeout_seconds + 2),
    )
    _catch_up(house)
    app = Flask(__name__)
    bound_numbers(app)
    app.config.update(
        SECRET_KEY=read_session_secret(settings),
        SESSION_COOKIE_NAME="__Host-practice-form" if settings.secure else "practice-form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser session: a page may stay open through a time-out
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own policy never sends; the gate checks Sec-Fetch-Site
        BABEL_DEFAULT_LOCALE=settings.locale,
    )
    app.extensions["house"] = house
    log_requests(app)
    if metrics:
        metrics.watch(app)
        app.extensions["house_metrics"] = metrics
    app.session_interface = FormSessions(settings)
    add_headers(app, settings, database)
    Babel(app, locale_selector=find_locale, timezone_selector=find_time_zone)
    CSRFProtect(app)
    place_gate(app, house, settings)
    keep_fresh(app, house)
    limiter = make_limiter(app, house, settings, enabled=rate_limits)
    _register(app, house, settings, limiter)
    handle_errors(app)
    return app


def keep_fresh(app: Flask, house: House) -> None:
    """Before every request that passed the gate: what any process changed of the clinic's scenes and wording holds from now on."""

    @app.before_request
    def look_for_changes() -> None:
        if request.endpoint != "static" and not (request.endpoint or "").startswith("health."):
            house.own.refresh()


def _register(app: Flask, house: House, settings: Settings, limiter: Limiter) -> None:
    app.register_blueprint(make_welcome_pages(house, settings, limiter))
    app.register_blueprint(make_embedding_pages(house, settings, limiter))
    app.register_blueprint(make_scene_pages(house, limiter))
    app.register_blueprint(make_practice_pages(house, limiter))
    app.register_blueprint(make_reading_pages(house))
    app.register_blueprint(make_api(house, limiter))
    app.register_blueprint(make_health(house))
    name_secret = read_sign_in_secret(settings)
    throttle = Throttle(app.extensions["house_counting"], read_session_secret(settings).encode())
    reception = Reception(house.database, house.audit, throttle, name_secret, timedelta(hours=settings.login_hours))
    app.register_blueprint(make_sign_in_pages(house, settings, reception))
    app.register_blueprint(make_joining_pages(house, settings, reception, limiter))
    app.register_blueprint(make_account_pages(house, settings, reception))
    app.register_blueprint(make_inviting_pages(house, settings, name_secret))
    app.register_blueprint(make_people_pages(house, reception))
    app.register_blueprint(make_clinic_settings_pages(house, settings))
    app.register_blueprint(make_homework_pages(house, settings, limiter))
    app.register_blueprint(make_assigning_pages(house))
    app.register_blueprint(make_group_pages(house))
    app.register_blueprint(make_sharing_pages(house, limiter))
    app.register_blueprint(make_shared_pages(house, limiter))
    app.register_blueprint(make_parting_pages(house))
    app.register_blueprint(make_authoring_pages(house, limiter))
    app.register_blueprint(make_clinic_words_pages(house))
    app.register_blueprint(make_caseload_pages(house))
    app.register_blueprint(make_summary_pages(house))
    app.register_blueprint(make_progress_pages(house))
    app.register_blueprint(make_trail_pages(house))
    app.register_blueprint(make_leaving_pages(house, settings, reception))
    app.register_blueprint(make_exporting_pages(house))

    app.jinja_env.globals.update(
        get_locale=get_locale,
        format_date=format_date,
        exit_url=settings.exit_url,
        lock_minutes=settings.lock_minutes,
        list_areas=list_areas,
        home_address=find_home,
        near_ending=lambda: find_near_ending(house),
        has_news=lambda: has_news_here(house),
        has_unread=lambda endpoint: has_unread_here(house, endpoint),
        format_time=format_time,
        language_name=language_name,
        language_here=language_here,
        clinic_contact=settings.clinic_contact,
        phase_name=phase_name,
        level_name=level_name,
        check_name=check_name,
        leaning_name=leaning_name,
        skill_phrase=skill_phrase,
        partner_name=partner_name,
        fresh_id=lambda: secrets.token_hex(16),
    )
    app.context_processor(lambda: {"own_words": house.own.words})
    app.context_processor(lambda: {"help_words": house.help_book.wording, "grounding": house.help_book.grounding})
    app.context_processor(lambda: draw_for_frame(settings))


def _catch_up(house: House) -> None:
    """What the sweeper does, once before the first request.

    Where it cannot be done now, on a disk without room say, the house opens all the same: pages can be read, a reply is refused with a
    sentence, and the sweeper tries again.
    """
    for work in (lambda: erase_expired(house.database, now=house.now()), lambda: erase_outlived(house), house.own.keep_files_right):
        try:
            work()
        except (OperationalError, OSError) as fault:
            log_failure(fault)


def _load_door() -> Door:
    from web.safety import SafetyRules

    rules: Door = SafetyRules.load()
    return rules
