"""A real S3 server for a while: OpenStack Swift with its S3 interface, which checks every signature."""

import getpass
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

from tests.live.processes import answers, free_port, running, wait_for

ACCESS_KEY, SECRET_KEY = "refleks:tester", "only-for-tests"
COMMON = """[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
log_level = CRITICAL
"""
BACKEND = """[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{app}
"""
PROXY = f"""[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats bulk s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
auth_pipeline_check = false
[filter:tempauth]
use = egg:swift#tempauth
user_{ACCESS_KEY.replace(":", "_")} = {SECRET_KEY} .admin
"""
FILTERS = ("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "copy", "slo", "dlo")


@dataclass(frozen=True)
class Bucket:
    """An empty bucket: what to put in the environment of the product, and a client with the keys."""

    endpoint: str
    name: str = "refleks"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "S3_BUCKET": self.name,
            "S3_ENDPOINT": self.endpoint,
            "S3_REGION": "us-east-1",
            "S3_ADDRESSING": "path",
            "S3_ACCESS_KEY": ACCESS_KEY,
            "S3_SECRET_KEY": SECRET_KEY,
        }

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )


@contextmanager
def object_store() -> Iterator[Bucket]:
    """Starts Swift's four servers and makes a bucket; leaves no process and no file. Objects live in memory.

    Raises ModuleNotFoundError when Swift is not installed, NotReady when a server does not start.
    """
    import swift  # noqa: F401, PLC0415 - says early that it is not there

    folder = Path(tempfile.mkdtemp(prefix="refleks-s3-"))
    ports = {kind: free_port() for kind in ("account", "container", "object", "proxy")}
    try:
        _write_configuration(folder, ports)
        with ExitStack() as servers:
            for kind, port in ports.items():
                log = folder / f"{kind}.log"
                program = f"from swift.{_module(kind)}.server import main; main()"
                command = [sys.executable, "-W", "ignore", "-c", program, folder / f"{kind}.conf"]
                process = servers.enter_context(running(command, log))
                wait_for(lambda port=port: answers(port), f"Swift's {kind} server", process, log)
            bucket = Bucket(f"http://127.0.0.1:{ports['proxy']}")
            bucket.client().create_bucket(Bucket=bucket.name)
            yield bucket
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _module(kind: str) -> str:
    return {"object": "obj"}.get(kind, kind)


def _write_configuration(folder: Path, ports: dict[str, int]) -> None:
    from swift.common.ring import RingBuilder  # noqa: PLC0415 - only in the test extra

    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = refleks\n[storage-policy:0]\nname = one\ndefault = yes\n"
    )
    for kind, port in ports.items():
        text = COMMON.format(folder=folder, port=port, user=getpass.getuser())
        if kind == "proxy":
            text += PROXY + "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in FILTERS)
        else:
            text += BACKEND.format(kind=kind, app="mem_object" if kind == "object" else kind)
            ring = RingBuilder(2, 1, 1)
            ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1})
            ring.rebalance(seed="refleks")
            ring.get_ring().save(str(folder / f"{kind}.ring.gz"))
        (folder / f"{kind}.conf").write_text(text)
