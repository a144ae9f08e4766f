import base64

import pytest
from django.test import override_settings

from modules.encryption import decrypt, encrypt

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@override_settings(NOTEBOOK_KEYS=[OLD])
def test_encrypt_and_decrypt_give_the_text_back():
    assert decrypt(encrypt("Æ, ø og å", "a.b"), "a.b") == "Æ, ø og å"


@override_settings(NOTEBOOK_KEYS=[OLD])
def test_the_same_text_is_never_stored_the_same():
    assert encrypt("Samme", "a.b") != encrypt("Samme", "a.b")


def test_an_old_key_still_reads_and_the_new_one_writes():
    with override_settings(NOTEBOOK_KEYS=[OLD]):
        stored = encrypt("Gammelt", "a.b")
    with override_settings(NOTEBOOK_KEYS=[NEW, OLD]):
        assert decrypt(stored, "a.b") == "Gammelt"
        assert encrypt("Nytt", "a.b").split(".")[0] != stored.split(".")[0]


def test_decrypt_refuses_when_the_key_is_gone():
    with override_settings(NOTEBOOK_KEYS=[OLD]):
        stored = encrypt("Tapt", "a.b")
    with override_settings(NOTEBOOK_KEYS=[NEW]), pytest.raises(ValueError, match="No key named"):
        decrypt(stored, "a.b")


@override_settings(NOTEBOOK_KEYS=[OLD])
def test_decrypt_refuses_when_the_text_was_moved_to_another_column():
    with pytest.raises(ValueError, match="changed or moved"):
        decrypt(encrypt("Flyttet", "a.b"), "a.c")
