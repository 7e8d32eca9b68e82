"""Which passphrases are refused, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from web.access.passphrases import check_passphrase, fits_passphrase, hash_passphrase, should_rehash
from web.access.refusals import PassphraseIsName, PassphraseTooCommon, PassphraseTooLong, PassphraseTooShort

pytestmark = pytest.mark.full_strength


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("", PassphraseTooShort),
        ("seven77", PassphraseTooShort),
        ("          ", PassphraseTooShort),
        ("x" * 501, PassphraseTooLong),
        ("password1", PassphraseTooCommon),
        ("Password1!", PassphraseTooCommon),
        ("qwertyuiop", PassphraseTooCommon),
        ("iloveyou2", PassphraseTooCommon),
        ("aaaaaaaaaaaa", PassphraseTooCommon),
        ("abcdefgh", PassphraseTooCommon),
        ("noor.klein1", PassphraseTooCommon),
        (" NOOR.Klein ", PassphraseIsName),
        ("sayable1", PassphraseTooCommon),
    ],
)
def test_weak_passphrases_are_refused_with_the_reason(passphrase, why):
    """Too short, too long, the name itself, or one that is guessed first: each is told apart."""
    with pytest.raises(why):
        check_passphrase(passphrase, name="noor.klein")


LONG_ENOUGH = ["lantern wheat copper lake", "ein kleiner grüner Kaktus", "xk7-Qm2pd", "worldly " + "tea " * 60, "日本語の長い文章です"]


@pytest.mark.parametrize("passphrase", LONG_ENOUGH)
def test_no_kind_of_sign_is_asked_for(passphrase):
    """Words with spaces, any script, no capital or digit needed, hundreds of signs."""
    check_passphrase(passphrase, name="Noor")


def test_a_long_passphrase_counts_to_its_last_sign():
    """128 and more signs are taken, and the last one matters: nothing is cut off."""
    long = "lantern wheat copper lake " * 8
    kept = hash_passphrase(long + "a")
    assert fits_passphrase(kept, long + "a")
    assert not fits_passphrase(kept, long + "b")


def test_capitals_and_spaces_count_but_not_how_a_keyboard_spells_an_accent():
    """Nothing is folded or trimmed; only the two spellings of one accented letter are the same."""
    kept = hash_passphrase("caf\u00e9 in the morning")
    assert fits_passphrase(kept, "cafe\u0301 in the morning")
    assert not fits_passphrase(kept, "Caf\u00e9 in the morning")
    assert not fits_passphrase(kept, "caf\u00e9 in the morning ")


def test_it_is_argon2id_and_no_two_hashes_are_alike():
    """The hash names its algorithm, fits its column, and salts."""
    first, second = hash_passphrase("lantern wheat copper lake"), hash_passphrase("lantern wheat copper lake")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,") and len(first) <= 160
    assert first != second


def test_without_a_hash_nothing_fits():
    """Nobody gets in where there is no passphrase, not with the one of the dummy hash either."""
    assert not fits_passphrase(None, "nobody has this passphrase")
    assert not fits_passphrase("not a hash", "anything")


def test_older_parameters_ask_to_be_renewed():
    """A hash made with less work is noticed; today's is not."""
    assert should_rehash(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))
    assert not should_rehash(hash_passphrase("x"))
