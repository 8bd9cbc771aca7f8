from accounts.domain.roles import Role
from accounts.models.api_keys import ApiKey, KeyMode
from accounts.models.audit import AuditEvent, AuditSeal, UnsealedEvent
from accounts.models.invitations import Invitation
from accounts.models.memberships import Membership
from accounts.models.notifications import Notification
from accounts.models.organizations import Organization
from accounts.models.people import Person
from accounts.models.profiles import Profile
from accounts.models.refresh_families import RefreshFamily
from accounts.models.sign_ins import SignIn, SignInOutcome
from accounts.models.webhooks import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiKey",
    "AuditEvent",
    "AuditSeal",
    "Invitation",
    "KeyMode",
    "Membership",
    "Notification",
    "Organization",
    "Person",
    "Profile",
    "RefreshFamily",
    "Role",
    "SignIn",
    "SignInOutcome",
    "UnsealedEvent",
    "WebhookDelivery",
    "WebhookEndpoint",
]
