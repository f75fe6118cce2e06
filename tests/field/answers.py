"""What the output of each case must contain, and what it must not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """The right answer to a case, as patterns for the lines that its script prints."""

    says: tuple[str, ...]
    never: tuple[str, ...] = ()


ANSWERS: dict[str, Answer] = {
    "01": Answer(
        (
            r"Database databases/vergabe-db: data at risk",
            r"Shared resource found",
            r"rename-an-app",
        ),
        (r"Database databases/vergabe-db: created",),
    ),
    "03": Answer(
        (r"new and empty", r"stays OutOfSync", r"DATABASE_URL in Secret .* still names"),
        (r"refused by the API server",),
    ),
    "04": Answer((r"get 400 from wave 0", r"pods roll with a gap"), (r"roll without a gap",)),
    "06": Answer((r"the former code runs on the new image's schema", r"Only migrations that")),
    "08": Answer((r"secrets\.E007.*lacks the key EMAIL_HOST_PASSWORD.*ops secrets init",)),
    "10": Answer((r"secrets\.E009.*is no app's.*secrets/vergabe-teilnahme\.sops\.yaml",)),
    "11": Answer((r"\.env:1: secrets\.E004", r"\.env:2: secrets\.E004", r"\.env:3: secrets\.E004")),
    "13": Answer((r"secrets\.E004.*URL with a password", r"secrets\.E004.*password in SQL")),
    "15": Answer((r'containers\[name="web"\]\.env: duplicate entries.*HOME',)),
    "17": Answer((r"pods\.E008",), (r"gate passed",)),
    "19": Answer((r'"1Gi": must be less than or equal to memory limit of 512Mi',)),
    "21": Answer((r'there is no volume "static"',)),
    "23": Answer((r"NetworkPolicy .* allows port 80, which its pods do not have",)),
    "25": Answer((r"container web has no port web",)),
    "26": Answer((r"is not built for linux/amd64.*linux/arm64",), (r"exit 0",)),
    "28": Answer((r"was read with the login in .*nobody without one can read it",)),
    "30": Answer((r"is Docker's old schema 1, which the node cannot pull",)),
    "32": Answer((r"the schema is newer",), (r"migrate bids 0002_b",)),
    "34": Answer((r"the schema is newer: .* does not know bids\.drop_old_columns",)),
    "36": Answer((r"\$\$\$%s|\$\$%s", r"\$\$\(ALLOWED_HOSTS\)"), (r'value: "?\[\$\(ALLOWED',)),
    "38": Answer((r"in quotes", r"line break")),
    "40": Answer((r"'100' is 100 cores.*'100m'",)),
    "42": Answer((r"database 'gitea' belongs to another service", r"role 'gitea' belongs")),
    "44": Answer((r"plan passed",), (r"unknown",)),
    "46": Answer((r"main:dist/.*:23\d: has merge conflict markers", r"plan passed|to acknowledge")),
    "48": Answer((r"template",), (r"selects no|mounted by no|no Deployment",)),
    "50": Answer((r"encrypted_regex", r"nothing has to be rotated")),
    "52": Answer((r"line endings|gate passed",), (r"is not what the code renders",)),
    "54": Answer((r"gate passed",), (r"manifest\.E001",)),
    "56": Answer((r"256 ?Mi", r"sizeLimit|temporary|upload"), (r"nothing about it",)),
    "61": Answer((r"the selector is immutable", r"plan failed")),
    "63": Answer((r"APPS is empty", r"Acknowledge-Deletion", r"it stays")),
    "65": Answer((r"duplicate key 'replicas'",)),
    "67": Answer((r"ttlSecondsAfterFinished|TTL|ttl", r"PreSync|hook")),
    "69": Answer((r"http01-edit-in-place",)),
    "71": Answer((r"latest", r"exit 1"), (r"Traceback",)),
    "73": Answer((r"database\.E001", r"data at risk")),
}
"""By the number with which the case's folder begins."""
