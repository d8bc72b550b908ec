"""About: every package of the lock that is installed is listed, found, and has its licence."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from qc_station.interpreter import keep_constants_alive
from qc_station.services.licences import WEIGHTS, canonical, installed_packages
from qc_station.ui.dialogs.about import AboutDialog
from qc_station.ui.i18n import LanguageSwitch

keep_constants_alive()
LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"


@pytest.fixture
def dialog(qtbot: QtBot, language: LanguageSwitch) -> AboutDialog:
    made = AboutDialog(None, "/srv/station")
    qtbot.addWidget(made)
    made.show()
    made.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(made.licences.model.rows))
    return made


def test_every_installed_package_of_the_lock_is_listed() -> None:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE)
    listed = {canonical(package.name): package for package in installed_packages()}
    assert len(names) > 50
    for name in names:
        try:
            installed = version(name)
        except PackageNotFoundError:
            continue  # of another platform
        package = listed[canonical(name)]
        assert package.version == installed
        nothing_said = {"cuda-toolkit"}  # names other packages only; neither licence nor text
        assert package.licence or package.text() or name in nothing_said, name


def test_a_package_is_found_by_name_and_by_licence(dialog: AboutDialog) -> None:
    licences = dialog.licences
    licences.search.setText("pyside6")
    assert [package.name for package in licences.model.rows] == ["PySide6_Essentials"]
    text = licences.text.toPlainText()
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text and "GNU GENERAL PUBLIC LICENSE" in text
    licences.search.setText("lgpl")
    assert "shiboken6" in [package.name for package in licences.model.rows]
    licences.search.setText(WEIGHTS)
    assert "Apache 2.0" in licences.model.index(0, 2).data()
    licences.search.setText("no such package")
    assert not licences.model.rows and not licences.text.toPlainText()


def test_the_qt_notice_needs_no_link(dialog: AboutDialog) -> None:
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Lesser General Public License, version 3" in said and "/srv/station" in said
    assert "http" not in said
