"""The certificate with which the door speaks TLS: signed by an authority of its own, made in the state's folder.

The authority may vouch for this machine's loopback names only, and its key is forgotten once it has signed: who trusts
it trusts this one certificate and nothing that could be made later.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from runner.sandbox import files
from runner.sandbox.classes import dataclass

NAMES = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")
_VALID = timedelta(days=365)
_RENEWED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The three files that matter: whom to trust, as PEM and as a Java keystore, and what the door shows."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / files.AUTHORITY

    @property
    def truststore(self) -> Path:
        return self.folder / files.TRUSTSTORE

    @property
    def shown(self) -> Path:
        """The door's certificate with its key; nobody else can read it."""
        return self.folder / "server.pem"

    def context(self) -> ssl.SSLContext:
        """What the door's socket needs."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.load_cert_chain(self.shown)
        return made


def certificate(root: Path) -> Certificate:
    """The certificate of this root; made anew when there is none, or when it ends within a month."""
    found = Certificate(root / files.TLS)
    if not _serves(found):
        _make(found)
    return found


def _now() -> datetime:
    """The machine's time, by which clients judge a certificate, wherever the organisation's clock stands."""
    return datetime.now(UTC)


def _serves(found: Certificate) -> bool:
    if not all(path.exists() for path in (found.authority, found.truststore, found.shown)):
        return False
    try:
        ends = x509.load_pem_x509_certificate(found.shown.read_bytes()).not_valid_after_utc
        found.context()
    except (ValueError, ssl.SSLError):
        return False
    return ends - _RENEWED_BEFORE > _now()


def _make(wanted: Certificate) -> None:
    wanted.folder.mkdir(mode=0o700, exist_ok=True)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key)
    server = _server(authority, authority_key, key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(wanted.shown, server.public_bytes(Encoding.PEM) + pem)
    _write(wanted.authority, authority.public_bytes(Encoding.PEM))
    _write(wanted.truststore, _truststore(authority))


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _truststore(authority: x509.Certificate) -> bytes:
    entry = pkcs12.PKCS12Certificate(authority, b"runner-sandbox")
    return pkcs12.serialize_java_truststore([entry], BestAvailableEncryption(files.TRUSTSTORE_PASSWORD.encode()))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = _now()
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _named(f"runner sandbox {x509.random_serial_number() % 10**8:08d}")
    allowed: list[x509.GeneralName] = [x509.DNSName(each) for each in NAMES]
    allowed += [x509.IPAddress(ipaddress.ip_network(each)) for each in ADDRESSES]
    return (
        _begun(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server(
    authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    names: list[x509.GeneralName] = [x509.DNSName(each) for each in NAMES]
    names += [x509.IPAddress(ipaddress.ip_address(each)) for each in ADDRESSES]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _begun(_named("localhost"), authority.subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(**uses: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: uses.get(name, False) for name in _USES})
