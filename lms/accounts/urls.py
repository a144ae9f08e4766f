from django.urls import path

from lms.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("nytt-navn/", views.name_changed, name="name_changed"),
    path("mine-data/", views.export_data, name="export_data"),
    path("slett/", views.erase_account, name="erase_account"),
    path("slettet/", views.account_erased, name="account_erased"),
]
