"""LibreOffice as another reader of the files we make, where it is on the machine."""

import shutil
import subprocess
from pathlib import Path

TRIES = 3


def opened(path: Path, kind: str) -> bool:
    """Lets LibreOffice write `path` beside itself in another `kind`; False where there is no LibreOffice.

    A program that starts for the first time in a new folder may end without a word and without a file, so it is
    asked up to three times. Raises AssertionError with what it said when it never wrote anything.
    """
    office = shutil.which("soffice")
    if office is None:
        return False
    said = ""
    for number in range(TRIES):
        before = set(path.parent.iterdir())
        command = [office, f"-env:UserInstallation=file://{path.parent}/office{number}", "--headless"]
        done = subprocess.run(
            [*command, "--convert-to", kind, "--outdir", path.parent, path], capture_output=True, text=True, check=False
        )
        if any(new.is_file() for new in set(path.parent.iterdir()) - before):
            return True
        said = f"{done.returncode}: {done.stdout}{done.stderr}"
    raise AssertionError(said)
