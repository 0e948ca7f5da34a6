//! `dixit export FORMAT`: the graph, or what is made of it, in a form that other programs read.

use std::path::{Path, PathBuf};

use crate::base::closest::closest;
use crate::base::count::counted;
use crate::cli::args::Export;
use crate::cli::clock;
use crate::cli::engine::Store;
use crate::cli::export::Asked;
use crate::cli::failure::{Failure, Message};
use crate::cli::output::place;
use crate::cli::stores::is_store;
use crate::cli::world::World;
use crate::export::exporters::{EXPORTERS, named, of_ending};
use crate::export::out::{Folder, Out};
use crate::export::{Exporter, Options, Report, Takes};

pub(super) fn run(args: &Export, world: World<'_>) -> Result<(), Failure> {
    // A word is a format, unless it is the path of a store.
    let (store, name) = match args.words.as_slice() {
        [store, name, ..] => (Some(store), Some(name)),
        [store] if is_store(Path::new(store)) => (Some(store), None),
        [name] => (None, Some(name)),
        [] => (None, None),
    };
    let form = form(name.or(args.format.as_ref()), args)?;
    let world = world.about(store.map(PathBuf::from));
    let path = world.store()?;
    let options = options(args, form, &path)?;
    let store = Store::open_held(&path, world.timeout)?;
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    // Data that runs over the screen shows itself how far it is.
    let watched = file.is_some() || !world.terminal.look().live;
    let asked = Asked::new(&store, &world, watched)?;
    let report = if form.folder {
        let Some(path) = file else { return Err(needs_a_folder(form)) };
        let mut folder = Folder::begin(path).map_err(|error| asked.failure(error, None))?;
        (form.write)(&asked, &options, &mut Out::folder(&mut folder))
            .and_then(|report| folder.finish().map(|()| report))
            .map_err(|error| asked.failure(error, None))?
    } else {
        let mut target = place(file, world.terminal)?;
        let written = (form.write)(&asked, &options, &mut Out::one(target.writer()));
        let report = written.map_err(|error| asked.failure(error, Some(&target)))?;
        target.close()?;
        report
    };
    asked.clear();
    tell(&report, file, &world);
    Ok(())
}

/// The form: as told, or as the file's ending tells.
fn form(word: Option<&String>, args: &Export) -> Result<&'static Exporter, Failure> {
    let file = args.output.as_deref();
    let ending = file.and_then(Path::extension).and_then(|ending| ending.to_str());
    match (word, ending) {
        (Some(word), _) => named(word).ok_or_else(|| unknown(word)),
        (None, Some(ending)) => of_ending(ending).ok_or_else(|| {
            let shown = file.map(|file| file.display().to_string()).unwrap_or_default();
            let message = format!("the name {shown} does not tell the format");
            Failure::Usage(Message::new(message).next(format!("name one: {}", names())))
        }),
        (None, None) => {
            let message = Message::new("what is it to be written as?");
            Err(Failure::Usage(message.next(format!("name a format: {}", names()))))
        }
    }
}

fn unknown(word: &str) -> Failure {
    let message = Message::new(format!("there is no format `{word}` to export"));
    let known = EXPORTERS.iter().flat_map(|one| [&[one.name], one.aliases].concat());
    let near = closest(word, known);
    Failure::Usage(message.meant(near, &format!("there are {}", names())))
}

fn names() -> String {
    let names: Vec<&str> = EXPORTERS.iter().map(|one| one.name).collect();
    names.join(", ")
}

fn needs_a_folder(exporter: &Exporter) -> Failure {
    let message = Message::new(format!("{} is a folder of files", exporter.name));
    let next = format!("say where it goes: dixit export {} -o FOLDER", exporter.name);
    Failure::Usage(message.next(next))
}

/// What the line says, with what this form has no use for refused.
fn options(args: &Export, exporter: &Exporter, store: &Path) -> Result<Options, Failure> {
    let Export { words: _, format: _, output: _, projection, actor, claim, min } = args;
    for (option, given) in [
        (Takes::Projection, projection.is_some()),
        (Takes::Actor, actor.is_some()),
        (Takes::Claim, claim.is_some()),
        (Takes::Min, min.is_some()),
    ] {
        if given && !exporter.takes.contains(&option) {
            let message = format!("--{} says nothing about {}", option.name(), exporter.name);
            let fitting: Vec<&str> = EXPORTERS
                .iter()
                .filter(|one| one.takes.contains(&option))
                .map(|one| one.name)
                .collect();
            let next = format!("it is for {}: leave it out", fitting.join(", "));
            return Err(Failure::Usage(Message::new(message).next(next)));
        }
    }
    let name = store.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Options {
        projection: projection.clone(),
        actor: actor.clone(),
        claim: claim.clone(),
        min: *min,
        store: name,
        now: clock::now(),
    })
}

/// Says what was written and what was not.
fn tell(report: &Report, file: Option<&Path>, world: &World<'_>) {
    let Report { written, left_out, remarks } = report;
    let listed = |counts: &[(String, u64)]| {
        let counts: Vec<String> =
            counts.iter().map(|(noun, count)| counted(*count, noun)).collect();
        counts.join(", ")
    };
    let what = if written.is_empty() { "nothing".to_owned() } else { listed(written) };
    let place = file.map(|path| format!(" into {}", path.display())).unwrap_or_default();
    world.terminal.remark(&format!("wrote {what}{place}"));
    if !left_out.is_empty() {
        let left = listed(left_out);
        world.terminal.remark(&format!("left out {left}: the format has no place for them"));
    }
    for remark in remarks {
        world.terminal.remark(&format!("note: {remark}"));
    }
}
