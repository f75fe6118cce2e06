"""Who may do what: the role in PostgreSQL, and pods of other namespaces."""

from __future__ import annotations

import json
import re
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.rehearse.conftest import SECOND_APP
from tests.rehearse.inside import connect, log_in, web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rehearse.site import Site

STRANGER = "stranger"
RIGHTS = "rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
SHUT_OUT = re.compile("no connection: .*(timed out|refused|unreachable)")


@pytest.fixture
def stranger(site: Site) -> Iterator[str]:
    """A pod in a namespace that nobody has let in anywhere; it can open connections."""
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": STRANGER, "namespace": STRANGER},
        "spec": {
            "containers": [
                {
                    "name": STRANGER,
                    "image": site.image,
                    "imagePullPolicy": "IfNotPresent",
                    "command": ["sleep", "600"],
                }
            ]
        },
    }
    site.kubectl("create", "namespace", STRANGER)
    site.kubectl("apply", "--filename=-", stdin=json.dumps(pod))
    site.kubectl(
        "wait", "-n", STRANGER, f"pod/{STRANGER}", "--for=condition=Ready", "--timeout=60s"
    )
    yield STRANGER
    site.kubectl("delete", "namespace", STRANGER, "--wait=false")


@pytest.mark.rehearsal(2, "the role owns its database, and may do nothing else")
def test_role_owns_its_database_and_nothing_else(site: Site) -> None:
    rights = f"SELECT {RIGHTS} FROM pg_roles WHERE rolname = 'vergabe'"  # noqa: S608 (a constant)
    assert site.sql(rights) == "f|f|f|f|f"
    owned = "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = 'vergabe'"
    assert site.sql(owned) == "vergabe_db"
    member_of = "SELECT count(*) FROM pg_auth_members WHERE member = 'vergabe'::regrole"
    assert site.sql(member_of) == "0"


@pytest.mark.rehearsal(2, "the role connects to its own database, and to no other")
def test_role_connects_to_its_own_database_alone(site: Site) -> None:
    assert log_in(site, "vergabe_db") == ""
    # The second app's need not be there yet: pg_hba.conf is asked first.
    for other in (SECOND_APP, "app", "postgres"):
        assert "pg_hba.conf rejects connection" in log_in(site, other)


@pytest.mark.rehearsal(2, "a pod of another namespace reaches neither database nor app")
def test_stranger_reaches_nobody(site: Site, stranger: str) -> None:
    outside = ("--namespace", stranger, stranger)
    database = ("apps-pg-rw.databases", "5432")
    (pod,) = site.web_pods()
    pod_ip, service_ip = pod["status"]["podIP"], site.get("service")["spec"]["clusterIP"]
    assert connect(site, web(site), database) == ""
    assert connect(site, outside, ("kubernetes.default", "443")) == ""
    # Whom no policy keeps out, such as the node, is let in there.
    for address, port in ((pod_ip, 8000), (service_ip, 80)):
        socket.create_connection((address, port), 3).close()
    start = time.monotonic()
    for there in (database, (pod_ip, "8000"), (f"{site.app}.{site.app}", "80")):
        assert SHUT_OUT.search(connect(site, outside, there))
    site.figures.note(
        2,
        "a pod of another namespace tries database and app",
        seconds=time.monotonic() - start,
        seen="nothing",
    )
