"""What a recipe file would change and who signed it, before it is imported. Knows no service."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from qc_station.domain.recipe import Recipe, changed_fields
from qc_station.services.recipe_exchange import RecipeFile
from qc_station.ui import recipe_words as words
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

LONGEST = 80  # letters of a text that a stranger wrote


class ImportCard(QFrame):
    """Emits what was asked; the page does it. Texts of the file are shown as they are, unstyled."""

    accepted = Signal(str)  # what the signer is to be called; empty when it is known
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_card")
        self.setProperty("role", "card")
        self._file: RecipeFile | None = None
        self._signer: str | None = None
        self._present: Recipe | None = None
        self._title = self._label("title")
        self.signed = self._label("")
        self.signed.setObjectName("import_signed")
        self.changes = self._label("")
        self.changes.setObjectName("import_changes")
        self._name_label = QLabel(self)
        self.key_name = QLineEdit(self)
        self.key_name.setObjectName("import_key_name")
        self.key_name.setMaxLength(LONGEST)
        self._name_label.setBuddy(self.key_name)
        self.import_button = GuardedButton(self)
        self.import_button.setObjectName("import_accept")
        self.import_button.setProperty("role", "primary")
        self.cancel_button = GuardedButton(self)
        self.cancel_button.setObjectName("import_cancel")
        self.import_button.clicked.connect(lambda: self.accepted.emit(self.key_name.text()))
        self.key_name.returnPressed.connect(self.import_button.click)
        self.cancel_button.clicked.connect(self.cancelled)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._name_label)
        row.addWidget(self.key_name, 1)
        row.addStretch(0)
        row.addWidget(self.cancel_button)
        row.addWidget(self.import_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        for widget in (self._title, self.signed, self.changes):
            layout.addWidget(widget)
        layout.addLayout(row)
        self.retranslate()
        self.hide()

    @property
    def file(self) -> RecipeFile | None:
        """The file that is shown."""
        return self._file

    def show_file(self, file: RecipeFile, signer: str | None, present: Recipe | None) -> None:
        """``signer`` as RecipeExchange.signer says; ``present`` is the revision it would follow."""
        self._file, self._signer, self._present = file, signer, present
        self.key_name.clear()
        self.retranslate()
        self.show()
        (self.key_name if signer is None else self.import_button).setFocus()

    def close_file(self) -> None:
        """Shows nothing."""
        self._file = None
        self.hide()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._name_label.setText(self.tr("Whose &key is this"))
        self.key_name.setAccessibleName(self.tr("Name of the station or person that signed"))
        self.key_name.setPlaceholderText(self.tr("for example: station of line 3"))
        unknown = self._signer is None
        set_words(
            self.import_button,
            self.tr("Trust this key and import") if unknown else self.tr("Import as revision"),
        )
        set_words(self.cancel_button, self.tr("Do not import"))
        file = self._file
        if file is None:
            return
        self._title.setText(
            self.tr("Import {product}").format(product=words.product_title(file.recipe.name))
        )
        self.signed.setText(f"{self._origin(file)}\n{self._key_words(file)}")
        self.changes.setText(self._change_words(file.recipe))
        self._name_label.setVisible(unknown)
        self.key_name.setVisible(unknown)

    def _origin(self, file: RecipeFile) -> str:
        return self.tr("Exported {when} by {who} from revision {n}.").format(
            when=words.when(file.exported_at), who=file.exported_by[:LONGEST],
            n=file.recipe.revision,
        )  # fmt: skip

    def _key_words(self, file: RecipeFile) -> str:
        if self._signer is None:
            return self.tr(
                "Signed with a key that is not known here: {}. Compare it with the one that the "
                "other station shows when it exports; trust it only if it is the same."
            ).format(file.fingerprint)
        if not self._signer:
            return self.tr("Signed by this station ({}).").format(file.fingerprint)
        return self.tr("Signed by {name} ({key}).").format(name=self._signer, key=file.fingerprint)

    def _change_words(self, recipe: Recipe) -> str:
        present = self._present
        if present is None:
            return self.tr("This product is new here; it needs a model before it can inspect.")
        lines = [
            self.tr("{field}: {old} → {new}").format(
                field=words.field_title(name),
                old=words.value_words(present, name)[:LONGEST],
                new=words.value_words(recipe, name)[:LONGEST],
            )
            for name in changed_fields(present, replace(recipe, golden=present.golden))
        ]
        if not lines:
            return self.tr("It inspects just as the newest revision here does.")
        return "\n".join(lines)

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if role:
            label.setProperty("role", role)
        return label
