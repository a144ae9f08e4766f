from lms.celery import app, make_queue_folders


def test_folders_of_the_embedded_broker_are_made_again(tmp_path, monkeypatch):
    monkeypatch.setitem(app.conf.broker_transport_options, "data_folder_in", str(tmp_path / "queue"))

    make_queue_folders()

    assert (tmp_path / "queue").is_dir()
