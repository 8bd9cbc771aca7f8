from uuid import uuid4

from django.db import models

from moderation.models.sites import Site
from musenest.common import tenancy
from musenest.common.work.items import WorkItem, due_index


class SiteRemoval(tenancy.TenantModel, WorkItem):
    """A deleted site whose profile servers still hold, as work: have them remove it, once nobody can restore
    the site.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        db_table = "site_removals"
        constraints = [
            tenancy.SameOrganization(name="site_removal_within_its_organization", field="site"),
            tenancy.Isolation(name="site_removal_is_isolated"),
        ]
        indexes = [due_index("site_removal_due")]

    def __str__(self) -> str:
        return f"removal of {self.site}"
