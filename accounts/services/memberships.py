"""Who belongs to an organisation with which role, and who may see its child-safety cases.

Every change locks the organisation first, so that two at once take turns: an owner always remains. Nobody
gives, changes or takes a role with rights that he does not have himself.
"""

from dataclasses import dataclass

from django.db import transaction

from accounts import rules
from accounts.models import ApiKey, Membership, Organization, Person, Role
from accounts.selectors import api_keys as found_keys
from accounts.selectors import memberships as found
from accounts.services import api_keys, audit, email_addresses, notifications
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, DeniedError


@dataclass(frozen=True)
class KeysLeft:
    """API keys of somebody who may less now, or nothing: that still work, and that were revoked."""

    live_keys: int
    revoked_keys: int


def add(*, organization: Organization, person: Person, role: str, by: Actor) -> Membership:
    """Make the person a member, and record it. In staff's scope: the person is not visible to the
    organisation yet.
    """
    with transaction.atomic():
        membership = Membership.objects.create(organization=organization, person=person, role=role)
        audit.record(
            "membership.added", by=by, target=membership, organization=organization.pk, changes={"role": role}
        )
    return membership


def change_role(*, membership: Membership, role: str, by: Actor, revoke_keys: bool = False) -> KeysLeft:
    """Give the member another role, and record it; it counts on the next request.

    API keys that the person made and that open more than the role go on working, unless `revoke_keys`. Raises
    DeniedError for a role beyond the actor's own rights and, of a new owner, `ADDRESS_NOT_VERIFIED`,
    ConflictError for the last owner.
    """
    with transaction.atomic():
        fresh = locked(membership)
        refuse_beyond(by, fresh.organization, fresh.role, role)
        if role == Role.OWNER:
            email_addresses.refuse_unverified(by)
        if role != Role.OWNER:
            refuse_last_owner(fresh)
        if fresh.role == role:
            return KeysLeft(live_keys=0, revoked_keys=0)
        before, fresh.role = fresh.role, role
        fresh.save(update_fields=["role"])
        keys = found_keys.beyond(fresh)
        revoked = revoke(keys, fresh.organization, by) if revoke_keys else 0
        counts = {"live_api_keys": len(keys) - revoked, "revoked_api_keys": revoked} if keys else {}
        audit.record(
            "membership.role_changed",
            by=by,
            target=fresh,
            organization=fresh.organization_id,
            changes={"role": [before, role], **counts},
        )
    return KeysLeft(live_keys=len(keys) - revoked, revoked_keys=revoked)


def update(
    *, membership: Membership, by: Actor, role: str | None = None, has_child_safety: bool | None = None
) -> Membership:
    """Change the role, the child-safety grant or both, and record each. Raises as they do by themselves."""
    with transaction.atomic():
        if role is not None:
            change_role(membership=membership, role=role, by=by)
        if has_child_safety is not None:
            set_child_safety(membership, by, is_granted=has_child_safety)
        return found.get_for(membership.organization, membership.person_id)


def remove(*, membership: Membership, by: Actor, revoke_keys: bool = False) -> KeysLeft:
    """End the membership, and record it; it counts on the next request. One's own is left.

    API keys that the person made go on working, unless `revoke_keys`. Raises DeniedError for somebody with
    more rights than the actor, ConflictError for the last owner.
    """
    if by.kind == "person" and by.id == str(membership.person_id):
        return leave(organization=membership.organization, person=membership.person, revoke_keys=revoke_keys)
    with transaction.atomic():
        fresh = locked(membership)
        refuse_beyond(by, fresh.organization, fresh.role)
        return end(fresh, "membership.removed", by, revoke_keys=revoke_keys)


def leave(*, organization: Organization, person: Person, revoke_keys: bool = False) -> KeysLeft:
    """End one's own membership, and record it; of API keys as `remove`. Raises ConflictError for the last
    owner, DeniedError for who may not revoke keys and asks to.
    """
    with tenancy.organization(organization.pk, person=person.pk), transaction.atomic():
        lock(organization)
        membership = found.get_for(organization, person.pk)
        return end(membership, "membership.left", person.actor, revoke_keys=revoke_keys)


def end(membership: Membership, action: str, by: Actor, *, revoke_keys: bool) -> KeysLeft:
    refuse_last_owner(membership)
    keys = list(found_keys.live_of(membership.organization, membership.person_id))
    revoked = revoke(keys, membership.organization, by) if revoke_keys else 0
    audit.record(
        action,
        by=by,
        target=membership,
        organization=membership.organization_id,
        changes={
            "role": [membership.role, None],
            "live_api_keys": len(keys) - revoked,
            "revoked_api_keys": revoked,
        },
    )
    Membership.objects.filter(pk=membership.pk).delete()
    return KeysLeft(live_keys=len(keys) - revoked, revoked_keys=revoked)


def revoke(keys: list[ApiKey], organization: Organization, by: Actor) -> int:
    if keys and "api_keys:write" not in found.authority_of(by, organization):
        raise DeniedError(
            "Your role does not revoke API keys. Ask an owner or admin to.", code="KEYS_BEYOND_YOURS"
        )
    for key in keys:
        api_keys.revoke(key=key, by=by)
    return len(keys)


def grant_child_safety(*, membership: Membership, by: Actor) -> Membership:
    """Let the member see escalated decisions; recorded with who granted it. The owners are told by e-mail.

    Raises DeniedError unless the actor is an owner, and `GRANT_NOT_STAFFS` where the operator's staff would
    give it or get it, also as an owner: they can make themselves one (REQUIREMENTS.md, 5, 22 and 24).
    """
    return set_child_safety(membership, by, is_granted=True)


def withdraw_child_safety(*, membership: Membership, by: Actor) -> Membership:
    """Take the grant back; recorded. Raises DeniedError unless the actor is an owner."""
    return set_child_safety(membership, by, is_granted=False)


def set_child_safety(membership: Membership, by: Actor, *, is_granted: bool) -> Membership:
    with transaction.atomic():
        fresh = locked(membership)
        is_set_up = by.kind == "system"  # a machine that is set up without hands has no owner at work yet
        if not is_set_up and rules.GRANT not in found.own_permissions_of(by, fresh.organization):
            raise DeniedError("Only an owner grants access to child-safety cases.", code="GRANT_IS_AN_OWNERS")
        if fresh.has_child_safety == is_granted:
            return fresh
        if is_granted:
            refuse_staff(fresh, by)
        fresh.has_child_safety, fresh.child_safety_granted_by = is_granted, by.label if is_granted else ""
        fresh.save(update_fields=["has_child_safety", "child_safety_granted_by"])
        audit.record(
            f"membership.child_safety_{'granted' if is_granted else 'withdrawn'}",
            by=by,
            target=fresh,
            organization=fresh.organization_id,
        )
        if is_granted:
            tell_owners(fresh, by)
    return fresh


def refuse_staff(membership: Membership, by: Actor) -> None:
    if by.is_staff or membership.person.is_staff:
        raise DeniedError(
            "The operator's staff neither grant access to child-safety cases nor get it.",
            code="GRANT_NOT_STAFFS",
        )


def tell_owners(granted: Membership, by: Actor) -> None:
    """Also the one who granted it: somebody may sit at another's browser."""
    organization = granted.organization
    said = {"organization": organization.name, "slug": organization.slug}
    said |= {"member": granted.person.email, "by": by.label}
    for owner in found.of_organization(organization).filter(role=Role.OWNER, person__is_active=True):
        notifications.send(
            template="child_safety_granted", person=owner.person, organization=organization, context=said
        )


def lock(organization: Organization) -> Organization:
    """Let nobody else change who belongs to it until the transaction ends; rows may still refer to it."""
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def locked(membership: Membership) -> Membership:
    """The row as it is by now. Raises NotFoundError when it has ended."""
    lock(membership.organization)
    return found.get_for(membership.organization, membership.person_id)


def refuse_beyond(by: Actor, organization: Organization, *roles: str) -> None:
    """Raise DeniedError unless the actor has every right of these roles, and may change members, by now."""
    authority = found.authority_of(by, organization)
    if "members:write" not in authority or not all(rules.may_give(authority, role) for role in roles):
        raise DeniedError(
            "You cannot give, change or take a role with more rights than your own.", code="ROLE_BEYOND_YOURS"
        )


def refuse_last_owner(membership: Membership) -> None:
    """Raise ConflictError where this is the only owner. The organisation is locked."""
    owners = Membership.objects.filter(organization=membership.organization_id, role=Role.OWNER)
    if membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists():
        raise ConflictError(
            "An organisation needs an owner. Make somebody else owner first.", code="LAST_OWNER"
        )
