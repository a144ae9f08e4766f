"""Addresses of groups."""

from django.urls import path

from mentoring.views import applications, calendar, letters, meetings, notes, polls, scheduling, screen
from mentoring.views import groups as pages

urlpatterns = [
    path("", pages.groups, name="groups"),
    path("soknad/", applications.sign_up, name="sign_up"),
    path("soknad/<int:package>/", applications.apply, name="apply"),
    path("soknader/<int:pk>/", applications.application, name="application"),
    path("soknader/<int:pk>/endre/", applications.change_application, name="change_application"),
    path("soknader/<int:pk>/trekk/", applications.withdraw_application, name="withdraw_application"),
    path("<int:pk>/", pages.group, name="group"),
    path("<int:pk>/fullfor/", pages.complete_group, name="complete_group"),
    path("<int:pk>/start/", pages.start_group, name="start_group"),
    path("kalender/", calendar.feed_settings, name="feed_settings"),
    path("svar/<str:signed>/", polls.poll_answer, name="poll_answer"),
    path("<int:pk>/moter/<int:number>/avstemning/", polls.poll, name="poll"),
    path("<int:pk>/moter/<int:number>/avlys/", scheduling.meeting_cancel, name="meeting_cancel"),
    path("<int:pk>/moter/<int:number>/endre/", scheduling.meeting_edit, name="meeting_edit"),
    path("<int:pk>/moter/<int:number>/svar/", scheduling.meeting_reply, name="meeting_reply"),
    path("<int:pk>/planlegg/", scheduling.plan, name="plan"),
    path("<int:pk>/notat/", notes.own_note, name="own_note"),
    path("<int:pk>/notat/lever/", notes.hand_in_note, name="hand_in_note"),
    path("<int:pk>/notat/trekk/", notes.withdraw_note, name="withdraw_note"),
    path("<int:pk>/notat/<int:number>/", notes.own_note, name="own_note"),
    path("<int:pk>/notat/<int:number>/lever/", notes.hand_in_note, name="hand_in_note"),
    path("<int:pk>/notat/<int:number>/trekk/", notes.withdraw_note, name="withdraw_note"),
    path("<int:pk>/notater/", notes.group_notes, name="group_notes"),
    path("<int:pk>/notater/<int:note>/", notes.read_note, name="read_note"),
    path("<int:pk>/notater/<int:note>/mottatt/", notes.receive_note, name="receive_note"),
    path("<int:pk>/notater/<int:note>/tilbake/", notes.return_note, name="return_note"),
    path("<int:pk>/brev/", letters.letter, name="letter"),
    path("<int:pk>/logg/", letters.group_log, name="group_log"),
    path("stopp/<str:signed>/", letters.stop_reminders, name="stop_reminders"),
    path("<int:pk>/moter/<int:number>/", meetings.meeting, name="meeting"),
    path("<int:pk>/moter/<int:number>/mote.ics", meetings.meeting_ics, name="meeting_ics"),
    path("<int:pk>/moter/<int:number>/oppmote/", meetings.mark, name="attendance"),
    path("<int:pk>/moter/<int:number>/ta-igjen/<int:membership>/", meetings.make_up, name="make_up"),
    path("<int:pk>/moter/<int:number>/ta-med/", meetings.bring, name="bring"),
    path("<int:pk>/moter/<int:number>/skjerm/", screen.screen, name="screen"),
]
