"""Alerts in words of both languages (AL-4)."""

from services.escalation.domain import words


def test_a_region_is_named_as_it_is_written_and_an_english_sentence_begins_with_a_capital():
    told = words.alert("major_case", "major", "south.guangdong", "260000000017", None)
    assert told.zh == "south.guangdong有重大情况，工单260000000017。"
    assert told.en == "Major case 260000000017 in south.guangdong."
