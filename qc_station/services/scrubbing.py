"""Takes secrets and names out of text that leaves the station. No Qt, no files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_REMOVED = "***"
_CREDENTIALS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@\"']+(?::[^\s@\"']*)?@")
_QUERY = re.compile(r"(?P<address>[a-z][a-z0-9+.-]*://[^\s?\"'<>]+)\?[^\s\"'<>]+", re.IGNORECASE)
_ARGON = re.compile(r"\$argon2[a-z]*\$[^\s\"']+")
_LONG_HEX = re.compile(r"\b[0-9a-fA-F]{64}\b")
_NAMED = re.compile(
    r"(?P<name>\b(?:pass(?:word|wd|phrase)?|mot[ _-]de[ _-]passe|pin|secret|token|"
    r"api[ _-]?key|badge(?:[ _-]?(?:code|hash))?|authorization)\b[\"']?\s*[=:]\s*)"
    r"(?:(?P<quote>[\"'])[^\"']+|(?:(?:Basic|Bearer)\s+)?[^\s\"',;&}]+)",
    re.IGNORECASE,
)
_SHORTEST_NAME = 2


class Scrubber:
    """Knows the station's secrets and the names of its people.

    Secrets always go. Names become "person 1", "person 2" … (the same one each time) unless
    ``keep_names``. ``home`` and the user's own folder lose the part that names a person.
    """

    def __init__(
        self, secrets: Iterable[str], names: Iterable[str], *, keep_names: bool = False,
        home: Path | None = None,
    ) -> None:  # fmt: skip
        self._secrets = sorted({s for s in secrets if len(s) >= 4}, key=len, reverse=True)
        self._names: list[tuple[re.Pattern[str], str]] = []
        if not keep_names:
            unique = sorted({n.strip() for n in names if len(n.strip()) >= _SHORTEST_NAME})
            numbered = {name: f"person {i}" for i, name in enumerate(unique, start=1)}
            for name in sorted(unique, key=len, reverse=True):
                pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
                self._names.append((pattern, numbered[name]))
        self._folders = [str(home)] if home is not None and not keep_names else []
        self._user_folder = "" if keep_names else str(Path.home())

    def __call__(self, text: str) -> str:
        """``text`` without them."""
        for secret in self._secrets:
            text = text.replace(secret, _REMOVED)
        text = _CREDENTIALS.sub(rf"\g<scheme>{_REMOVED}@", text)
        text = _QUERY.sub(rf"\g<address>?{_REMOVED}", text)
        text = _ARGON.sub(_REMOVED, text)
        text = _LONG_HEX.sub(_REMOVED, text)
        text = _NAMED.sub(lambda m: f"{m['name']}{m['quote'] or ''}{_REMOVED}", text)
        for folder in self._folders:
            text = text.replace(folder, "HOME")
        if len(self._user_folder) > 1:
            text = text.replace(self._user_folder, "~")
        for pattern, replacement in self._names:
            text = pattern.sub(replacement, text)
        return text
