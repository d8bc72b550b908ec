"""Who may do what: roles, actions and the one table that joins them. Knows no users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at this station, from the least to the most rights."""

    OPERATOR = "operator"
    EXPERT = "expert"
    MAINTAINER = "maintainer"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What a person may ask the station to do."""

    TRIGGER_PART = "trigger_part"
    RUN_INSPECTION = "run_inspection"
    VIEW_RECORDS = "view_records"
    ANSWER_REVIEWS = "answer_reviews"
    OVERRIDE = "override"
    EXPORT = "export"
    TEACH = "teach"
    ACTIVATE_MODEL = "activate_model"
    CHANGE_RECIPE = "change_recipe"
    CHANGE_SETTINGS = "change_settings"
    RELEASE_STATION = "release_station"
    MANAGE_USERS = "manage_users"
    BACK_UP = "back_up"


FOR_EVERYBODY = frozenset({Action.TRIGGER_PART})
"""Also while nobody is logged in: a foot switch must never wait for a log-in."""

_OPERATOR = FOR_EVERYBODY | {Action.RUN_INSPECTION, Action.VIEW_RECORDS}
_EXPERT = _OPERATOR | {Action.ANSWER_REVIEWS, Action.OVERRIDE, Action.EXPORT}
_MAINTAINER = _EXPERT | {
    Action.TEACH,
    Action.ACTIVATE_MODEL,
    Action.CHANGE_RECIPE,
    Action.CHANGE_SETTINGS,
    Action.RELEASE_STATION,
}
_ADMINISTRATOR = _MAINTAINER | {Action.MANAGE_USERS, Action.BACK_UP}

PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: _OPERATOR,
    Role.EXPERT: _EXPERT,
    Role.MAINTAINER: _MAINTAINER,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}
"""The one table of permissions."""


def may(role: Role | None, action: Action) -> bool:
    """Whether a role, or nobody (None), may do this."""
    return action in (FOR_EVERYBODY if role is None else PERMISSIONS[role])


def least_role(action: Action) -> Role:
    """The first role that may do this."""
    return next(role for role in Role if action in PERMISSIONS[role])


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at work: since when, in aware UTC."""

    name: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in; what they log in with stays in the store."""

    name: str
    role: Role
    active: bool
    has_pin: bool
    has_badge: bool
