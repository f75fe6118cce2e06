"""cert-manager's Certificate: the certificate that an app is served with."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CERTIFICATES
from ops.objects.base import Object, Part, Status


class IssuerReference(Part, frozen=True):
    """Who issues it."""

    kind: str = ""
    name: str = ""


class CertificateSpec(Part, frozen=True):
    """Which hosts, issued by whom, into which Secret."""

    secret_name: str = ""
    dns_names: list[str] = []
    issuer_ref: IssuerReference = IssuerReference()


class CertificateStatus(Status, frozen=True):
    """How long it is valid."""

    not_after: str = ""
    renewal_time: str = ""
    failed_issuance_attempts: int = 0


class Certificate(Object, frozen=True):
    """A Certificate."""

    spec: CertificateSpec = CertificateSpec()
    status: CertificateStatus = CertificateStatus()


def health(certificate: Certificate) -> Health:
    """Healthy once it is issued."""
    ready, issuing = (certificate.status.condition(type_) for type_ in ("Ready", "Issuing"))
    if ready.status == "True":
        return HEALTHY
    if issuing.status == "True":
        return Health(State.PROGRESSING, issuing.message or issuing.reason or "not issued yet")
    if ready.status == "False":
        return Health(State.DEGRADED, ready.message or ready.reason)
    return Health(State.PROGRESSING, "not issued yet")


KIND = Kind(
    kind="Certificate",
    group="cert-manager.io",
    version="v1",
    plural="certificates",
    namespaced=True,
    model=Certificate,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.secretName", "spec.dnsNames", "spec.issuerRef.*"),
        *("spec.privateKey.algorithm", "spec.privateKey.size", "spec.privateKey.rotationPolicy"),
    ),
    guarded=False,
    needed=True,
    stage=None,  # exposure.E003 has its wave
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=health,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "spec.dnsNames spec.commonName spec.ipAddresses spec.uris spec.emailAddresses"
            " spec.secretName spec.issuerRef spec.privateKey spec.subject spec.usages spec.isCA"
            " spec.keystores spec.otherNames spec.literalSubject spec.secretTemplate",
            Effect.EXPOSES,
            "a new certificate is issued; until then the old one is served, if its Secret stays",
            f"{CERTIFICATES}#reissuance-triggered-by-user-actions",
        ),
        Rule(
            "spec.duration spec.renewBefore spec.renewBeforePercentage spec.revisionHistoryLimit",
            Effect.IN_PLACE,
            "takes effect at the next renewal",
            CERTIFICATES,
        ),
        EXPOSES_WHEN_CREATED,
    ),
)
