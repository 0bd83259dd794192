"""F1, false alarms and calibration on cases worked out by hand."""

import numpy as np
import pytest

from pipeline.classify.scores import best_threshold, brier, calibration_error, f1, intervals, per_area, reliability, summary

TRUTH = np.array([[1, 0], [1, 1], [0, 0], [0, 0]], dtype=bool)
DECIDED = np.array([[1, 0], [0, 1], [1, 0], [0, 0]], dtype=bool)


def test_f1_and_false_alarms_are_those_of_the_scorer_of_the_gold_passages() -> None:
    assert f1(TRUTH, DECIDED).tolist() == [0.5, 1.0]
    assert summary(TRUTH, DECIDED) == {"macro_f1": 0.75, "micro_f1": pytest.approx(2 / 3), "false_alarms": 0.5}


def test_an_area_that_never_occurs_does_not_count_for_the_mean() -> None:
    wider = np.hstack([TRUTH, np.zeros((4, 1), dtype=bool)]), np.hstack([DECIDED, np.zeros((4, 1), dtype=bool)])
    assert summary(*wider)["macro_f1"] == 0.75


def test_each_area_has_its_own_row() -> None:
    first, second = per_area(TRUTH, DECIDED, ["a", "b"])
    assert first == {"area": "a", "positives": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert second["f1"] == 1.0


def test_a_perfectly_sure_and_right_classifier_has_no_error() -> None:
    truth = np.repeat([[True], [False]], 20, axis=0)
    assert calibration_error(truth, truth.astype(float)) == brier(truth, truth.astype(float)) == 0.0


def test_the_calibration_error_is_the_mean_gap_of_ten_bins() -> None:
    truth = np.tile([[True], [False]], (50, 1))
    assert calibration_error(truth, np.full((100, 1), 0.9)) == pytest.approx(0.4)
    bins = reliability(truth[:, 0], np.linspace(0, 1, 100))
    assert [n for _, _, n in bins] == [10] * 10 and bins[0][0] < bins[-1][0]


def test_areas_with_few_positives_say_nothing_about_calibration() -> None:
    truth = np.zeros((100, 1), dtype=bool)
    truth[:9] = True
    assert calibration_error(truth, np.full((100, 1), 0.9)) == 0.0


def test_intervals_hold_the_value_and_come_out_the_same_twice() -> None:
    truth, decided = np.tile(TRUTH, (20, 1)), np.tile(DECIDED, (20, 1))
    groups = [f"document {i // 3}" for i in range(80)]
    low, high = intervals(truth, decided, groups)["micro_f1"]
    assert low < 2 / 3 < high
    assert intervals(truth, decided, groups) == intervals(truth, decided, groups)


def test_the_best_threshold_parts_right_from_wrong() -> None:
    truth, value = np.array([False, False, True, True]), np.array([0.1, 0.4, 0.6, 0.9])
    assert best_threshold(truth, value, np.ones(4), np.array([0.2, 0.5, 0.7])) == 0.5
