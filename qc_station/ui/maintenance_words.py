"""Activities, backups and audit events in words. Knows no widgets and no services."""

from __future__ import annotations

import json
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from qc_station.domain.activity import Activity, ActivityKind, ActivityState
from qc_station.domain.backup import ALWAYS, BackupFacts, BackupPart
from qc_station.services.log_reader import LogLevel
from qc_station.ui import state_messages
from qc_station.ui.messages import count, error_sentence, number
from qc_station.ui.time_words import local

translate = QCoreApplication.translate


def activity_title(kind: ActivityKind) -> str:
    """What is being done."""
    return {
        ActivityKind.TEACH_FOLDER: translate("Activity", "Teach from a folder"),
        ActivityKind.TEACH_CAMERA: translate("Activity", "Teach from the camera"),
        ActivityKind.RETRAIN: translate("Activity", "Retrain"),
        ActivityKind.EXPORT_CSV: translate("Activity", "Export as CSV"),
        ActivityKind.BACKUP: translate("Activity", "Backup"),
        ActivityKind.BACKUP_CHECK: translate("Activity", "Check of a backup"),
        ActivityKind.RESTORE: translate("Activity", "Restore"),
        ActivityKind.CHAIN_CHECK: translate("Activity", "Check of the log"),
        ActivityKind.DIAGNOSTICS: translate("Activity", "Diagnostics"),
        ActivityKind.MODEL_EXPORT: translate("Activity", "Export of a model"),
        ActivityKind.MODEL_IMPORT: translate("Activity", "Import of a model"),
        ActivityKind.COMPARISON: translate("Activity", "Comparison of two models"),
    }[kind]


def activity_state(state: ActivityState) -> str:
    """How it stands, sign first."""
    return {
        ActivityState.RUNNING: translate("Activity", "▶ running"),
        ActivityState.CANCELLING: translate("Activity", "… cancelling"),
        ActivityState.DONE: translate("Activity", "✓ done"),
        ActivityState.FAILED: translate("Activity", "✗ failed"),
        ActivityState.CANCELLED: translate("Activity", "– cancelled"),
    }[state]


def activity_progress(activity: Activity) -> str:
    """The stage and its share, or how it ended."""
    if activity.state is ActivityState.FAILED:
        return error_sentence(activity.code, activity.sentence, {"file": activity.file})
    if activity.state.over or not activity.stage:
        return ""
    title = stage_title(activity.stage)
    if activity.total <= 0:
        return title
    return translate("Activity", "{stage}: {share} %").format(
        stage=title, share=number(100 * activity.done / activity.total, 0)
    )


def stage_title(stage: str) -> str:
    """What an activity is doing now."""
    alike = {"preparing": "read", "folds": "calibrate", "memory": "coreset", "metrics": "evaluate"}
    return state_messages.stage_title(alike.get(stage, stage))


def activity_time(activity: Activity) -> str:
    """Time left of what runs, time taken of what has ended."""
    if not activity.state.over:
        return state_messages.time_left(activity.seconds_left)
    if activity.ended_at is None:
        return ""
    return duration((activity.ended_at - activity.started_at).total_seconds())


def duration(seconds: float) -> str:
    """A time span in its natural unit."""
    if seconds < 10:
        return translate("Activity", "{} s").format(number(seconds, 1))
    if seconds < 120:
        return translate("Activity", "{} s").format(number(seconds, 0))
    return translate("Activity", "{} min").format(number(seconds / 60, 0))


def moment(at: datetime) -> str:
    """Day and time of the day in the viewer's zone."""
    shown = local(at)
    day = QLocale().toString(shown.date(), QLocale.FormatType.ShortFormat)
    return f"{day} {shown.time().toString('HH:mm')}"


def size_text(size_bytes: int) -> str:
    """Bytes in kB, MB or GB."""
    if size_bytes < 1_000_000:
        return translate("Backup", "{} kB").format(number(max(1, size_bytes / 1000), 0))
    if size_bytes < 1_000_000_000:
        return translate("Backup", "{} MB").format(number(size_bytes / 1e6, 0))
    return translate("Backup", "{} GB").format(number(size_bytes / 1e9, 1))


def part_title(part: BackupPart) -> str:
    """What a part of a backup is."""
    return {
        BackupPart.DATABASE: translate("Backup", "Database: verdicts, answers, users, audit trail"),
        BackupPart.SETTINGS: translate("Backup", "Settings"),
        BackupPart.MODELS: translate("Backup", "Models"),
        BackupPart.TEACHING: translate("Backup", "Pictures that models were taught from"),
        BackupPart.MASKS: translate("Backup", "Painted masks"),
        BackupPart.PICTURES: translate("Backup", "Pictures and heatmaps of inspected parts"),
    }[part]


def part_word(part: BackupPart) -> str:
    """A part in a word, for a list."""
    return {
        BackupPart.DATABASE: translate("Backup", "database"),
        BackupPart.SETTINGS: translate("Backup", "settings"),
        BackupPart.MODELS: translate("Backup", "models"),
        BackupPart.TEACHING: translate("Backup", "teaching pictures"),
        BackupPart.MASKS: translate("Backup", "masks"),
        BackupPart.PICTURES: translate("Backup", "pictures"),
    }[part]


def backup_contents(facts: BackupFacts) -> str:
    """What a backup holds besides what all of them do."""
    more = [part for part in BackupPart if part in facts.parts and part not in ALWAYS]
    return ", ".join(part_word(part) for part in more or sorted(ALWAYS))


def backup_sentence(facts: BackupFacts) -> str:
    """What a checked backup proves."""
    text = translate(
        "Backup",
        "{name} is whole: {files} files, {parts} parts, {reviews} answers, audit trail unbroken "
        "up to event {events}.",
    ).format(
        name=facts.path.name, files=count(facts.files), parts=count(facts.inspections),
        reviews=count(facts.reviews), events=count(facts.events),
    )  # fmt: skip
    if facts.left_out:
        text += " " + translate("Backup", "{} files went away while it was written.").format(
            count(facts.left_out)
        )
    return text


def diagnostic_title(kind: str) -> str:
    """What a file of the diagnostics is."""
    return {
        "versions": translate("Diagnostics", "Versions and platform"),
        "settings": translate("Diagnostics", "Settings without secrets"),
        "database": translate("Diagnostics", "Database: revision, counts"),
        "disk": translate("Diagnostics", "Space that is used"),
        "health": translate("Diagnostics", "Health"),
        "activities": translate("Diagnostics", "Activities"),
        "doctor": translate("Diagnostics", "Engine: devices, versions"),
        "model": translate("Diagnostics", "Model manifest"),
        "log": translate("Diagnostics", "End of the log"),
    }.get(kind, kind)


def level_title(level: LogLevel) -> str:
    """How serious a log entry is."""
    return {
        LogLevel.DEBUG: translate("Log", "Debug"),
        LogLevel.INFO: translate("Log", "Info"),
        LogLevel.WARNING: translate("Log", "⚠ Warning"),
        LogLevel.ERROR: translate("Log", "✗ Error"),
        LogLevel.CRITICAL: translate("Log", "✗ Critical"),
    }[level]


def event_title(action: str) -> str:
    """An audit event's action; unknown ones are made readable, not hidden."""
    known = {
        "backup.made": translate("Audit", "Backup made"),
        "backup.restore_refused": translate("Audit", "Restore refused"),
        "backup.restore_requested": translate("Audit", "Restore asked for"),
        "backup.restore_withdrawn": translate("Audit", "Restore withdrawn"),
        "backup.restored": translate("Audit", "Backup restored"),
        "backup.restored_elsewhere": translate("Audit", "Backup restored elsewhere"),
        "diagnostics.written": translate("Audit", "Diagnostics written"),
        "log_in": translate("Audit", "Logged in"),
        "log_in.failed": translate("Audit", "Log-in failed"),
        "log_in.locked_out": translate("Audit", "Locked out"),
        "log_out": translate("Audit", "Logged out"),
        "idle_lock": translate("Audit", "Logged out by the idle lock"),
        "model.activated": translate("Audit", "Model activated"),
        "model.exported": translate("Audit", "Model exported"),
        "model.imported": translate("Audit", "Model imported"),
        "model.registered": translate("Audit", "Model added"),
        "model.rolled_back": translate("Audit", "Rolled back to model"),
        "settings.changed": translate("Audit", "Settings changed"),
        "user.activated": translate("Audit", "User let in again"),
        "user.added": translate("Audit", "User added"),
        "user.badge_changed": translate("Audit", "Badge changed"),
        "user.badge_removed": translate("Audit", "Badge removed"),
        "user.deactivated": translate("Audit", "User deactivated"),
        "user.pin_changed": translate("Audit", "PIN changed"),
        "user.role_changed": translate("Audit", "Role changed"),
    }
    return known.get(action) or action.replace(".", ": ").replace("_", " ")


def broken_chain(code: str, sentence: str, chain: str, row: int) -> str:
    """What a check of the chains found, or why it could not be done."""
    said = error_sentence(code, sentence)
    name = {
        "audit events": translate("Audit", "audit trail"),
        "reviews": translate("Audit", "answers"),
        "masks": translate("Audit", "masks"),
    }.get(chain)
    if code != "chain_broken" or name is None:
        return said
    where = translate("Audit", "First at row {row} of the {chain}.").format(
        row=count(row), chain=name
    )
    return f"{said} {where}"


def event_details(details: str) -> str:
    """Details of an audit event as "name: value" pairs; as they are when they are no JSON."""
    try:
        values = json.loads(details)
    except ValueError:
        return details
    if not isinstance(values, dict):
        return details
    pairs = ((key.replace("_", " "), value) for key, value in values.items() if value is not None)
    return ", ".join(f"{key}: {_plain(value)}" for key, value in pairs)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return str(value)
