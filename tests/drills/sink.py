"""A mail server that does as it is told: takes mail, refuses it, hangs, or hangs up at the worst moment."""

import email
import re
import socketserver
import threading
import time
from collections import Counter
from contextlib import suppress
from email import policy


class Sink:
    """Takes mail on a port of its own. `mood` is ok, closed, 421, 450, 550, hang or drop (after the mail, before the 250).

    `accepted` holds (Message-ID, recipient) for each mail that a person would now have, dropped ones too.
    """

    def __init__(self):
        self.mood, self.slowness = "ok", 0.0
        self.accepted: list[tuple[str, str]] = []
        self.bodies: list[str] = []
        self.lock = threading.Lock()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with suppress(OSError):  # the other side was killed
                    sink._talk(self)

        socketserver.ThreadingTCPServer.daemon_threads = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server.server_address[1]}"

    def times(self) -> Counter:
        with self.lock:
            return Counter(self.accepted)

    def mail_to(self, address: str) -> str:
        """The words of the newest mail to this address, or nothing."""
        with self.lock:
            found = next((body for body in reversed(self.bodies) if f"To: {address}" in body), "")
        part = email.message_from_string(found, policy=policy.default).get_body(("plain",)) if found else None
        return part.get_content() if part else ""

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _talk(self, peer) -> None:
        if self.mood == "closed":
            return
        if self.mood == "hang":
            time.sleep(40)
            return
        say = lambda words: peer.wfile.write(words.encode() + b"\r\n")  # noqa: E731
        say("421 later" if self.mood == "421" else "220 sink")
        recipient = ""
        while line := peer.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = re.search(rb"<(.*?)>", line)[1].decode()
                say(f"{self.mood} no" if self.mood in {"450", "550"} else "250 ok")
            elif word == b"DATA":
                say("354 go on")
                self._take(peer, recipient)
                if self.mood == "drop":
                    return
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def _take(self, peer, recipient: str) -> None:
        lines = []
        while (line := peer.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        body = b"".join(lines).decode(errors="replace")
        time.sleep(self.slowness)
        with self.lock:
            self.accepted.append((re.search(r"(?im)^Message-ID:\s*(\S+)", body)[1], recipient))
            self.bodies.append(body)
