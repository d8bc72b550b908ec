"""The log: intents, parts, pages of history, counts. Never changes what the machine said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from db.models import InspectionRow, IntentRow, MaskRow, OverrideRow, RegionRow, ReviewRow
from db.records import InspectionQuery, InspectionRecord, IntentRecord
from db.repositories._rows import INSPECTION_COLUMNS, inspection_records, is_golden

PageKey = tuple[datetime, int]
_INTENT_COLUMNS = IntentRecord.__slots__


class InspectionRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # intents

    def add_intent(self, intent: IntentRecord) -> None:
        """Announce a part; announcing it twice, or after it was written, does nothing."""
        if self._session.get(IntentRow, intent.inspection_id) or self._seq(intent.inspection_id):
            return
        self._session.add(IntentRow(**{name: getattr(intent, name) for name in _INTENT_COLUMNS}))
        self._session.flush()

    def intents(self, station: str) -> list[IntentRecord]:
        """What this station announced and never finished, oldest first."""
        statement = (
            select(IntentRow)
            .where(IntentRow.station == station)
            .order_by(IntentRow.created_at, IntentRow.inspection_id)
        )
        return [
            IntentRecord(**{name: getattr(row, name) for name in _INTENT_COLUMNS})
            for row in self._session.scalars(statement)
        ]

    def remove_intent(self, inspection_id: str) -> None:
        """Forget an announcement; in the transaction that writes the part."""
        self._session.execute(delete(IntentRow).where(IntentRow.inspection_id == inspection_id))

    # parts

    def add(self, record: InspectionRecord) -> bool:
        """Write a part and its regions; False, and nothing changed, when it is there already."""
        if self._seq(record.inspection_id) is not None:
            return False
        row = InspectionRow(**{name: getattr(record, name) for name in INSPECTION_COLUMNS})
        self._session.add(row)
        self._session.flush()
        self._session.add_all(
            RegionRow(
                inspection_seq=row.seq,
                position=position,
                x=region.x,
                y=region.y,
                width=region.width,
                height=region.height,
                score=region.score,
            )
            for position, region in enumerate(record.regions)
        )
        self._session.flush()
        return True

    def get(self, inspection_id: str) -> InspectionRecord | None:
        """One part with its regions and standing review."""
        statement = select(InspectionRow).where(InspectionRow.inspection_id == inspection_id)
        return next(iter(self._records(statement)), None)

    def page(self, query: InspectionQuery, offset: int, limit: int) -> list[InspectionRecord]:
        """Newest first. The offset is skipped in the index, not in the table."""
        keys = (
            select(InspectionRow.seq)
            .where(*matching(self._session, query))
            .order_by(InspectionRow.captured_at.desc(), InspectionRow.seq.desc())
            .offset(offset)
            .limit(limit)
            .subquery()
        )
        statement = (
            select(InspectionRow)
            .join(keys, keys.c.seq == InspectionRow.seq)
            .order_by(InspectionRow.captured_at.desc(), InspectionRow.seq.desc())
        )
        return self._records(statement)

    def slice(
        self, query: InspectionQuery, before: PageKey | None, limit: int
    ) -> tuple[list[InspectionRecord], PageKey | None]:
        """The next parts after a key, newest first, and the key to go on with (None: no more).

        Each slice may be read in a transaction of its own: parts written meanwhile are newer
        than the key and neither repeat nor hide a row.
        """
        statement = select(InspectionRow).where(*matching(self._session, query))
        if before is not None:
            moment, seq = before
            statement = statement.where(
                InspectionRow.captured_at <= moment,
                or_(InspectionRow.captured_at < moment, InspectionRow.seq < seq),
            )
        statement = statement.order_by(InspectionRow.captured_at.desc(), InspectionRow.seq.desc())
        rows = self._session.scalars(statement.limit(limit)).all()
        key = (rows[-1].captured_at, rows[-1].seq) if len(rows) == limit else None
        return inspection_records(self._session, rows), key

    def count(self, query: InspectionQuery) -> int:
        """How many parts match.

        Parts of production are all parts less the few golden samples: two counts in indexes are a
        fraction of one that looks every part up.
        """
        if query.golden is False:
            both, golden = replace(query, golden=None), replace(query, golden=True)
            return self.count(both) - self.count(golden)
        statement = (
            select(func.count()).select_from(InspectionRow).where(*matching(self._session, query))
        )
        return self._session.scalar(statement) or 0

    def verdict_counts(self, since: datetime | None = None) -> dict[str, int]:
        """Parts of production captured since then, or ever, by verdict."""
        found: dict[str, int] = {}
        for verdict in self._distinct(InspectionRow.verdict):  # one range of the index for each
            statement = select(func.count()).select_from(InspectionRow)
            statement = statement.where(InspectionRow.verdict == verdict, ~is_golden())
            if since is not None:
                statement = statement.where(InspectionRow.captured_at >= since)
            count = self._session.scalar(statement)
            if count:
                found[verdict] = count
        return found

    def lot_counts(self, lot: str) -> dict[str, int]:
        """Parts of a lot, by verdict."""
        statement = (
            select(InspectionRow.verdict, func.count())
            .where(InspectionRow.lot == lot)
            .group_by(InspectionRow.verdict)
        )
        return {verdict: count for verdict, count in self._session.execute(statement)}

    def recent_lots(self, limit: int, parts: int = 20_000) -> list[str]:
        """Lots among the newest ``parts`` parts, newest first."""
        newest = (
            select(InspectionRow.lot, InspectionRow.captured_at)
            .order_by(InspectionRow.captured_at.desc(), InspectionRow.seq.desc())
            .limit(parts)
            .subquery()
        )
        statement = (
            select(newest.c.lot)
            .where(newest.c.lot.is_not(None))
            .group_by(newest.c.lot)
            .order_by(func.max(newest.c.captured_at).desc())
            .limit(limit)
        )
        return list(self._session.scalars(statement))

    def last_part_number(self, station: str) -> int:
        """The highest number this station gave, finished or announced; 0 before the first."""
        highest = 0
        for table in (InspectionRow, IntentRow):
            statement = select(func.max(table.part_number)).where(table.station == station)
            highest = max(highest, self._session.scalar(statement) or 0)
        return highest

    def recipes(self) -> list[str]:
        """Recipe names in the log, sorted."""
        return self._distinct(InspectionRow.recipe)

    def model_ids(self) -> list[str]:
        """Model ids in the log, sorted."""
        return self._distinct(InspectionRow.model_id)

    def class_names(self) -> list[str]:
        """Classes named by the machine, by an expert's answer or on a painted region, sorted."""
        reviewed = self._session.scalars(
            select(ReviewRow.class_name).where(ReviewRow.class_name.is_not(None)).distinct()
        )
        return sorted(
            {
                *self._distinct(InspectionRow.class_name),
                *self._distinct(MaskRow.class_name),
                *(name for name in reviewed if name),
            }
        )

    # answers

    def labelled(self, recipe: str) -> list[InspectionRecord]:
        """Parts of a recipe with a standing answer, in the order of the answers.

        Golden samples are left out: a model that has learnt them cannot be checked by them. So are
        parts whose experts disagree.
        """
        row = InspectionRow
        return self._records(
            select(row)
            .where(
                row.recipe == recipe,
                row.standing_review.is_not(None),
                row.disputed_by.is_(None),
                ~is_golden(),
            )
            .order_by(InspectionRow.standing_review)
        )

    def _records(self, statement: Select[InspectionRow]) -> list[InspectionRecord]:
        return inspection_records(self._session, self._session.scalars(statement).all())

    def _seq(self, inspection_id: str) -> int | None:
        return self._session.scalar(
            select(InspectionRow.seq).where(InspectionRow.inspection_id == inspection_id)
        )

    def _distinct(
        self, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    ) -> list[str]:
        """Distinct values by jumping from one to the next in the column's index."""
        found: list[str] = []
        while True:
            statement = select(func.min(column))
            if found:
                statement = statement.where(column > found[-1])
            value = self._session.scalar(statement)
            if value is None:
                return found
            found.append(value)


def matching(session: Session, query: InspectionQuery) -> list[ColumnElement[bool]]:
    """The conditions of a query on InspectionRow."""
    return _conditions(query, session.get_bind().dialect.name)


def _conditions(query: InspectionQuery, dialect: str) -> list[ColumnElement[bool]]:
    row = InspectionRow
    found: list[ColumnElement[bool]] = []
    if query.captured_from is not None:
        found.append(row.captured_at >= query.captured_from)
    if query.captured_to is not None:
        found.append(row.captured_at < query.captured_to)
    if len(query.verdicts) == 1:
        found.append(row.verdict == query.verdicts[0])
    elif query.verdicts:
        found.append(row.verdict.in_(query.verdicts))
    if query.recipe is not None:
        found.append(row.recipe == query.recipe)
    if query.model_id is not None:
        found.append(row.model_id == query.model_id)
    if query.lot is not None:
        found.append(row.lot == query.lot)
    if query.class_name is not None:
        by_expert = select(ReviewRow.seq).where(ReviewRow.class_name == query.class_name)
        found.append(or_(row.class_name == query.class_name, row.standing_review.in_(by_expert)))
    if query.reviewed is not None:
        found.append(
            row.standing_review.is_not(None) if query.reviewed else row.standing_review.is_(None)
        )
    if query.overridden:
        found.append(row.inspection_id.in_(_overridden()))
    if query.label is not None:
        found.append(_answered(query.label))
    if query.defect is not None:
        found.append(_standing_defect(query.defect))
    if query.score_above is not None:
        found.append(row.score > query.score_above)
    if query.score_up_to is not None:
        found.append(row.score <= query.score_up_to)
    if query.novel is not None:
        found.append(row.reason == "novel" if query.novel else row.reason != "novel")
    if query.golden is not None:
        found.append(row.golden_check.is_not(None) if query.golden else ~is_golden())
    if query.text.strip():
        found.append(_contains(query.text.strip(), dialect))
    return found


def _overridden() -> Select[str]:
    """Parts whose last override was not taken back."""
    later = aliased(OverrideRow)
    superseded = exists().where(
        later.inspection_id == OverrideRow.inspection_id, later.seq > OverrideRow.seq
    )
    return select(OverrideRow.inspection_id).where(OverrideRow.verdict.is_not(None), ~superseded)


def _answered(label: str) -> ColumnElement[bool]:
    return exists().where(ReviewRow.seq == InspectionRow.standing_review, ReviewRow.label == label)


def _standing_defect(name: str) -> ColumnElement[bool]:
    """The condition of ``StatisticsRepository.defects`` for one name."""
    row = InspectionRow
    answer = select(ReviewRow.seq).where(ReviewRow.seq == row.standing_review)
    decided = answer.where(ReviewRow.label.in_(("good", "defect")))
    renamed = answer.where(ReviewRow.class_name.is_not(None), ReviewRow.class_name != name)
    named = answer.where(ReviewRow.class_name == name)
    machine_named = func.coalesce(row.class_name, "") == name
    is_named = or_(named.exists(), machine_named & ~renamed.exists())
    return or_(_answered("defect"), (row.verdict == "NG") & ~decided.exists()) & is_named


def _contains(words: str, dialect: str) -> ColumnElement[bool]:
    row = InspectionRow
    columns = (row.serial, row.source, row.camera, row.detail, row.inspection_id, row.lot)
    # SQLite's LIKE ignores ASCII case by itself; lower() on both sides only doubles the time.
    hits: list[ColumnElement[bool]] = [
        column.contains(words, autoescape=True)
        if dialect == "sqlite"
        else column.icontains(words, autoescape=True)
        for column in columns
    ]
    if words.isascii() and words.isdigit() and len(words) < 19:
        hits.append(row.part_number == int(words))
    return or_(*hits)
