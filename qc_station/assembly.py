"""Assembles all services of one station and wires them to each other. Knows no widgets.

Every object gets what it needs as an argument here; nothing looks anything up later.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from db.errors import StoreError, as_store_error
from db.store import Store
from qc_station.backend.api import LoadedModel
from qc_station.backend.explainer import ExplainerClient
from qc_station.backend.inspector import Inspector
from qc_station.backend.jobs import JobRunner
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.camera.capture import CaptureThread
from qc_station.camera.status import CaptureOptions, CaptureStatus
from qc_station.domain.access import Action
from qc_station.domain.backup import BackupPlan
from qc_station.domain.learning import LearningState
from qc_station.domain.model_version import ModelVersion
from qc_station.domain.product_codes import ProductCodes
from qc_station.domain.recipe import Limits, Recipe
from qc_station.domain.review_queue import QueueRules
from qc_station.domain.state import CameraState
from qc_station.domain.triggers import TriggerMode
from qc_station.options import Options
from qc_station.services.access import AccessService
from qc_station.services.activities import Activities
from qc_station.services.alarms import AlarmLog
from qc_station.services.audit import AuditLog
from qc_station.services.backup import BackupService
from qc_station.services.backup_archive import Origin
from qc_station.services.batch import BatchService
from qc_station.services.camera_setup import CameraSetupService
from qc_station.services.credentials import Credentials, load_secret
from qc_station.services.diagnostics import DiagnosticsService, Sources
from qc_station.services.first_product import FirstProduct
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.golden_samples import GoldenSamples
from qc_station.services.health import EngineFacts, HealthService
from qc_station.services.image_store import ImageStore
from qc_station.services.job_history import JobHistory
from qc_station.services.learning import LearningService
from qc_station.services.learning_activity import LearningActivity
from qc_station.services.limits import LimitsService
from qc_station.services.manifest import LibraryError
from qc_station.services.mask_store import MaskStore
from qc_station.services.model_comparison import ComparisonService
from qc_station.services.model_exchange import ModelExchange
from qc_station.services.model_store import DatabaseRecipeStore, DatabaseVersionStore
from qc_station.services.models import ModelLibrary
from qc_station.services.overrides import OverrideService
from qc_station.services.picture_codes import PictureCodes
from qc_station.services.picture_sweep import PictureSweep
from qc_station.services.queue_settings import QueueSettings
from qc_station.services.recipe_exchange import RecipeExchange
from qc_station.services.recipes import RecipeService
from qc_station.services.recovery import Recovery, RunMarker
from qc_station.services.references import ReferenceService
from qc_station.services.review import ReviewService
from qc_station.services.scans import ScanService
from qc_station.services.shift_report import ShiftReportService
from qc_station.services.signing import SigningKey, TrustedKeys
from qc_station.services.startup import (
    DEMO_PRODUCT,
    StartupService,
    folder_camera,
    plan_start,
)
from qc_station.services.station import StationService
from qc_station.services.statistics import StatisticsService
from qc_station.services.system_use import SystemMonitor
from qc_station.services.tasks import TaskPool
from qc_station.services.tcp_trigger import TcpTrigger
from qc_station.services.users import UserService
from qc_station.services.verdict_log import VerdictLog
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import TRIGGER_FIELDS, Settings, split_pair
from qc_station.settings.store import SettingsStore
from qc_station.version import program_version

DATABASE_VARIABLE = "QC_DATABASE_URL"
HEADLESS_DEADLINE_MS = 10_000
"""Nobody waits at a line in a headless run, and the machine may be busy."""

_log = logging.getLogger(__name__)
Pixels = NDArray[np.uint8]


class Station(QObject):
    """All services of one running station, wired to each other; the window comes on top."""

    settings_unsaved = Signal(str)  # why not; empty: saved again
    triggers_changed = Signal(object)  # Settings
    model_refused = Signal(str, str)  # code, sentence: what is in use stays in use
    changed_over = Signal(str, float)  # product, seconds until its model answered

    def __init__(self, options: Options, paths: StationPaths) -> None:
        """Raises StoreError; nothing is left running then."""
        super().__init__()
        self.options = options
        self.paths = paths
        self.settings_store = SettingsStore(paths.settings_file)
        self.load_report = self.settings_store.load()
        self.settings = self.load_report.settings
        self._no_settings = not paths.settings_file.exists()
        self._heartbeat_bytes: int | None = None
        self._closed = False
        self._unsaved = False
        self._inspected = ""  # the product whose parts are judged
        self._change_began_s: float | None = None  # time.monotonic, while a change-over is on
        self._refused: str | None = None  # an active model that the engine did not load
        self._asked: tuple[str, Limits | None] | None = None  # the engine for: model and limits
        if not self.load_report.clean:
            _log.warning("Settings were not all usable: %s", self.load_report)
        self.marker = RunMarker(paths.run_marker)
        self.store = Store.open(os.environ.get(DATABASE_VARIABLE) or paths.database)
        try:
            self._assemble()
        except BaseException:
            self.store.close()
            raise
        self.recovery = self._look_back()

    def _assemble(self) -> None:
        options, paths, settings = self.options, self.paths, self.settings
        if options.headless:
            settings = replace(
                settings, trigger_mode=TriggerMode.FOLDER, interval_ms=0, stop_after_ng=0,
                deadline_ms=max(settings.deadline_ms, HEADLESS_DEADLINE_MS),
            )  # fmt: skip
        self.tasks = TaskPool(self)
        self.audit = AuditLog(self.store)
        self._assemble_access()
        require = self.access.require
        self.activities = Activities(self.tasks, require, self)
        self.overrides = OverrideService(self.store, self, require=require)
        self.recipes = RecipeService(
            DatabaseRecipeStore(self.store, lambda: self.access.who("station")),
            settings.recipe, self, require,
            lambda: self.learning.state is LearningState.COLLECTING,
        )  # fmt: skip
        self.review = ReviewService(
            self.store, self, require=require, offered=self.recipes.class_ids,
            rules=self.queue_rules, who=lambda: self.access.who(self.settings.operator),
        )  # fmt: skip
        self.queue_settings = QueueSettings(
            self.queue_rules, self._save_queue_rules, self.review, self.audit, self.tasks,
            lambda: self.access.who("station"), self, require,
        )  # fmt: skip
        try:
            key = SigningKey.load(paths.signing_secret)
        except OSError as error:
            raise as_store_error(error) from error
        self.recipe_exchange = RecipeExchange(
            self.recipes, key, TrustedKeys(paths.trusted_keys), self.audit, require
        )
        self.library = ModelLibrary(
            DatabaseVersionStore(self.store, paths.models), self.audit, self, require,
            self.recipes.pinned_model,
        )  # fmt: skip
        self.first_start = self._is_first_start()
        self.plan = plan_start(
            data=options.data,
            camera=options.camera,
            demo_folder=paths.demo,
            remembered=self._remembered(),
        )
        self.capture = CaptureThread(
            self.plan.camera, CaptureOptions(read_timeout_s=settings.read_timeout_ms / 1000)
        )
        if not settings.station:
            self.save_settings(station=uuid.uuid4().hex[:12])
        images = ImageStore(paths.images)
        self.references = ReferenceService(self.store, images, self.tasks, self)
        self.masks = MaskStore(self.store, images, require)
        self.pictures = PictureSweep(
            self.store, images, self.tasks, self.recipes.days_kept, parent=self
        )
        self.verdict_log = VerdictLog(
            self.store, images, self, station=self.settings.station, require=require,
            rules=self.queue_rules,
        )  # fmt: skip
        self._interrupted = self.verdict_log.sweep()
        if self._interrupted:
            _log.warning("%d parts were interrupted last time; the log says so", self._interrupted)
        self.supervisor = EngineSupervisor(parent=self)
        self.inspector = Inspector(self.supervisor, parent=self)
        self.explainer = ExplainerClient(self.supervisor, parent=self)
        self.picture_codes = PictureCodes(self)
        self.station = StationService(
            self.capture, self.inspector, self.verdict_log, settings, self.supervisor,
            parent=self, require=require, codes=self.picture_codes,
        )  # fmt: skip
        self.batch = BatchService(
            self.inspector, self.tasks, lambda: self.station.in_flight,
            lambda: self.recipes.current, self, require,
        )  # fmt: skip
        self.camera_setup = CameraSetupService(
            self.capture, self.station.choose_camera, self.recipes, self.audit, self.tasks,
            lambda: self.access.who(self.settings.operator), paths.demo / DEMO_PRODUCT, self,
            require,
        )  # fmt: skip
        self.alarms = AlarmLog(self.store, self.station, self.settings.station, parent=self)
        self.golden = GoldenSamples(self.recipes, images)
        self.release = GoldenRelease(
            self.store, self.recipes, self.golden, self.station,
            station_name=self.settings.station, shift_starts=settings.shift_starts,
            who=self.who, require=require, parent=self,
        )  # fmt: skip
        self.tcp_trigger = TcpTrigger(self.station, self)
        self.scans = ScanService(self.station, self.recipes, self, self.access.is_badge)
        self.health = HealthService(
            paths.home, self.capture, self._engine_facts, self._database_ok, self.tasks,
            settings.disk_warn_mb, settings.disk_fail_mb, self,
            backup=lambda: self.backup.warning, drift=lambda: self.camera_setup.drift,
        )  # fmt: skip
        self.statistics = StatisticsService(self.store, require)
        self.shift_reports = ShiftReportService(
            self.store, lambda: self.settings.station, require=require
        )
        self.system_use = SystemMonitor(self)
        self.learning = LearningService(
            self.library, self.recipes, self.review, paths, lambda: JobRunner(parent=self),
            lambda: self.capture.address, self, self.masks, require,
        )  # fmt: skip
        self.limits = LimitsService(
            self.store, self.recipes, self.library, self.audit,
            lambda: self.access.who("station"), self, require,
        )  # fmt: skip
        self.jobs = JobHistory(self.store, self.learning, self)
        LearningActivity(self.activities, self.learning, self)
        self.model_exchange = ModelExchange(
            self.library, self.recipes, paths.models, self.activities, self.audit,
            lambda: self.capture.address, self, require,
        )  # fmt: skip
        self.comparison = ComparisonService(
            self.review, paths, lambda: JobRunner(parent=self), self.activities, self.tasks,
            lambda: self.learning.busy, self, require,
        )  # fmt: skip
        self._assemble_backup()
        self.startup = StartupService(
            self.plan, self.library, self.learning, JobRunner(parent=self), self
        )
        self.first_product = FirstProduct(
            self.recipes, self.learning, self.startup, self.station.start,
            lambda: self.access.who(settings.operator), self, require,
        )  # fmt: skip
        self.supervisor.heartbeat.connect(self._on_heartbeat)
        self.supervisor.load_failed.connect(self._on_load_failed)
        self.supervisor.model_loaded.connect(self._on_model_loaded)
        self.library.activated.connect(self._on_activated)
        self.recipes.current_changed.connect(self._on_product)
        self.recipes.revised.connect(self._on_revised)
        self.recipes.changed.connect(self._on_recipes)
        self.station.camera_changed.connect(self._on_camera)
        self.station.lot_changed.connect(self._on_lot)
        self.learning.state_changed.connect(self._on_learning)
        self.access.changed.connect(self._on_learning)
        self.startup.ready.connect(self._on_ready)
        self.picture_codes.product_seen.connect(self.scans.take_product)
        self.access.logged_out.connect(self.review.forget_session)

    def _look_back(self) -> Recovery | None:
        """What an unclean end of the last run left; None after a clean one."""
        unclean, begun = self.marker.begin(datetime.now(UTC))
        if not unclean and not self._interrupted and not self.jobs.cut_off:
            return None
        return Recovery(begun, self._interrupted, self.jobs.cut_off)

    def _is_first_start(self) -> bool:
        """Nothing is there yet, and somebody in front of a window was not told what to do."""
        told = self.options
        asked = told.headless or told.quit_after is not None
        asked = asked or told.data is not None or told.camera is not None
        return not asked and self._no_settings and not self.recipes.names() and self.access.open

    def _assemble_access(self) -> None:
        try:
            credentials = Credentials(load_secret(self.paths.access_secret))
        except OSError as error:
            raise as_store_error(error) from error
        self.access = AccessService(
            self.store, credentials, self.tasks, idle_minutes=self.settings.idle_lock_min,
            list_names=self.settings.log_in_names, parent=self,
        )  # fmt: skip
        self.users = UserService(self.store, credentials, self.access, self.tasks, parent=self)
        self.access.idle_minutes_changed.connect(self._on_idle_minutes)

    def _assemble_backup(self) -> None:
        settings = self.settings
        plan = BackupPlan(
            settings.backup_daily, settings.backup_hour, settings.backup_keep,
            settings.backup_folder, settings.backup_warn_days, settings.backup_pictures,
        )  # fmt: skip
        self.backup = BackupService(
            self.store,
            Origin(self.paths.home, settings.station, program_version()),
            self.activities,
            self.audit,
            plan,
            self._save_backup_plan,
            self,
            self.access.require,
        )
        sources = Sources(
            lambda: self.settings, lambda: self.health.report, os.environ.get(DATABASE_VARIABLE, "")
        )
        self.diagnostics = DiagnosticsService(
            self.paths, self.store, sources, self.activities, self.audit, self, self.access.require
        )

    # -- running -------------------------------------------------------------------------------

    def begin(self) -> None:
        """Starts the engine, the health checks and the start-up plan."""
        if self.options.quit_after is not None:
            self.station.set_part_limit(self.options.quit_after)
        self.supervisor.start()
        self.apply_triggers()
        self.health.start()
        self.backup.start()
        self.pictures.start()
        self.startup.begin()

    def change_triggers(self, wanted: Settings) -> None:
        """Other triggers from now on; all other settings stay. Raises AccessError."""
        self.access.require(Action.CHANGE_SETTINGS)
        chosen = {name: getattr(wanted, name) for name in TRIGGER_FIELDS}
        changed = {n: v for n, v in chosen.items() if v != getattr(self.settings, n)}
        if changed:
            who = self.access.who(self.settings.operator)
            self.tasks.run(lambda: self.audit.append(who, "settings.changed", "triggers", changed))
        self.save_settings(**changed)
        self.station.set_trigger(self.settings.trigger_mode, self.settings.interval_ms)
        self.apply_triggers()
        self.triggers_changed.emit(self.settings)

    def apply_triggers(self) -> None:
        """Listens to scanner, pictures and plant as the settings say."""
        settings = self.settings
        codes = dict(split_pair(pair) for pair in settings.recipe_codes)
        products = ProductCodes(settings.recipe_prefix, codes)
        self.scans.apply(settings.scanner_mode, products)
        self.picture_codes.apply(settings.picture_codes, products)
        self.tcp_trigger.apply(settings.tcp_trigger, settings.tcp_host, settings.tcp_port)

    def close(self) -> None:
        """Finishes the parts under way, joins every thread and ends every process. Once."""
        if self._closed:
            return
        self._closed = True
        self.startup.cancel()
        self.batch.close()
        self.pictures.close()
        self.station.stop()
        self.tcp_trigger.close()
        self.picture_codes.close()
        self.health.stop()
        self.backup.stop()
        self.activities.close()
        self.release.close()
        self.alarms.close()
        self.system_use.close()
        self.access.close()
        self.learning.close()
        self.comparison.close()
        self.explainer.close()
        self.inspector.close()
        self.supervisor.stop()
        self.verdict_log.close()
        self.tasks.close()
        self.save_settings(recipe=self.recipes.current)
        self.store.close()
        self.marker.end()

    def who(self) -> str:
        """Who is logged in; on a station without users, the name in the settings."""
        return self.access.who(self.settings.operator)

    def save_settings(self, **changes: object) -> None:
        """Remembers changed settings; a disk that refuses is told, not fatal."""
        changed = replace(self.settings, **changes)  # type: ignore[arg-type]
        if changed == self.settings and self.paths.settings_file.exists():
            return
        self.settings = changed
        try:
            self.settings_store.save(changed)
        except OSError as error:
            _log.error("The settings could not be saved: %s", error)
            self._unsaved = True
            self.settings_unsaved.emit(error.strerror or str(error))
        else:
            if self._unsaved:
                self._unsaved = False
                self.settings_unsaved.emit("")

    def newest_picture(self, product: str, done: Callable[[Pixels | None], None]) -> None:
        """A picture of a product for ``done``: the camera's newest, or the newest that was kept."""
        frame = self.capture.live.latest() if product == self._inspected else None
        if frame is not None:
            done(frame.pixels)
            return
        self.tasks.run(
            lambda: self.verdict_log.newest_image(product), done, lambda _error: done(None), self
        )

    def queue_rules(self) -> QueueRules:
        """How the review queue is ordered now; from any thread."""
        settings = self.settings
        return QueueRules(
            settings.escape_cost, settings.false_alarm_cost, settings.wrong_class_cost,
            settings.review_ok_share, settings.review_repeat_share, settings.station,
        )  # fmt: skip

    def _save_queue_rules(self, rules: QueueRules) -> None:
        self.save_settings(
            escape_cost=rules.escape_cost, false_alarm_cost=rules.false_alarm_cost,
            wrong_class_cost=rules.wrong_class_cost, review_ok_share=rules.ok_share,
            review_repeat_share=rules.repeat_share,
        )  # fmt: skip

    # -- what the services tell each other -----------------------------------------------------

    @Slot()
    def _on_ready(self) -> None:
        """Start-up is done: inspect the plan's product."""
        self._inspect_product(self.plan.product, self.plan.camera)
        self.station.start()

    @Slot(object)
    def _on_activated(self, version: ModelVersion) -> None:
        """Another model inspects from now on; a new product's first model brings its camera."""
        if self.startup.busy:
            return  # _on_ready follows
        if version.recipe == self.recipes.current:
            self._load(version)
            return
        camera = self.recipes.revisions(version.recipe)[0].camera
        follows = folder_camera(version.taught_from) if version.taught_from else None
        if follows is not None and camera.startswith(("demo:", "folder:")):
            camera = self.recipes.create(version.recipe, follows).camera
        self._inspect_product(version.recipe, camera)
        self.station.set_camera(camera)

    @Slot(str)
    def _on_product(self, product: str) -> None:
        """Somebody chose another product in a window."""
        if product != self._inspected:
            self._change_began_s = time.monotonic()
            self.audit.append(
                self.access.who("station"), "recipe.changed_over", product,
                {"before": self._inspected},
            )  # fmt: skip
            known = self.recipes.revisions(product)
            self._inspect_product(product, known[0].camera if known else self.capture.address)

    @Slot(object)
    def _on_revised(self, recipe: Recipe) -> None:
        """What is inspected now follows its recipe at once."""
        self.audit.append(
            recipe.created_by, "recipe.revised", recipe.name,
            {"revision": recipe.revision, "reason": recipe.reason},
        )  # fmt: skip
        if recipe.name != self._inspected:
            return
        if self.capture.address != recipe.camera:
            self.station.set_camera(recipe.camera)
        self._follow(recipe)

    def _follow(self, recipe: Recipe | None) -> None:
        if not self.options.headless:  # such a run has a pace of its own
            self.station.follow(recipe)
        if recipe is None:
            return
        self.verdict_log.set_storage(recipe.name, recipe.storage)
        if recipe.model_id is not None:
            self._use_pinned(recipe.name, recipe.model_id)

    def _use_pinned(self, product: str, model_id: str) -> None:
        active = self.library.active(product)
        if active is not None and active.model_id == model_id:
            return
        try:
            self.library.put_in_use(model_id, self.access.who("station"))
        except LibraryError as error:
            _log.error("The model of the recipe cannot be used: %s", error)
            self.model_refused.emit(error.code, str(error))

    def _inspect_product(self, product: str, camera: str) -> None:
        if product != self._inspected and self.supervisor.loaded_model is not None:
            self.supervisor.unload()  # no part of this product is judged by another one's model
        self._inspected = product
        self.recipes.set_current(product)
        self.station.set_recipe(product, self._stop_after_ng(product))
        if self.capture.address != camera:
            self.station.set_camera(camera)
        self._follow(self.recipes.latest(product))
        version = self.library.active(product)
        if version is None:
            self._change_began_s = None
            self._asked = None
            self.supervisor.unload()
        else:
            self._load(version)
        self.save_settings(recipe=product)

    def _stop_after_ng(self, product: str) -> int | None:
        """What the product's recipe says; a headless run has nobody to go on after a pause."""
        recipe = self.recipes.latest(product)
        return None if recipe is None or self.options.headless else recipe.stop_after_ng

    def _load(self, version: ModelVersion) -> None:
        recipe = self.recipes.latest(version.recipe)
        limits = recipe.limits_for(version.model_id) if recipe is not None else None
        self._asked = (version.model_id, limits)
        self.supervisor.load(version.path, self.settings.device, limits)

    @Slot()
    def _on_recipes(self) -> None:
        """A new revision of the product that is inspected counts at once; other limits take over
        between two parts."""
        if self._inspected:
            self.station.set_recipe(self._inspected, self._stop_after_ng(self._inspected))
        asked = self._asked
        recipe = self.recipes.latest(self._inspected) if asked is not None else None
        if asked is None or recipe is None or recipe.limits_for(asked[0]) == asked[1]:
            return
        version = self.library.active(self._inspected)
        if version is not None and version.model_id == asked[0]:
            self._load(version)

    @Slot(object)
    def _on_camera(self, status: CaptureStatus) -> None:
        """A camera that works is the product's from now on; a mistyped one is not."""
        product = self.recipes.current
        if status.state is not CameraState.RUNNING or not product:
            return
        known = self.recipes.revisions(product)
        if not known or known[0].camera != self.capture.address:
            self.recipes.create(product, self.capture.address)

    @Slot(str)
    def _on_lot(self, lot: str) -> None:
        """The lot survives a restart, and the audit trail says who began it."""
        before = self.settings.lot
        self.save_settings(lot=lot)
        who = self.access.who(self.settings.operator)
        try:
            self.audit.append(who, "lot_begun" if lot else "lot_ended", lot or before)
        except StoreError as error:
            _log.error("The audit trail does not know of lot %r: %s", lot, error)

    @Slot()
    def _on_learning(self) -> None:
        """Nothing is inspected while pictures are collected; whoever leaves meanwhile leaves the
        line inspecting, and the pictures wait for the next one who may teach."""
        collecting = self.learning.state is LearningState.COLLECTING
        self.station.set_teaching(collecting and self.access.allows(Action.TEACH))

    def _save_backup_plan(self, plan: BackupPlan) -> None:
        self.save_settings(
            backup_daily=plan.daily, backup_hour=plan.hour, backup_keep=plan.keep,
            backup_folder=plan.folder, backup_warn_days=plan.warn_days,
            backup_pictures=plan.pictures,
        )  # fmt: skip

    @Slot(int)
    def _on_idle_minutes(self, minutes: int) -> None:
        self.save_settings(idle_lock_min=minutes)

    @Slot(object)
    def _on_heartbeat(self, beat: object) -> None:
        self._heartbeat_bytes = getattr(beat, "resident_bytes", None)

    @Slot(str, str)
    def _on_load_failed(self, code: str, sentence: str) -> None:
        """The model that answers stays the active one, and the screen says why."""
        _log.error("The model could not be loaded (%s): %s", code, sentence)
        self._change_began_s = None
        active = self.library.active(self.recipes.current)
        self._refused = active.model_id if active is not None else None
        self.model_refused.emit(code, sentence)
        if self.supervisor.loaded_model is not None:
            self._on_model_loaded(self.supervisor.loaded_model)

    @Slot(object)
    def _on_model_loaded(self, model: LoadedModel) -> None:
        """After a refused model, the one that answers is the active one again."""
        self._tell_change_over(model)
        active = self.library.active(self.recipes.current)
        refused, self._refused = self._refused, None
        if active is None or refused is None or active.model_id == model.model_id:
            return
        try:
            self.library.put_in_use(model.model_id, "station")
        except LibraryError as error:
            _log.error("The model before could not be made active again: %s", error)

    def _tell_change_over(self, model: LoadedModel) -> None:
        began_s, product = self._change_began_s, self.recipes.current
        active = self.library.active(product)
        if began_s is None or active is None or active.model_id != model.model_id:
            return
        self._change_began_s = None
        seconds = time.monotonic() - began_s
        _log.info("Change-over to %s took %.2f s", product, seconds)
        self.changed_over.emit(product, seconds)

    def _engine_facts(self) -> EngineFacts:
        model = self.supervisor.loaded_model
        return EngineFacts(
            self.supervisor.state, self._heartbeat_bytes, model.model_id if model else None
        )

    def _database_ok(self) -> bool:
        self.verdict_log.last_part_number()
        return self.verdict_log.healthy

    def _remembered(self) -> tuple[str, str] | None:
        known = self.recipes.revisions(self.settings.recipe) if self.settings.recipe else []
        if not known:
            return None
        return self.settings.recipe, self.settings.camera or known[0].camera
