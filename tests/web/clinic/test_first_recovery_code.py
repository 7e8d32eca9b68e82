"""The first recovery code: free for whoever has just joined, behind the passphrase for whoever finds a phone left open."""

from __future__ import annotations

from datetime import timedelta


def test_a_phone_left_open_gives_no_recovery_code(mika, clock):
    """Eleven minutes after signing in a first code needs the passphrase; in the first ten it does not."""
    mika.browser.open("/account/recovery")
    clock.moment += timedelta(minutes=11)
    assert 'name="passphrase"' in mika.browser.open("/account/recovery").get_data(as_text=True)
    assert mika.browser.post_form("/account/recovery").status_code == 422


def test_whoever_has_just_joined_gets_the_first_code_at_once(mika):
    """Right after joining the passphrase was shown a moment ago; asking again would only make people skip the code."""
    assert 'name="passphrase"' not in mika.browser.open("/account/recovery").get_data(as_text=True)
    assert mika.browser.post_form("/account/recovery").status_code == 200
