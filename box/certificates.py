"""The local cluster's certificate authority and the certificates that it signs."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from box.folder import write

if TYPE_CHECKING:
    from collections.abc import Sequence

# A local cluster lives for a test run or a day's work, so never that long.
LIFETIME = datetime.timedelta(days=30)
CLOCK_SKEW = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key, as PEM files."""

    certificate: Path
    key: Path

    @classmethod
    def at(cls, stem: Path) -> Pair:
        """The pair of files with this path, plus .crt and .key."""
        return cls(Path(f"{stem}.crt"), Path(f"{stem}.key"))

    def write(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        """Write both files; the certificate last, so that where it exists, its key does too."""
        pem = serialization.Encoding.PEM
        private = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write(self.key, private.decode())
        write(self.certificate, certificate.public_bytes(pem).decode())


@dataclass(frozen=True)
class Authority:
    """Signs every certificate of a local cluster; its files are in the cluster's folder."""

    pki: Path

    @property
    def pair(self) -> Pair:
        """The authority's own certificate and key."""
        return Pair.at(self.pki / "ca")

    def create(self) -> None:
        """Create the authority, unless it exists."""
        if self.pair.certificate.exists():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "railiance box")])
        unsigned = (
            template(name, name, key, key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(key_usage(signs_certificates=True), critical=True)
        )
        self.pair.write(unsigned.sign(key, hashes.SHA256()), key)

    def issue(self, stem: Path, *, user: str, hosts: Sequence[str] = (), group: str = "") -> Pair:
        """Sign a certificate: a server's for the hosts, and a client's for user and group."""
        pair = Pair.at(stem)
        if pair.certificate.exists():
            return pair
        authority = x509.load_pem_x509_certificate(self.pair.certificate.read_bytes())
        signer = serialization.load_pem_private_key(self.pair.key.read_bytes(), password=None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)  # create() makes no other
        key = ec.generate_private_key(ec.SECP256R1())
        unsigned = template(subject(user, group), authority.subject, key, signer)
        unsigned = unsigned.add_extension(key_usage(signs_certificates=False), critical=True)
        if hosts:
            unsigned = unsigned.add_extension(
                x509.SubjectAlternativeName(alternatives(hosts)), critical=False
            )
        pair.write(unsigned.sign(signer, hashes.SHA256()), key)
        return pair


def template(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    """The common part of all certificates; strict clients insist on the key identifiers."""
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )


def key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """The key usage of an authority, or of a server and client."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def subject(user: str, group: str) -> x509.Name:
    """A client as Kubernetes reads it: the common name is the user, the organization the group."""
    names = [x509.NameAttribute(NameOID.COMMON_NAME, user)]
    if group:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    return x509.Name(names)


def alternatives(hosts: Sequence[str]) -> list[x509.GeneralName]:
    """Hosts as subject alternative names."""
    return [alternative(host) for host in hosts]


def alternative(host: str) -> x509.GeneralName:
    """An IP address as an address, any other host as a DNS name."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def kubeconfig(server: str, authority: Pair, client: Pair) -> str:
    """A kubeconfig with embedded credentials, written as JSON, which is valid YAML."""
    cluster = {"server": server, "certificate-authority-data": inline(authority.certificate)}
    user = {
        "client-certificate-data": inline(client.certificate),
        "client-key-data": inline(client.key),
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "box", "cluster": cluster}],
            "users": [{"name": "admin", "user": user}],
            "contexts": [{"name": "box", "context": {"cluster": "box", "user": "admin"}}],
            "current-context": "box",
        },
        indent=2,
    )


def inline(file: Path) -> str:
    """A file's content, encoded for a kubeconfig."""
    return base64.b64encode(file.read_bytes()).decode()
