"""The window around the pages: menu, rail, status bar, language, full screen. Knows no part.

Pages and services come as arguments. Commands of the menu that belong to pages are bound by key
with ``bind`` (see ``actions.ACTIONS``).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QWidget

from qc_station.services.health import HealthReport, HealthService
from qc_station.services.permits import Permits
from qc_station.ui.access_words import refusal
from qc_station.ui.actions import MENU_TITLES, PAGES, ActionSet, Menu, translated
from qc_station.ui.dialogs.about import AboutDialog
from qc_station.ui.dialogs.shortcuts import ShortcutsDialog
from qc_station.ui.i18n import LANGUAGES, LanguageSwitch
from qc_station.ui.icons import icon
from qc_station.ui.line_keys import LineKeys
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.state_messages import health_name, health_tooltip, health_word
from qc_station.ui.widgets.rail import Rail
from qc_station.ui.widgets.status_indicator import Level, StatusIndicator
from qc_station.ui.widgets.trouble_row import LEVELS, WATCHED

SAID_MS = 8000


class ReviewQueueLike(Protocol):
    """What the badge needs of the review service."""

    @property
    def changed(self) -> SignalInstance: ...

    def remaining(self) -> int: ...


class MainWindow(QMainWindow):
    """One window, a page at a time. Signals tell what settings should remember."""

    page_changed = Signal(str)
    heatmap_visible_changed = Signal(bool)
    sound_changed = Signal(bool)
    closing = Signal()

    def __init__(
        self,
        inspect: InspectPage,
        others: Mapping[str, QWidget],
        language: LanguageSwitch,
        *,
        health: HealthService | None = None,
        review: ReviewQueueLike | None = None,
        heatmap_visible: bool = True,
        sound: bool = False,
        home: str = "",
        permits: Permits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self._inspect = inspect
        self._language = language
        self._review = review
        self._home = home
        self._permits = permits if permits is not None else Permits(self)
        self._report: HealthReport | None = None
        self.actions_set = ActionSet(self)
        self.pages: dict[str, QWidget] = {"inspect": inspect, **others}
        self._build()
        self._build_menus()
        self._bind_own(heatmap_visible, sound)
        if health is not None:
            health.changed.connect(self.show_health)
            if health.report is not None:
                self.show_health(health.report)
        if review is not None:
            review.changed.connect(self.update_badge)
        self._permits.changed.connect(self.show_permits)
        self.retranslate()
        self.show_page("inspect")
        self.resize(1280, 800)

    # Construction --------------------------------------------------------------------------

    def _build(self) -> None:
        self.rail = Rail(self)
        self.stack = QStackedWidget(self)
        group = QActionGroup(self)
        group.setExclusive(True)
        for page in PAGES:
            action = self.actions_set[f"view.{page}"]
            group.addAction(action)
            self.rail.add(page, action)
            if page in self.pages:
                self.stack.addWidget(self.pages[page])
        body = QWidget(self)
        layout = QHBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(body)
        self.indicators: dict[str, StatusIndicator] = {}
        for name in WATCHED:
            indicator = StatusIndicator(self)
            indicator.setObjectName(f"status_{name}")
            self.indicators[name] = indicator
            self.statusBar().addPermanentWidget(indicator)
        self.statusBar().setSizeGripEnabled(False)

    def _build_menus(self) -> None:
        self._menus: dict[Menu, QMenu] = {}
        for key in Menu:
            menu = self.menuBar().addMenu("")
            menu.setToolTipsVisible(True)
            for spec in self.actions_set.of_menu(key):
                if spec.separator_before:
                    menu.addSeparator()
                menu.addAction(self.actions_set[spec.key])
            self._menus[key] = menu
        self.language_menu = QMenu(self)
        self.language_menu.setIcon(icon("language"))
        group = QActionGroup(self)
        self._language_actions: dict[str, QAction] = {}
        for code, name in LANGUAGES.items():
            action = self.language_menu.addAction(name)
            action.setCheckable(True)
            action.setData(code)
            group.addAction(action)
            self._language_actions[code] = action
        group.triggered.connect(self._on_language)
        self._menus[Menu.VIEW].addMenu(self.language_menu)

    def _bind_own(self, heatmap_visible: bool, sound: bool) -> None:
        for page in PAGES:
            if page in self.pages:
                self.bind(f"view.{page}", partial(self.show_page, page))
        self.bind("station.start_pause", self._inspect.toggle_running)
        self.bind("station.trigger", self._inspect.trigger)
        self._inspect.leave_full_screen.connect(self._leave_full_screen)
        self.bind("station.quit", self.close)
        self.bind("help.about", self.show_about)
        self.bind("help.shortcuts", self.show_shortcuts)
        for key, checked, slot in (
            ("station.sound", sound, self._on_sound),
            ("view.heatmap", heatmap_visible, self._on_heatmap),
            ("view.fullscreen", False, self._on_fullscreen),
        ):
            action = self.actions_set[key]
            action.setChecked(checked)
            self.actions_set.enable(key)
            action.toggled.connect(slot)

    # Commands ------------------------------------------------------------------------------

    def bind(self, key: str, command: Callable[[], object]) -> None:
        """Gives a menu action its command; the action's page is shown first."""
        page = self.actions_set.specs[key].page

        def run() -> None:
            if page is not None and page in self.pages:
                self.show_page(page)
            command()

        self.actions_set.bind(key, run)

    def show_page(self, page: str) -> None:
        """Shows one of ``actions.PAGES``."""
        self.actions_set[f"view.{page}"].setChecked(True)
        widget = self.pages[page]
        if self.stack.currentWidget() is not widget:
            self.stack.setCurrentWidget(widget)
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_bars()
        self.update_badge()
        self.page_changed.emit(page)

    @property
    def page(self) -> str:
        """The page shown."""
        widget = self.stack.currentWidget()
        return next(name for name, page in self.pages.items() if page is widget)

    def foot_switch(self, event: QKeyEvent) -> bool:
        """Does what the switch does on the Inspect page; False when it is not its key."""
        commands: tuple[Callable[[], None], ...] = (
            self._inspect.trigger,
            self._inspect.toggle_running,
        )
        pressed = QKeySequence(event.key()).toString()
        command = dict(zip(self._inspect.foot_keys, commands, strict=True)).get(pressed)
        if command is not None and self._inspect.line_keys.pressed(event):
            command()
        return command is not None

    @property
    def foot_keys(self) -> tuple[str, str]:
        """The foot switch's keys: one part, start or pause."""
        return self._inspect.foot_keys

    @property
    def line_keys(self) -> LineKeys:
        """What tells the scanner and the foot switch from fingers."""
        return self._inspect.line_keys

    def show_about(self) -> None:
        """What this program is."""
        AboutDialog(self, self._home).exec()

    def show_shortcuts(self) -> None:
        """All keys on one sheet."""
        switch = ", ".join(self._inspect.foot_keys)
        ShortcutsDialog(self.actions_set.shortcuts(), switch, self).exec()

    def save_place(self) -> str:
        """Size and place of the window as text for the settings."""
        return base64.b64encode(self.saveGeometry().data()).decode("ascii")

    def restore_place(self, text: str) -> bool:
        """Puts the window where ``save_place`` found it; False when the text is of no use."""
        return bool(text) and self.restoreGeometry(QByteArray.fromBase64(text.encode("ascii")))

    # What services say ---------------------------------------------------------------------

    @Slot(object)
    def show_health(self, report: HealthReport) -> None:
        """Writes a report into the status bar."""
        self._report = report
        for item in report.items:
            self.indicators[item.name].show_status(
                LEVELS[item.level],
                health_name(item.name),
                health_word(item),
                health_tooltip(item),
            )
        self._inspect.view.trouble.show_health(report)

    @Slot()
    def update_badge(self) -> None:
        """Counts the parts that wait for an expert."""
        if self._review is not None:
            waiting = self._review.remaining()
            button = self.rail.buttons["review"]
            button.set_badge(waiting)
            button.setAccessibleDescription(self.tr("Parts waiting for review: {}").format(waiting))

    @Slot()
    def show_permits(self) -> None:
        """Greys out what the present role may not do; Inspect is where everybody may be."""
        for spec in self.actions_set.specs.values():
            if spec.needs is not None:
                self.actions_set.refuse(spec.key, refusal(self._permits, spec.needs))
        needed = self.actions_set.specs[f"view.{self.page}"].needs
        if needed is not None and not self._permits.allows(needed):
            self.show_page("inspect")

    def say(self, text: str) -> None:
        """A line in the status bar that goes by itself; over the picture where there is no bar."""
        self.statusBar().showMessage(text, SAID_MS)
        if self.bars_hidden:
            self._inspect.say(text)

    @property
    def bars_hidden(self) -> bool:
        """Whether nothing but the operator's page fills the screen."""
        return self.isFullScreen() and self.page == "inspect"

    def _show_bars(self) -> None:
        """Full screen, the operator's page is alone; other pages keep their menu and rail."""
        hidden = self.bars_hidden
        for bar in (self.menuBar(), self.rail, self.statusBar()):
            bar.setVisible(not hidden)
        self._inspect.set_full_screen(hidden)

    @Slot(bool)
    def _on_sound(self, on: bool) -> None:
        self._inspect.set_sound(on)
        self.say(self.tr("Sounds are on.") if on else self.tr("Sounds are off."))
        self.sound_changed.emit(on)

    @Slot(bool)
    def _on_heatmap(self, visible: bool) -> None:
        self._inspect.set_heatmap_visible(visible)
        self.heatmap_visible_changed.emit(visible)

    @Slot(bool)
    def _on_fullscreen(self, full: bool) -> None:
        if full != self.isFullScreen():  # what it was before, maximised or not, comes back
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot()
    def _leave_full_screen(self) -> None:
        self.actions_set["view.fullscreen"].setChecked(False)

    @Slot(QAction)
    def _on_language(self, action: QAction) -> None:
        self._language.switch(str(action.data()))

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("QC Station"))
        self.actions_set.retranslate()
        if self.stack.count():
            self.show_permits()
        for key, menu in self._menus.items():
            menu.setTitle(translated(MENU_TITLES[key]))
        self.language_menu.setTitle(self.tr("Language"))
        self._language_actions[self._language.code].setChecked(True)
        self.rail.setAccessibleName(self.tr("Pages"))
        for name, indicator in self.indicators.items():
            indicator.show_status(Level.UNKNOWN, health_name(name), "…")
        if self._report is not None:
            self.show_health(self._report)
        self.update_badge()

    # Events --------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.WindowStateChange:
            self.actions_set["view.fullscreen"].setChecked(self.isFullScreen())
            self._show_bars()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
