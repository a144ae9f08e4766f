"""People in /cms/: who has which role. Deleting somebody here is the same erasure they can ask for themselves."""

from contextlib import suppress
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel
from wagtail.log_actions import log
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction
from wagtail.users.views.users import CreateView, DeleteView, EditView, HistoryView, IndexView, UserViewSet

from lms.accounts.erasure import erase_person
from lms.accounts.models import User
from lms.accounts.profile import ProfileFields, clean_name
from lms.accounts.roles import follow_groups

ROLES_CHANGED = "accounts.roles"


class PersonForm(forms.ModelForm):
    """One name instead of two; who works in /cms/ follows from the roles."""

    first_name = last_name = None
    name = ProfileFields.base_fields["name"]
    sector = forms.ChoiceField(
        label=_("Sektor"), choices=[("", _("Velg sektor")), *User.Sector.choices], required=False
    )
    is_superuser = forms.BooleanField(
        label=_("Full tilgang"),
        help_text=_("Kan alt, også gi andre roller. For den som drifter Refleks; ellers holder en rolle."),
        required=False,
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        taken = EmailAddress.objects.filter(email=email).exclude(user=self.instance.pk).exists()
        if taken or User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Denne e-postadressen er allerede i bruk."))
        return email

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        _keep_one_primary_address(user)
        follow_groups(user)
        return user


class CreatePersonForm(PersonForm, UserCreationForm):
    """A new person signs in by mailed code; nobody invents a password for somebody else."""

    password_enabled = False

    class Meta(UserCreationForm.Meta):
        fields = ("email", "name", "sector", "is_superuser", "groups")

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class EditPersonForm(PersonForm, UserEditForm):
    password_enabled = False

    class Meta(UserEditForm.Meta):
        fields = ("email", "name", "sector", "is_active", "is_superuser", "groups")


def _keep_one_primary_address(user: User) -> None:
    # Whoever manages people vouches for the address; the mailed code proves it at each sign-in.
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).update(primary=False)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True, "verified": True})


class PeopleIndexView(IndexView):
    """The list, found by name or address, without those who were erased."""

    search_fields = {"name__folded", "email"}

    @property
    def columns(self) -> list[Any]:
        checkbox, name, address, *rest = super().columns
        name.sort_key, address.label = "name", _("E-postadresse")
        return [checkbox, name, address, *rest]

    def get_base_queryset(self) -> QuerySet[User]:
        return super().get_base_queryset().filter(erased_at=None)

    def order_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        # Wagtail's own sorts by first and last name.
        return super(IndexView, self).order_queryset(queryset)


class NobodyErased:
    """Whoever was erased has no page here."""

    def get_object(self, *args: Any, **kwargs: Any) -> User:
        person = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if person.erased_at:
            raise Http404
        return person


def rights_of(users: list[User]) -> dict[int, set[str]]:
    """By id: the names of the roles of these people as they are stored, with that of full access."""
    people = User.objects.filter(pk__in=[user.pk for user in users]).prefetch_related("groups")
    full = gettext("Full tilgang")
    return {
        person.pk: {role.name for role in person.groups.all()} | ({full} if person.is_superuser else set())
        for person in people
    }


def log_rights(users: list[User], before: dict[int, set[str]], by: Any) -> None:
    """Writes in the log which roles `by` gave and took since `before` (P7)."""
    now = rights_of(users)
    for person in users:
        had, has = before.get(person.pk, set()), now[person.pk]
        if had != has:
            log(person, ROLES_CHANGED, user=by, data={"added": sorted(has - had), "removed": sorted(had - has)})


class LogsRights:
    """What is saved here says in the log which roles it gave and took."""

    @transaction.atomic
    def save_instance(self) -> User:
        before = rights_of([self.form.instance])  # type: ignore[attr-defined]
        person = super().save_instance()  # type: ignore[misc]
        log_rights([person], before, self.request.user)  # type: ignore[attr-defined]
        return person


class PersonCreateView(LogsRights, CreateView):
    pass


class PersonEditView(NobodyErased, LogsRights, EditView):
    pass


class PersonDeleteView(NobodyErased, DeleteView):
    pass


class PersonHistoryView(NobodyErased, HistoryView):
    pass


class PeopleViewSet(UserViewSet):
    index_view_class = PeopleIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    delete_view_class = PersonDeleteView
    history_view_class = PersonHistoryView

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        return EditPersonForm if for_update else CreatePersonForm


class NotErased:
    """Bulk actions leave alone those who were erased."""

    @classmethod
    def get_queryset(cls, model: type[User], object_ids: list[Any]) -> QuerySet[User]:
        return User.objects.filter(pk__in=object_ids, erased_at=None)


class AssignRole(NotErased, AssignRoleBulkAction):
    def get_execution_context(self) -> dict[str, Any]:
        return super().get_execution_context() | {"by": self.request.user}

    @classmethod
    @transaction.atomic
    def execute_action(cls, objects: list[User], role: Any = None, **kwargs: Any) -> tuple[int, int]:
        before = rights_of(objects)
        counts = super().execute_action(objects, role=role, **kwargs)
        for user in objects:
            follow_groups(user)
        log_rights(objects, before, kwargs["by"])
        return counts


class EraseSeveral(NotErased, DeleteBulkAction):
    def get_execution_context(self) -> dict[str, Any]:
        return super().get_execution_context() | {"by": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[User], model: Any = None, **kwargs: Any) -> tuple[int, int]:
        erased = 0
        for user in objects:
            # Whoever leads a group that is under way stays until it has another mentor: one by one says so.
            with suppress(ValidationError):
                erase_by(kwargs["by"], user)
                erased += 1
        return erased, 0


def erase_by(staff: User, user: User) -> None:
    """Erases `user` on their behalf; the log says who did it, and no longer to whom (P7).

    Raises ValidationError while they lead a group that is under way.
    """
    with transaction.atomic():
        erase_person(user, keep_certificates=True)
        log(user, "wagtail.delete", user=staff)


class SetActiveState(NotErased, SetActiveStateBulkAction):
    pass


class OwnSettingsView(AccountView):
    """One's own wishes for the editor. Name and address are changed in "Min konto"; Wagtail asks for two names."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]


# Stands in front of Wagtail's own page of the same address.
own_settings = require_admin_access(OwnSettingsView.as_view())
