import smtplib
import threading
from datetime import timedelta
from email import message_from_string

import pytest
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from lms.outbox import backend, delivery
from lms.outbox.demo import demo_mails
from lms.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


def write(subject="Hei", to="learner@example.org", key=None):
    headers = {"X-Refleks-Key": key} if key else {}
    message = EmailMessage(subject, "Koden din er:\n\nABC-123\n", to=[to], headers=headers)
    get_connection("lms.outbox.backend.OutboxBackend").send_messages([message])


def test_a_mail_is_a_row_before_it_is_anything_else():
    write()

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject, mail.state) == ("learner@example.org", "Hei", State.WAITING)


def test_a_mail_goes_the_way_of_its_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert OutgoingMail.objects.count() == 0


def test_the_same_occasion_is_written_once():
    write(key="person:kursbevis:1")
    write(key="person:kursbevis:1")
    write(key="person:kursbevis:2")

    assert OutgoingMail.objects.count() == 2


def test_the_key_never_leaves_the_house():
    write(key="person:kursbevis:1")

    assert "X-Refleks-Key" not in OutgoingMail.objects.get().message


def test_each_mail_says_its_language():
    """Text has no place for it but the head (A11)."""
    write()

    assert message_from_string(OutgoingMail.objects.get().message)["Content-Language"] == "nb"


def test_the_id_of_a_mail_names_the_sender_and_no_machine(settings):
    settings.DEFAULT_FROM_EMAIL = "Refleks <kurs@blåbær.example>"
    message = EmailMessage("Hei", "Hei", to=["a@example.org", "b@example.org"])
    get_connection("lms.outbox.backend.OutboxBackend").send_messages([message])

    ids = [message_from_string(mail.message)["Message-ID"] for mail in OutgoingMail.objects.all()]
    assert len(set(ids)) == 2
    assert [found.rpartition("@")[2] for found in ids] == ["xn--blbr-roah.example>"] * 2


def test_send_waiting_sends_each_once(settings, tmp_path):
    settings.OUTBOX_DELIVERY = {"file_path": str(tmp_path)}
    write()
    write(subject="Igjen")

    assert delivery.send_waiting() == 2
    assert delivery.send_waiting() == 0
    assert len(list(tmp_path.iterdir())) == 2
    assert list(OutgoingMail.objects.values_list("state", flat=True)) == [State.SENT, State.SENT]


def test_the_words_are_forgotten_once_sent_outside_the_demo(settings, tmp_path):
    settings.DEMO, settings.OUTBOX_DELIVERY = False, {"file_path": str(tmp_path)}
    write()

    delivery.send_waiting()

    assert OutgoingMail.objects.get().message == ""


@pytest.mark.parametrize("error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()])
def test_a_server_that_is_down_means_later_not_lost(monkeypatch, error):
    def fail(_mail):
        raise error

    monkeypatch.setattr(delivery, "_deliver", fail)
    write()

    assert delivery.send_waiting() == 0
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.tries, mail.error) == (State.WAITING, 1, type(error).__name__)
    assert mail.due_at > timezone.now()


def test_a_refused_address_is_given_up_at_once(monkeypatch):
    def refuse(mail):
        raise smtplib.SMTPRecipientsRefused({mail.to: (550, b"no such person")})

    monkeypatch.setattr(delivery, "_deliver", refuse)
    write()

    delivery.send_waiting()

    assert OutgoingMail.objects.get().state == State.FAILED


def test_an_address_that_is_refused_for_now_is_tried_later(monkeypatch):
    def refuse(mail):
        raise smtplib.SMTPRecipientsRefused({mail.to: (450, b"greylisted")})

    monkeypatch.setattr(delivery, "_deliver", refuse)
    write()

    delivery.send_waiting()

    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error) == (State.WAITING, "SMTPRecipientsRefused 450")


def test_a_server_that_is_away_is_waited_for_two_days(monkeypatch):
    def fail(_mail):
        raise ConnectionRefusedError

    monkeypatch.setattr(delivery, "_deliver", fail)
    write()
    OutgoingMail.objects.update(tries=50)
    delivery.send_waiting()
    assert OutgoingMail.objects.get().state == State.WAITING

    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=3), due_at=timezone.now())
    delivery.send_waiting()
    assert OutgoingMail.objects.get().state == State.FAILED


@pytest.mark.parametrize("error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()])
def test_a_server_that_is_away_is_not_asked_for_every_mail(monkeypatch, error):
    asked = []

    def fail(mail):
        asked.append(mail.pk)
        raise error

    monkeypatch.setattr(delivery, "_deliver", fail)
    write()
    write()

    delivery.send_waiting()

    assert len(asked) == 1


def test_a_mail_that_cannot_be_sent_stops_no_other_and_is_given_up(monkeypatch):
    def fail(mail):
        if mail.subject == "Gift":
            raise ValueError(mail.subject)

    monkeypatch.setattr(delivery, "_deliver", fail)
    write(subject="Gift")
    write()

    assert delivery.send_waiting() == 1
    for _try in range(2):
        OutgoingMail.objects.filter(state=State.WAITING).update(due_at=timezone.now())
        delivery.send_waiting()
    mail = OutgoingMail.objects.get(subject="Gift")
    assert (mail.state, mail.tries, mail.error) == (State.FAILED, 3, "ValueError")


def test_a_mail_that_kills_its_sender_is_given_up_after_three_tries():
    write()
    OutgoingMail.objects.update(state=State.SENDING, tries=3, due_at=timezone.now() - timedelta(minutes=16))

    delivery.free_stuck()

    assert OutgoingMail.objects.get().state == State.FAILED


def test_a_mail_that_another_has_taken_meanwhile_is_not_sent(settings, monkeypatch):
    sent = []

    class Server:
        def __init__(self, *_address, **_options):
            OutgoingMail.objects.update(tries=2)

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

        def ehlo(self):
            pass

        def has_extn(self, _name):
            return False

        def send_message(self, message):
            sent.append(message)

    monkeypatch.setattr(delivery.smtplib, "SMTP", Server)
    settings.SMTP_URL = "smtp://localhost:25"
    write()

    assert delivery.send_waiting() == 0
    assert sent == []


def test_a_request_does_not_wait_for_a_broker_that_hangs(monkeypatch):
    let_go, knocks = threading.Event(), []

    def hang(**_options):
        knocks.append(1)
        let_go.wait(10)

    monkeypatch.setattr(backend.send_waiting_mail, "apply_async", hang)
    try:
        for _mail in range(5):
            backend._hint()
        assert len(knocks) <= 1
    finally:
        let_go.set()


def test_what_was_given_up_can_be_tried_again(settings, tmp_path):
    settings.OUTBOX_DELIVERY = {"file_path": str(tmp_path)}
    write()
    OutgoingMail.objects.update(state=State.FAILED, tries=8)

    assert delivery.retry_failed([OutgoingMail.objects.get().pk]) == 1
    assert delivery.send_waiting() == 1


def test_a_mail_whose_sender_died_is_given_back():
    write()
    OutgoingMail.objects.update(state=State.SENDING, due_at=timezone.now() - timedelta(minutes=16))

    assert delivery.free_stuck() == 1


def test_a_mail_that_is_being_sent_is_left_alone():
    write()
    OutgoingMail.objects.update(state=State.SENDING, due_at=timezone.now())

    assert delivery.free_stuck() == 0
    assert delivery.send_waiting() == 0


def test_old_rows_are_forgotten_and_waiting_ones_kept(settings):
    write()
    OutgoingMail.objects.update(state=State.SENT)
    write(subject="Venter")
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=settings.MAIL_LOG_DAYS + 1))

    delivery.forget_old()

    assert list(OutgoingMail.objects.values_list("state", flat=True)) == [State.WAITING]


def test_the_demo_mailbox_shows_the_words_and_the_code():
    write()

    shown = demo_mails()[0]

    assert (shown["to"], shown["subject"], shown["code"]) == ("learner@example.org", "Hei", "ABC-123")


WORDS = "Først «å se», så ÆØÅ og áčđŋšŧž.\n"


def write_in_norwegian():
    get_connection("lms.outbox.backend.OutboxBackend").send_messages(
        [EmailMessage("Kurset på fjellet", WORDS, to=["learner@example.org"])]
    )


def test_the_demo_mailbox_shows_every_letter():
    write_in_norwegian()

    assert demo_mails()[0]["body"] == WORDS


def test_every_letter_reaches_the_mail_server(settings, monkeypatch):
    sent = []

    class Server:
        def __init__(self, *_address, **_options):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

        def ehlo(self):
            pass

        def has_extn(self, _name):
            return False

        def send_message(self, message):
            sent.append(message.as_bytes())

    monkeypatch.setattr(delivery.smtplib, "SMTP", Server)
    settings.SMTP_URL = "smtp://localhost:25"
    write_in_norwegian()

    assert delivery.send_waiting() == 1
    assert WORDS.strip().encode() in sent[0]
