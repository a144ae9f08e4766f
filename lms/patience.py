"""How long PostgreSQL is waited for: by pages not long, by background work longer, by commands always.

A lock that is held and a question that takes too long then end as OperationalError: a page says that there is a pause
(503), nothing of it is half done, and a job is tried again. Commands that migrate, copy or count may take their time.
"""

from typing import Any

# As PostgreSQL writes them; 0 is without end.
PAGES = {"lock_timeout": "5s", "statement_timeout": "30s"}
JOBS = {"lock_timeout": "60s", "statement_timeout": "0"}


def wait_no_longer(databases: dict[str, dict[str, Any]], limits: dict[str, str]) -> None:
    """Lets connections of this process that are opened from now on have `limits`; `databases` are Django's settings."""
    words = [f"-c {name}={value}" for name, value in limits.items()]
    for database in databases.values():
        if database["ENGINE"].endswith("postgresql"):
            options = database.setdefault("OPTIONS", {})
            # What the address of the database says comes last, and holds.
            options["options"] = " ".join([*words, options.get("options", "")]).strip()
