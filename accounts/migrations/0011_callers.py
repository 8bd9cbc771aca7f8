"""The functions that find who asks (`accounts.selectors.callers`, `token_callers`): they look as staff, because
nobody's scope is known yet, and leave the session in the scope of whom they found, or in nobody's.

They have the rights of whoever calls them and no more: the application may be staff. Whole rows come back, so
that a column that is added later is there without a new function.
"""

from django.db import migrations

FUNCTION = """
    CREATE FUNCTION {function} LANGUAGE plpgsql AS $$
    DECLARE
        found record;
    BEGIN
        PERFORM set_config('role', 'musenest_staff', false);
        {look};
        {answer};
        PERFORM set_config('role', 'none', false),
            set_config('musenest.organization', coalesce(organization.id::text, ''), false),
            set_config('musenest.person', coalesce({person}::text, ''), false);
        IF {is_found} THEN
            RETURN NEXT;
        END IF;
    END $$
"""
# The key that is neither revoked nor over, and its organisation.
OF_KEY = FUNCTION.format(
    function="""musenest_caller_of_key(asked_digest text)
        RETURNS TABLE (key api_keys, organization organizations)""",
    look="""
        SELECT k, o INTO found
        FROM api_keys k JOIN organizations o ON o.id = k.organization_id
        WHERE k.digest = asked_digest AND k.revoked_at IS NULL
            AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())
        LIMIT 1""",
    answer="key := found.k; organization := found.o",
    person="NULL",
    is_found="key.id IS NOT NULL",
)
# The active person, if the token's family is alive, beside the membership that is meant: in the organisation
# that was named, or else the first one.
OF_TOKEN = FUNCTION.format(
    function="""musenest_caller_of_token(asked_person uuid, asked_family uuid, asked_slug text)
        RETURNS TABLE (person users, membership memberships, organization organizations)""",
    look="""
        SELECT u, m, o INTO found
        FROM users u
            LEFT JOIN (memberships m JOIN organizations o ON o.id = m.organization_id)
                ON m.person_id = u.id AND (asked_slug = '' OR o.slug = asked_slug)
        WHERE u.id = asked_person AND u.is_active AND EXISTS (
            SELECT FROM refresh_families f
            WHERE f.id = asked_family AND f.person_id = u.id
                AND f.ended_at IS NULL AND f.expires_at > statement_timestamp()
        )
        ORDER BY m.created_at, m.id
        LIMIT 1""",
    answer="person := found.u; membership := found.m; organization := found.o",
    person="person.id",
    is_found="person.id IS NOT NULL",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_where_programs_sign_in")]

    operations = [
        migrations.RunSQL(OF_KEY, "DROP FUNCTION musenest_caller_of_key(text)"),
        migrations.RunSQL(OF_TOKEN, "DROP FUNCTION musenest_caller_of_token(uuid, uuid, text)"),
    ]
