"""Assembles the window over the services: pages, menu commands, what settings remember."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from qc_station.assembly import Station
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.logs import log_file
from qc_station.services.first_product import NewProduct
from qc_station.services.log_reader import LogReader
from qc_station.services.patience import Patience
from qc_station.services.permits import AccessError
from qc_station.services.station import StationService
from qc_station.settings.schema import RECENT_FOLDERS
from qc_station.ui import defect_names
from qc_station.ui.access_desk import AccessDesk
from qc_station.ui.batch_desk import BatchDesk
from qc_station.ui.command_desk import CommandDesk
from qc_station.ui.dialogs.first_administrator import FirstAdministratorDialog
from qc_station.ui.dialogs.new_lot import NewLotDialog
from qc_station.ui.dialogs.override import OverrideDialog
from qc_station.ui.dialogs.queue_settings import QueueSettingsDialog
from qc_station.ui.dialogs.set_up import SetupDialog
from qc_station.ui.dialogs.shift_report import ShiftReportDialog
from qc_station.ui.dialogs.triggers import TriggersDialog
from qc_station.ui.golden_desk import GoldenDesk
from qc_station.ui.i18n import LANGUAGES, LanguageSwitch
from qc_station.ui.main_window import MainWindow
from qc_station.ui.messages import error_sentence
from qc_station.ui.models.setup_choices import SetupChoices
from qc_station.ui.pages.camera import CameraPage, ask_folder
from qc_station.ui.pages.history import HistoryPage
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.pages.learning import LearningPage
from qc_station.ui.pages.maintenance import MaintenancePage
from qc_station.ui.pages.models import ModelsPage
from qc_station.ui.pages.recipes import RecipesPage
from qc_station.ui.pages.review import ReviewPage
from qc_station.ui.pages.statistics import StatisticsPage
from qc_station.ui.pages.thresholds import ThresholdsPage
from qc_station.ui.start_news import StartNews
from qc_station.ui.theme import LookSwitch
from qc_station.ui.trigger_desk import TriggerDesk
from qc_station.ui.window_layout import restore_layout, save_layout

_log = logging.getLogger(__name__)
FULL_SCREEN = "full-screen"
SETTLE_MS = 400
"""How long a page may take to load its pictures before its screenshot."""


class StationWindow(QObject):
    """The main window and what ties it to the services and the settings of one station."""

    def __init__(self, station: Station, application: QApplication) -> None:
        super().__init__()
        self._station = station
        self._application = application
        self._remember_language = True
        settings = station.settings
        self.look = LookSwitch(application, settings.theme, settings.letters_percent)
        self.look.changed.connect(self._on_look)
        self.language = LanguageSwitch(self)
        self.language.switch(station.options.language or settings.language)
        self.inspect = InspectPage(
            station.station,
            recipes=station.recipes,
            heatmap_opacity=settings.heatmap_opacity,
            heatmap_visible=settings.heatmap_visible,
            sound=settings.sound,
            permits=station.access,
        )
        self.history = HistoryPage(
            station.verdict_log, station.review, permits=station.access,
            activities=station.activities,
        )  # fmt: skip
        self.review = ReviewPage(
            station.review, station.verdict_log, self._operator, station.explainer,
            station.masks, permits=station.access, colleagues=station.users.colleagues,
        )  # fmt: skip
        self.learning = LearningPage(
            station.learning,
            station.library,
            station.recipes,
            station.capture.grab,
            self._operator,
            review_changed=station.review.changed,
            permits=station.access,
        )
        self.statistics = StatisticsPage(
            station.statistics,
            station.system_use,
            (
                station.verdict_log.recorded,
                station.verdict_log.record_failed,
                station.review.changed,
            ),
            settings.shift_starts,
        )
        self.thresholds = ThresholdsPage(
            station.limits, station.tasks, (station.review.changed,), settings.shift_starts,
            permits=station.access,
        )  # fmt: skip
        self.models = ModelsPage(
            station.library, station.recipes, station.model_exchange, station.comparison,
            self._operator, permits=station.access,
        )  # fmt: skip
        self.camera = CameraPage(station.camera_setup, permits=station.access)
        self.maintenance = MaintenancePage(
            station.activities,
            station.jobs,
            LogReader(log_file(station.paths.logs)),
            station.audit,
            station.backup,
            station.diagnostics,
            station.tasks,
            self._operator,
            permits=station.access,
        )
        self.recipes = RecipesPage(
            station.recipes, station.library, station.recipe_exchange, self._operator,
            station.newest_picture, station.changed_over, permits=station.access,
        )  # fmt: skip
        self.window = MainWindow(
            self.inspect,
            {
                "history": self.history, "review": self.review, "learning": self.learning,
                "camera": self.camera,
                "statistics": self.statistics, "recipes": self.recipes, "limits": self.thresholds,
                "models": self.models, "maintenance": self.maintenance,
            },
            self.language,
            health=station.health,
            review=station.review,
            heatmap_visible=settings.heatmap_visible,
            sound=settings.sound,
            home=str(station.paths.home),
            permits=station.access,
            look=self.look,
        )  # fmt: skip
        self.desk = AccessDesk(
            self.window, station.access, station.users, station.review.consistencies
        )
        self.batch = BatchDesk(
            self.window, station.batch, station.access, self.desk,
            lambda: next(iter(station.settings.recent_folders), ""),
        )  # fmt: skip
        self.batch.folder_used.connect(self._on_folder)
        self.commands = CommandDesk(
            self.window,
            station.recipes,
            station.access,
            self.desk,
            self._recent_folders,
            self.batch.begin_folder,
        )
        self.golden = GoldenDesk(
            self.window, station.station, station.golden, station.release, station.verdict_log,
            station.tasks, station.access, who=station.who,
            looked_at=lambda: self.history.selected, adopt=self.desk.adopt,
        )  # fmt: skip
        self.triggers = TriggerDesk(
            self.window, self.inspect, station.station, station.scans, station.tcp_trigger
        )
        self.triggers.apply(settings)
        station.triggers_changed.connect(self.triggers.apply)
        self.window.restore_place(settings.window_geometry)
        restore_layout(self.window, settings.window_layout)
        if settings.window_page in self.window.pages:
            self.window.show_page(settings.window_page)
            self.window.show_permits()  # a page that takes a right waits for a log-in
        self.news = StartNews(self.window, station.paths.home)
        self.news.tell_settings(station.load_report)
        self.news.tell_recovery(station.recovery)
        station.settings_unsaved.connect(self.news.tell_unsaved)
        self._setup_choices = SetupChoices()
        if station.first_start:
            self.window.offer_setup()
        self._overlay()
        self._bind()
        self._connect(station.station)
        self._on_recipes()

    def _bind(self) -> None:
        bind = self.window.bind
        bind("station.new_lot", self._new_lot)
        bind("station.override", self._ask_override)
        for page in (self.inspect, self.history):
            page.override_wanted.connect(self._override)
        self._station.overrides.changed.connect(self.inspect.show_decision)
        self._station.overrides.changed.connect(self.history.reread)
        self.inspect.new_lot_asked.connect(self._new_lot)
        bind("station.shift_report", self.show_shift_report)
        bind("history.export", self.history.export_csv)
        bind("review.undo", self.review.undo)
        bind("review.settings", self._queue_settings)
        bind("station.triggers", self._open_triggers)
        bind("station.set_up", self._open_setup)
        self._station.first_product.begun.connect(self._on_product_begun)
        self._station.first_product.refused.connect(self._on_product_refused)
        bind("learning.teach_folder", self.learning.teach_folder)
        bind("learning.teach_camera", self.learning.teach_camera)
        bind("learning.retrain", self.learning.retrain)
        bind("learning.rollback", self.learning.roll_back)
        bind("models.export", self.models.export)
        bind("models.import", self.models.take_in)
        bind("station.backup", self.maintenance.show_backup)
        bind("help.diagnostics", self.maintenance.show_diagnostics)
        bind("recipes.export", self.recipes.export_recipe)
        bind("recipes.import", self.recipes.import_recipe)

    def _connect(self, service: StationService) -> None:
        station = self._station
        station.startup.working.connect(self.inspect.set_working)
        station.startup.progress.connect(self.inspect.show_progress)
        station.startup.failed.connect(self.inspect.show_failure)
        # Queued: the page itself hears of the first model after the start-up does.
        station.startup.ready.connect(
            self.learning.dismiss_result, Qt.ConnectionType.QueuedConnection
        )
        self.inspect.reference_wanted.connect(station.references.ask)
        station.references.found.connect(self.inspect.show_reference)
        station.references.failed.connect(self.inspect.show_reference_problem)
        station.review.changed.connect(self.inspect.renew_reference)
        station.model_refused.connect(self.inspect.show_model_refused)
        station.recipes.changed.connect(self._on_recipes)
        station.recipes.current_changed.connect(self._on_recipes)
        self.inspect.cancel_requested.connect(station.startup.cancel)
        self.inspect.heatmap_opacity_changed.connect(self._on_opacity)
        self.window.heatmap_visible_changed.connect(self._on_heatmap)
        self.window.sound_changed.connect(self._on_sound)
        self.window.closing.connect(self._on_closing)
        self.window.closing.connect(self.golden.close)
        self._application.aboutToQuit.connect(self.golden.close)
        self.language.changed.connect(self._on_language)
        self.statistics.parts_wanted.connect(self._on_parts_wanted)
        self.thresholds.parts_wanted.connect(self._on_parts_wanted)
        self.thresholds.page_wanted.connect(self.window.show_page)
        self.golden.parts_wanted.connect(self._on_parts_wanted)
        self.inspect.check_requested.connect(self.golden.begin_check)
        self.history.review_wanted.connect(self._on_review_wanted)
        station.queue_settings.ordered.connect(self._on_queue_ordered)
        station.queue_settings.failed.connect(self._on_queue_failed)
        if station.options.quit_after is not None:
            service.finished.connect(self._on_finished)
            station.startup.failed.connect(self._on_failed)
            self._patience = Patience(service, station.startup, self)
            self._patience.lost.connect(self._on_lost)

    def show_shift_report(self) -> None:
        """Figures of a shift on one page, to look at and to save."""
        station = self._station
        dialog = ShiftReportDialog(
            station.shift_reports, station.settings.shift_starts, station.tasks, station.access,
            self.window,
        )  # fmt: skip
        self.desk.adopt(dialog, True)
        dialog.open()

    def show(self) -> None:
        """Shows the window."""
        self.window.show()

    def dispose(self) -> None:
        """Takes the window down, so that nothing of it outlives the run."""
        self.language.remove()
        self.look.remove()
        defect_names.show({})
        for page in (
            self.history, self.review, self.learning, self.statistics, self.maintenance,
            self.models, self.recipes, self.thresholds, self.camera,
        ):  # fmt: skip
            page.close_workers()
        self.window.close()
        self.window.deleteLater()
        self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._application.processEvents()

    @Slot(object)
    def _on_parts_wanted(self, parts: HistoryFilter) -> None:
        """The parts behind a figure of another page."""
        self.history.show_parts(parts)
        self.window.show_page("history")

    @Slot()
    def _on_recipes(self) -> None:
        """Defect classes are called what the recipes call them; the inspected one's counts most."""
        recipes = self._station.recipes
        names = sorted(recipes.names(), key=lambda name: name == recipes.current)
        newest = [recipes.latest(name) for name in names]
        defect_names.show(defect_names.gather(recipe for recipe in newest if recipe is not None))

    @Slot(object)
    def _on_review_wanted(self, part: Inspection) -> None:
        """A part that somebody chose in the history is to be answered."""
        self.review.ask_about(part)
        self.window.show_page("review")

    def _queue_settings(self) -> None:
        """How the review queue is ordered."""
        dialog = QueueSettingsDialog(self._station.queue_settings.rules, self.window)

        def save() -> None:
            try:
                self._station.queue_settings.change(dialog.rules)
            except AccessError as error:
                self._on_queue_failed(error.code, str(error))

        dialog.accepted.connect(save)
        self.desk.open(dialog)

    @Slot()
    def _on_queue_ordered(self) -> None:
        self.window.say(self.tr("The review queue follows the new settings."))

    @Slot(str, str)
    def _on_queue_failed(self, code: str, sentence: str) -> None:
        self.window.say(error_sentence(code, sentence))

    def _open_triggers(self) -> None:
        station = self._station
        dialog = TriggersDialog(
            station.settings, station.recipes.names(), station.change_triggers, station.access,
            self.window,
        )  # fmt: skip
        dialog.show_tcp(station.tcp_trigger.status)
        station.tcp_trigger.changed.connect(dialog.show_tcp)
        self.desk.open(dialog)

    def _open_setup(self) -> None:
        """The assistant goes on where it was closed."""
        station = self._station
        dialog = SetupDialog(
            self._setup_choices, self.language, station.camera_setup, station.first_product,
            station.access, station.tasks, ask_folder, self.window,
        )  # fmt: skip
        dialog.administrator_wanted.connect(lambda: self._first_administrator(dialog))
        dialog.accepted.connect(self._on_setup_done)
        self.desk.open(dialog)

    @Slot()
    def _on_setup_done(self) -> None:
        """The strip goes, or names the product that waits until the demo is ready."""
        waiting = self._station.first_product.waiting
        if waiting is None:
            self.window.withdraw_setup()
        else:
            self.window.offer_setup(waiting.name)

    @Slot(str, str)
    def _on_product_refused(self, code: str, sentence: str) -> None:
        self.window.withdraw_setup()
        self.window.show_page("learning")
        self.learning.show_refusal(code, sentence)

    def _first_administrator(self, above: QWidget) -> None:
        """The form of the log-in, above the assistant."""
        dialog = FirstAdministratorDialog(self._station.users, above)
        self.desk.watch(dialog)
        dialog.open()

    @Slot(object)
    def _on_product_begun(self, product: NewProduct) -> None:
        """Teaching is watched on its page; good parts are shown to the camera from there."""
        self.window.withdraw_setup()
        self.window.show_page("learning")
        if product.folder is None:
            self.learning.teach_camera_as(product.name)

    @Slot()
    def _new_lot(self) -> None:
        """Asks for a lot's name over the line."""
        service = self._station.station
        self.desk.open(
            NewLotDialog(service.set_lot, service.lot, self._station.access, self.window)
        )

    def _ask_override(self) -> None:
        """Of the part that is looked at on this page; elsewhere of the newest."""
        if self.window.page == "history":
            self.history.ask_override()
        else:
            self.window.show_page("inspect")
            self.inspect.ask_override()

    @Slot(object)
    def _override(self, part: Inspection) -> None:
        """Asks what a person decides about a part, over the line."""

        def decide(verdict: Verdict, reason: str, looked_at: bool) -> Inspection:
            return self._station.overrides.decide(
                part.inspection_id, verdict, reason, self._operator(), looked_at=looked_at
            )

        self.desk.open(OverrideDialog(part, decide, self._station.access, self.window))

    # -- what settings remember ----------------------------------------------------------------

    def _operator(self) -> str:
        return self._station.who()

    def _overlay(self) -> None:
        settings = self._station.settings
        for page in (self.history, self.review):
            page.set_overlay(settings.heatmap_opacity, settings.heatmap_visible)

    @Slot(float)
    def _on_opacity(self, opacity: float) -> None:
        self._station.save_settings(heatmap_opacity=round(opacity, 3))
        self._overlay()

    @Slot(bool)
    def _on_heatmap(self, visible: bool) -> None:
        self._station.save_settings(heatmap_visible=visible)
        self._overlay()

    @Slot(bool)
    def _on_sound(self, on: bool) -> None:
        self._station.save_settings(sound=on)

    @Slot(str)
    def _on_language(self, code: str) -> None:
        if self._remember_language:
            self._station.save_settings(language=code)

    @Slot(str, int)
    def _on_look(self, theme: str, letters_percent: int) -> None:
        self._station.save_settings(theme=theme, letters_percent=letters_percent)

    def _recent_folders(self) -> list[Path]:
        return [Path(folder) for folder in self._station.settings.recent_folders]

    @Slot(str)
    def _on_folder(self, folder: str) -> None:
        others = [known for known in self._station.settings.recent_folders if known != folder]
        recent = (folder, *others)[:RECENT_FOLDERS]
        self._station.save_settings(recent_folders=recent)

    @Slot()
    def _on_closing(self) -> None:
        self._station.save_settings(
            window_geometry=self.window.save_place(),
            window_page=self.window.page,
            window_layout=save_layout(self.window),
        )

    # -- runs that end by themselves -----------------------------------------------------------

    @Slot()
    def _on_finished(self) -> None:
        folder = self._station.options.screenshots
        if folder is None:
            self._application.exit(0)
        else:
            self._take_screenshots(folder)

    @Slot(str, str)
    def _on_failed(self, _code: str, sentence: str) -> None:
        _log.error("The station was not made ready: %s", sentence)
        self._application.exit(2)

    @Slot(str)
    def _on_lost(self, sentence: str) -> None:
        _log.error(sentence)
        self._application.exit(3)

    def _take_screenshots(self, folder: Path) -> None:
        """Every page in both languages, the operator's also alone on the screen; each gets a
        moment to load its pictures."""
        folder.mkdir(parents=True, exist_ok=True)
        self._remember_language = False
        spoken = self.language.code
        names = (*self.window.pages, FULL_SCREEN)
        shots = [(code, name) for code in LANGUAGES for name in names]

        def prepare(index: int) -> None:
            if index == len(shots):
                self.language.switch(spoken)
                self._application.exit(0)
                return
            code, name = shots[index]
            self.language.switch(code)
            self.window.show_page("inspect" if name == FULL_SCREEN else name)
            self.window.actions_set["view.fullscreen"].setChecked(name == FULL_SCREEN)
            QTimer.singleShot(SETTLE_MS, lambda: take(index))

        def take(index: int) -> None:
            if self.statistics.busy or self.thresholds.busy:
                QTimer.singleShot(SETTLE_MS, lambda: take(index))
                return
            code, name = shots[index]
            self.window.grab().save(str(folder / f"{name}-{code}.png"))
            prepare(index + 1)

        prepare(0)
