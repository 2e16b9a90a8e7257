from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bawg_site.signing_in.reset import reset_second_factor


class Command(BaseCommand):
    help = (
        "For somebody of the staff who lost the telephone: take away their app, passkeys and "
        "recovery codes, sign them out everywhere, and write to their address. They then sign in "
        "with the password, and set up a new app or passkey. Be sure that it is them who ask."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: object) -> None:
        try:
            user = User.objects.get(username=username)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        taken = reset_second_factor(user=user, now=timezone.now())
        what = "There was nothing to take away" if not taken else "Taken away"
        self.stdout.write(
            f"{what}. {username} is signed out everywhere, and signs in with the password alone "
            "until a new app or passkey is set up."
        )
        if not user.email:
            self.stdout.write("The account has no address, so no mail goes out. Tell them.")
