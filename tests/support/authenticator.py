"""A device with passkeys, in software: what it answers is what a browser sends."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. ``flags`` say whether somebody was there, and whether the device knows who."""

    origin: str = "https://line.test"
    flags: int = PRESENT | VERIFIED
    signed: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        self._key = generate_private_key(SECP256R1())

    def makes(self, challenge: bytes, *, rp_id: str = "line.test", **changed: Any) -> str:
        """The answer to ``navigator.credentials.create``."""
        point = self._key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        public_key = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public_key
        data = self._data(rp_id, self.flags | HAS_KEY) + credential
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", challenge)
        return self._told(clientDataJSON=client, attestationObject=attestation, **changed)

    def signs(self, challenge: bytes, *, rp_id: str = "line.test", **changed: Any) -> str:
        """The answer to ``navigator.credentials.get``."""
        self.signed += 1
        data, client = self._data(rp_id, self.flags), self._client("webauthn.get", challenge)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._told(clientDataJSON=client, authenticatorData=data, signature=signature, **changed)

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.signed.to_bytes(4, "big")

    def _client(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin}
        return json.dumps(said).encode()

    def _told(self, **response: Any) -> str:
        """With text in place of bytes where a part was ``changed``."""
        id_ = bytes_to_base64url(self.id)
        parts = {
            name: part if isinstance(part, str) else bytes_to_base64url(part)
            for name, part in response.items()
        }
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": parts})
