from django.utils import timezone

from moderation.models import Deployment, DeploymentStatus, Site, SiteStatus


def end(deployment: Deployment, status: DeploymentStatus, reason: str = "") -> None:
    """As a worker would have left it."""
    is_successful = status == DeploymentStatus.SUCCESSFUL
    Deployment.objects.filter(pk=deployment.pk).update(
        state="done" if is_successful else "failed",
        deployment_status=status,
        deployed_at=timezone.now() if is_successful else None,
        error_message=reason,
    )
    found = Site.objects.filter(pk=deployment.site_config_id)
    if is_successful:
        found.update(
            deployed_version=deployment.version,
            deployed_server=deployment.server,
            deployed_revision=deployment.revision,
            deployment_status=SiteStatus.DEPLOYED,
            last_deployed_at=timezone.now(),
        )
    else:
        found.update(deployment_status=SiteStatus.FAILED)
