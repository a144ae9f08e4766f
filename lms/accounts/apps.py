from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig

from lms.accounts.staff_sessions import watch_staff_sessions
from lms.watching import watch_sign_ins


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    verbose_name = "Brukere"
    default = True

    def ready(self):
        from lms.accounts.roles import watch_roles  # noqa: PLC0415 - models are there only now

        watch_roles()
        watch_staff_sessions()
        watch_sign_ins()


class CmsUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user pages with our forms: people have one name, and deleting them is erasing them."""

    user_viewset = "lms.accounts.cms.PeopleViewSet"
