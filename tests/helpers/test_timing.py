from helpers.timing import show_times


def test_times_are_told_side_by_side(capsys):
    show_times({"first": "x + 1", "second": "x + 2"}, {"x": 1})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("first:")
    assert first.endswith("1.0 times the first")
    assert second.startswith("second:")
