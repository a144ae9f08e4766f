"""Addresses of workplaces."""

from django.urls import path

from lms.workplaces.views import employees, leaders, secrets

urlpatterns = [
    path("", leaders.workplaces, name="workplaces"),
    path("deling/", employees.my_workplaces, name="my_workplaces"),
    path("deling/<int:employee>/", employees.change_sharing, name="change_sharing"),
    path("svar/<str:token>/", secrets.answer_workplace, name="answer_workplace"),
    path("bekreft/<str:token>/", secrets.confirm_leader, name="confirm_leader"),
    path("stopp/<str:signed>/", secrets.workplace_stop, name="workplace_stop"),
    path("<int:pk>/", leaders.workplace, name="workplace"),
    path("<int:pk>/kurs/", leaders.require, name="require_course"),
    path("<int:pk>/kurs/<int:required>/", leaders.requirement, name="requirement"),
    path("<int:pk>/kurs/<int:required>/fjern/", leaders.end_requirement, name="end_requirement"),
    path("<int:pk>/kurs/<int:required>/minn/", leaders.remind, name="remind_employees"),
    path("<int:pk>/inviter/", leaders.invite, name="invite_employees"),
    path("<int:pk>/inviter/send/", leaders.send_invitations, name="send_employee_invitations"),
    path("<int:pk>/ansatte/<int:employee>/send/", leaders.resend, name="resend_employee_invitation"),
    path("<int:pk>/ansatte/<int:employee>/fjern/", leaders.remove, name="remove_employee"),
    path("<int:pk>/liste.csv", leaders.employee_list, {"kind": "csv"}, name="employee_list_csv"),
    path("<int:pk>/liste.xlsx", leaders.employee_list, {"kind": "xlsx"}, name="employee_list_xlsx"),
]
