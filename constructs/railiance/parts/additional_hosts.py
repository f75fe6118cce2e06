"""The hosts that an app has besides its main one."""

from collections.abc import Sequence

from constructs import Construct

from railiance.additional_host import AdditionalHost
from railiance.django_app import DjangoApp
from railiance.parts.host_certificate import HostCertificate
from railiance.parts.host_ingress import HostIngress
from railiance.parts.main_host_redirect import MainHostRedirect
from railiance.parts.web_service import WebService
from railiance.platform import Platform
from railiance.waves import Wave


class AdditionalHosts(Construct):
    """A Certificate and an Ingress for each additional host, all Certificates first.

    The Ingress of a redirected host leads to the app's Service as well, as an Ingress must; its
    Middleware answers every request before. The others pass through the main host's Middlewares.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        middlewares: Sequence[str],
        service: WebService,
    ) -> None:
        super().__init__(scope, construct_id)
        certificates = {
            added: _certificate(self, added, app, platform) for added in app.additional_hosts
        }
        to_main = self._redirect(app)
        for added, certificate in certificates.items():
            HostIngress(
                self,
                f"{added.label}-ingress",
                app=app,
                platform=platform,
                certificate=certificate,
                middlewares=[to_main.reference] if added.redirect and to_main else middlewares,
                service=service,
                name=f"{app.name}-{added.label}",
                wave=Wave.ADDITIONAL_EXPOSURE,
            )

    def _redirect(self, app: DjangoApp) -> MainHostRedirect | None:
        if any(added.redirect for added in app.additional_hosts):
            return MainHostRedirect(self, "redirect", app=app)
        return None


def _certificate(
    scope: Construct, added: AdditionalHost, app: DjangoApp, platform: Platform
) -> HostCertificate:
    return HostCertificate(
        scope,
        f"{added.label}-certificate",
        app=app,
        platform=platform,
        host=added.host,
        secret_name=added.tls_secret_name,
        wave=Wave.ADDITIONAL_CERTIFICATE,
    )
