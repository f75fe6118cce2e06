"""Everything that an app's Valkey consists of."""

from constructs import Construct

from railiance import valkey as ports
from railiance.metadata import Component
from railiance.parts.pod import Pods
from railiance.parts.valkey_network_policy import ValkeyNetworkPolicy
from railiance.parts.valkey_service import ValkeyService
from railiance.parts.valkey_stateful_set import DATA_FOLDER, ValkeyStatefulSet
from railiance.parts.volume_claim import VolumeClaim
from railiance.valkey import Valkey
from railiance.waves import Wave


class ValkeyParts(Construct):
    """A StatefulSet, its Service and NetworkPolicy, and for queues a volume."""

    def __init__(self, scope: Construct, pods: Pods, valkey: Valkey) -> None:
        super().__init__(scope, "valkey")
        app = pods.app
        self.network_policy = ValkeyNetworkPolicy(self, "network-policy", app=app)
        self.claim = (
            VolumeClaim(
                self,
                "claim",
                app=app,
                platform=pods.platform,
                name=ports.host(app.name),
                component=Component.VALKEY,
                mount_path=DATA_FOLDER,
                size=valkey.size,
                wave=Wave.FOUNDATION,
            )
            if valkey.purpose == "queues"
            else None
        )
        self.stateful_set = ValkeyStatefulSet(
            self, "stateful-set", app=app, valkey=valkey, pods=pods, claim=self.claim
        )
        self.service = ValkeyService(self, "service", app=app)
