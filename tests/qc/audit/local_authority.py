"""A time-stamping authority of its own for tests: answers requests of RFC 3161 without a network."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.2.3.4.1"


class Authority:
    """A root, and a certificate of it that may stamp time."""

    def __init__(self, name="Assaygate test authority"):
        self.root_key, self.key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
        root, own = _name(f"{name} root"), _name(name)
        self.root = (
            _certificate(root, root, self.root_key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.root_key.public_key()), critical=False)
            .add_extension(_usage(key_cert_sign=True), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key())
        self.certificate = (
            _certificate(own, root, self.key.public_key())
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(issuer, critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.root_key, hashes.SHA256())
        )

    @property
    def roots_pem(self):
        """Certificate to be trusted, PEM."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    def answer(self, request: bytes) -> bytes:
        """Stamp what a request asks for: TimeStampReq in, TimeStampResp out, both DER."""
        asked = tsp.TimeStampReq.load(request)
        told = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": asked["message_imprint"],
                "serial_number": 7,
                "gen_time": datetime.now(UTC).replace(microsecond=0),
                "nonce": asked["nonce"],
            }
        )
        content = {"content_type": "tst_info", "content": core.ParsableOctetString(told.dump())}
        signed = {
            "version": "v3",
            "digest_algorithms": [_SHA256],
            "encap_content_info": content,
            "certificates": [asn1_x509.Certificate.load(self._der())],
            "signer_infos": [self._signature(told.dump())],
        }
        token = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()

    def _der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def _signature(self, told):
        own = asn1_x509.Certificate.load(self._der())
        named = {"certs": [{"cert_hash": hashlib.sha256(self._der()).digest()}]}
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(told).digest()]},
                {"type": "signing_certificate_v2", "values": [named]},
            ]
        )
        signature = self.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
        return {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}),
            ),
            "digest_algorithm": _SHA256,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": signature,
        }


_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject, issuer, public_key):
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))


def _usage(**wanted):
    names = "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
    names = f"{names} key_cert_sign crl_sign encipher_only decipher_only".split()
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})
