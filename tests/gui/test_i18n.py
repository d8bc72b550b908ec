"""Words in both languages: classes, errors, numbers; unknown ones stay readable."""

from __future__ import annotations

import pytest
from fakes import make_part

from qc_station.domain.verdict import Label, Reason, Verdict
from qc_station.services.health import HealthItem, HealthLevel
from qc_station.ui import messages, state_messages
from qc_station.ui.i18n import LanguageSwitch

CLASSES = (
    "bent_wire", "cable_swap", "combined", "cut_inner_insulation", "cut_outer_insulation",
    "missing_cable", "missing_wire", "poke_insulation", "broken_large", "broken_small",
    "contamination", "blowhole", "break", "crack", "fray", "uneven",
)  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_known_classes_have_their_own_french_title(name: str, language: LanguageSwitch) -> None:
    english = messages.class_title(name)
    language.switch("fr")
    french = messages.class_title(name)
    assert english and french
    assert "_" not in english + french
    assert english != french or name == "contamination"


def test_unknown_class_is_made_readable() -> None:
    assert messages.class_title("glue_strip") == "Glue strip"
    assert messages.class_title("MT_Blowhole") == "Blowhole"


def test_numbers_follow_the_language(language: LanguageSwitch) -> None:
    assert messages.number(1234.5, 1) == "1,234.5"
    assert messages.percent(0.925, 1) == "92.5 %"
    assert messages.percent(None) == "–"
    language.switch("fr")
    assert messages.number(1234.5, 1).replace("\u202f", " ") == "1 234,5"


def test_limits_that_look_equal_get_more_decimals() -> None:
    assert messages.figures(2.1234, 2.1235) == ["2.1234", "2.1235"]
    assert messages.figures(2.1, 3.4) == ["2.10", "3.40"]


def test_unknown_error_falls_back_to_its_own_sentence() -> None:
    assert messages.error_sentence("never_heard_of", "The lamp is off.") == "The lamp is off."
    assert "never_heard_of" in messages.error_sentence("never_heard_of")


def test_every_word_of_the_vocabulary_exists_in_both_languages(language: LanguageSwitch) -> None:
    for code in ("en", "fr"):
        language.switch(code)
        for verdict in Verdict:
            assert messages.verdict_word(verdict) and messages.verdict_title(verdict)
        for reason in Reason:
            assert messages.reason_sentence(reason) and messages.reason_title(reason)
        for label in Label:
            assert messages.label_title(label)


def test_unknown_language_is_english(language: LanguageSwitch) -> None:
    language.switch("xx")
    assert language.code == "en"


def test_too_few_known_parts_are_said_with_numbers(language: LanguageSwitch) -> None:
    inspection = make_part(1, Verdict.REVIEW, Reason.NOT_SUPPORTED).inspection
    said = messages.reason_sentence(Reason.NOT_SUPPORTED, inspection)
    assert said == (
        "Score 2.46 is above the OK limit 2.12; the model knows too few parts to call it NG."
    )
    language.switch("fr")
    assert "2,46" in messages.reason_sentence(Reason.NOT_SUPPORTED, inspection)
    plain = messages.reason_sentence(Reason.NOT_SUPPORTED)
    assert plain and "{" not in plain


@pytest.mark.parametrize(
    ("name", "code"),
    [("camera", "camera_timeout"), ("database", "fault"), ("disk", "unknown")],
)
def test_health_tooltips_speak_the_language_of_the_window(
    name: str, code: str, language: LanguageSwitch
) -> None:
    item = HealthItem(name, HealthLevel.FAIL, code, {"sentence": "An English sentence."})
    language.switch("fr")
    tooltip = state_messages.health_tooltip(item)
    assert "English" not in tooltip
    assert len(tooltip.splitlines()) == 3


def test_a_health_code_without_words_keeps_its_sentence() -> None:
    item = HealthItem("camera", HealthLevel.FAIL, "never_heard", {"sentence": "It burns."})
    assert "It burns." in state_messages.health_tooltip(item)
