"""Tags of numbers and pickup codes."""

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from trust.tags import ScryptTags
from wire.canonical import b64u

TAGS = ScryptTags()


def test_a_tag_is_the_same_however_it_is_typed() -> None:
    assert TAGS.holder("11010519491231002x", "salt") == TAGS.holder(" 110105 19491231 002X", "salt")
    assert TAGS.code("ab-12 cd", "salt") == TAGS.code("AB12CD", "salt")


def test_a_tag_tells_purpose_and_salt_apart() -> None:
    told = {
        TAGS.holder("123456", "a"),
        TAGS.holder("123456", "b"),
        TAGS.code("123456", "a"),
        TAGS.holder("123457", "a"),
    }
    assert len(told) == 4
    assert not any("123456" in tag for tag in told)


def test_a_tag_is_as_it_was_made_before() -> None:
    """Mirrors outlive releases: the tag of a number may never change."""
    assert TAGS.holder("11010519491231002X", "salt") == "seP7ouCOVCmaYq6iz-j-b9IyStc-0V24oHK6UlT-qlk"


def test_a_tag_is_scrypt_as_others_compute_it() -> None:
    told = Scrypt(salt=b"salt", length=32, n=2**14, r=8, p=1).derive(b"holder\0" + b"123456")
    assert TAGS.holder("123456", "salt") == b64u(told)
