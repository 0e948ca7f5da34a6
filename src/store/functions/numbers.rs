//! Numbers: integers that never wrap, and statistics.
#![expect(clippy::unnecessary_wraps, reason = "the functions of a table have one type")]

use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

use super::wrong::{bad_argument, by_zero, too_large};
use super::{Function, integer, text};

pub(super) const FUNCTIONS: &[Function] = &[
    ("dixit_add", 3, |c| whole(c, "+", i64::checked_add)),
    ("dixit_subtract", 3, |c| whole(c, "-", i64::checked_sub)),
    ("dixit_multiply", 3, |c| whole(c, "*", i64::checked_mul)),
    ("dixit_divide", 3, |c| divided(c, "/", i64::checked_div, |a, b| a / b)),
    ("dixit_modulo", 3, |c| divided(c, "%", i64::checked_rem, |a, b| a % b)),
    ("dixit_sqrt", 1, |c| Ok(real(float(c, 0)?.sqrt()))),
    ("dixit_exp", 1, |c| Ok(real(float(c, 0)?.exp()))),
    ("dixit_ln", 1, |c| Ok(real(float(c, 0)?.ln()))),
    ("dixit_log10", 1, |c| Ok(real(float(c, 0)?.log10()))),
    ("dixit_pi", 0, |_| Ok(real(std::f64::consts::PI))),
    ("dixit_sin", 1, |c| Ok(real(float(c, 0)?.sin()))),
    ("dixit_cos", 1, |c| Ok(real(float(c, 0)?.cos()))),
    ("dixit_tan", 1, |c| Ok(real(float(c, 0)?.tan()))),
    ("dixit_e", 0, |_| Ok(real(std::f64::consts::E))),
    ("dixit_cot", 1, |c| Ok(real(float(c, 0)?.tan().recip()))),
    ("dixit_asin", 1, |c| Ok(real(float(c, 0)?.asin()))),
    ("dixit_acos", 1, |c| Ok(real(float(c, 0)?.acos()))),
    ("dixit_atan", 1, |c| Ok(real(float(c, 0)?.atan()))),
    ("dixit_atan2", 2, |c| Ok(real(float(c, 0)?.atan2(float(c, 1)?)))),
    ("dixit_sinh", 1, |c| Ok(real(float(c, 0)?.sinh()))),
    ("dixit_cosh", 1, |c| Ok(real(float(c, 0)?.cosh()))),
    ("dixit_tanh", 1, |c| Ok(real(float(c, 0)?.tanh()))),
    ("dixit_haversin", 1, |c| Ok(real((1.0 - float(c, 0)?.cos()) / 2.0))),
    ("dixit_degrees", 1, |c| Ok(real(float(c, 0)?.to_degrees()))),
    ("dixit_radians", 1, |c| Ok(real(float(c, 0)?.to_radians()))),
    ("dixit_power", 2, |c| Ok(real(float(c, 0)?.powf(float(c, 1)?)))),
    ("dixit_ceil", 1, |c| Ok(real(float(c, 0)?.ceil()))),
    ("dixit_floor", 1, |c| Ok(real(float(c, 0)?.floor()))),
    ("dixit_round", 1, |c| Ok(real(float(c, 0)?.round()))),
    ("dixit_round", 2, rounded),
    ("dixit_count", 2, count),
    ("dixit_to_int", 1, to_int),
    ("dixit_to_float", 1, to_float),
    ("dixit_to_bool", 1, to_bool),
];

/// Numbers from 0 up to 1 that look drawn by lot: a counter, stirred. It starts anew with each statement, so that an
/// answer can be had again; where the function stands tells where it starts.
pub(super) fn random(context: &mut Context<'_>) -> Result<f64> {
    let start = integer(context, 0)?;
    let count = context.get_or_create_aux(0, |_| -> std::result::Result<_, Fallible> {
        Ok(AtomicU64::new(
            start.cast_unsigned().wrapping_add(1).wrapping_mul(0x2545_F491_4F6C_DD1D),
        ))
    })?;
    let mut bits = count.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    let share = ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
    Ok(share)
}

type Fallible = Box<dyn std::error::Error + Send + Sync>;

/// A number as text: a whole one keeps its fraction, so that it is seen to be a float.
pub(super) fn shown(number: f64) -> String {
    let plain = number.to_string();
    if plain.contains(['.', 'e', 'N', 'i']) { plain } else { format!("{plain}.0") }
}

/// What is not a number has no place in a result.
pub(super) fn real(number: f64) -> Value {
    if number.is_nan() { Value::Null } else { Value::Real(number) }
}

/// How many rows to give or to leave out.
fn count(context: &Context<'_>) -> Result<Value> {
    match integer(context, 0)? {
        count @ 0.. => Ok(Value::Integer(count)),
        _ => Err(bad_argument(context, "`limit` and `offset` take a whole number from 0 up")),
    }
}

fn float(context: &Context<'_>, at: usize) -> Result<f64> {
    match context.get_raw(at) {
        #[expect(clippy::cast_precision_loss, reason = "an integer among floats is a float")]
        ValueRef::Integer(number) => Ok(number as f64),
        _ => context.get(at),
    }
}

fn whole(context: &Context<'_>, sign: &str, compute: fn(i64, i64) -> Option<i64>) -> Result<Value> {
    fitting(context, sign, (integer(context, 0)?, integer(context, 1)?), compute)
}

/// What is computed of two integers, where it is one again.
pub(super) fn fitting(
    context: &Context<'_>,
    sign: &str,
    (a, b): (i64, i64),
    compute: fn(i64, i64) -> Option<i64>,
) -> Result<Value> {
    compute(a, b)
        .map(Value::Integer)
        .ok_or_else(|| too_large(context, format!("{a} {sign} {b} is too large for an integer")))
}

fn divided(
    context: &Context<'_>,
    sign: &str,
    ints: fn(i64, i64) -> Option<i64>,
    floats: fn(f64, f64) -> f64,
) -> Result<Value> {
    if let (ValueRef::Integer(a), ValueRef::Integer(b)) = (context.get_raw(0), context.get_raw(1)) {
        if b == 0 {
            let what = format!("{a} {sign} 0: a number cannot be divided by zero");
            return Err(by_zero(context, what));
        }
        return fitting(context, sign, (a, b), ints);
    }
    let (a, b) = (float(context, 0)?, float(context, 1)?);
    if b == 0.0 {
        let what = format!("{} {sign} 0: a number cannot be divided by zero", shown(a));
        return Err(by_zero(context, what));
    }
    Ok(real(floats(a, b)))
}

fn rounded(context: &Context<'_>) -> Result<Value> {
    let digits = i32::try_from(integer(context, 1)?.clamp(-300, 300)).unwrap_or_default();
    let scale = 10f64.powi(digits);
    let number = float(context, 0)?;
    let result = (number * scale).round() / scale;
    Ok(real(if result.is_finite() { result } else { number }))
}

pub(super) fn to_int(context: &Context<'_>) -> Result<Value> {
    Ok(match context.get_raw(0) {
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => truncated(number).map_or(Value::Null, Value::Integer),
        _ => {
            let text = text(context, 0);
            let plain = text.trim();
            let number = plain.parse().ok().or_else(|| plain.parse().ok().and_then(truncated));
            number.map_or(Value::Null, Value::Integer)
        }
    })
}

#[expect(clippy::cast_possible_truncation, reason = "only numbers that fit are truncated")]
fn truncated(number: f64) -> Option<i64> {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    fits.then(|| number.trunc() as i64)
}

pub(super) fn to_float(context: &Context<'_>) -> Result<Value> {
    Ok(text(context, 0).trim().parse().map_or(Value::Null, real))
}

pub(super) fn to_bool(context: &Context<'_>) -> Result<Value> {
    Ok(match text(context, 0).trim().to_lowercase().as_str() {
        "true" | "1" => Value::Integer(1),
        "false" | "0" => Value::Integer(0),
        _ => Value::Null,
    })
}

pub(super) fn register_aggregates(connection: &Connection, flags: FunctionFlags) -> Result<()> {
    connection.create_aggregate_function("dixit_stddev", 1, flags, Deviation { sample: true })?;
    let whole = Deviation { sample: false };
    connection.create_aggregate_function("dixit_stddev_pop", 1, flags, whole)?;
    let between = Percentile { one: false };
    connection.create_aggregate_function("dixit_percentile", 3, flags, between)?;
    let one = Percentile { one: true };
    connection.create_aggregate_function("dixit_percentile_disc", 3, flags, one)
}

/// The standard deviation of a sample or of all there is, by Welford's method.
struct Deviation {
    sample: bool,
}

#[derive(Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Aggregate<Moments, Option<f64>> for Deviation {
    fn init(&self, _: &mut Context<'_>) -> Result<Moments> {
        Ok(Moments::default())
    }

    fn step(&self, context: &mut Context<'_>, moments: &mut Moments) -> Result<()> {
        if matches!(context.get_raw(0), ValueRef::Null) {
            return Ok(());
        }
        let value = float(context, 0)?;
        moments.count += 1.0;
        let away = value - moments.mean;
        moments.mean += away / moments.count;
        moments.squares += away * (value - moments.mean);
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, moments: Option<Moments>) -> Result<Option<f64>> {
        let Some(moments) = moments.filter(|moments| moments.count > 0.0) else { return Ok(None) };
        if moments.count < 2.0 {
            return Ok(Some(0.0));
        }
        let count = if self.sample { moments.count - 1.0 } else { moments.count };
        Ok(Some((moments.squares / count).sqrt()))
    }
}

/// The value below which a share of the values lies: interpolated between neighbours, or one of them.
struct Percentile {
    one: bool,
}

#[derive(Default)]
struct Values {
    all: Vec<(f64, Option<i64>)>,
    share: f64,
}

impl Aggregate<Values, Value> for Percentile {
    fn init(&self, _: &mut Context<'_>) -> Result<Values> {
        Ok(Values::default())
    }

    fn step(&self, context: &mut Context<'_>, values: &mut Values) -> Result<()> {
        if matches!(context.get_raw(0), ValueRef::Null) {
            return Ok(());
        }
        let whole =
            if let ValueRef::Integer(number) = context.get_raw(0) { Some(number) } else { None };
        values.all.push((float(context, 0)?, whole));
        values.share = float(context, 1)?;
        if (0.0..=1.0).contains(&values.share) {
            return Ok(());
        }
        let what = format!(
            "a percentile is asked for as a share from 0 to 1, not {}",
            shown(values.share)
        );
        Err(bad_argument(context, what))
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of rows are far below 2^52, and the place lies within the list"
    )]
    fn finalize(&self, _: &mut Context<'_>, values: Option<Values>) -> Result<Value> {
        let Some(Values { mut all, share }) = values else { return Ok(Value::Null) };
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        if self.one {
            let place = (share * all.len() as f64).ceil() as usize;
            let found = all.get(place.saturating_sub(1));
            return Ok(found.map_or(Value::Null, |(value, whole)| {
                whole.map_or(Value::Real(*value), Value::Integer)
            }));
        }
        let place = share * all.len().saturating_sub(1) as f64;
        let below = place.floor() as usize;
        let (Some((low, _)), high) = (all.get(below), all.get(below + 1)) else {
            return Ok(Value::Null);
        };
        Ok(Value::Real(high.map_or(*low, |(high, _)| low + (high - low) * place.fract())))
    }
}
