"""Makes the secrets that are missing, each in a file of its own: `python3 deploy/make_secrets.py [FOLDER]`.

The folder is .secrets/. What is there is left alone. It is closed to others; the files are open inside it,
since the product's own user reads them in its container.
"""

import base64
import json
import secrets
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Writes what is missing, and says where mail goes."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    password = _kept(folder / "database_password", secrets.token_urlsafe(32))
    _kept(folder / "database_url", f"postgres://refleks:{password}@database:5432/refleks")
    _kept(folder / "secret_key", secrets.token_urlsafe(64))
    _kept(folder / "secret_key_fallbacks", "")
    _kept(folder / "notebook_keys", base64.b64encode(secrets.token_bytes(32)).decode())
    access = _kept(folder / "s3_access_key", secrets.token_hex(10))
    secret = _kept(folder / "s3_secret_key", secrets.token_urlsafe(32))
    _kept(folder / "object_store", json.dumps(_identities(access, secret)))
    if _kept(folder / "smtp_url", "smtp://mail:1025") == "smtp://mail:1025":
        print(f"Mail is caught at http://localhost:8025 until {folder}/smtp_url names a real server.")


def _kept(path: Path, fresh: str) -> str:
    if not path.exists():
        path.write_text(fresh + "\n")
        path.chmod(0o444)
    return path.read_text().strip()


def _identities(access: str, secret: str) -> dict:
    keys = [{"accessKey": access, "secretKey": secret}]
    return {"identities": [{"name": "refleks", "credentials": keys, "actions": ["Admin", "Read", "Write", "List"]}]}


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".secrets"))
