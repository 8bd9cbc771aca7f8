"""What the admin of every app is built of, and the admin of the kernel's own tables.

A model that services write is a `RecordAdmin` (to be looked at), one that staff edit a `ServiceAdmin` (saved
by a service), one that is work a `WorkItemAdmin` (replayed and cancelled). None writes a row by itself.
"""

from musenest.common.admin.actions import actor_of, asked_first, run_for_each
from musenest.common.admin.filters import OrganizationFilter
from musenest.common.admin.organizations import OrganizationNamed, with_organization_name
from musenest.common.admin.pills import pill
from musenest.common.admin.records import Endless, RecordAdmin, StaffAdmin
from musenest.common.admin.registrations import IdempotencyRecordAdmin, ScheduleAdmin
from musenest.common.admin.saving import ServiceAdmin, ServiceForm
from musenest.common.admin.shown import as_json, as_lines, short
from musenest.common.admin.work_items import WORK_FIELDS, WorkItemAdmin

__all__ = [
    "WORK_FIELDS",
    "Endless",
    "IdempotencyRecordAdmin",
    "OrganizationFilter",
    "OrganizationNamed",
    "RecordAdmin",
    "ScheduleAdmin",
    "ServiceAdmin",
    "ServiceForm",
    "StaffAdmin",
    "WorkItemAdmin",
    "actor_of",
    "as_json",
    "as_lines",
    "asked_first",
    "pill",
    "run_for_each",
    "short",
    "with_organization_name",
]
