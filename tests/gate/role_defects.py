"""Defects of the roles that apps declare on a platform with CloudNativePG 1.30."""

from tests.gate.defects import SYNC_OPTIONS, WAVE, Change, Remove, Set

ROLE_DEFECTS: dict[tuple[str, str], list[Change]] = {
    ("database.E002", "a sync prunes the role"): [
        Set("DatabaseRole", SYNC_OPTIONS, "Delete=false")
    ],
    ("database.E003", "Gitea's role is declared"): [
        Set("Database", "spec/owner", "gitea"),
        Set("DatabaseRole", "spec/name", "gitea"),
        Set("DatabaseRole", "spec/passwordSecret/name", "gitea-app-credentials"),
    ],
    ("database.E005", "the role of another cluster"): [
        Set("DatabaseRole", "spec/cluster/name", "gitea-db")
    ],
    ("database.E008", "a superuser"): [Set("DatabaseRole", "spec/superuser", value=True)],
    ("database.E008", "a role that creates databases"): [
        Set("DatabaseRole", "spec/createdb", value=True)
    ],
    ("database.E008", "a role that creates roles"): [
        Set("DatabaseRole", "spec/createrole", value=True)
    ],
    ("database.E008", "a role that replicates"): [
        Set("DatabaseRole", "spec/replication", value=True)
    ],
    ("database.E008", "a role that may not log in"): [
        Set("DatabaseRole", "spec/login", value=False)
    ],
    ("database.E009", "the role is dropped with its object"): [
        Set("DatabaseRole", "spec/databaseRoleReclaimPolicy", "delete")
    ],
    ("database.E010", "another app's password"): [
        Set("DatabaseRole", "spec/passwordSecret/name", "vergabe-app-credentials")
    ],
    ("database.E010", "no password"): [Set("DatabaseRole", "spec/passwordSecret")],
    ("database.E011", "an owner that nobody declares"): [
        Remove("DatabaseRole"),
        Set("AppProject", "spec/namespaceResourceWhitelist/9"),
    ],
    ("database.E011", "a role that owns nothing"): [
        Set("Database", "spec/owner", "notizen_web"),
    ],
    ("shape.E001", "a member of another role"): [
        Set("DatabaseRole", "spec/inRoles", ["pg_read_all_data"])
    ],
    ("shape.E001", "a role that bypasses row security"): [
        Set("DatabaseRole", "spec/bypassrls", value=True)
    ],
    ("sync.E004", "the role after the pods that log in"): [Set("DatabaseRole", WAVE, "0")],
}
