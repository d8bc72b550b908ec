"""Error codes in words: one sentence each that says what is wrong and what to do. No widgets.

tests/unit/test_error_words.py keeps this table complete: a code that is emitted has a sentence.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def error_words() -> dict[str, str]:
    """Code → sentence in the current language."""
    return {
        **_camera(),
        **_pictures(),
        **_teaching(),
        **_models(),
        **_engine(),
        **_explaining(),
        **_rendering(),
        **_store(),
        **_access(),
        **_golden(),
        **_recipes(),
        **_backup(),
    }


def _backup() -> dict[str, str]:
    return {
        "backup_busy": translate(
            "Error", "Another backup or check is going on. Wait for it, or cancel it."
        ),
        "backup_damaged": translate("Error", "The backup is damaged. Use another one."),
        "backup_inside": translate(
            "Error", "This folder belongs to what is backed up. Choose a folder elsewhere."
        ),
        "backup_missing": translate(
            "Error", "This is no backup: choose the folder that holds backup.json."
        ),
        "backup_newer": translate(
            "Error", "The backup was made by a newer version of QC Station: install that one."
        ),
        "backup_no_room": translate(
            "Error", "There is too little room on the disk. Leave the pictures out or use another."
        ),
        "backup_not_here": translate("Error", "PostgreSQL is backed up by its server (pg_dump)."),
        "restore_not_empty": translate(
            "Error", "The folder is not empty. Choose an empty one, so that nothing is overwritten."
        ),
    }


def _recipes() -> dict[str, str]:
    return {
        "class_id_missing": translate("Error", "Every defect class needs an id."),
        "class_name_long": translate("Error", "The name of a defect class is too long."),
        "class_twice": translate("Error", "A defect class is in the table twice: remove one."),
        "limits_crossed": translate("Error", "The OK limit must lie at or below the NG limit."),
        "model_pinned": translate(
            "Error",
            "The recipe of this product insists on another model: change the recipe first.",
        ),
        "number_range": translate("Error", "A number of the recipe is too large or too small."),
        "product_held": translate(
            "Error",
            "Pictures of good parts are being taken: finish or cancel that on the Learning page.",
        ),
        "product_name_long": translate("Error", "The name of the product is too long."),
        "product_taken": translate(
            "Error", "There is a product with this name already: choose another name."
        ),
        "key_name_missing": translate("Error", "Say whose key this is, then import."),
        "recipe_file_changed": translate(
            "Error", "This file was changed after it was signed; it is not read. Ask for it again."
        ),
        "recipe_file_field": translate(
            "Error", "The recipe in this file has values that this station cannot use."
        ),
        "recipe_file_large": translate("Error", "This file is too large to be a recipe."),
        "recipe_file_missing": translate("Error", "The file cannot be opened."),
        "recipe_file_unexpected": translate(
            "Error", "This file holds other things than a recipe and its signature; it is not read."
        ),
        "recipe_file_unreadable": translate(
            "Error", "This is no recipe file, or it is damaged. Ask for it again."
        ),
        "recipe_file_unsigned": translate(
            "Error", "This recipe file is not signed: export it again from a station."
        ),
        "recipe_file_version": translate(
            "Error",
            "This file was written by another version of QC Station that this one cannot read.",
        ),
        "recipe_key_unknown": translate(
            "Error", "The key that signed this file is not trusted here."
        ),
        "roi_unusable": translate(
            "Error", "The area must lie in the picture and take at least 5 % of each side."
        ),
        "area_unusable": translate("Error", "The area of the recipe does not lie in the picture."),
        "reason_missing": translate("Error", "Say in a few words why, then save."),
        "recipe_same": translate("Error", "This revision inspects just as the newest one does."),
    }


def _golden() -> dict[str, str]:
    return {
        "golden_name": translate("Error", "Give the sample the name that stands on it."),
        "golden_name_taken": translate("Error", "There is already a sample of this name."),
        "golden_other_product": translate(
            "Error", "This part was inspected as another product: choose another."
        ),
        "golden_no_score": translate(
            "Error", "This part has no score: choose one that was inspected."
        ),
        "golden_no_picture": translate(
            "Error", "No picture was kept of this part: choose another."
        ),
        "golden_band": translate(
            "Error", "The lower end of the score band lies above the upper end."
        ),
        "golden_reason": translate("Error", "A release needs a reason: it is written down."),
    }


def _access() -> dict[str, str]:
    return {
        "log_in_needed": translate("Error", "Log in first (Ctrl+L)."),
        "not_permitted": translate(
            "Error", "Your role does not include this. Ask somebody who has the right."
        ),
        "log_in_wrong": translate("Error", "Name and PIN are not accepted."),
        "badge_wrong": translate("Error", "This badge is not accepted."),
        "log_in_blocked": translate("Error", "Too many failed log-ins."),
        "pin_length": translate("Error", "A PIN has 6 to 12 digits and nothing else."),
        "pin_simple": translate(
            "Error", "This PIN is too easy to guess: do not repeat or count one digit."
        ),
        "pin_or_badge": translate("Error", "Give a PIN, a badge or both."),
        "badge_length": translate("Error", "This is no badge code. Scan the badge again."),
        "badge_taken": translate("Error", "This badge already belongs to somebody."),
        "user_name": translate(
            "Error", "This cannot be a user's name: use 1 to 40 characters, and not “station”."
        ),
        "user_exists": translate("Error", "There is already a user of this name."),
        "user_missing": translate("Error", "This user does not exist."),
        "users_exist": translate(
            "Error", "This station has users already. Log in as an administrator."
        ),
        "last_administrator": translate(
            "Error",
            "This is the last administrator with a PIN. Make somebody else administrator first.",
        ),
    }


def _camera() -> dict[str, str]:
    return {
        "camera_address": translate("Error", "This camera address is not understood."),
        "camera_open_failed": translate(
            "Error", "The camera cannot be opened. Check that no other program uses it."
        ),
        "camera_no_picture": translate("Error", "The camera gives no pictures."),
        "camera_fault": translate("Error", "The camera gives no pictures."),
        "camera_timeout": translate(
            "Error", "The camera does not answer. Check its cable and its power."
        ),
        "camera_frozen": translate(
            "Error", "The camera repeats the same picture. Check its cable."
        ),
        "camera_stuck": translate(
            "Error", "The camera's driver hangs. Unplug the camera and restart the station."
        ),
        "camera_exhausted": translate("Error", "The camera has no more pictures."),
        "camera_stopped": translate("Error", "The camera was stopped."),
    }


def _pictures() -> dict[str, str]:
    return {
        "folder_missing": translate("Error", "The folder does not exist."),
        "folder_empty": translate("Error", "There are no pictures in this folder."),
        "no_pictures": translate("Error", "There are no pictures in this folder."),
        "no_good_pictures": translate("Error", "There are no good pictures in this folder."),
        "few_good_pictures": translate(
            "Error", "Too few good pictures: at least ten are needed to teach a product."
        ),
        "layout_unknown": translate(
            "Error",
            "This folder is not laid out for teaching: "
            "it needs train/good, or one folder per class.",
        ),
        "picture_unreadable": translate("Error", "The picture cannot be read."),
        "mask_damaged": translate("Error", "The file of a painted region is damaged."),
        "mask_missing": translate("Error", "The file of a painted region is missing."),
        "picture_missing": translate("Error", "The picture's file is missing."),
        "picture_damaged": translate("Error", "The picture's file is damaged."),
        "picture_shape": translate("Error", "The picture is not in colour with 8 bits."),
        "picture_unencodable": translate("Error", "The picture could not be written down."),
        "heatmap_unwritable": translate("Error", "The heatmap could not be written down."),
        "snapshot_damaged": translate(
            "Error", "The list of pictures to learn from is damaged. Retrain again."
        ),
        "snapshot_version": translate(
            "Error",
            "The list of pictures to learn from was made by another version of the program. "
            "Retrain again.",
        ),
        "subset_empty": translate(
            "Error", "The folder holds no pictures of the kind that was asked for."
        ),
    }


def _teaching() -> dict[str, str]:
    return {
        "busy": translate("Error", "Another model is being taught. Wait for it, or cancel it."),
        "cancelled": translate("Error", "Cancelled. The model in use has not changed."),
        "interrupted": translate("Error", "The station stopped while this was running."),
        "give_up": translate("Error", "It took too long and was given up. Try again."),
        "job_died": translate(
            "Error", "Learning ended unexpectedly. The model in use has not changed; try again."
        ),
        "job_not_started": translate(
            "Error", "Learning could not be started. Install the program again."
        ),
        "loss_not_finite": translate(
            "Error", "Learning ran off course and was stopped. The model in use has not changed."
        ),
        "name_missing": translate("Error", "Give the product a name first."),
        "no_defect_pictures": translate(
            "Error", "There are no defective pictures to learn from. Label some on the Review page."
        ),
        "no_validation_pictures": translate(
            "Error", "There are no good pictures left to check the new model on. Collect more."
        ),
        "nothing_collected": translate("Error", "Take pictures of good parts first."),
        "nothing_reviewed": translate(
            "Error", "No part has been reviewed yet. Answer some parts on the Review page first."
        ),
        "no_active_model": translate("Error", "This product has no model yet. Teach it first."),
        "product_taught_elsewhere": translate(
            "Error",
            "Another folder of the same name has already been taught. "
            "Rename the folder, or use another --home.",
        ),
        "scores_not_finite": translate(
            "Error", "The new model gives no usable scores. The model in use has not changed."
        ),
        "size_unsupported": translate(
            "Error", "The model cannot take pictures of this size: use a multiple of 32."
        ),
        "snapshot_failed": translate(
            "Error", "The pictures to learn from could not be gathered. Is there room on the disk?"
        ),
        "teaching_set_gone": translate(
            "Error", "The pictures that the model was taught from are gone."
        ),
        "teaching_set_unknown": translate(
            "Error",
            "It is not known which pictures this model was taught from. "
            "Teach the product again from its folder.",
        ),
    }


def _models() -> dict[str, str]:
    return {
        "bundle_missing": translate("Error", "The model's files are missing. Teach it again."),
        "bundle_damaged": translate(
            "Error", "The model's files are damaged. Activate another version or teach it again."
        ),
        "bundle_version": translate(
            "Error", "The model was made by another version of the program. Teach it again."
        ),
        "limits_invalid": translate(
            "Error", "The limits of this product cannot be used. Set them again on Thresholds."
        ),
        "limits_of_another_model": translate(
            "Error", "The limits were set for another model. Set them again on Thresholds."
        ),
        "model_file_damaged": translate("Error", "The model file is damaged. Get it again."),
        "model_file_newer": translate(
            "Error", "The model file was written by a newer version of QC Station: install that."
        ),
        "model_file_unwritable": translate(
            "Error", "The model file cannot be read or written. Is there room on the disk?"
        ),
        "model_file_wrong": translate(
            "Error", "This is no model file: choose one that ends in .qcmodel."
        ),
        "model_known": translate("Error", "This model is in the library already."),
        "nothing_held_out": translate(
            "Error",
            "No answered part is held out yet. Answer more parts on the Review page: three in ten "
            "are kept for comparing.",
        ),
        "bundle_not_kept": translate("Error", "The new model could not be put into the library."),
        "bundle_path_taken": translate(
            "Error", "There is something else where the model should be written."
        ),
        "model_unknown": translate(
            "Error", "This program does not know this kind of model. Update the program."
        ),
        "model_missing": translate("Error", "This model is not in the library."),
        "unknown_model": translate("Error", "This model is not in the library."),
        "model_refused": translate(
            "Error", "The new model could not be loaded; the model before stays in use."
        ),
        "no_model": translate("Error", "This product has no model yet. Teach it first."),
        "nothing_to_roll_back": translate("Error", "There is no earlier model to go back to."),
        "score_not_finite": translate(
            "Error", "The model gives no usable score. Activate another version or teach it again."
        ),
        "weights_missing": translate(
            "Error",
            "The network's basic weights are missing. Choose another file, or install the program "
            "again.",
        ),
        "weights_unreadable": translate(
            "Error",
            "The network's basic weights cannot be read. Choose another file, or install the "
            "program again.",
        ),
        "weights_mismatch": translate(
            "Error", "The network's basic weights are those of another network."
        ),
    }


def _engine() -> dict[str, str]:
    return {
        "device_unavailable": translate(
            "Error", "The computing device that was asked for is not there."
        ),
        "device_unknown": translate(
            "Error", "The computing device that was asked for is not known."
        ),
        "cuda_error": translate("Error", "The graphics card failed. The engine is restarting."),
        "engine_cuda_fault": translate(
            "Error", "The graphics card failed. The engine is restarting."
        ),
        "engine_died": translate("Error", "The inspection engine ended; it is restarting."),
        "engine_hung": translate("Error", "The inspection engine took too long; it is restarting."),
        "engine_internal": translate(
            "Error", "The inspection engine has a fault of its own. See the log for the cause."
        ),
        "engine_not_started": translate(
            "Error", "The inspection engine cannot be started. Install the program again."
        ),
        "engine_protocol": translate(
            "Error", "The inspection engine answered something unreadable; it is restarting."
        ),
        "engine_silent": translate(
            "Error", "The inspection engine does not answer; it is restarting."
        ),
        "engine_stopped": translate("Error", "The inspection engine was stopped."),
        "out_of_memory": translate(
            "Error", "The engine has run out of memory. Close other programs."
        ),
        "protocol_error": translate("Error", "Station and engine do not understand each other."),
        "protocol_version": translate(
            "Error",
            "Station and engine are of different versions. Install both from the same release.",
        ),
        "ring_gone": translate("Error", "The memory shared with the engine is gone."),
        "ring_no_memory": translate(
            "Error", "There is too little shared memory for pictures of this size."
        ),
        "slot_too_small": translate(
            "Error", "The picture is larger than the pictures before; restart the station."
        ),
    }


def _explaining() -> dict[str, str]:
    return {
        "engine_down": translate("Error", "The inspection engine is not running."),
        "explainer_busy": translate(
            "Error", "Too many explanations are waiting. Try again when some are done."
        ),
        "explainer_ended": translate("Error", "The explanation was interrupted. Ask again."),
        "explanation_class": translate("Error", "The model does not know this defect."),
        "explanation_late": translate(
            "Error", "The explanation took too long. Try again when the line is calm."
        ),
        "explanation_unknown": translate("Error", "There is no explanation of this kind."),
        "explanation_unsupported": translate(
            "Error", "This kind of model cannot be explained in this way."
        ),
        "model_changed": translate(
            "Error", "The model's files were replaced by another model's. Activate it again."
        ),
    }


def _rendering() -> dict[str, str]:
    return {
        "bad_count": translate("Error", "This number of demo pictures cannot be drawn."),
        "bad_picture_size": translate("Error", "Demo pictures of this size cannot be drawn."),
        "bad_seed": translate("Error", "The seed of the demo pictures must be 0 or more."),
        "folder_not_empty": translate(
            "Error", "The folder is not empty. Choose a new one, so that nothing is overwritten."
        ),
        "not_writable": translate("Error", "The folder cannot be written to."),
        "unknown_defect": translate("Error", "There is no defect of this name."),
    }


def _store() -> dict[str, str]:
    return {
        "chain_broken": translate(
            "Error", "The log was changed or shortened after it was written. Keep it as it is."
        ),
        "disk_full": translate("Error", "The disk is full. Make room, then start again."),
        "inspection_id_unsafe": translate("Error", "The part's number is no name for a file."),
        "inspection_missing": translate("Error", "This part is not in the log."),
        "migration_failed": translate(
            "Error", "The database could not be upgraded and stays as it was."
        ),
        "override_not_inspected": translate(
            "Error",
            "The machine did not inspect this part: confirm that you have inspected it yourself.",
        ),
        "override_reason": translate("Error", "Say why: an override needs a reason."),
        "override_same": translate("Error", "This verdict stands already: nothing was changed."),
        "override_verdict": translate("Error", "A part can only be overridden to OK or to NG."),
        "review_class_name": translate(
            "Error", "This cannot be the name of a defect: choose another name."
        ),
        "review_disputed": translate(
            "Error",
            "You are one of those who disagree: answer together, or leave it to somebody else.",
        ),
        "review_missing": translate("Error", "There is no such answer to withdraw."),
        "review_withdrawn": translate("Error", "This answer was already withdrawn."),
        "store_busy": translate(
            "Error", "The database is locked by another program: close the other station."
        ),
        "store_closed": translate("Error", "The station is closing; nothing more is written down."),
        "store_conflict": translate(
            "Error", "The database refused the change: it contradicts earlier entries."
        ),
        "store_damaged": translate(
            "Error", "The database file is damaged: restore the newest backup next to it."
        ),
        "store_fault": translate("Error", "The database does not accept entries."),
        "store_newer": translate(
            "Error", "The database was written by a newer version of QC Station: install that one."
        ),
        "store_read_only": translate(
            "Error", "The database cannot be written to: check the rights of its folder."
        ),
        "store_unavailable": translate(
            "Error", "The database cannot be reached: check its server or its folder."
        ),
        "store_url": translate("Error", "The database address is not understood."),
    }
