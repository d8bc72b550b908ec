"""What triggers a part and where its serial number comes from, for the maintainer. No services.

The line goes on behind it; what is saved counts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.triggers import ScannerMode, TriggerMode
from qc_station.services.permits import AccessError, Permits
from qc_station.services.tcp_trigger import TcpStatus
from qc_station.settings.schema import FOOT_KEYS, Settings, split_pair
from qc_station.ui import theme
from qc_station.ui.messages import error_sentence
from qc_station.ui.trigger_words import tcp_sentence
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.page_frame import PageFrame
from qc_station.ui.widgets.toast import Toast

HERE = "127.0.0.1"
EDITED_COMBO = "QComboBox QLineEdit { border: 0; padding: 0; min-height: 0; }"
EVERYWHERE = "0.0.0.0"


class TriggersDialog(QDialog):
    """Two columns: when a part is inspected, and what codes mean."""

    def __init__(
        self,
        settings: Settings,
        products: Sequence[str],
        save: Callable[[Settings], None],
        permits: Permits,
        parent: QWidget | None = None,
    ) -> None:
        """``save`` takes settings with other triggers over; it may raise AccessError."""
        super().__init__(parent)
        self.setObjectName("triggers_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setStyleSheet(EDITED_COMBO)
        self._settings = settings
        self._products = products
        self._save = save
        self._permits = permits
        self._tcp = TcpStatus()
        self._names: dict[QWidget, QLabel] = {}
        self._build()
        self._show(settings)
        self.retranslate()
        self._follow()
        permits.changed.connect(self._on_permits)

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self._title_when, self._title_codes, self._title_tcp = (QLabel(self) for _ in range(3))
        for title in (self._title_when, self._title_codes, self._title_tcp):
            title.setProperty("role", "title")
        self.mode = self._combo("trigger_mode")
        self.interval = QSpinBox(self)
        self.interval.setObjectName("trigger_interval")
        self.interval.setRange(0, 3_600_000)
        self.interval.setSingleStep(100)
        self.foot_trigger, self.foot_pause = self._combo("foot_trigger"), self._combo("foot_pause")
        for combo in (self.foot_trigger, self.foot_pause):
            combo.addItems(FOOT_KEYS)
        self.tcp = QCheckBox(self)
        self.tcp.setObjectName("tcp_on")
        self.host = self._combo("tcp_host")
        self._host_text = QLineEdit(self)
        self._host_text.setObjectName("tcp_host_text")
        self.host.setLineEdit(self._host_text)
        self.host.addItems([HERE, EVERYWHERE])
        self.port = QSpinBox(self)
        self.port.setObjectName("tcp_port")
        self.port.setRange(1, 65_535)
        self.port.setGroupSeparatorShown(False)
        for spin in (self.interval, self.port):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.tcp_state = self._muted()
        self.scanner = self._combo("scanner_mode")
        self.picture = QCheckBox(self)
        self.picture.setObjectName("picture_codes")
        self.picture_hint = self._muted()
        self.prefix = QLineEdit(self)
        self.prefix.setObjectName("recipe_prefix")
        self.prefix.setMaxLength(40)
        self.codes = QPlainTextEdit(self)
        self.codes.setObjectName("recipe_codes")
        self.codes.setTabChangesFocus(True)
        self.toast = Toast(self)
        self.store, self.leave = QPushButton(self), QPushButton(self)
        self.store.setObjectName("triggers_save")
        self.store.setProperty("role", "primary")
        self.leave.setObjectName("triggers_close")
        for button in (self.store, self.leave):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
        self._lay_out()
        self.mode.currentIndexChanged.connect(self._follow)
        self.tcp.toggled.connect(self._follow)
        self.store.clicked.connect(self.save)
        self.leave.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(14)
        left.addWidget(
            self._card(
                self._title_when,
                (self.mode, self.interval, self.foot_trigger, self.foot_pause),
            )
        )
        left.addWidget(
            self._card(self._title_tcp, (self.tcp, self.host, self.port), self.tcp_state)
        )
        left.addStretch(1)
        codes = self._card(
            self._title_codes,
            (self.scanner, self.picture, self.picture_hint, self.prefix, self.codes),
        )
        right.addWidget(codes, 1)
        body = QWidget(self)
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.toast, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.store)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(PageFrame(body, self), 1)  # large letters scroll
        layout.addLayout(foot)
        self.resize(min(theme.px(1040), 1260), min(theme.px(680), 760))

    def _card(self, title: QLabel, rows: Sequence[QWidget], below: QLabel | None = None) -> QFrame:
        """A titled frame of fields; each field but a check box or a hint has its name above."""
        card = QFrame(self)
        card.setProperty("role", "card")
        form = QVBoxLayout(card)
        form.setContentsMargins(16, 12, 16, 14)
        form.setSpacing(4)
        form.addWidget(title)
        for field in rows:
            form.addSpacing(4)
            if not isinstance(field, (QCheckBox, QLabel)):
                name = QLabel(card)
                name.setBuddy(field)
                self._names[field] = name
                form.addWidget(name)
            form.addWidget(field, 1 if isinstance(field, QPlainTextEdit) else 0)
        if below is not None:
            form.addWidget(below)
        return card

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        return combo

    def _muted(self) -> QLabel:
        label = QLabel(self)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        return label

    # ---- what is shown and chosen -----------------------------------------------------------

    def _show(self, settings: Settings) -> None:
        for mode in TriggerMode:
            self.mode.addItem("", mode)
        for scanner in ScannerMode:
            self.scanner.addItem("", scanner)
        self.mode.setCurrentIndex(list(TriggerMode).index(settings.trigger_mode))
        self.scanner.setCurrentIndex(list(ScannerMode).index(settings.scanner_mode))
        self.interval.setValue(settings.interval_ms)
        self.foot_trigger.setCurrentText(settings.foot_trigger)
        self.foot_pause.setCurrentText(settings.foot_pause)
        self.tcp.setChecked(settings.tcp_trigger)
        self.host.setCurrentText(settings.tcp_host)
        self.port.setValue(settings.tcp_port)
        self.picture.setChecked(settings.picture_codes)
        self.prefix.setText(settings.recipe_prefix)
        self.codes.setPlainText("\n".join(settings.recipe_codes))

    @property
    def chosen(self) -> Settings:
        """The settings with the triggers as the fields say."""
        return replace(
            self._settings,
            trigger_mode=TriggerMode(self.mode.currentData()),
            interval_ms=self.interval.value(),
            foot_trigger=self.foot_trigger.currentText(),
            foot_pause=self.foot_pause.currentText(),
            scanner_mode=ScannerMode(self.scanner.currentData()),
            picture_codes=self.picture.isChecked(),
            recipe_prefix=self.prefix.text().strip(),
            recipe_codes=tuple(line.strip() for line in self._code_lines()),
            tcp_trigger=self.tcp.isChecked(),
            tcp_host=self.host.currentText().strip(),
            tcp_port=self.port.value(),
        )

    def _code_lines(self) -> list[str]:
        return [line for line in self.codes.toPlainText().splitlines() if line.strip()]

    def _problem(self) -> tuple[str, QWidget] | None:
        """What cannot be saved, and where."""
        if self.foot_trigger.currentText() == self.foot_pause.currentText():
            same = self.tr("One key of the foot switch cannot do both. Choose two keys.")
            return same, self.foot_pause
        seen: set[str] = set()
        for line in self._code_lines():
            code, product = split_pair(line)
            if not code or not product:
                text = self.tr("“{}”: write the code, an equals sign and the product.")
            elif product not in self._products:
                text = self.tr("“{}”: this station does not know the product.")
            elif code in seen:
                text = self.tr("“{}”: this code stands there twice.")
            else:
                seen.add(code)
                continue
            return text.format(line.strip()), self.codes
        return None

    @Slot()
    def save(self) -> None:
        """Takes the choice over, or says what is wrong with it."""
        problem = self._problem()
        if problem is not None:
            self.toast.show_text(problem[0], undo=False, stay=True)
            problem[1].setFocus()
            return
        try:
            self._save(self.chosen)
        except AccessError as error:
            self.toast.show_text(error_sentence(error.code, str(error)), undo=False, stay=True)
            return
        self._settings = self.chosen
        self.toast.show_text(self.tr("Saved: this counts from now on."), undo=False)

    @Slot(object)
    def show_tcp(self, status: TcpStatus) -> None:
        """Where triggers are taken now, or why they are not."""
        self._tcp = status
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Fields that mean nothing now are grey; the line below TCP says how it stands."""
        timed = self.mode.currentData() != TriggerMode.KEY
        self.interval.setEnabled(timed)
        for field in (self.host, self.port):
            field.setEnabled(self.tcp.isChecked())
        off = self.tr("Off: no program can trigger parts.")
        self.tcp_state.setText(tcp_sentence(self._tcp) if self._tcp.wanted else off)

    @Slot()
    def _on_permits(self) -> None:
        if not self._permits.allows(Action.CHANGE_SETTINGS):
            self.reject()

    # ---- words ----------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Triggers"))
        self._title_when.setText(self.tr("When a part is inspected"))
        self._title_codes.setText(self.tr("Barcodes"))
        self._title_tcp.setText(self.tr("Trigger over TCP"))
        self._name(self.mode, self.tr("&Trigger"))
        self._name(self.interval, self.tr("&Interval"))
        self.interval.setSuffix(self.tr(" ms"))
        self._name(self.foot_trigger, self.tr("&Foot switch: inspect one part"))
        self._name(self.foot_pause, self.tr("Foot switch: start or &pause"))
        self.tcp.setText(self.tr("Take triggers from a PLC or a program"))
        self.tcp.setAccessibleName(self.tcp.text())
        self._name(self.host, self.tr("&Address (0.0.0.0: the whole plant network)"))
        self._host_text.setAccessibleName(self.host.accessibleName())
        self._name(self.port, self.tr("P&ort"))
        self._name(self.scanner, self.tr("&Barcode scanner on the Inspect page"))
        self.picture.setText(self.tr("Read the code in the picture"))
        self.picture.setAccessibleName(self.picture.text())
        self.picture_hint.setText(
            self.tr(
                "It is the part's serial number where trigger and scanner brought none. "
                "The verdict waits for it, but not past its deadline."
            )
        )
        self._name(self.prefix, self.tr("A product's code begins with"))
        self._name(self.codes, self.tr("Other codes of products, one a line"))
        self.codes.setPlaceholderText(self.tr("4006381333931 = bottle"))
        modes = {
            TriggerMode.TIMER: self.tr("At regular intervals"),
            TriggerMode.KEY: self.tr("On request only: key, foot switch, scanner, TCP"),
            TriggerMode.FOLDER: self.tr("The next picture when the last is answered"),
        }
        scanners = {
            ScannerMode.OFF: self.tr("Off"),
            ScannerMode.SERIAL: self.tr("The code is the serial number of the next part"),
            ScannerMode.TRIGGER: self.tr("The code inspects a part with this serial number"),
        }
        for index, mode in enumerate(TriggerMode):
            self.mode.setItemText(index, modes[mode])
        for index, scanner in enumerate(ScannerMode):
            self.scanner.setItemText(index, scanners[scanner])
        set_words(self.store, self.tr("Save"), self.tr("Save the triggers"))
        set_words(self.leave, self.tr("Close (Esc)"), self.tr("Close without saving"))
        self.toast.retranslate()
        self._follow()

    def _name(self, field: QWidget, text: str) -> None:
        self._names[field].setText(text)
        field.setAccessibleName(text.replace("&", ""))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
