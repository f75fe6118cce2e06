"""What is wrong with a file in secrets/, described without repeating what is in it."""

import re
from dataclasses import dataclass

from ops.errors import ManifestError

NOTHING_TO_ROTATE = "nothing has to be rotated"
ROTATE = "rotate what stands in it unencrypted, if anything does"


@dataclass(frozen=True)
class Flaw:
    """Why a file is not one of encrypted Secrets."""

    problem: str
    fix: str = "encrypt it with sops, and rotate what was in it"
    line: int = 1

    def __str__(self) -> str:
        """The problem alone."""
        return self.problem


ENCRYPTED_WHOLE = Flaw(
    "has its kind, names and namespaces encrypted as well",
    "decrypt it, and encrypt it again with encrypted_regex ^(data|stringData)$, as the rule for"
    f" secrets/ in .sops.yaml does; {NOTHING_TO_ROTATE}",
)
ENCRYPTED_OTHERWISE = ("SealedSecret", "ExternalSecret", "SopsSecret")
"""Kinds of other tools that hold no value in clear."""
_AS_YAML = "encrypt it again with `sops encrypt --input-type yaml --output-type yaml`"
_OTHER_FORMS = {
    r"\s*-----BEGIN AGE ENCRYPTED FILE-----|age-encryption\.org/": Flaw(
        "is encrypted by age itself, not by sops",
        f"decrypt it with age, and encrypt it with sops; {NOTHING_TO_ROTATE}",
    ),
    r"\s*-----BEGIN PGP MESSAGE-----": Flaw(
        "is encrypted by PGP itself, not by sops",
        f"decrypt it, and encrypt it with sops; {NOTHING_TO_ROTATE}",
    ),
    r"\$ANSIBLE_VAULT;": Flaw(
        "is encrypted by Ansible Vault, not by sops",
        f"decrypt it, and encrypt it with sops; {NOTHING_TO_ROTATE}",
    ),
    r"version https://git-lfs\.": Flaw(
        "is a pointer of Git LFS, not the file itself",
        f"fetch it with `git lfs pull`, and store it without LFS; {NOTHING_TO_ROTATE}",
    ),
    r'\s*\{\s*"data":\s*"ENC\[': Flaw(
        "is in sops' form for files that are no YAML", f"{_AS_YAML}; {ROTATE}"
    ),
    r"\s*\{(?s:.*)\"sops\":\s*\{": Flaw("is JSON, not YAML", f"{_AS_YAML}; {ROTATE}"),
    r"(?s:.*)^sops_mac=ENC\[": Flaw(
        "is in sops' form for .env files",
        f"write a Secret with these keys, and {_AS_YAML}; {ROTATE}",
    ),
    r"\s*\Z": Flaw("is empty", "remove it, and run `ops secrets init`"),
}
"""What else a file can be, by how it begins."""


def holds_other(kind: str) -> Flaw:
    """The flaw of a file with one of these kinds."""
    fix = f"keep its Secret here, encrypted with sops; {ROTATE}"
    return Flaw(f"holds a {kind}, which nothing here reads", fix)


def unreadable(content: bytes, error: ManifestError) -> Flaw:
    """What a file is that cannot be read as YAML of Secrets."""
    text = content.decode(errors="replace")
    for beginning, flaw in _OTHER_FORMS.items():
        if re.match(beginning, text, re.MULTILINE):
            return flaw
    if "conflict" in error.problem:
        fix = (
            "take one side with `git checkout --ours` or `--theirs`, and make the other side's"
            f" change with `ops secrets edit`; {ROTATE}"
        )
        return Flaw("has merge conflict markers", fix, error.line)
    fix = f"restore the last good one with `git checkout`; {ROTATE}"
    return Flaw(f"cannot be read as YAML of Secrets (line {error.line})", fix, error.line)
