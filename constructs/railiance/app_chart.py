"""An app as a cdk8s Chart: every object that runs it."""

import dataclasses
from collections.abc import Mapping

from cdk8s import ApiObject, Chart
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import app_labels
from railiance.parts.additional_hosts import AdditionalHosts
from railiance.parts.app_database import AppDatabase
from railiance.parts.app_database_role import AppDatabaseRole
from railiance.parts.app_namespace import AppNamespace
from railiance.parts.app_service_account import AppServiceAccount
from railiance.parts.configuration_map import ConfigurationMap
from railiance.parts.host_certificate import HostCertificate
from railiance.parts.host_ingress import HostIngress
from railiance.parts.https_redirect import HttpsRedirect
from railiance.parts.internal_network_policy import InternalNetworkPolicy
from railiance.parts.maintenance_page import MaintenancePage
from railiance.parts.maintenance_policy import MaintenancePolicy
from railiance.parts.migrate_job import MigrateJob
from railiance.parts.pod import Pods
from railiance.parts.schedule_cron_job import ScheduleCronJob
from railiance.parts.valkey_parts import ValkeyParts
from railiance.parts.volume_claim import VolumeClaim, data_claim, media_claim
from railiance.parts.web_deployment import WebDeployment
from railiance.parts.web_network_policy import WebNetworkPolicy
from railiance.parts.web_service import WebService
from railiance.parts.worker_deployment import WorkerDeployment
from railiance.platform import Platform
from railiance.waves import Wave


class DjangoAppChart(Chart):
    """A declared app: the content of dist/<name>.k8s.yaml, in sync order.

    Each part is an attribute: an ApiObject, or a cdk8s-plus construct around one. Patch it with
    `ApiObject.of(part).add_json_patch(…)`, annotate it with `ApiObject.of(part).metadata`. Objects
    added to the chart get the app's namespace and labels. The declaration's `extend` is called
    last, with the whole chart.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        pod_annotations: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            namespace=app.name,
            labels=app_labels(app),
            disable_resource_name_hashes=True,
        )
        self.app = app
        self.namespace_object = AppNamespace(self, "namespace", app=app, platform=platform)
        self.database_role = (
            AppDatabaseRole(self, "database-role", app=app, platform=platform)
            if platform.declares_roles
            else None
        )
        self.database = AppDatabase(self, "database", app=app, platform=platform)
        self.service_account = AppServiceAccount(self, "service-account", app=app)
        self.network_policy = WebNetworkPolicy(self, "network-policy", app=app, platform=platform)
        self.internal_policy = (
            InternalNetworkPolicy(self, "internal-policy", app=app) if app.has_more_pods else None
        )
        self.maintenance_policy = (
            MaintenancePolicy(self, "maintenance-policy", app=app, platform=platform)
            if app.maintenance
            else None
        )
        self.configuration = (
            ConfigurationMap(self, "configuration", app=app) if app.configuration_files else None
        )
        pods = Pods(
            app=app,
            platform=platform,
            service_account=self.service_account,
            annotations=pod_annotations or {},
            configuration=self.configuration,
        )
        self.valkey = ValkeyParts(self, pods, app.valkey) if app.valkey else None
        self.data = self._data_claims(platform, in_migrate=True)
        self.migrate = MigrateJob(
            self, "migrate", app=app, pods=pods, claims=list(self.data.values())
        )
        self.media = (
            media_claim(self, app=app, platform=platform, media=app.media) if app.media else None
        )
        self.data |= self._data_claims(platform, in_migrate=False)
        claims = [*([self.media] if self.media else []), *self.data.values()]
        pods = dataclasses.replace(pods, claims=claims)
        self.web = WebDeployment(self, "web", app=app, pods=pods)
        self.workers = {
            worker.name: WorkerDeployment(
                self, f"worker-{worker.name}", app=app, worker=worker, pods=pods
            )
            for worker in app.workers
        }
        self.maintenance = (
            MaintenancePage(self, "maintenance", pods=pods) if app.maintenance else None
        )
        self.service = WebService(self, "service", app=app, web=self.web)
        self.certificate = HostCertificate(
            self,
            "certificate",
            app=app,
            platform=platform,
            host=app.host,
            secret_name=app.tls_secret_name,
            wave=Wave.CERTIFICATE,
        )
        self.redirect = HttpsRedirect(self, "redirect", app=app)
        middlewares = [
            self.redirect.reference,
            *([self.maintenance.reference] if self.maintenance else []),
        ]
        self.ingress = HostIngress(
            self,
            "ingress",
            app=app,
            platform=platform,
            certificate=self.certificate,
            middlewares=middlewares,
            service=self.service,
            name=app.name,
            wave=Wave.EXPOSURE,
        )
        self.additional_hosts = (
            AdditionalHosts(
                self,
                "additional-hosts",
                app=app,
                platform=platform,
                middlewares=middlewares,
                service=self.service,
            )
            if app.additional_hosts
            else None
        )
        self.schedules = {
            schedule.name: ScheduleCronJob(
                self, f"schedule-{schedule.name}", app=app, schedule=schedule, pods=pods
            )
            for schedule in app.schedules
        }
        if app.extend:
            app.extend(self)

    def _data_claims(self, platform: Platform, *, in_migrate: bool) -> dict[str, VolumeClaim]:
        return {
            folder.name: data_claim(self, app=self.app, platform=platform, folder=folder)
            for folder in self.app.data_folders
            if folder.in_migrate is in_migrate
        }

    @property
    def api_objects(self) -> list[ApiObject]:
        """Every object of the chart, including those inside cdk8s-plus constructs."""
        return [found for found in self.node.find_all() if isinstance(found, ApiObject)]
