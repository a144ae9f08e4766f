"""Addresses of courses. Wagtail serves what is not named here."""

from django.urls import path

from modules import views

urlpatterns = [
    path("kurs/", views.course_index, name="course_index"),
    path("kurs/<slug:course>/", views.course, name="course"),
    path("kurs/<slug:course>/pamelding/", views.enrol, name="enrol"),
    path("kurs/<slug:course>/avmelding/", views.withdraw, name="withdraw"),
    path("kurs/<slug:course>/pa-nytt/", views.start_again, name="start_again"),
    path("kurs/<slug:course>/<slug:module>/", views.module, name="module"),
    path("kurs/<slug:course>/<slug:module>/<slug:lesson>/", views.lesson, name="lesson"),
    path("kurs/<slug:course>/<slug:module>/<slug:lesson>/ferdig/", views.complete, name="complete_lesson"),
    path("kurs/<slug:course>/<slug:module>/<slug:lesson>/svar/<uuid:part>/", views.answer, name="answer_check"),
    path("kurs/<slug:course>/<slug:module>/<slug:lesson>/notat/<uuid:part>/", views.save_note, name="save_note"),
    path("kurs/<slug:course>/<slug:module>/<slug:lesson>/pilot/", views.pilot_feedback, name="pilot_feedback"),
    path("notatbok/", views.notebook_page, name="notebook"),
]
