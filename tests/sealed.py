"""Secrets files as sops writes them, for tests that need no key: nothing can decrypt them."""

from collections.abc import Mapping, Sequence

VALUE = "'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]'"
OPERATOR, OTHER, STRANGER = (f"age1{letter * 58}" for letter in "qpz")


def sealed_file(
    namespace: str, keys: Mapping[str, Sequence[str]], recipients: Sequence[str]
) -> str:
    """A file with these keys by Secret, encrypted for these recipients."""
    age = ", ".join(f"{{recipient: {recipient}, enc: x}}" for recipient in recipients)
    return "---\n".join(
        "apiVersion: v1\nkind: Secret\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\n"
        f"type: {'kubernetes.io/basic-auth' if 'username' in names else 'Opaque'}\n"
        f"stringData: {{{', '.join(f'{key}: {VALUE}' for key in names)}}}\n"
        f"sops: {{version: 3.11.0, mac: {VALUE}, age: [{age}]}}\n"
        for name, names in keys.items()
    )


def rules(*recipients: str) -> str:
    """A .sops.yaml that names these recipients."""
    listed = "".join(f"      - {recipient}\n" for recipient in recipients)
    return (
        "creation_rules:\n  - path_regex: ^secrets/[^/]+\\.sops\\.yaml$\n"
        f"    encrypted_regex: ^(data|stringData)$\n    age:\n{listed}"
    )
