//! The files that a script names with `use`: looked for beside it, then where saved queries are found. Each is read once,
//! with those that it uses itself; a circle is a mistake.

use std::fs;
use std::path::{Path, PathBuf};

use super::library::{Library, Place};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::{MOST_USED, Source, read_text};
use crate::lang::{self, ast::Use};

/// The script with the files that it uses; mistakes in how they are named are told.
pub fn with_used(
    mut source: Source,
    folder: Option<&Path>,
    library: &Library,
) -> (Source, Diagnostics) {
    // What cannot be read is told by whoever reads the script.
    let uses = lang::parse_all(&source).map(|script| script.uses).unwrap_or_default();
    if uses.is_empty() {
        return (source, Diagnostics::new());
    }
    let mut gathering =
        Gathering { library, source: &mut source, known: Vec::new(), mistakes: Vec::new() };
    gathering.all(&uses, folder, &mut Vec::new());
    let mistakes = gathering.mistakes;
    (source, mistakes)
}

/// Which file: two names of one file are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Id {
    File(PathBuf),
    Shipped(String),
}

struct Gathering<'g> {
    library: &'g Library,
    source: &'g mut Source,
    known: Vec<Id>,
    mistakes: Diagnostics,
}

impl Gathering<'_> {
    /// The files named by these lines, which stand in the last file of the way.
    fn all(&mut self, uses: &[Use], folder: Option<&Path>, way: &mut Vec<(Id, String)>) {
        for one in uses {
            if let Err(mistake) = self.one(one, folder, way) {
                self.mistakes.push(mistake);
            }
        }
    }

    fn one(
        &mut self,
        named: &Use,
        folder: Option<&Path>,
        way: &mut Vec<(Id, String)>,
    ) -> Result<(), Diagnostic> {
        let (id, file, folder) = self.find(named, folder)?;
        if let Some(at) = way.iter().position(|(other, _)| *other == id) {
            let circled: Vec<&str> = way.iter().skip(at).map(|(_, name)| name.as_str()).collect();
            return Err(circle(named, &circled));
        }
        if self.known.contains(&id) {
            return Ok(());
        }
        if self.known.len() >= MOST_USED {
            return Err(too_many(named));
        }
        self.known.push(id.clone());
        let begin = self.source.add_used(file.clone());
        match lang::parse_from(&file, begin) {
            Ok(script) => {
                way.push((id, named.path.clone()));
                self.all(&script.uses, folder.as_deref(), way);
                way.pop();
                let gives = !(script.uses.is_empty() && script.definitions.is_empty());
                if gives { Ok(()) } else { Err(defines_nothing(named)) }
            }
            Err(mistakes) => {
                self.mistakes.extend(mistakes);
                Ok(())
            }
        }
    }

    /// The file that is meant, and the folder it lies in.
    fn find(
        &self,
        named: &Use,
        folder: Option<&Path>,
    ) -> Result<(Id, Source, Option<PathBuf>), Diagnostic> {
        let path = Path::new(&named.path);
        let folders = folder.into_iter().chain(self.library.folders.iter().map(PathBuf::as_path));
        let found = folders.map(|folder| folder.join(path)).find(|path| path.is_file());
        if let Some(path) = found {
            let read = fs::File::open(&path).and_then(read_text);
            let text = read.map_err(|error| unreadable(named, &error.to_string()))?;
            let shown = path.strip_prefix(".").unwrap_or(&path).display().to_string();
            let id = Id::File(path.canonicalize().unwrap_or_else(|_| path.clone()));
            return Ok((id, Source::file(shown, text), path.parent().map(Path::to_owned)));
        }
        let name = named.path.strip_suffix(".dixit").unwrap_or(&named.path);
        match Library::default().find(name) {
            Ok(found) if found.place == Place::Shipped => {
                Ok((Id::Shipped(found.name), found.source, None))
            }
            _ => Err(missing(named, self.library.nearest(name).as_deref())),
        }
    }
}

/// D0712: a `use` line names a file that is nowhere.
fn missing(named: &Use, near: Option<&str>) -> Diagnostic {
    let message = format!("there is no file `{}`", named.path);
    Diagnostic::error("D0712", named.named, message)
        .here_if(near.map(|near| format!("did you mean `{near}.dixit`?")))
        .help("it is looked for beside this file, then in the folders of saved queries")
}

/// D0713: files that use each other in a circle.
fn circle(named: &Use, way: &[&str]) -> Diagnostic {
    let others = way.iter().skip(1).map(|name| format!("`{name}`, which uses "));
    let first = way.first().copied().unwrap_or_default();
    let message = format!(
        "`{first}` uses {}",
        if way.len() < 2 { "itself".to_owned() } else { others.collect::<String>() + "it again" }
    );
    Diagnostic::error("D0713", named.named, message)
        .help("put what both need into a file of its own")
}

/// D0714: a file that is used cannot be read.
fn unreadable(named: &Use, error: &str) -> Diagnostic {
    let why = error.split(" (os error").next().unwrap_or(error);
    Diagnostic::error("D0714", named.named, format!("`{}` cannot be read: {why}", named.path))
}

/// D0715: a file that is used defines nothing.
fn defines_nothing(named: &Use) -> Diagnostic {
    Diagnostic::error("D0715", named.named, format!("`{}` defines nothing", named.path))
        .help("leave the line out, or name a file with `define` in it")
}

/// D0716: more files than a script may use.
fn too_many(named: &Use) -> Diagnostic {
    let message = format!("a script may use {MOST_USED} files, and this is one more");
    Diagnostic::error("D0716", named.named, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let library = Library { folders: vec![folder.path().to_owned()] };
        (folder, library)
    }

    fn codes(text: &str, library: &Library) -> Vec<&'static str> {
        let (_, mistakes) = with_used(Source::inline(text), None, library);
        mistakes.iter().map(|one| one.code).collect()
    }

    #[test]
    fn a_file_is_read_once_with_what_it_uses() {
        let (_folder, library) = files(&[
            ("a.dixit", "use 'c.dixit'\ndefine a() as c()"),
            ("b.dixit", "use 'c.dixit'\nuse './c.dixit'\ndefine b() as c()"),
            ("c.dixit", "define c() as 1"),
        ]);
        let text = "use 'a.dixit'\nuse 'b.dixit'\nreturn a() + b() as n";
        let (source, mistakes) = with_used(Source::inline(text), None, &library);
        assert_eq!(mistakes, []);
        assert_eq!(source.used().count(), 3);
        let saved = crate::script::read(&source).unwrap();
        assert_eq!(saved.definitions.len(), 3);
    }

    #[test]
    fn mistakes_have_a_place_in_the_file_they_are_in() {
        let (_folder, library) = files(&[
            ("a.dixit", "use 'b.dixit'\ndefine a() as 1"),
            ("b.dixit", "use 'a.dixit'\ndefine b() as 1"),
            ("self.dixit", "use 'self.dixit'\ndefine b() as 1"),
            ("broken.dixit", "define b() as ("),
            ("asks.dixit", "return 1"),
        ]);
        assert_eq!(codes("use 'a.dixit'\nreturn 1", &library), ["D0713"]);
        assert_eq!(codes("use 'self.dixit'\nreturn 1", &library), ["D0713"]);
        assert_eq!(codes("use 'none.dixit'\nreturn 1", &library), ["D0712"]);
        assert_eq!(codes("use 'asks.dixit'\nreturn 1", &library), ["D0715"]);
        let (source, mistakes) =
            with_used(Source::inline("use 'broken.dixit'\nreturn 1"), None, &library);
        let (begin, _) = source.used().next().unwrap();
        assert!(mistakes[0].labels[0].span.start >= begin, "{mistakes:?}");
    }
}
