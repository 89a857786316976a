from __future__ import annotations

from pdflow import dmn, feel


def test_the_public_names_are_these() -> None:
    assert sorted(feel.__all__) == [
        "BudgetExceeded", "Date", "DateTime", "DaysTimeDuration", "EncodingError", "Expression", "FeelError",
        "FeelSyntaxError", "FeelWarning", "Function", "Range", "Time", "UnaryTests", "YearsMonthsDuration",
        "compile_expression", "compile_unary_tests", "decode", "encode", "evaluate", "from_python", "to_python",
        "unary_tests",
    ]  # fmt: skip
    assert sorted(dmn.__all__) == ["DmnError", "Model", "ModelError", "load"]


def test_error_codes_are_stable() -> None:
    codes = {
        cls: cls.code
        for cls in (feel.FeelError, feel.FeelSyntaxError, feel.BudgetExceeded, feel.EncodingError)
    }
    assert list(codes.values()) == ["feel", "feel-syntax", "feel-budget", "feel-encoding"]
    assert dmn.DmnError.code == "dmn"
