"""A second factor that is lost: taken away by whoever runs the server, and told."""

import datetime as dt
import logging

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction

from bawg_site.sessions import end_sessions_of
from registrations.models import AccountLetter
from registrations.services import account_letters

log = logging.getLogger(__name__)

#: What the account's history at the desk says, which names the account itself as who did it.
HISTORY = "The second factor was reset by a command on the server, and all sessions ended."


def reset_second_factor(*, user: User, now: dt.datetime) -> int:
    """Returns how many apps, passkeys and sets of codes were taken away."""
    with transaction.atomic():
        taken: int = Authenticator.objects.filter(user=user).delete()[0]
        end_sessions_of(user)
        account_letters.owe(user=user, kind=AccountLetter.Kind.RESET, now=now)
        LogEntry.objects.log_actions(
            user_id=user.pk,
            queryset=[user],
            action_flag=CHANGE,
            change_message=HISTORY,
            single_object=True,
        )
    log.warning("The second factor of account %s was reset by a command.", user.pk)
    return taken
