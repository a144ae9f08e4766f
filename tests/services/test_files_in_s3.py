"""Files in an object store that checks signatures, by way of Django's default storage as the settings make it."""

import json
import urllib.error
import urllib.request

import pytest

from tests.live.product import environment, manage

SAVE = """
import json
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as files
first = files.save("filer/plan.txt", ContentFile(b"En plan"))
second = files.save("filer/plan.txt", ContentFile(b"En annen plan"))
print(json.dumps({"names": [first, second], "size": files.size(first), "url": files.url(first)}))
"""
DELETE = """
from django.core.files.storage import default_storage as files
files.delete("filer/plan.txt")
print(files.exists("filer/plan.txt"))
"""
PREPARE = "from lms.keeping.preparing import make_bucket; print(make_bucket(), make_bucket())"


@pytest.fixture
def env(folder, bucket):
    return environment(folder, **bucket.environment)


@pytest.fixture
def saved(env):
    return json.loads(manage(env, "shell", "--no-imports", "-c", SAVE))


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_file_is_saved_read_by_its_signed_address_and_deleted(saved, env):
    assert saved["size"] == len(b"En plan")
    with urllib.request.urlopen(saved["url"], timeout=10) as response:
        assert (response.status, response.read()) == (200, b"En plan")
    assert manage(env, "shell", "--no-imports", "-c", DELETE).strip() == "False"
    assert _status(saved["url"]) == 404


def test_file_is_not_overwritten_by_another_of_its_name(saved):
    assert saved["names"][0] != saved["names"][1]


def test_address_without_signature_is_refused(saved):
    # Swift takes a request that is not signed for one that is not S3, and says 400.
    assert _status(saved["url"].split("?")[0]) == 400


def test_address_with_changed_signature_is_refused(saved):
    changed = saved["url"][:-4] + ("0000" if not saved["url"].endswith("0000") else "1111")
    assert _status(changed) == 403


def test_signature_is_not_good_for_another_file(saved):
    assert _status(saved["url"].replace("plan", "alle", 1)) == 403


def test_bucket_is_made_where_it_is_missing(env):
    other = env | {"S3_BUCKET": "a-new-one"}
    assert manage(other, "shell", "--no-imports", "-c", PREPARE).split() == ["True", "False"]
