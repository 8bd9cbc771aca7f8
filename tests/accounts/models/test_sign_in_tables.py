"""What allauth and we keep of a person is the person's own."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, models, transaction

from accounts.models import Person, SignIn
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.usefixtures("committed_db")

TABLES: dict[type[models.Model], dict[str, Any]] = {
    EmailAddress: {"email": "new@people.test"},
    Authenticator: {"type": "totp", "data": {"secret": "s"}},
    SocialAccount: {"provider": "google", "uid": "1"},
    UserSession: {"ip": "192.0.2.1", "session_key": "k" * 32, "user_agent": "Browser"},
}


def nobody_yet(email: str) -> Person:
    """A person of whom nothing is kept, not even an address that was verified."""
    with tenancy.staff():
        return Person.objects.create_user(email, samples.PASSWORD)


def rows(of: Person) -> None:
    with tenancy.staff():
        for model, fields in TABLES.items():
            model._default_manager.create(user=of, **fields)
        SignIn.objects.create(person=of, account="a", method="password", subject="192.0.2.1")


def test_a_person_sees_their_own_and_nobody_elses() -> None:
    ann, bob = nobody_yet("ann@people.test"), nobody_yet("bob@people.test")
    rows(ann)

    tables: list[type[models.Model]] = [*TABLES, SignIn]
    for model in tables:
        with tenancy.person(ann.pk):
            assert model._default_manager.count() == 1, model
        with tenancy.person(bob.pk):
            assert model._default_manager.count() == 0, model
        assert model._default_manager.count() == 0, model
        with tenancy.organization(samples.organization().pk):
            assert model._default_manager.count() == 0, model


def test_a_person_can_neither_make_nor_change_anothers() -> None:
    ann, bob = nobody_yet("ann@people.test"), nobody_yet("bob@people.test")
    rows(ann)

    for model, fields in TABLES.items():
        with tenancy.person(bob.pk):
            assert model._default_manager.all().delete()[0] == 0, model
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                model._default_manager.create(user=ann, **fields)


def test_a_person_changes_nothing_of_their_own_history() -> None:
    ann = nobody_yet("ann@people.test")
    rows(ann)

    with tenancy.person(ann.pk):
        assert SignIn.objects.update(outcome="succeeded") == 0
        assert SignIn.objects.all().delete()[0] == 0
