"""Tells what a window says of itself, as a screen reader hears it. Run by the system's Python.

Reads process ids from stdin; answers each with one line of JSON: the showing objects of that
program, each with id (Qt's object name), role, name, description and states. Needs Debian's
python3-gi and gir1.2-atspi-2.0, which no virtual environment has.
"""

from __future__ import annotations

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

STATES = ("FOCUSED", "CHECKED", "SENSITIVE", "SELECTED", "ACTIVE")


def described(accessible: Atspi.Accessible) -> dict[str, object]:
    """One object."""
    states = accessible.get_state_set()
    return {
        "id": (accessible.get_accessible_id() or "").rpartition(".")[2],
        "role": accessible.get_role_name(),
        "name": accessible.get_name() or "",
        "description": accessible.get_description() or "",
        "states": [name for name in STATES if states.contains(getattr(Atspi.StateType, name))],
    }


def collect(accessible: Atspi.Accessible, found: list[dict[str, object]]) -> None:
    """The object and all below it that are showing. What vanishes meanwhile is left out."""
    try:
        if accessible.get_role() != Atspi.Role.APPLICATION:
            if not accessible.get_state_set().contains(Atspi.StateType.SHOWING):
                return
            found.append(described(accessible))
        children = [accessible.get_child_at_index(i) for i in range(accessible.get_child_count())]
    except GLib.Error:
        return
    for child in children:
        if child is not None:
            collect(child, found)


def main() -> None:
    """Until stdin ends."""
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    print("ready", flush=True)
    for line in sys.stdin:
        found: list[dict[str, object]] = []
        for index in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(index)
            try:
                if program is None or program.get_process_id() != int(line):
                    continue
                program.set_cache_mask(Atspi.Cache.NONE)
            except GLib.Error:
                continue
            collect(program, found)
        print(json.dumps(found), flush=True)


main()
