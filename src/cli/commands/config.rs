//! `dixit config`: the settings, what holds for each, and who says so.

use crate::base::clean::{self, Safe};
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::args::{Config, Only};
use crate::cli::change::who;
use crate::cli::config::{self, PLACE};
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::settings::{Origin, SETTINGS, Setting};
use crate::cli::shape::{MaxRows, Width};
use crate::cli::world::World;
use crate::format::Expanded;

pub(super) fn run(args: &Config, world: &World<'_>) -> Result<(), Failure> {
    let Config { only, output } = args;
    let file = world.settings.file.as_deref();
    if *only == Some(Only::Path) {
        let path = file.ok_or_else(no_file)?.display().to_string();
        return world.terminal.print(&Safe::clean(&format!("{}\n", clean::line(&path))));
    }
    let rows = SETTINGS.iter().map(|setting| row(setting, output, world)).collect();
    let columns = vec![("setting", false), ("value", false), ("from", false), ("about", false)];
    lists(&[List { columns, rows }], output, world)?;
    let said = match file.map(|path| (path.exists(), config::shown(path))) {
        Some((true, path)) => format!("the file is {path}; `dixit help config` explains it"),
        Some((false, path)) => {
            format!("there is no {path} yet; `dixit help config` shows what to write")
        }
        None => "no file is read".to_owned(),
    };
    world.terminal.remark(&said);
    Ok(())
}

fn row(setting: &Setting, output: &Output, world: &World<'_>) -> Row {
    let (value, origin) = match (setting.option, told(setting.name, output, world)) {
        (Some(option), Some(told)) => (told, option.to_owned()),
        _ => match world.settings.holds(setting) {
            (value, Origin::Usual) => (usual(setting).unwrap_or(value), shown(Origin::Usual)),
            (value, origin) => (value, shown(origin)),
        },
    };
    [setting.name.to_owned(), value, origin, setting.about.to_owned()].map(Value::Text).into()
}

/// What holds where nothing is said and the machine knows it.
fn usual(setting: &Setting) -> Option<String> {
    if setting.name == "who" { who(None) } else { None }
}

/// What the command line says of a setting.
fn told(setting: &str, output: &Output, world: &World<'_>) -> Option<String> {
    match setting {
        "format" => output.format.map(|format| format.name.to_owned()),
        "color" => world.color.map(|choice| choice.name().to_owned()),
        "timeout" => {
            let told = world.timeout.filter(|_| world.timeout != world.settings.timeout);
            told.map(|timeout| timeout.as_secs_f64().to_string())
        }
        "width" => output.shape.width.map(|width| match width {
            Width::Cells(cells) => cells.to_string(),
            Width::Full => "full".to_owned(),
        }),
        "max-rows" => output.shape.max_rows.map(|most| match most {
            MaxRows::At(rows) => rows.to_string(),
            MaxRows::All => "all".to_owned(),
        }),
        "expanded" => output.shape.expanded.map(|expanded| match expanded {
            Expanded::Auto => "auto".to_owned(),
            Expanded::On => "on".to_owned(),
            Expanded::Off => "off".to_owned(),
        }),
        _ => None,
    }
}

fn shown(origin: Origin) -> String {
    match origin {
        Origin::Variable(name) => format!("${name}"),
        Origin::Line(number) => format!("config.toml:{number}"),
        Origin::Usual => "as usual".to_owned(),
    }
}

fn no_file() -> Failure {
    let message = Message::new("no file of settings is read");
    Failure::Machine(
        message.next(format!("leave out --no-config, and unset {PLACE} if it is empty")),
    )
}
