"""Invitations: looking uses nothing up, joining uses it once; codes are throttled; inviting waits for the help file."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.web.clinic.logins import PASSPHRASE, confirm_help, find_events, sign_in
from web.access.codes import ALPHABET
from web.access.refusals import InvitationGone
from web.clinic.invitations import derive_way
from web.clinic.joining import Wish, join
from web.database.clinic_tables import Care, ClientGroup, GroupMember
from web.database.tables import Attempt, Person, make_id
from web.secrets_store import read_sign_in_secret

FORM = {"name": "Mika", "passphrase": PASSPHRASE, "time_zone": "Europe/Lisbon"}


@pytest.fixture
def settings(settings):
    return confirm_help(settings)


def invite(noor, **fields) -> tuple[str, str, str]:
    """Link path, code and id of a new invitation."""
    noor.browser.open("/invitations")
    made = noor.browser.post_form("/invitations", **{"label": "M., Tuesdays", **fields})
    assert made.status_code == 303, made.get_data(as_text=True)
    page = noor.browser.open(made.location).get_data(as_text=True)
    path = re.search(r'value="http://localhost(/join/[0-9a-f]{64})"', page)[1]
    code = re.search(r"<code>([0-9A-Z-]{11})</code>", page)[1]
    assert "<svg" in page and "style=" not in page
    return path, code, made.location.split("/")[2]


def count(database, table) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_whole_way_in(noor, new_browser, database):
    """Card, page, form: the client is in the clinician's care under the label, signed in, and both can be seen in the trail."""
    path, _, _ = invite(noor)
    phone = new_browser()
    page = phone.open(path).get_data(as_text=True)
    for told in ("Noor invites you", "who sees what", "Is this device yours alone?", "no e-mail address"):
        assert told in page
    assert "M., Tuesdays" not in page  # whoever finds the link does not learn what the clinician calls somebody
    assert phone.post_form(path, **FORM).location == "/account/recovery"
    account = phone.open("/account").get_data(as_text=True)
    assert "Noor" in account and "M., Tuesdays" in account
    with database.reading() as session:
        person = session.scalar(select(Person).where(Person.role == "client"))
        care = session.scalar(select(Care))
        assert (person.name, person.time_zone, care.clinician_id, care.client_id) == ("Mika", "Europe/Lisbon", noor.id, person.id)
    assert [len(find_events(database, what)) for what in ("invited", "joined", "care_began")] == [1, 1, 1]
    assert sign_in(new_browser(), "Mika").status_code == 303


def test_looking_uses_nothing_up(noor, new_browser, database):
    """A mail scanner that opens link and code page ten times leaves the invitation as it was."""
    path, code, _ = invite(noor)
    scanner = new_browser()
    for _ in range(10):
        assert scanner.open(path).status_code == 200
        scanner.open("/join")
        assert scanner.post_form("/join", code=code).location == path
        scanner.client.head(path)
    assert new_browser().open(path).status_code == 200
    assert count(database, Person) == 1


def test_an_invitation_is_good_once(noor, new_browser, database):
    """The second browser is told that it was used, whether by link or code, and makes nobody."""
    path, code, _ = invite(noor)
    first, second = new_browser(), new_browser()
    second.open(path)
    first.open(path)
    assert first.post_form(path, **FORM).status_code == 303
    assert second.post_form(path, **{**FORM, "name": "Rafa"}).location == "/join?gone=1"
    assert second.open(path).location == "/join?gone=1"
    second.open("/join")
    assert second.post_form("/join", code=code).status_code == 422
    assert count(database, Person) == 2


def test_two_at_the_same_moment(noor, app, settings, database, clock):
    """Of four requests at once one joins; the others are told that the invitation is gone."""
    path, _, _ = invite(noor)
    house, secret = app.extensions["house"], read_sign_in_secret(settings)
    outcomes = []
    ready = threading.Barrier(4)

    def run(number: int) -> None:
        ready.wait()
        try:
            wish = Wish(f"Person {number}", PASSPHRASE, "UTC")
            join(house.database, house.audit, secret, path.split("/")[2], wish, now=clock(), life=timedelta(hours=1))
            outcomes.append("in")
        except InvitationGone:
            outcomes.append("gone")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone"] * 3 + ["in"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Choose a name"),
        ({"name": "x" * 41}, "Choose a name"),
        ({"name": "a\u202eb"}, "Choose a name"),
        ({"name": "nOOr"}, "already uses"),
        ({"passphrase": "short"}, "eight characters"),
        ({"passphrase": "password1"}, "guessed first"),
        ({"name": "Mika Lantern", "passphrase": "mika lantern"}, "something else than the name"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
    ],
)
def test_what_does_not_fit_is_told_and_uses_nothing_up(noor, new_browser, database, fields, told):
    """The page comes back with the reason and the name; the invitation still works."""
    path, _, _ = invite(noor)
    phone = new_browser()
    phone.open(path)
    refused = phone.post_form(path, **{**FORM, **fields})
    assert refused.status_code == 422 and told in refused.get_data(as_text=True)
    assert phone.post_form(path, **FORM).status_code == 303


def test_an_invitation_runs_out(noor, new_browser, clock):
    """After its days it is gone, by link and by code."""
    path, code, _ = invite(noor, days="2")
    clock.go_on(days=1, hours=23)
    assert new_browser().open(path).status_code == 200
    clock.go_on(hours=2)
    phone = new_browser()
    assert phone.open(path).location == "/join?gone=1"
    phone.open("/join")
    assert phone.post_form("/join", code=code).status_code == 422


def test_an_invitation_is_withdrawn(noor, other_clinician, new_browser):
    """By whoever made it and nobody else; then it opens nothing and its card is gone."""
    path, _, invitation_id = invite(noor)
    other_clinician.browser.open("/invitations")
    assert other_clinician.browser.open(f"/invitations/{invitation_id}/card").status_code == 404
    assert other_clinician.browser.post_form(f"/invitations/{invitation_id}/withdraw").status_code == 404
    assert new_browser().open(path).status_code == 200
    noor.browser.open("/invitations")
    assert noor.browser.post_form(f"/invitations/{invitation_id}/withdraw").status_code == 303
    assert new_browser().open(path).location == "/join?gone=1"
    assert noor.browser.open(f"/invitations/{invitation_id}/card").status_code == 303


def test_a_blocked_clinicians_invitation_opens_nothing(noor, new_browser, database, clock):
    """Nobody comes into the care of someone who cannot sign in."""
    path, _, _ = invite(noor)
    with database.writing() as session:
        session.get(Person, noor.id).blocked_at = clock()
    assert new_browser().open(path).location == "/join?gone=1"


def test_codes_can_be_typed_as_people_type(noor, new_browser):
    """Small letters, spaces, no hyphen."""
    path, code, _ = invite(noor)
    phone = new_browser()
    phone.open("/join")
    for typed in (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert phone.post_form("/join", code=typed).location == path
    assert set(code.replace("-", "")) <= set(ALPHABET) and not set("0O1ILU") & set(ALPHABET)


def test_guessing_codes_is_throttled(noor, new_browser):
    """After ten wrong codes from one address the right one waits; another address is not touched."""
    path, code, _ = invite(noor)
    guesser = new_browser()
    guesser.open("/join")
    statuses = [guesser.post_form("/join", code=f"22222-2222{sign}").status_code for sign in "3456789ABCD"]
    assert statuses == [422] * 10 + [429]
    assert guesser.post_form("/join", code=code).status_code == 429
    elsewhere = new_browser()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    elsewhere.open("/join")
    assert elsewhere.post_form("/join", code=code).location == path


def test_the_database_alone_opens_nothing(noor, settings, database):
    """Neither link nor code nor label stands in any file, and without the secret they do not follow from what does."""
    path, code, invitation_id = invite(noor)
    token = path.split("/")[2]
    kept = b"".join(file.read_bytes() for file in settings.home.rglob("*") if file.is_file())
    for secret in (token, code, code.replace("-", ""), "M., Tuesdays"):
        assert secret.encode() not in kept
    assert derive_way(invitation_id, read_sign_in_secret(settings)).token == token
    assert derive_way(invitation_id, "another secret").token != token


def test_what_a_guest_practised_does_not_come_along(noor, guest, database, talk):
    """The page says so beforehand; after joining the guest and the talk are erased."""
    path, _, _ = invite(noor)
    assert "erased, as promised" in guest.open(path).get_data(as_text=True)
    guest.post_form(path, **FORM)
    assert count(database, Attempt) == 0
    with database.reading() as session:
        assert session.scalar(select(Person.id).where(Person.role == "guest")) is None


def test_into_a_group(noor, other_clinician, new_browser, database, clock):
    """A client joins the clinician's own group; another's group cannot be named."""
    with database.writing() as session:
        for owner in (noor, other_clinician):
            group = ClientGroup(id=make_id(), clinician_id=owner.id, made_at=clock())
            session.add(group)
            group.name = f"Group of {owner.name}"
        session.flush()
        ids = {row.clinician_id: row.id for row in session.scalars(select(ClientGroup))}
    noor.browser.open("/invitations")
    assert noor.browser.post_form("/invitations", label="M.", group=ids[other_clinician.id]).status_code == 404
    path, _, _ = invite(noor, group=ids[noor.id])
    phone = new_browser()
    phone.open(path)
    phone.post_form(path, **FORM)
    with database.reading() as session:
        assert session.scalar(select(GroupMember.group_id)) == ids[noor.id]
    assert "Group of" not in phone.open("/account").get_data(as_text=True)


def test_nobody_makes_themselves_more_than_they_were_invited_as(noor, new_browser, database):
    """Fields that the form does not have change nothing: a client stays a client, without anybody's id or role."""
    path, _, _ = invite(noor)
    phone = new_browser()
    phone.open(path)
    phone.post_form(path, **FORM, role="admin", kind="renewal", person_id=noor.id)
    with database.reading() as session:
        assert session.scalar(select(Person.role).where(Person.id != noor.id)) == "client"
    noor.browser.open("/invitations")
    for role in ("admin", "clinician", "guest"):
        assert noor.browser.post_form("/invitations", label="x", role=role).status_code == 404


def test_inviting_can_be_switched_off(noor, admin):
    """After the administrator's setting the form is gone and posting it is refused."""
    admin.browser.open("/clinic")
    fields = {"retention_months": "12", "clients_invited_by": "nobody", "staff_invited_by": "admins"}
    assert admin.browser.post_form("/clinic", **fields).status_code == 303
    assert 'name="label"' not in noor.browser.open("/invitations").get_data(as_text=True)
    assert noor.browser.post_form("/invitations", label="M.").status_code == 409


def test_the_recovery_code_is_shown_once(noor, new_browser, settings):
    """Right after joining without further ado, later only with the passphrase; kept as a hash."""
    path, _, _ = invite(noor)
    phone = new_browser()
    phone.open(path)
    phone.post_form(path, **FORM)
    phone.open("/account/recovery")
    page = phone.post_form("/account/recovery").get_data(as_text=True)
    code = re.search(r"<li><code>([0-9A-Z-]{23})</code></li>", page)[1]
    assert code not in phone.open("/account/recovery").get_data(as_text=True)
    assert phone.post_form("/account/recovery").status_code == 422
    again = phone.post_form("/account/recovery", passphrase=PASSPHRASE).get_data(as_text=True)
    assert re.search(r"<li><code>([0-9A-Z-]{23})</code></li>", again)[1] != code
    kept = b"".join(file.read_bytes() for file in settings.home.rglob("*") if file.is_file())
    assert code.encode() not in kept and code.replace("-", "").encode() not in kept
