"""Every change of a password is told to its account, whoever made it and wherever."""

from django.contrib.auth.models import AbstractBaseUser, User
from django.utils import timezone

from registrations.models import AccountLetter
from registrations.services import account_letters


class TellTheAccount:
    """Stands among the validators of passwords, which Django calls after each change.

    A first password is no change: somebody who never signed in knows of it by other ways.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Any will do."""

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if isinstance(user, User) and user.is_staff and user.last_login:
            kind = AccountLetter.Kind.PASSWORD_CHANGED
            account_letters.owe(user=user, kind=kind, now=timezone.now())
