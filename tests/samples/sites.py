from moderation.models import DeploymentStatus, Site
from moderation.services import deployments, sites
from tests.samples.deployments import end
from tests.samples.organizations import Customer

# What a new site needs.
SHOP = {"site_identifier": "shop.example", "site_name": "Shop", "industry_template": "marketplace"}


def site(of: Customer, identifier: str = "acme-family", template: str = "family_education") -> Site:
    """A site that was never deployed; it is on a server where one was made before."""
    with of.scope():
        return sites.create(
            organization=of.organization,
            fields={
                "site_identifier": identifier,
                "site_name": identifier.replace("-", " ").title(),
                "industry_template": template,
            },
            by=of.owner.actor,
        )


def deployed(of: Customer, identifier: str = "acme-family", template: str = "family_education") -> Site:
    """A site whose configuration is in force, without a server having been asked."""
    made = site(of, identifier, template)
    with of.scope():
        end(deployments.request(site=made, by=of.owner.actor), DeploymentStatus.SUCCESSFUL)
        return Site.objects.get(pk=made.pk)


def sites_of(of: Customer) -> list[Site]:
    with of.scope():
        return list(Site.objects.filter(organization=of.organization))
