"""Settings by name, and what became of a file that could not be used. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.settings.store import LoadReport

translate = QCoreApplication.translate


def setting_title(name: str) -> str:
    """A setting's name in the current language; one that is not known keeps its own."""
    return {
        "language": translate("Setting", "language"),
        "theme": translate("Setting", "theme"),
        "letters_percent": translate("Setting", "size of letters"),
        "camera": translate("Setting", "camera"),
        "recipe": translate("Setting", "product"),
        "lot": translate("Setting", "lot"),
        "device": translate("Setting", "computing device"),
        "trigger_mode": translate("Setting", "trigger"),
        "interval_ms": translate("Setting", "time between parts"),
        "foot_trigger": translate("Setting", "foot switch: one part"),
        "foot_pause": translate("Setting", "foot switch: pause"),
        "scanner_mode": translate("Setting", "use of the scanner"),
        "recipe_prefix": translate("Setting", "mark of product codes"),
        "recipe_codes": translate("Setting", "product codes"),
        "picture_codes": translate("Setting", "codes in the picture"),
        "tcp_trigger": translate("Setting", "trigger over the network"),
        "tcp_host": translate("Setting", "network address"),
        "tcp_port": translate("Setting", "network port"),
        "deadline_ms": translate("Setting", "time limit of an answer"),
        "queue_capacity": translate("Setting", "length of the queue"),
        "stop_after_ng": translate("Setting", "stop after NG parts"),
        "shift_starts": translate("Setting", "starts of the shifts"),
        "heatmap_visible": translate("Setting", "show heatmaps"),
        "heatmap_opacity": translate("Setting", "opacity of the heatmap"),
        "sound": translate("Setting", "sound"),
        "operator": translate("Setting", "name of the operator"),
        "station": translate("Setting", "name of the station"),
        "disk_warn_mb": translate("Setting", "warning of a full disk"),
        "disk_fail_mb": translate("Setting", "stop on a full disk"),
        "idle_lock_min": translate("Setting", "idle lock"),
        "log_in_names": translate("Setting", "names at the log-in"),
        "review_ok_share": translate("Setting", "share of OK parts to review"),
        "review_repeat_share": translate("Setting", "share of answers asked for twice"),
        "escape_cost": translate("Setting", "cost of an escaped defect"),
        "false_alarm_cost": translate("Setting", "cost of a false alarm"),
        "wrong_class_cost": translate("Setting", "cost of a wrong class"),
        "read_timeout_ms": translate("Setting", "time limit of the camera"),
        "backup_daily": translate("Setting", "daily backup"),
        "backup_hour": translate("Setting", "hour of the backup"),
        "backup_keep": translate("Setting", "backups kept"),
        "backup_folder": translate("Setting", "folder of the backups"),
        "backup_pictures": translate("Setting", "pictures in the backup"),
        "backup_warn_days": translate("Setting", "warning of an old backup"),
        "recent_folders": translate("Setting", "recent folders"),
        "window_geometry": translate("Setting", "place of the window"),
        "window_page": translate("Setting", "page shown"),
        "window_layout": translate("Setting", "layout of the window"),
    }.get(name, name)


def load_sentence(report: LoadReport) -> str:
    """What was set aside and what is back at its default; empty when all was well."""
    kept = report.set_aside.name if report.set_aside is not None else ""
    sentences = []
    if report.problem == "settings_damaged" and kept:
        text = translate(
            "Setting",
            "The settings file was damaged: it was set aside as {}. "
            "All settings are at their defaults.",
        )
        sentences.append(text.format(kept))
    elif report.problem == "settings_damaged":
        sentences.append(
            translate(
                "Setting",
                "The settings file is damaged and could not be set aside: its folder cannot be "
                "written. All settings are at their defaults.",
            )
        )
    elif report.problem == "settings_unreadable":
        sentences.append(
            translate(
                "Setting",
                "The settings file cannot be read; check its rights. "
                "All settings are at their defaults.",
            )
        )
    elif report.problem == "settings_newer":
        text = translate("Setting", "A newer program wrote the settings; a copy is kept as {}.")
        sentences.append(text.format(kept or "–"))
    if report.reset:
        names = ", ".join(setting_title(field.name) for field in report.reset)
        text = translate(
            "Setting", "These settings could not be used and are at their defaults: {}."
        )
        sentences.append(text.format(names))
    return " ".join(sentences)
