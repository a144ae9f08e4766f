from django.core.management import call_command

from lms.keeping.preparing import make_bucket, make_folders


def test_the_queue_on_disk_gets_its_folders(settings, tmp_path):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": f"{tmp_path}/in", "control_folder": f"{tmp_path}/c"}
    for _time in range(2):
        make_folders()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "in"]


def test_a_broker_of_its_own_needs_no_folders(settings, tmp_path):
    settings.VALKEY_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 15}
    assert make_folders() is None


def test_files_on_disk_need_no_bucket(db):
    assert make_bucket() is False
    call_command("prepare", verbosity=0)
