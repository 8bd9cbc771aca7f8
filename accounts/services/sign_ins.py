"""Attempts to sign in: each is a row, and the rows are what limits the next ones.

Nobody can lock out somebody else. What counts is where attempts come from: one address may try one account
five times in a quarter of an hour, and all accounts together thirty times. An account that is tried from many
addresses is not closed; each address that nobody knows then has one try instead of five. A browser that has
signed in to the account before (`accounts.services.devices`) has tries of its own, whatever others do.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person, SignIn, SignInOutcome
from accounts.services import devices, second_factors
from accounts.services.devices import Client
from musenest.common import tenancy
from musenest.common.errors import LimitError

WINDOW = timedelta(minutes=15)
OF_ADDRESS_AND_ACCOUNT = 5
UNDER_ATTACK = 1
OF_ADDRESS = 30
OF_DEVICE = 10
ATTACK = 20  # guesses at one account from browsers that nobody knows
CODES_OF_ACCOUNT = 60  # six digits can be guessed: who has the password already is held for all addresses
KEPT = timedelta(days=400)
IN_SESSION = "sign_in"


def by_password(*, request: Any, email: str, password: str, is_again: bool = False) -> Person | None:
    """The person with this address and password, or None (unknown, wrong and disabled alike); noted.

    `is_again`: of somebody signed in who is asked once more. Raises LimitError after too many tries.
    """
    sign_in = begin(email=email, client=devices.client_of(request, email), method="password")
    person = authenticate(request, username=email.strip().lower(), password=password)
    if not isinstance(person, Person):
        finish(sign_in, why_not(sign_in))
        return None
    finish(sign_in, SignInOutcome.CONFIRMED if is_again else SignInOutcome.FIRST_FACTOR)
    if not is_again and hasattr(request, "session"):
        request.session[IN_SESSION] = sign_in.pk
    return person


def by_code(*, request: Any, person: Person, code: str, is_again: bool = False) -> Any:
    """The authenticator whose code this is, now used up, or None; noted. Raises LimitError."""
    client = devices.client_of(request, person.email)
    sign_in = begin(email=person.email, client=client, method="code")
    with tenancy.staff():
        found = second_factors.matching(person, code)
    if found is None:
        finish(sign_in, SignInOutcome.WRONG_CODE)
    elif is_again:
        finish(sign_in, SignInOutcome.CONFIRMED)
    else:
        forget(sign_in)  # the sign-in that it completes is a row
    return found


def begin(*, email: str, client: Client, method: str) -> SignIn:
    """Note that somebody tries, whoever it is. Raises LimitError when they tried too often."""
    account = devices.account_of(email)
    with tenancy.staff(), transaction.atomic():
        take_turns(client.subject)
        wait = seconds_to_wait(account, client, method)
        sign_in = SignIn.objects.create(
            person=Person.objects.filter(email=email.strip().lower()).first(),
            account=account,
            method=method,
            outcome=SignInOutcome.LIMITED if wait else SignInOutcome.TRIED,
            address=client.address or None,
            subject=client.subject,
            agent=client.agent,
            device=client.device,
        )
    if wait:
        minutes = -(-wait // 60)
        raise LimitError(
            "There were too many tries. Wait %(minutes)s min and try again, "
            "or use a browser that you have signed in with before.",
            code="TOO_MANY_TRIES",
            retry_after=wait,
            figures={"minutes": minutes},
        )
    return sign_in


def take_turns(subject: str) -> None:
    """Of one address only one at a time counts, so that none passes beside another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-in:{subject}"])


def seconds_to_wait(account: str, client: Client, method: str) -> int:
    """0 where one more try may be made."""
    guesses = SignIn.objects.guesses(seconds=WINDOW.total_seconds())
    of_account = guesses.filter(account=account)
    if client.device:
        return wait_for(of_account.filter(device=client.device), OF_DEVICE)
    of_strangers = of_account.filter(device="")
    is_attacked = of_strangers[: ATTACK + 1].count() >= ATTACK
    most = UNDER_ATTACK if is_attacked else OF_ADDRESS_AND_ACCOUNT
    waits = [
        wait_for(of_strangers.filter(subject=client.subject), most),
        wait_for(guesses.filter(subject=client.subject, device=""), OF_ADDRESS),
    ]
    if method == "code":
        waits.append(wait_for(of_strangers.filter(method="code"), CODES_OF_ACCOUNT))
    return max(waits)


def wait_for(guesses: QuerySet[SignIn], most: int) -> int:
    """Seconds until fewer than `most` of them are in the window."""
    held = list(guesses.values_list("at", flat=True)[:most])
    if len(held) < most:
        return 0
    return max(1, int((held[-1] + WINDOW - timezone.now()).total_seconds()) + 1)


def why_not(sign_in: SignIn) -> SignInOutcome:
    if sign_in.person is None:
        return SignInOutcome.UNKNOWN
    return SignInOutcome.WRONG_PASSWORD if sign_in.person.is_active else SignInOutcome.DISABLED


def finish(sign_in: SignIn, outcome: SignInOutcome, *, method: str = "") -> None:
    sign_in.outcome, sign_in.method = outcome, method or sign_in.method
    with tenancy.staff():
        sign_in.save(update_fields=["outcome", "method"])


def forget(sign_in: SignIn) -> None:
    with tenancy.staff():
        sign_in.delete()


def succeed(*, request: Any, person: Person, method: str) -> None:
    """Note that the person is in, as one row with the password's attempt that this completes."""
    session = getattr(request, "session", None)
    begun = session.pop(IN_SESSION, None) if session is not None else None
    with tenancy.staff():
        changed = begun and SignIn.objects.filter(pk=begun, person=person).update(
            outcome=SignInOutcome.SUCCEEDED, method=method
        )
    if not changed:
        note(request=request, email=person.email, outcome=SignInOutcome.SUCCEEDED, method=method)


def note(*, request: Any, email: str, outcome: SignInOutcome, method: str) -> None:
    """A row of what was decided elsewhere (a passkey, Google), which needs no limit: it cannot be guessed."""
    client = devices.client_of(request, email)
    with tenancy.staff():
        SignIn.objects.create(
            person=Person.objects.filter(email=email.strip().lower()).first(),
            account=devices.account_of(email),
            method=method,
            outcome=outcome,
            address=client.address or None,
            subject=client.subject,
            agent=client.agent,
            device=client.device,
        )


def forget_old() -> int:
    """Delete what is older than 400 days; returns how many rows. Runs as staff."""
    return int(SignIn.objects.filter(at__lt=timezone.now() - KEPT).delete()[0])
