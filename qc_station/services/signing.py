"""This station's signing key, and the keys of other stations that it trusts. Knows no recipe."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from qc_station.services.credentials import load_secret

_log = logging.getLogger(__name__)
KEY_BYTES = 32
SIGNATURE_BYTES = 64


class SigningKey:
    """An Ed25519 key (RFC 8032). The private half never leaves its file."""

    def __init__(self, seed: bytes) -> None:
        """``seed`` is 32 secret bytes."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = self._private.public_key().public_bytes_raw()

    @classmethod
    def load(cls, path: Path) -> SigningKey:
        """The key in a file readable by its owner only, made at the first call. OSError."""
        return cls(load_secret(path))

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(message)


def verified(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of a public key signed exactly this."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """What two people compare to know that they mean the same key: 80 bits in groups of four."""
    digits = hashlib.sha256(public).hexdigest()[:20]
    return " ".join(digits[start : start + 4] for start in range(0, 20, 4))


class TrustedKeys:
    """Names of public keys, in a small file. A damaged file trusts nobody: one is asked again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def name_of(self, public: bytes) -> str | None:
        """What a key's owner is called here; None for an unknown key."""
        return self._read().get(public.hex())

    def trust(self, public: bytes, name: str) -> None:
        """From now on this key is known under a name. OSError."""
        names = {**self._read(), public.hex(): name.strip()}
        draft = self._path.with_name(self._path.name + ".part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(names, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _log.warning("The list of trusted keys cannot be read: %s", error)
            return {}
        if not isinstance(found, dict):
            _log.warning("The list of trusted keys is no list of keys")
            return {}
        return {key: name for key, name in found.items() if isinstance(name, str)}
