"""A mail server that takes everything and sends nothing on."""

import email
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage

SECONDS = 60
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", re.MULTILINE)


class Mailbox(list[EmailMessage]):
    """The mails that came, oldest first."""

    def code_for(self, address: str) -> str:
        """The code in the newest mail to `address`; waits for it. Raises AssertionError when none comes."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for mail in reversed(self):
                if mail["To"] == address and (code := CODE.search(mail.get_content())):
                    return code[1]
            time.sleep(0.2)
        raise AssertionError(
            f"No mail with a code came to {address}: {[(mail['To'], mail['Subject']) for mail in self]}"
        )


@contextmanager
def mail_server(port: int) -> Iterator[Mailbox]:
    """Listens at 127.0.0.1:`port` and gives the mailbox that fills."""
    mailbox = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 localhost")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self._say("354 go on")
                    mailbox.append(email.message_from_bytes(self._message(), policy=policy.default))
                self._say({b"QUIT": "221 bye"}.get(word, "250 fine"))
                if word == b"QUIT":
                    return

        def _message(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

        def _say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", port), Conversation) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield mailbox
        server.shutdown()
