"""FEEL, the Friendly Enough Expression Language of DMN 1.5: pure, bounded, and the same answer on every machine."""

from pdflow.feel.boundary import from_python, to_python
from pdflow.feel.encoding import EncodingError, decode, encode
from pdflow.feel.errors import BudgetExceeded, FeelError, FeelSyntaxError, FeelWarning
from pdflow.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    evaluate,
    unary_tests,
)
from pdflow.feel.values import Date, DateTime, DaysTimeDuration, Function, Range, Time, YearsMonthsDuration

__all__ = [
    "BudgetExceeded",
    "Date",
    "DateTime",
    "DaysTimeDuration",
    "EncodingError",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "FeelWarning",
    "Function",
    "Range",
    "Time",
    "UnaryTests",
    "YearsMonthsDuration",
    "compile_expression",
    "compile_unary_tests",
    "decode",
    "encode",
    "evaluate",
    "from_python",
    "to_python",
    "unary_tests",
]
