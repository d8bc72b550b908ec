"""Which model came from which: columns by age, a lane per branch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from qc_station.domain.lineage import Standing, lay_out, standing
from qc_station.domain.model_version import LimitClaim, ModelVersion

CLAIM = LimitClaim(1.0, None, 0, None)


def version(name: str, day: int, parent: str | None = None, **more: object) -> ModelVersion:
    made = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day)
    return ModelVersion(
        name, Path(name), "bottle", "", "", made, (), 1, 0, CLAIM, CLAIM, parent=parent,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_chain_stays_in_its_lane_and_a_branch_gets_its_own() -> None:
    nodes = lay_out(
        [
            version("d", 4, "b"),
            version("a", 1),
            version("c", 3, "b"),
            version("b", 2, "a"),
            version("other", 5),
            version("orphan", 6, "gone"),
        ]
    )
    found = [(n.version.model_id, n.column, n.lane, n.parent) for n in nodes]
    assert found == [
        ("a", 0, 0, None), ("b", 1, 0, 0), ("c", 2, 0, 1), ("d", 3, 1, 1), ("other", 4, 2, None),
        ("orphan", 5, 3, None),
    ]  # fmt: skip


def test_a_clock_that_was_set_back_makes_no_knot() -> None:
    nodes = lay_out([version("child", 1, "parent"), version("parent", 2)])
    assert [node.parent for node in nodes] == [None, None]


def test_standings() -> None:
    once = datetime(2026, 11, 2, tzinfo=UTC)
    assert standing(version("a", 1, active=True, activated_at=once)) is Standing.ACTIVE
    assert standing(version("a", 1, activated_at=once)) is Standing.EARLIER
    assert standing(version("a", 1)) is Standing.CANDIDATE
