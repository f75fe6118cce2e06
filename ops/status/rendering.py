"""Whether the cluster is as dist/ and argocd/ have it."""

from __future__ import annotations

from ops.drift import differences
from ops.errors import ClusterError
from ops.rendered import App
from ops.status.argocd import is_syncing
from ops.status.item import Item, Verdict
from ops.status.live import Live


def drift(app: App, live: Live) -> Item:
    """Every rendered field of the app's documents that is not so on the cluster.

    While a sync runs it may differ. That Argo CD knows nothing of the app is another line's to say.
    """
    found, unread = [], []
    for manifest in live.documents:
        try:
            document = live.of(manifest)
            if document or manifest not in app.argocd:
                found += differences(manifest, document)
        except ClusterError as error:
            unread.append(str(error))
    lines = [*(str(one) for one in found), *unread]
    facts = {"differences": [vars(one) for one in found]}
    if found:
        text = f"{len(found)} differences from what is rendered for {app.name}"
        verdict = Verdict.UNDER_WAY if is_syncing(app, live) else Verdict.WRONG
        return Item("drift", verdict, text, more=lines, facts=facts)
    if unread:
        text = f"{len(unread)} documents cannot be compared"
        return Item("drift", Verdict.UNKNOWN, text, more=lines, facts=facts)
    text = f"none in {len(live.documents)} documents"
    return Item("drift", Verdict.OK, text, facts=facts)
