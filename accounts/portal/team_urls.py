"""The addresses of an organisation's people, keys and settings."""

from django.urls import URLPattern, URLResolver, path

from accounts.portal import api_keys, audit, invitations, members, settings, team

urlpatterns: list[URLPattern | URLResolver] = [
    path("team", team.index, name="team"),
    path("team/invite", team.invite, name="team-invite"),
    path("team/undo", team.undo, name="team-undo"),
    path("team/leave", team.leave, name="team-leave"),
    path("team/transfer", team.transfer, name="team-transfer"),
    path("team/invitations/<uuid:invitation>/resend", invitations.resend, name="invitation-resend"),
    path("team/invitations/<uuid:invitation>/revoke", invitations.revoke, name="invitation-revoke"),
    path("team/members/<uuid:member>", members.detail, name="member"),
    path("team/members/<uuid:member>/role", members.change_role, name="member-role"),
    path("team/members/<uuid:member>/child-safety", members.child_safety, name="member-child-safety"),
    path("team/members/<uuid:member>/remove", members.remove, name="member-remove"),
    path("keys", api_keys.index, name="keys"),
    path("keys/new", api_keys.create, name="key-create"),
    path("keys/<uuid:key>/rotate", api_keys.rotate, name="key-rotate"),
    path("keys/<uuid:key>/revoke", api_keys.revoke, name="key-revoke"),
    path("audit", audit.index, name="audit"),
    path("settings", settings.organization, name="settings"),
    path("settings/profile", settings.profile, name="profile"),
]
