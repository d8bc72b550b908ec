"""PINs and badge codes: what is acceptable, and what is kept of them. Knows no users.

Of a PIN an argon2id hash is kept, of a badge code an HMAC under this station's own secret: a
stolen copy of the database tells neither, and a badge is found without trying every user.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import os
import secrets
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qc_station.services.permits import AccessError

PIN_DIGITS = (6, 12)
BADGE_LENGTH = (6, 128)
_SECRET_BYTES = 32


class Credentials:
    """Hashes and checks; about 150 ms a PIN, so never on the GUI thread. Safe in any thread."""

    def __init__(self, secret: bytes) -> None:
        """``secret`` is this station's own; see ``load_secret``."""
        self._secret = secret
        self._hasher = PasswordHasher()  # argon2id, the library's default profile (RFC 9106)
        self._nobody = ""

    def pin_hash(self, pin: str) -> str:
        """The argon2id text to keep; AccessError pin_length or pin_simple."""
        check_pin(pin)
        return self._hasher.hash(pin)

    def verify(self, kept: str | None, pin: str) -> bool:
        """Whether a PIN is the kept one; takes as long when there is none to compare with."""
        try:
            matches = self._hasher.verify(kept or self._dummy(), pin)
        except (VerificationError, InvalidHashError):
            return False
        return matches and kept is not None

    def badge_hash(self, code: str) -> str:
        """The keyed hash to keep; AccessError badge_length."""
        code = code.strip()
        if not BADGE_LENGTH[0] <= len(code) <= BADGE_LENGTH[1]:
            raise AccessError(
                "badge_length",
                f"A badge code has {BADGE_LENGTH[0]} to {BADGE_LENGTH[1]} characters. "
                "Scan the badge again.",
            )
        return self.keyed("badge", code)

    def keyed(self, purpose: str, text: str) -> str:
        """HMAC-SHA256 of a text under this station's secret, told apart by its purpose."""
        return hmac.new(self._secret, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    def _dummy(self) -> str:
        if not self._nobody:
            self._nobody = self._hasher.hash(secrets.token_hex(16))
        return self._nobody


def check_pin(pin: str) -> None:
    """AccessError pin_length or pin_simple for a PIN that is too easy to guess."""
    if not (pin.isascii() and pin.isdigit() and PIN_DIGITS[0] <= len(pin) <= PIN_DIGITS[1]):
        raise AccessError(
            "pin_length", f"A PIN has {PIN_DIGITS[0]} to {PIN_DIGITS[1]} digits and nothing else."
        )
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise AccessError(
            "pin_simple", "This PIN is too easy to guess: do not repeat or count one digit."
        )


def load_secret(path: Path) -> bytes:
    """This station's secret, made at the first call, readable by its owner only. OSError."""
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        secret = b""
    if len(secret) == _SECRET_BYTES:
        return secret
    secret = secrets.token_bytes(_SECRET_BYTES)
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return secret
