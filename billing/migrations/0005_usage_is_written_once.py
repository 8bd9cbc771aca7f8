"""Usage rows are written once: what was used is taken back by a second row. How long it took is told later."""

from django.db import migrations

from musenest.common.append_only import written_once

ONCE = f"""
    {written_once("ai_usage_tracking")};
    GRANT UPDATE (response_time_ms) ON ai_usage_tracking TO musenest_app, musenest_staff;
"""
UNDO = """
    REVOKE UPDATE (response_time_ms) ON ai_usage_tracking FROM musenest_app, musenest_staff;
    GRANT UPDATE, DELETE ON ai_usage_tracking TO musenest_app, musenest_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_descriptions_of_what_is_there")]

    operations = [migrations.RunSQL(ONCE, UNDO)]
