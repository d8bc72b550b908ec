"""Roles, rights and refusals in words. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.access import Action, Role, least_role
from qc_station.services.permits import Permits

translate = QCoreApplication.translate


def role_title(role: Role) -> str:
    """A role's name in the current language."""
    return {
        Role.OPERATOR: translate("Role", "Operator"),
        Role.EXPERT: translate("Role", "Expert"),
        Role.MAINTAINER: translate("Role", "Maintainer"),
        Role.ADMINISTRATOR: translate("Role", "Administrator"),
    }[role]


def role_rights(role: Role) -> str:
    """What a role may do, in one sentence."""
    return {
        Role.OPERATOR: translate("Role", "Starts and pauses inspection, looks at all records."),
        Role.EXPERT: translate(
            "Role", "Also answers uncertain parts, overrides verdicts and exports."
        ),
        Role.MAINTAINER: translate(
            "Role", "Also teaches, activates and rolls back models, changes products and settings."
        ),
        Role.ADMINISTRATOR: translate("Role", "Also manages users and backups."),
    }[role]


def refusal(permits: Permits, action: Action | None) -> str:
    """Why the action is not allowed now and what to do; empty when it is."""
    if action is None or permits.allows(action):
        return ""
    return {
        Role.OPERATOR: translate("Role", "To do this, log in (Ctrl+L)."),
        Role.EXPERT: translate("Role", "To do this, log in as an expert (Ctrl+L)."),
        Role.MAINTAINER: translate("Role", "To do this, log in as a maintainer (Ctrl+L)."),
        Role.ADMINISTRATOR: translate("Role", "To do this, log in as an administrator (Ctrl+L)."),
    }[least_role(action)]


def waiting_words(seconds: int) -> str:
    """How long the next log-in has to wait."""
    if seconds < 120:
        return translate("Role", "Next try in {} s.").format(seconds)
    return translate("Role", "Next try in {} min.").format((seconds + 59) // 60)
