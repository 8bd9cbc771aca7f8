"""Deploying: freeze what is saved as a version, write the work, apply it to the server, read it back
(decision 4).
"""

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.services import audit
from billing.selectors import subscriptions
from billing.services import usage
from moderation import clients
from moderation.domain import sentences
from moderation.models import ConfigurationVersion, Deployment, DeploymentStatus, Site, SiteStatus
from moderation.models.deployments import DELAY_MS, OPEN, TRIES
from moderation.selectors import plans
from moderation.selectors.plans import Plan
from moderation.services import sites
from musenest.common import work
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError

logger = structlog.get_logger(__name__)

READ_BACK_DIFFERS = "READ_BACK_DIFFERS"
SERVER_REMOVED = "SERVER_REMOVED"
OUR_FAULT = "DEPLOYMENT_FAILED"


def request(
    *,
    site: Site,
    by: Actor,
    expected_digest: str | None = None,
    max_retries: int = TRIES,
    retry_delay_base_ms: int = DELAY_MS,
) -> Deployment:
    """Ask for the saved configuration to be deployed, with so many tries; returns at once, the work follows.

    In one transaction: freeze a version (or take the newest, if it is the same), number the
    deployment, take the place of one that still waits, mark the site pending, record it, enqueue.
    Raises DeniedError while no subscription serves the organisation (decision 11), ConflictError when the
    plan has conflicts, or is not the one that `expected_digest` names.
    """
    with transaction.atomic():
        locked = sites.locked(site)
        subscriptions.tier_of(locked.organization)
        plan = plans.of_site(locked)
        refuse_conflicts(plan, expected_digest)
        version = frozen(locked, plan, by)
        tries = {"max_retries": max_retries, "retry_delay_base_ms": retry_delay_base_ms}
        return enqueue(locked, version, by, **tries)


def refuse_conflicts(plan: Plan, expected_digest: str | None) -> None:
    if plan.conflicts:
        first, told = plan.conflicts[0], [conflict.payload() for conflict in plan.conflicts]
        raise ConflictError(first.message, code=first.code, details={"conflicts": told})
    if expected_digest and expected_digest != plan.digest:
        raise ConflictError(
            "The site was changed since you saw the plan. Look at it again, then deploy.",
            code="PLAN_STALE",
            details={"digest": plan.digest},
        )


def frozen(site: Site, plan: Plan, by: Actor) -> ConfigurationVersion:
    """The version that holds exactly this; a new one unless the newest does."""
    configuration = plan.configuration
    newest = ConfigurationVersion.objects.filter(site=site).order_by("-number").first()
    documents, sources = configuration.effective.documents, configuration.effective.sources
    if newest and (newest.digest, newest.documents, newest.sources) == (plan.digest, documents, sources):
        return newest
    return ConfigurationVersion.objects.create(
        organization_id=site.organization_id,
        site=site,
        number=newest.number + 1 if newest else 1,
        template_version=configuration.template_version,
        documents=documents,
        sources=sources,
        warnings=plan.payload()["warnings"],
        translator_version=configuration.translator_version,
        digest=plan.digest,
        created_by=by.label,
        **configuration.profile.payload(),
    )


def enqueue(site: Site, version: ConfigurationVersion, by: Actor, **tries: int) -> Deployment:
    """Number and write the deployment of a version; `site` is locked."""
    supersede_waiting(site)
    site.revision += 1
    site.deployment_status = SiteStatus.PENDING
    site.save(update_fields=["revision", "deployment_status", "updated_at"])
    deployment = work.enqueue(
        Deployment(
            organization_id=site.organization_id,
            site_config=site,
            server=site.server,
            version=version,
            revision=site.revision,
            created_by=by.label,
            **tries,
        )
    )
    told = {"site": site.site_identifier, "version": version.number, "revision": site.revision}
    audit.record(
        "deployment.requested",
        by=by,
        target=deployment,
        organization=site.organization_id,
        changes=told | tries,
    )
    return deployment


def supersede_waiting(site: Site) -> None:
    """A deployment that nobody has begun makes room for the new one."""
    Deployment.objects.filter(site_config=site, deployment_status=DeploymentStatus.PENDING).update(
        deployment_status=DeploymentStatus.SUPERSEDED,
        state=work.WorkState.CANCELLED,
        finished_at=timezone.now(),
    )


def run(deployment: Deployment) -> None:
    """Apply the version to the server and read it back. Called by the worker, outside any transaction;
    idempotent.

    Raises RetryError, or GiveUpError after the last try, with the reason, in words that the customer may
    read.
    """
    try:
        attempt(deployment)
    except (work.GiveUpError, work.LeaseLostError):
        raise
    except work.RetryError as error:
        raise next_try(deployment, str(error)) from error
    except Exception as error:
        logger.exception("deployment_failed", deployment=str(deployment.pk))
        remember_error(deployment, OUR_FAULT)
        raise next_try(deployment, gettext_noop("The deployment failed through a fault of ours.")) from error


def next_try(deployment: Deployment, reason: str) -> work.RetryError | work.GiveUpError:
    wait = deployment.wait()
    return work.GiveUpError(reason) if wait is None else work.RetryError(reason, after=wait)


def attempt(deployment: Deployment) -> None:
    deployment = begun(deployment)
    version, server = deployment.version, deployment.server
    if deployment.deployment_status == DeploymentStatus.SUPERSEDED:
        return
    if server is None:
        remember_error(deployment, SERVER_REMOVED)
        raise work.GiveUpError("The site's server was removed.")
    client = clients.connect(adapter=server.adapter, url=server.url, api_key=server.api_key)
    try:
        applied = client.apply_configuration(
            site=deployment.site_config_id,
            revision=deployment.revision,
            digest=version.digest,
            payload=version.payload,
        )
        stored = client.read_configuration(site=deployment.site_config_id)
    except clients.RevisionRefusedError as error:
        refused(deployment, error)
    except clients.ServerError as error:
        remember_error(deployment, error.code)
        raise (work.GiveUpError if error.is_lasting else work.RetryError)(error.message) from error
    else:
        if stored is None or (stored.revision, stored.digest) != (deployment.revision, version.digest):
            remember_error(deployment, READ_BACK_DIFFERS)
            raise work.RetryError("The server accepted the configuration, but then held another one.")
        succeed(deployment, applied)


def begun(deployment: Deployment) -> Deployment:
    """The deployment, in progress; superseded where a newer one of the site exists.

    Raises LeaseLostError when a newer one took its place between the claim and now.
    """
    fresh = Deployment.objects.select_related("version", "server", "site_config").get(pk=deployment.pk)
    fresh.lease = deployment.lease
    if fresh.revision < fresh.site_config.revision:
        return end_as_superseded(fresh)
    mine = Deployment.objects.filter(pk=fresh.pk, lease=deployment.lease, state=work.WorkState.RUNNING)
    if not mine.update(deployment_status=DeploymentStatus.IN_PROGRESS):
        raise work.LeaseLostError
    return fresh


def end_as_superseded(deployment: Deployment) -> Deployment:
    with work.finishing(deployment) as fresh:
        fresh.deployment_status = DeploymentStatus.SUPERSEDED
    return fresh


def refused(deployment: Deployment, error: clients.RevisionRefusedError) -> None:
    """The server holds a newer revision. Where that is none of ours (a restored database), the next
    deployment must be newer still.
    """
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=deployment.site_config_id)
        is_newest = site.revision == deployment.revision
        if is_newest and error.current is not None and error.current > site.revision:
            site.revision = error.current
            site.save(update_fields=["revision"])
    if not is_newest:
        end_as_superseded(deployment)
        return
    remember_error(deployment, error.code)
    raise work.GiveUpError(sentences.DEPLOY_ONCE_MORE % {"revision": error.current})


def remember_error(deployment: Deployment, code: str) -> None:
    Deployment.objects.filter(pk=deployment.pk, lease=deployment.lease).update(error_code=code)


def succeed(deployment: Deployment, applied: clients.Applied) -> None:
    """One transaction: the deployment is successful, its version decides from now on, the use is metered.

    Where a newer deployment of the site ended first, that one's version keeps deciding.
    """
    with work.finishing(deployment) as fresh:
        now = timezone.now()
        fresh.deployment_status, fresh.deployed_at = DeploymentStatus.SUCCESSFUL, now
        fresh.error_code = fresh.error_message = ""
        fresh.response_time_ms = applied.response_time_ms
        site = locked(fresh)
        if not newer_than(fresh).filter(deployment_status=DeploymentStatus.SUCCESSFUL).exists():
            site.deployed_version, site.last_deployed_at = fresh.version, now
            site.deployed_server, site.deployed_revision = fresh.server, fresh.revision
        if site.revision == fresh.revision:
            site.deployment_status = sites.status_of(site, fresh.version)
        site.save(
            update_fields=[
                "deployed_version",
                "deployed_server",
                "deployed_revision",
                "last_deployed_at",
                "deployment_status",
                "updated_at",
            ]
        )
        usage.record(
            organization=site.organization,
            usage_type="config_deployment",
            site=site.pk,
            response_time_ms=applied.response_time_ms,
            metadata={"revision": fresh.revision, "attempt_count": fresh.attempts},
        )


def locked(deployment: Deployment) -> Site:
    """The deployment's site, locked; also one that was deleted meanwhile."""
    return (
        Site.objects.select_for_update(of=["self"])
        .select_related("organization", "industry_template", "deployed_version")
        .get(pk=deployment.site_config_id)
    )


def newer_than(deployment: Deployment) -> QuerySet[Deployment]:
    return Deployment.objects.filter(
        site_config_id=deployment.site_config_id, revision__gt=deployment.revision
    )


def give_up(deployment: Deployment, reason: str) -> None:
    """No further try: the deployment and the site show `failed` with the reason; what was deployed before
    keeps deciding.
    """
    ended = Deployment.objects.filter(pk=deployment.pk, deployment_status__in=OPEN).update(
        deployment_status=DeploymentStatus.FAILED, error_message=reason
    )
    if ended and not newer_than(deployment).exists():
        Site.objects.filter(pk=deployment.site_config_id).update(deployment_status=SiteStatus.FAILED)


def cancel(*, deployment: Deployment, by: Actor) -> Deployment:
    """Take back a deployment that is not running now. Raises ConflictError when it runs or has ended."""
    with transaction.atomic():
        site = locked(deployment)  # before the deployment, as `request` locks them
        cancelled = work.cancel(deployment)
        cancelled.deployment_status = DeploymentStatus.SUPERSEDED
        cancelled.save(update_fields=["deployment_status"])
        site.deployment_status = sites.status_of(site, site.deployed_version)
        site.save(update_fields=["deployment_status", "updated_at"])
        audit.record("deployment.cancelled", by=by, target=cancelled, organization=cancelled.organization_id)
    return cancelled
