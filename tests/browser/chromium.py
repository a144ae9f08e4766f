"""Finds a Chromium or Chrome on this machine, or brings one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
# Nothing but our pages: no sandbox (root has none), no calls home.
FLAGS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage
""".split()


def chromium() -> Path | None:
    """The browser that is here: $CHROMIUM, the machine's, or Playwright's own. None when there is none."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((place for place in [*PLACES, *_playwrights_own()] if place.exists()), None)


def chromium_installed() -> Path | None:
    """As `chromium`, but first tries to install one: Debian's package as root, else Playwright's own."""
    return chromium() or (_install() and chromium()) or None


def _install() -> bool:
    print("No Chromium or Chrome on this machine: installing one.", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "-qq", "update"], check=False, env=quiet)
        if not subprocess.run(["apt-get", "-qq", "install", "-y", "chromium"], check=False, env=quiet).returncode:
            return True
    return not subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode


def _playwrights_own() -> list[Path]:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
