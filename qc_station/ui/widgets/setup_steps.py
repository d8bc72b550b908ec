"""The pages of the set-up assistant. Each writes its answer into the choices; none acts on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.camera.picture import GOOD_FOLDERS
from qc_station.services.access import AccessService
from qc_station.ui import icons, theme
from qc_station.ui.i18n import LANGUAGES, LanguageSwitch
from qc_station.ui.messages import count
from qc_station.ui.models.setup_choices import SetupChoices
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

LONGEST_NAME = 60


class SetupStep(QWidget):
    """One page. ``problem`` is what keeps it from being left; ``news`` that it may have gone."""

    news = Signal()
    settled = Signal()  # there is nothing left to do here but to go on

    def __init__(self, choices: SetupChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = choices
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setProperty("role", "sentence")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(self.text)

    def title(self) -> str:
        """The step's name in the current language."""
        raise NotImplementedError

    def enter(self) -> None:
        """It is shown now."""

    def problem(self) -> str:
        """Why the assistant cannot go on from here; empty when it can."""
        return ""

    def retranslate(self) -> None:
        """Every text in the current language."""
        raise NotImplementedError


class LanguageStep(SetupStep):
    """English or French, at once."""

    def __init__(
        self, choices: SetupChoices, language: LanguageSwitch, parent: QWidget | None = None
    ) -> None:
        super().__init__(choices, parent)
        self._language = language
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        for code, name in LANGUAGES.items():
            button = _radio(self, f"setup_language_{code}")
            button.setText(name)
            button.setAccessibleName(name)
            button.setChecked(code == language.code)
            button.toggled.connect(lambda on, code=code: self._switch(on, code))
            self._group.addButton(button)
            self.buttons[code] = button
            self.column.addWidget(button)
        self.column.addStretch(1)

    def _switch(self, on: bool, code: str) -> None:
        if on:
            self._language.switch(code)

    def title(self) -> str:
        return self.tr("Language")

    def enter(self) -> None:
        self.buttons[self._language.code].setFocus()

    def retranslate(self) -> None:
        self.text.setText(
            self.tr("The language of this station. The menu View, Language changes it at any time.")
        )


class AdministratorStep(SetupStep):
    """The first administrator, or nobody: the form is the one of the log-in."""

    wanted = Signal()

    def __init__(
        self, choices: SetupChoices, access: AccessService, parent: QWidget | None = None
    ) -> None:
        super().__init__(choices, parent)
        self._access = access
        self.create_button = GuardedButton(icons.icon("user"), "", self)
        self.create_button.setObjectName("setup_administrator")
        self.create_button.setProperty("touch", "true")
        self.sentence = QLabel(self)
        self.sentence.setObjectName("setup_administrator_said")
        self.sentence.setProperty("role", "sentence")
        self.sentence.setWordWrap(True)
        self.column.addWidget(self.create_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.sentence)
        self.column.addStretch(1)
        self.create_button.clicked.connect(self.wanted)
        access.changed.connect(self.retranslate)

    def title(self) -> str:
        return self.tr("Administrator")

    def enter(self) -> None:
        self.create_button.setFocus()

    @Slot()
    def retranslate(self) -> None:
        self.text.setText(
            self.tr(
                "Who may change what? With an administrator, teaching, reviews and settings need a "
                "log-in. Without one everybody may do everything; it can be made later."
            )
        )
        open_station = self._access.open
        set_words(self.create_button, self.tr("Create administrator …"))
        self.create_button.setVisible(open_station)
        session = self._access.session
        if open_station:
            said = self.tr("No administrator yet. Next goes on without one.")
        elif session is not None:
            said = self.tr("{} is logged in.").format(session.name)
        else:
            said = self.tr("This station has users. Log in to go on (Ctrl+L).")
        self.sentence.setText(said)


class FinishStep(SetupStep):
    """The product's name, and what to learn from; or the demo goes on."""

    def __init__(
        self,
        choices: SetupChoices,
        name_taken: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(choices, parent)
        self._name_taken = name_taken
        self._group = QButtonGroup(self)
        self.sources = {
            source: _radio(self, f"setup_source_{source}")
            for source in ("folder", "camera", "demo")
        }
        self._label = QLabel(self)
        self.name = QLineEdit(self)
        self.name.setObjectName("setup_name")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setProperty("touch", "true")
        self._label.setBuddy(self.name)
        for button in self.sources.values():
            self._group.addButton(button)
            self.column.addWidget(button)
            button.toggled.connect(self._on_choice)
        self.column.addSpacing(6)
        self.column.addWidget(self._label)
        self.column.addWidget(self.name)
        self.column.addStretch(1)
        self.name.textChanged.connect(self._on_name)

    def title(self) -> str:
        return self.tr("Product")

    def enter(self) -> None:
        choices = self.choices
        possible = {
            "folder": choices.folder is not None,
            "camera": choices.camera is not None,
            "demo": True,
        }
        for source, button in self.sources.items():
            button.setEnabled(possible[source])
        if not possible.get(choices.source, False):
            choices.source = next(source for source, able in possible.items() if able)
        if not choices.name and choices.folder is not None:
            choices.name = _product_of(choices.folder)
        chosen = self.sources[choices.source]
        chosen.setChecked(True)
        self.name.setText(choices.name)
        self.retranslate()
        chosen.setFocus()

    def problem(self) -> str:
        if self.choices.source == "demo":
            return ""
        if not self.choices.name.strip():
            return self.tr("Give the product a name.")
        if self._name_taken(self.choices.name):
            return self.tr("There is already a product of this name. Give another one.")
        return ""

    def retranslate(self) -> None:
        choices = self.choices
        self.text.setText(self.tr("What shall the station learn from?"))
        folder = self.tr("The {} pictures of the folder").format(count(choices.pictures))
        if choices.folder is None:
            folder = self.tr("A folder: none was given")
        elif choices.camera is not None:
            folder += self.tr("; the camera inspects afterwards")
        camera = self.tr("Good parts that you show to the camera now")
        if choices.camera is None:
            camera = self.tr("The camera: none was tried")
        texts = {
            "folder": folder,
            "camera": camera,
            "demo": self.tr("Nothing now: go on with the demo"),
        }
        for source, button in self.sources.items():
            button.setText(texts[source])
            button.setAccessibleName(texts[source])
        self._label.setText(self.tr("&Name of the product"))
        self.name.setAccessibleName(self.tr("Name of the product"))

    @Slot()
    def _on_choice(self) -> None:
        chosen = next((s for s, button in self.sources.items() if button.isChecked()), "")
        self.choices.source = chosen
        self.name.setEnabled(chosen != "demo")
        self.news.emit()

    @Slot()
    def _on_name(self) -> None:
        self.choices.name = self.name.text()
        self.news.emit()


def _product_of(folder: Path) -> str:
    """The name of a folder, or of the one above where it only says what kind of parts it holds."""
    path = folder.resolve()
    while path.name.lower() in (*GOOD_FOLDERS, "train", "test") and path.parent != path:
        path = path.parent
    return path.name[:LONGEST_NAME]


def _radio(parent: QWidget, name: str) -> QRadioButton:
    button = QRadioButton(parent)
    button.setObjectName(name)
    button.setMinimumHeight(44)
    button.setStyleSheet(
        "QRadioButton { font-size: 16px; padding: 4px 8px; border: 2px solid transparent; }"
        f"QRadioButton:focus {{ border-color: {theme.FOCUS}; border-radius: 6px; }}"
        "QRadioButton::indicator { width: 20px; height: 20px; }"
    )
    return button
