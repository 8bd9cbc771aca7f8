"""Who may remove decisions, and which: staff, and only what is older than its site says (ADR 17)."""

# Whole UTC days, so that an organisation's decisions of one day go together.
KEPT_SINCE = """
CREATE FUNCTION decisions_kept_since(months integer) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(months => months)) AT TIME ZONE 'UTC'
$$;
"""
# The services choose in the same words (`moderation.selectors.retention`); this holds whatever they ask for.
MAY_REMOVE = """
CREATE POLICY only_expired ON moderation_decisions AS RESTRICTIVE FOR DELETE TO musenest_staff USING (
    NOT is_escalated AND NOT is_preserve
    AND created_at < decisions_kept_since((
        SELECT site.retention_months FROM site_configurations AS site
        WHERE site.organization_id = moderation_decisions.organization_id AND site.id = moderation_decisions.site_id
    ))
    AND NOT EXISTS (
        SELECT 1 FROM moderation_decision_events AS event
        WHERE event.organization_id = moderation_decisions.organization_id
            AND event.decision_id = moderation_decisions.id AND event.is_escalated
    )
);
CREATE POLICY only_expired ON moderation_decision_events AS RESTRICTIVE FOR DELETE TO musenest_staff USING (
    NOT EXISTS (
        SELECT 1 FROM moderation_decisions AS decision
        WHERE decision.organization_id = moderation_decision_events.organization_id
            AND decision.id = moderation_decision_events.decision_id
    )
);
GRANT DELETE ON moderation_decisions, moderation_decision_events TO musenest_staff;
"""
UNDO = """
REVOKE DELETE ON moderation_decisions, moderation_decision_events FROM musenest_staff;
DROP POLICY only_expired ON moderation_decisions;
DROP POLICY only_expired ON moderation_decision_events;
DROP FUNCTION decisions_kept_since(integer);
"""
