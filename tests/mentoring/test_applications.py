from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring.applications import (
    NEXT,
    apply,
    change,
    offer,
    other_offer,
    put_on_waiting_list,
    refuse,
    settle_all,
    transfer,
    withdraw,
)
from mentoring.models import Application, ApplicationEvent, LearningGroup
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import end, facts, mails_to, many_applications, refused, story

pytestmark = pytest.mark.usefixtures("package", "queued_mail")
Status = Application.Status


# --- applying


def test_a_workplace_applies_and_is_told_so(package, learner):
    application, is_new = apply(learner, package, facts(phone="55 55 01 23", wishes="Gjerne tirsdager."))

    assert is_new
    assert (application.status, application.contact, application.round) == ("applied", learner, None)
    assert (application.workplace, application.municipality_id, application.wishes) == (
        *("Solbakken barnehage", "1103"),
        "Gjerne tirsdager.",
    )
    assert story(application) == [("applied", "")]
    assert mails_to(learner) == [f"application-applied:{application.pk}"]


def test_applying_twice_is_one_application(package, learner, application):
    again, is_new = apply(learner, package, facts(workplace="SOLBAKKEN barnehage", expected_size=9))

    assert (again, is_new) == (application, False)
    assert Application.objects.get().expected_size == 8
    assert mails_to(learner) == [f"application-applied:{application.pk}"]


def test_the_same_person_applies_for_another_workplace(package, learner, application):
    other, is_new = apply(learner, package, facts(workplace="Fjellro avlastning"))

    assert is_new
    assert other != application


def test_a_workplace_applies_anew_when_the_first_application_is_decided(package, learner, application, admin):
    offer(application, admin)

    assert apply(learner, package, facts())[1]


def test_an_application_goes_into_the_round_that_is_open(package, learner, autumn):
    assert apply(learner, package, facts())[0].round == autumn


def test_an_application_goes_into_the_round_that_was_chosen(package, learner, autumn, spring):
    assert apply(learner, package, facts(), spring)[0].round == spring


def test_applying_refuses_when_the_package_is_closed(package, learner):
    package.is_open = False

    assert refused(apply, learner, package, facts()) == ["Pakken tar ikke imot søknader akkurat nå."]


def test_applying_refuses_when_no_round_is_open(package, learner, autumn):
    autumn.closes_on = timezone.localdate() - timezone.timedelta(days=1)
    autumn.save()

    assert refused(apply, learner, package, facts()) == ["Pakken tar ikke imot søknader akkurat nå."]


def test_the_last_day_of_a_round_is_open(package, learner, autumn):
    autumn.opens_on = autumn.closes_on = timezone.localdate()
    autumn.save()

    assert apply(learner, package, facts())[1]


def test_applying_refuses_when_the_chosen_round_is_closed(package, learner, autumn, spring):
    spring.opens_on = timezone.localdate() + timezone.timedelta(days=1)
    spring.save()

    assert refused(apply, learner, package, facts(), spring) == [
        "Runden tar ikke imot søknader akkurat nå. Velg en annen."
    ]


@pytest.mark.parametrize("size", [0, 1, 501])
def test_applying_refuses_when_the_size_cannot_be_right(package, learner, size):
    assert refused(apply, learner, package, facts(expected_size=size)) == [
        "En gruppe er fra to til fem hundre personer."
    ]


def test_applying_refuses_when_ten_applications_wait_for_an_answer(package, learner):
    for number in range(10):
        apply(learner, package, facts(workplace=f"Sted {number}"))

    assert refused(apply, learner, package, facts()) == [
        "Du har allerede ti søknader som venter på svar. Vent til noen av dem er avgjort."
    ]


# --- changing


def test_change_puts_right_what_was_written_and_the_history_says_what(application, learner):
    change(application, learner, facts(expected_size=11, wishes="Helst i april."))

    application.refresh_from_db()
    assert (application.expected_size, application.wishes) == (11, "Helst i april.")
    assert story(application) == [("applied", ""), ("applied", "Endret: hvor mange dere er, ønsker.")]


def test_change_to_the_same_leaves_no_trace(application, learner):
    change(application, learner, facts())

    assert story(application) == [("applied", "")]


def test_change_is_for_those_on_the_waiting_list_too_and_keeps_their_place(application, learner, admin):
    put_on_waiting_list(application, admin)

    change(application, learner, facts(expected_size=11))

    application.refresh_from_db()
    assert (application.status, application.expected_size) == ("waiting", 11)
    assert story(application) == [("applied", ""), ("waiting", ""), ("waiting", "Endret: hvor mange dere er.")]
    assert mails_to(learner) == [f"application-{state}:{application.pk}" for state in ("applied", "waiting")]


@pytest.mark.parametrize("answer", [offer, lambda *who: refuse(*who, "Utenfor målgruppen.")])
def test_change_refuses_when_there_is_an_answer(application, learner, admin, answer):
    answer(application, admin)

    assert refused(change, application, learner, facts(expected_size=11)) == [
        "Søknaden er behandlet og kan ikke endres. Ta kontakt med senteret."
    ]


def test_change_refuses_when_it_would_be_another_application_of_the_same_workplace(application, learner, package):
    apply(learner, package, facts(workplace="Fjellro avlastning"))

    assert refused(change, application, learner, facts(workplace="fjellro avlastning")) == [
        "Dere har allerede en annen søknad med dette navnet."
    ]


# --- answers


def test_an_offer_makes_a_planned_group_and_tells_the_contact_person(application, admin, mentor, learner):
    offered = offer(application, admin, mentor=mentor, name="Solbakken, høsten", reason="Velkommen.")

    group = offered.group
    assert (group.name, group.status, group.mentor, group.contact) == ("Solbakken, høsten", "planned", mentor, learner)
    assert (group.workplace, group.municipality_id, group.kind) == ("Solbakken barnehage", "1103", "institution")
    assert (group.package, group.meetings.count()) == (application.package, 2)
    assert story(application) == [("applied", ""), ("offered", "Velkommen.")]
    assert mails_to(learner)[1:] == [f"application-offered:{application.pk}"]
    said = OutgoingMail.objects.get(key__contains="offered").message
    assert (said.count(f"/grupper/{group.pk}/deltakere/"), "Velkommen." in said) == (2, True)


def test_an_offer_without_more_ado_has_the_name_of_the_workplace_and_no_mentor_yet(application, admin):
    group = offer(application, admin).group

    assert (group.name, group.mentor) == ("Solbakken barnehage", None)


def test_an_offer_may_take_its_place_in_a_later_round(autumn, spring, package, learner, admin):
    application, _new = apply(learner, package, facts(), autumn)

    assert offer(application, admin, of=spring).round == spring


def test_an_offer_refuses_when_the_mentor_may_not_lead(application, admin, editor):
    assert refused(offer, application, admin, mentor=editor) == [
        "Eivind Kråkås står ikke i mentorregisteret for «Liten pakke»."
    ]
    assert LearningGroup.objects.count() == 0


def test_an_offer_refuses_when_the_round_is_full_and_proposes_the_waiting_list(autumn, package, admin):
    first, second, third = many_applications(package, autumn, 3)
    offer(first, admin)
    offer(second, admin)

    assert refused(offer, third, admin) == [
        "Alle 2 plassene i runden høsten 2026 er gitt bort. Sett søknaden på venteliste."
    ]
    assert (LearningGroup.objects.count(), story(third)) == (2, [("applied", "")])


@pytest.mark.parametrize("give_back", ["withdraw", "transfer"])
def test_a_place_that_is_given_back_may_be_offered_again(autumn, spring, package, admin, give_back):
    first, second, third = many_applications(package, autumn, 3)
    for one in (first, second):
        offer(one, admin)
    if give_back == "withdraw":
        withdraw(first, first.contact, "Sykdom i laget.")
    else:
        transfer(first, admin, spring)

    assert offer(third, admin).status == "offered"


def test_a_completed_group_keeps_its_place(spring, package, admin):
    first, second = many_applications(package, spring, 2)
    end(offer(first, admin).group)
    settle_all()

    assert refused(offer, second, admin) == [
        "Alle 1 plassene i runden våren 2027 er gitt bort. Sett søknaden på venteliste."
    ]


def test_an_offer_refuses_when_the_round_is_another_packages(application, admin, autumn, package):
    other = type(package).objects.create(name="En annen pakke")
    autumn.package = other
    autumn.save()

    assert refused(offer, application, admin, of=autumn) == ["Runden hører til en annen pakke."]


def test_an_offer_refuses_when_the_contact_person_is_gone(application, admin, learner):
    learner.is_active = False
    learner.save()

    assert refused(offer, application, admin) == [
        "Kontaktpersonen har slettet kontoen sin. Søknaden kan bare avslås eller trekkes."
    ]


def test_the_waiting_list_tells_the_contact_person(application, admin, learner):
    put_on_waiting_list(application, admin, "Det er fullt til våren.")

    assert story(application) == [("applied", ""), ("waiting", "Det er fullt til våren.")]
    assert mails_to(learner)[1:] == [f"application-waiting:{application.pk}"]


@pytest.mark.parametrize(("act", "status"), [(other_offer, "other_offer"), (refuse, "refused")])
def test_an_answer_of_no_has_a_reason_that_the_contact_person_reads(application, admin, learner, act, status):
    act(application, admin, "Dere er utenfor målgruppen.")

    assert story(application) == [("applied", ""), (status, "Dere er utenfor målgruppen.")]
    assert mails_to(learner)[1:] == [f"application-{status}:{application.pk}"]
    assert "Dere er utenfor målgruppen." in OutgoingMail.objects.get(key__contains=status).message


@pytest.mark.parametrize("act", [other_offer, refuse, withdraw])
def test_an_answer_of_no_refuses_when_there_is_no_reason(application, admin, act):
    assert refused(act, application, admin, "  ") == ["Skriv en begrunnelse."]
    assert story(application) == [("applied", "")]


def test_nobody_is_told_who_has_deleted_the_account(application, admin, learner):
    learner.is_active = False
    learner.save()

    refuse(application, admin, "Utenfor målgruppen.")

    assert mails_to(learner) == [f"application-applied:{application.pk}"]


# --- what may follow what (R070)

ANSWERS = {
    Status.WAITING: lambda application, admin, spring: put_on_waiting_list(application, admin),
    Status.OFFERED: lambda application, admin, spring: offer(application, admin),
    Status.OTHER_OFFER: lambda application, admin, spring: other_offer(application, admin, "Noe annet."),
    Status.REFUSED: lambda application, admin, spring: refuse(application, admin, "Nei."),
    Status.WITHDRAWN: lambda application, admin, spring: withdraw(application, admin, "Nei."),
    Status.TRANSFERRED: transfer,
}


@pytest.mark.parametrize("now", Status.values)
def test_only_what_may_follow_follows(application, admin, spring, now):
    followed = set()
    for then, act in ANSWERS.items():
        Application.objects.filter(pk=application.pk).update(status=now, group=None)
        before = ApplicationEvent.objects.filter(application=application).count()
        try:
            act(application, admin, spring)
        except ValidationError:
            application.refresh_from_db()
            assert (application.status, ApplicationEvent.objects.filter(application=application).count()) == (
                *(now,),
                before,
            )
        else:
            followed.add(then)
        Application.objects.exclude(pk=application.pk).update(round=None, status="refused")

    assert followed == NEXT.get(now, set()) - {Status.COMPLETED}


def test_the_twenty_first_application_of_a_day_refuses(package, learner):
    for number in range(20):
        application, _new = apply(learner, package, facts(workplace=f"Arbeidssted {number}"))
        withdraw(application, learner, "Feil sted.")
    with pytest.raises(ValidationError, match="tjue søknader det siste døgnet"):
        apply(learner, package, facts(workplace="Enda et sted"))
    Application.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))

    assert apply(learner, package, facts(workplace="Enda et sted"))[1]
