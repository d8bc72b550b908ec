"""Every role and every action: the table, and the services that ask it."""

from __future__ import annotations

import itertools

import pytest

from qc_station.domain.access import FOR_EVERYBODY, PERMISSIONS, Action, Role, least_role, may

TABLE = """
                  nobody operator expert maintainer administrator
trigger_part      yes    yes      yes    yes        yes
run_inspection    no     yes      yes    yes        yes
view_records      no     yes      yes    yes        yes
answer_reviews    no     no       yes    yes        yes
override          no     no       yes    yes        yes
export            no     no       yes    yes        yes
teach             no     no       no     yes        yes
activate_model    no     no       no     yes        yes
change_recipe     no     no       no     yes        yes
change_settings   no     no       no     yes        yes
release_station   no     no       no     yes        yes
manage_users      no     no       no     no         yes
back_up           no     no       no     no         yes
"""
LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (None if who == "nobody" else Role(who), Action(line[0]), word == "yes")
    for line in LINES[1:]
    for who, word in zip(LINES[0], line[1:], strict=True)
]


@pytest.mark.parametrize(("role", "action", "allowed"), CASES)
def test_every_role_and_every_action(role: Role | None, action: Action, allowed: bool) -> None:
    assert may(role, action) is allowed


def test_the_table_above_is_complete() -> None:
    assert {action for _, action, _ in CASES} == set(Action)
    assert {role for role, _, _ in CASES} == {None, *Role}
    assert set(PERMISSIONS) == set(Role)


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    rights = [FOR_EVERYBODY, *(PERMISSIONS[role] for role in Role)]
    assert all(low < high for low, high in itertools.pairwise(rights))
    assert least_role(Action.EXPORT) is Role.EXPERT
    assert least_role(Action.TRIGGER_PART) is Role.OPERATOR
