"""An app as a cdk8s Chart: every object that runs it."""

from collections.abc import Mapping

from cdk8s import ApiObject, Chart
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import app_labels
from railiance.parts.app_database import AppDatabase
from railiance.parts.app_namespace import AppNamespace
from railiance.parts.app_service_account import AppServiceAccount
from railiance.parts.host_certificate import HostCertificate
from railiance.parts.host_ingress import HostIngress
from railiance.parts.https_redirect import HttpsRedirect
from railiance.parts.media_claim import MediaClaim
from railiance.parts.migrate_job import MigrateJob
from railiance.parts.web_deployment import WebDeployment
from railiance.parts.web_network_policy import WebNetworkPolicy
from railiance.parts.web_service import WebService
from railiance.platform import Platform


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
        self.database = AppDatabase(self, "database", app=app, platform=platform)
        self.service_account = AppServiceAccount(self, "service-account", app=app)
        self.network_policy = WebNetworkPolicy(self, "network-policy", app=app, platform=platform)
        self.migrate = MigrateJob(
            self,
            "migrate",
            app=app,
            service_account=self.service_account,
            pod_annotations=pod_annotations or {},
        )
        self.media = (
            MediaClaim(self, "media", app=app, media=app.media, platform=platform)
            if app.media
            else None
        )
        self.web = WebDeployment(
            self,
            "web",
            app=app,
            service_account=self.service_account,
            media=self.media,
            pod_annotations=pod_annotations or {},
        )
        self.service = WebService(self, "service", app=app, web=self.web)
        self.certificate = HostCertificate(self, "certificate", app=app, platform=platform)
        self.redirect = HttpsRedirect(self, "redirect", app=app)
        self.ingress = HostIngress(
            self,
            "ingress",
            app=app,
            platform=platform,
            certificate=self.certificate,
            redirect=self.redirect,
            service=self.service,
        )
        if app.extend:
            app.extend(self)

    @property
    def api_objects(self) -> list[ApiObject]:
        """Every object of the chart, including those inside cdk8s-plus constructs."""
        return [found for found in self.node.find_all() if isinstance(found, ApiObject)]
