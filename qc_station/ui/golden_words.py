"""Golden-sample checks in words. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.golden import CheckResult, RetryReason, SampleResult
from qc_station.ui.messages import number, verdict_title

translate = QCoreApplication.translate


def result_word(result: CheckResult) -> str:
    """How a check ended, in capitals."""
    return {
        CheckResult.PASSED: translate("Golden", "PASSED"),
        CheckResult.FAILED: translate("Golden", "FAILED"),
        CheckResult.CANCELLED: translate("Golden", "CANCELLED"),
        CheckResult.RELEASED: translate("Golden", "RELEASED"),
    }[result]


def result_title(result: CheckResult) -> str:
    """How a check ended, in a line of text."""
    return {
        CheckResult.PASSED: translate("Golden", "passed"),
        CheckResult.FAILED: translate("Golden", "failed"),
        CheckResult.CANCELLED: translate("Golden", "cancelled"),
        CheckResult.RELEASED: translate("Golden", "released without a check"),
    }[result]


def retry_title(reason: RetryReason) -> str:
    """Why a sample is laid in once more."""
    return {
        RetryReason.MISPLACED: translate("Golden", "Lay badly"),
        RetryReason.WRONG_SAMPLE: translate("Golden", "Wrong sample"),
        RetryReason.DIRTY: translate("Golden", "Was dirty"),
    }[reason]


def band_words(low: float, high: float) -> str:
    """From … to …."""
    return translate("Golden", "{low} … {high}").format(low=number(low), high=number(high))


def answer_words(result: SampleResult) -> str:
    """What the station said of a sample, and where it does not fit, what was expected."""
    said = verdict_title(result.verdict)
    if result.score is not None:
        said = translate("Golden", "{verdict}, score {score}").format(
            verdict=said, score=number(result.score)
        )
    if result.passed:
        return said
    if result.verdict is not result.expected or result.band is None:
        return translate("Golden", "{said} instead of {expected}").format(
            said=said, expected=verdict_title(result.expected)
        )
    return translate("Golden", "{said}: outside {band}").format(
        said=said, band=band_words(*result.band)
    )


def clock_words(seconds: int) -> str:
    """Minutes and seconds that are left of the time planned."""
    if seconds >= 0:
        return translate("Golden", "{time} left").format(time=f"{seconds // 60}:{seconds % 60:02d}")
    over = -seconds
    return translate("Golden", "{time} over time").format(time=f"{over // 60}:{over % 60:02d}")
