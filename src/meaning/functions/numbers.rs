//! Functions of numbers.

use super::Means::{Checked, Sql};
use super::Takes::{Int as I, Number as N};
use super::{Function, Gives, row};

const FLOAT: Gives = Gives::Float;

pub(super) const FUNCTIONS: &[Function] = &[
    row("abs", &[N], Gives::First, Sql("abs"), "without its sign"),
    Function {
        aliases: &["ceiling"],
        ..row("ceil", &[N], FLOAT, Sql("dixit_ceil"), "the next whole number up")
    },
    row("floor", &[N], FLOAT, Sql("dixit_floor"), "the next whole number down"),
    Function {
        optional: 1,
        ..row("round", &[N, I], FLOAT, Sql("dixit_round"), "rounded, half away from zero")
    },
    row("sign", &[N], Gives::Int, Sql("sign"), "-1, 0 or 1"),
    row("sqrt", &[N], FLOAT, Sql("dixit_sqrt"), "the square root"),
    row("exp", &[N], FLOAT, Sql("dixit_exp"), "e to that power"),
    Function {
        aliases: &["ln"],
        ..row("log", &[N], FLOAT, Sql("dixit_ln"), "the natural logarithm")
    },
    row("log10", &[N], FLOAT, Sql("dixit_log10"), "the decimal logarithm"),
    row("power", &[N, N], FLOAT, Sql("dixit_power"), "the first to the power of the second"),
    row("pi", &[], FLOAT, Sql("dixit_pi"), "3.14159…"),
    row("e", &[], FLOAT, Sql("dixit_e"), "2.71828…"),
    row("sin", &[N], FLOAT, Sql("dixit_sin"), "the sine"),
    row("cos", &[N], FLOAT, Sql("dixit_cos"), "the cosine"),
    row("tan", &[N], FLOAT, Sql("dixit_tan"), "the tangent"),
    row("cot", &[N], FLOAT, Sql("dixit_cot"), "the cotangent"),
    row("asin", &[N], FLOAT, Sql("dixit_asin"), "the angle with this sine, if there is one"),
    row("acos", &[N], FLOAT, Sql("dixit_acos"), "the angle with this cosine, if there is one"),
    row("atan", &[N], FLOAT, Sql("dixit_atan"), "the angle with this tangent"),
    row("atan2", &[N, N], FLOAT, Sql("dixit_atan2"), "the angle of the point x, y given as y, x"),
    row("sinh", &[N], FLOAT, Sql("dixit_sinh"), "the hyperbolic sine"),
    row("cosh", &[N], FLOAT, Sql("dixit_cosh"), "the hyperbolic cosine"),
    row("tanh", &[N], FLOAT, Sql("dixit_tanh"), "the hyperbolic tangent"),
    row("haversin", &[N], FLOAT, Sql("dixit_haversin"), "half the versed sine"),
    row("degrees", &[N], FLOAT, Sql("dixit_degrees"), "an angle in degrees"),
    row("radians", &[N], FLOAT, Sql("dixit_radians"), "an angle given in degrees"),
    row(
        "rand",
        &[],
        FLOAT,
        Checked("dixit_rand"),
        "a number from 0 up to 1; asked again, the same numbers come again",
    ),
];
