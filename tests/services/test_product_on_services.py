"""The whole product on PostgreSQL, Valkey and S3, as a centre would run it."""

import json

from tests.live.product import environment, manage, new_folder, product


def test_product_is_ready_on_real_services(tmp_path, postgres_url, valkey_url, bucket):
    services = {"DATABASE_URL": postgres_url, "VALKEY_URL": valkey_url, **bucket.environment}
    folder = new_folder(tmp_path / "var")
    manage(environment(folder, **services), "prepare_demo")
    with product(folder, **services) as refleks:
        status, body = refleks.get("/readyz")
        assert (status, json.loads(body)) == (200, {"database": True, "queue": True, "storage": True})
        assert refleks.get("/")[0] == 200
