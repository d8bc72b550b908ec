"""Reads what the station needs to know of a model bundle from its manifest. Loads no weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qc_station.domain.model_version import Estimate, LimitClaim, ModelVersion, tightest_rate
from qc_station.domain.roi import Roi, read_roi

MANIFEST = "manifest.json"


class LibraryError(Exception):
    """A model cannot be listed or activated. ``code`` is for translation, str() for people."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


def read_manifest(bundle: Path) -> dict[str, Any]:
    """The manifest as a dictionary; raises LibraryError (bundle_missing, bundle_damaged)."""
    path = bundle / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LibraryError(
            "bundle_missing",
            f"The model folder {bundle} is gone. Teach again or activate another version.",
            path=str(bundle),
        ) from error
    except (OSError, ValueError) as error:
        raise LibraryError(
            "bundle_damaged",
            f"The description of the model in {bundle} cannot be read. Activate another version.",
            path=str(bundle),
            file=MANIFEST,
        ) from error
    if not isinstance(data, dict):
        raise LibraryError(
            "bundle_damaged",
            f"The description of the model in {bundle} is not a manifest.",
            path=str(bundle),
            file=MANIFEST,
        )
    return data


def estimate(data: object, default_n: int = 0) -> Estimate | None:
    """A figure as the engine writes it: a number, or {"value", "low", "high", "n", "method"}."""
    if isinstance(data, bool) or data is None:
        return None
    if isinstance(data, int | float):
        return Estimate(float(data), n=default_n)
    if not isinstance(data, Mapping) or not isinstance(data.get("value"), int | float):
        return None
    low, high = data.get("low"), data.get("high")
    return Estimate(
        value=float(data["value"]),
        low=float(low) if isinstance(low, int | float) else None,
        high=float(high) if isinstance(high, int | float) else None,
        n=int(data.get("n") or default_n),
        method=str(data.get("method") or ""),
    )


def read_version(
    bundle: Path, *, recipe: str | None = None, taught_from: str | None = None
) -> ModelVersion:
    """A model version from the bundle folder; not active."""
    data = read_manifest(bundle)
    try:
        return _version(data, bundle, recipe, taught_from)
    except (KeyError, TypeError, ValueError) as error:
        raise LibraryError(
            "bundle_damaged",
            f"The description of the model in {bundle} lacks a field ({error}).",
            path=str(bundle),
            file=MANIFEST,
        ) from error


def _version(
    data: dict[str, Any], bundle: Path, recipe: str | None, taught_from: str | None
) -> ModelVersion:
    calibration = data.get("calibration") or {}
    limits = data["limits"]
    n_good = int(calibration.get("n_good") or 0)
    n_defect = int(calibration.get("n_defect") or 0)
    mondrian = limits.get("method") == "mondrian"
    created = datetime.fromisoformat(str(data["created_at"]))
    product = str(data.get("product") or "")
    metrics = {
        name: figure
        for name, value in (data.get("metrics") or {}).items()
        if (figure := estimate(value)) is not None
    }
    return ModelVersion(
        model_id=str(data["bundle_id"]),
        path=bundle,
        recipe=recipe or product,
        product=product,
        model=str(data["model"]),
        created_at=created if created.tzinfo else created.replace(tzinfo=UTC),
        classes=tuple(data.get("classes") or ()),
        n_good=n_good,
        n_defect=n_defect,
        ok_claim=LimitClaim(
            float(limits["ok"]),
            _rate(limits, "ok_rate"),
            n_defect if mondrian else n_good,
            tightest_rate(n_defect if mondrian else n_good),
            of_defects=mondrian,
        ),
        ng_claim=LimitClaim(
            float(limits["ng"]), _rate(limits, "ng_rate"), n_good, tightest_rate(n_good)
        ),
        metrics=metrics,
        parent=data.get("parent"),
        taught_from=taught_from,
        roi=_area(str((data.get("settings") or {}).get("fit") or "")),
    )


def _area(fit: str) -> Roi | None:
    """The area in the engine's "letterbox@x,y,width,height". Raises ValueError."""
    _plain, at, text = fit.partition("@")
    return read_roi(text.split(",")) if at else None


def _rate(limits: Mapping[str, Any], name: str) -> float | None:
    rate = limits.get(name)
    return float(rate) if isinstance(rate, int | float) else None
