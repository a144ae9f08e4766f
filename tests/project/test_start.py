"""Web, worker and scheduler look after themselves: one that ends is started again."""

import sys
from io import StringIO

from honcho.printer import Printer

from lms import start


def test_a_part_that_ends_is_started_again_and_one_that_will_not_stay_stops_all(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "SOON_SECONDS", 60)
    note = tmp_path / "starts"
    manager = start.Steadfast(printer=Printer(StringIO()))
    program = f"open({str(note)!r}, 'a').write('x'); raise SystemExit(3)"
    manager.add_process("short", f'{sys.executable} -c "{program}"')
    manager.add_process("long", f'{sys.executable} -c "import time; time.sleep(60)"')

    manager.loop()

    assert note.read_text() == "xxx"
    assert manager.returncode == 3
