"""The platform upgrades CloudNativePG, and the role moves to the app and back, in use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from box.cluster import NEXT_CNPG
from box.images.platform import NEXT_MANAGER
from box.platform import cloudnative_pg
from box.platform.install import image
from box.poll import until
from tests.rehearse.desk import PLATFORM
from tests.rehearse.inside import log_in
from tests.rehearse.site import CLUSTER, DATABASES, POSTGRES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.rehearse.site import Site

MANY = 20
ROLE, DATABASE = "vergabe", "vergabe_db"
WITHIN_SECONDS = 180
IN_PLACE = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "cnpg-controller-manager-config", "namespace": "cnpg-system"},
    "data": {"ENABLE_INSTANCE_MANAGER_INPLACE_UPDATES": "true"},
}
STARTED = "SELECT pg_postmaster_start_time()"
RIGHTS = """
SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolcanlogin, rolconnlimit
FROM pg_roles WHERE rolname = 'vergabe'
"""
ONLY_LOGIN = "f|f|f|f|t|-1"


@pytest.mark.rehearsal(10, "CloudNativePG 1.28 to 1.30: nobody sees it, and PostgreSQL runs on")
def test_operator_is_upgraded(site: Site) -> None:
    started = site.sql(STARTED)
    title = "CloudNativePG upgraded from 1.28 to 1.30"
    with site.unseen(10, title, MANY) as people, people.timed():
        site.kubectl("apply", "--filename=-", stdin=json.dumps(IN_PLACE))
        manager = image(site.platform.images, NEXT_MANAGER)
        cloudnative_pg.install_operator(site.box.kubeconfig, manager, NEXT_CNPG)
        until(lambda: "1.30" in instance_version(site), "the instance is 1.30", WITHIN_SECONDS)
    assert site.sql(STARTED) == started


@pytest.mark.rehearsal(10, "the role moves to the app: no new password, no error")
def test_role_moves_to_the_app(site: Site) -> None:
    before = credentials(site)
    title = "the role moved from the platform to the app"
    with site.unseen(10, title, MANY) as people, people.timed():
        state_version(site)
        site.do("git push --quiet")
        site.deploy()
        assert "takes precedence" in site.operator.ops("preflight").stdout
        edit_roles(site, lambda roles: [role for role in roles if role["name"] != ROLE])
        until(lambda: is_applied(site), "the role is applied", WITHIN_SECONDS)
    assert credentials(site) == before
    assert site.sql(RIGHTS) == ONLY_LOGIN
    assert log_in(site, DATABASE) == ""
    site.do("ops secrets apply", "ops preflight", "ops status")


@pytest.mark.rehearsal(10, "the role's password is rotated by the app alone")
def test_password_rotated_by_the_app(site: Site) -> None:
    before = credentials(site)
    title = "the password rotated of a role that is the app's"
    with site.unseen(10, title, MANY) as people, people.timed():
        site.do("ops secrets rotate password")
        site.commit_secrets("Rotate the password")
        site.do("ops secrets apply", "git push --quiet")
        site.deploy()
    assert credentials(site) != before


@pytest.mark.rehearsal(10, "the role moves back to the platform: no new password, no error")
def test_role_moves_back(site: Site) -> None:
    before = credentials(site)
    with site.unseen(10, "the role moved back to the platform", MANY) as people, people.timed():
        edit_roles(site, lambda roles: [*roles, cloudnative_pg.role(ROLE)])
        until(lambda: ROLE in reconciled(site), "the role is reconciled", WITHIN_SECONDS)
        state_version(site, "1.28")
        site.do("git push --quiet")
        site.do(f"kubectl --namespace databases delete databaserole {ROLE}")
        site.deploy()
    assert credentials(site) == before
    assert log_in(site, DATABASE) == ""
    site.do("ops preflight", "ops status")


def instance_version(site: Site) -> str:
    """What the instance's manager says of itself; empty while it is replaced."""
    inside = ("exec", POSTGRES, "--container", "postgres", "--")
    return site.kubectl(*DATABASES, *inside, "/controller/manager", "version")


def state_version(site: Site, version: str = "1.30") -> None:
    """State the platform's version of CloudNativePG, render, and commit; not pushed yet."""
    file = site.operator.folder / PLATFORM
    lines = [line for line in file.read_text().splitlines() if "cloudnative_pg" not in line]
    lines.insert(lines.index("RAILIANCE01 = Platform(") + 1, f'    cloudnative_pg="{version}",')
    file.write_text("\n".join(lines) + "\n")
    message = f"'CloudNativePG {version}'"
    site.do("make synth", f"git commit --quiet --all --message {message}")


def edit_roles(site: Site, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change the Cluster's roles, as the platform's repository does."""
    roles = change(site.get("cluster", "apps-pg", "databases")["spec"]["managed"]["roles"])
    patch = json.dumps({"spec": {"managed": {"roles": roles}}})
    site.kubectl("patch", *DATABASES, CLUSTER, "--type=merge", f"--patch={patch}")


def is_applied(site: Site) -> bool:
    """Whether CloudNativePG has taken over the app's own role."""
    status: dict[str, Any] = site.get("databaserole", ROLE, "databases").get("status", {})
    return status.get("applied") is True


def reconciled(site: Site) -> set[str]:
    """The roles of the Cluster that are as it states."""
    return cloudnative_pg.reconciled_roles(site.get("cluster", "apps-pg", "databases"))


def credentials(site: Site) -> dict[str, str]:
    """What is in the Secret from which PostgreSQL takes the password."""
    name = cloudnative_pg.secret_name(ROLE)
    found: dict[str, str] = site.get("secret", name, "databases")["data"]
    return found
