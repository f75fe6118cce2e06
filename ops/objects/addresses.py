"""Where a Service or an Ingress can be reached."""

from ops.objects.base import Part, Status


class Address(Part, frozen=True):
    """An address, or a host name where there is none."""

    ip: str = ""
    hostname: str = ""


class LoadBalancer(Part, frozen=True):
    """Where it is published."""

    ingress: list[Address] = []


class BalancedStatus(Status, frozen=True):
    """The status of a Service or an Ingress."""

    load_balancer: LoadBalancer = LoadBalancer()

    @property
    def addresses(self) -> list[str]:
        """Where it is published: addresses, or host names where it has none."""
        found = (one.ip or one.hostname for one in self.load_balancer.ingress)
        return [address for address in found if address]
