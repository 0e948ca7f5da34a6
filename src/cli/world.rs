//! What a command knows of the world around it: the terminal, the store it is about, the limits, the saved queries.

use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;

use super::args::Global;
use super::colour::Choice;
use super::engine::Store;
use super::failure::{Failure, Message, note};
use super::settings::Settings;
use super::stores;
use super::terminal::Terminal;
use crate::script::library::Library;

/// The world of one command.
#[derive(Debug, Clone)]
pub(crate) struct World<'t> {
    /// Where to print.
    pub(crate) terminal: &'t Terminal,
    /// How long a query may take.
    pub(crate) timeout: Option<Duration>,
    /// The folder to look in for stores and queries.
    pub(crate) folder: PathBuf,
    /// The saved queries.
    pub(crate) library: Library,
    /// Whether to say how long an answer took.
    pub(crate) timed: bool,
    /// Values for parameters that a session remembers.
    pub(crate) remembered: Vec<(String, String)>,
    /// What the user settled once for all.
    pub(crate) settings: Settings,
    /// When to use colours, as the command line says.
    pub(crate) color: Option<Choice>,
    /// The store as named on the command line.
    db: Option<PathBuf>,
}

impl<'t> World<'t> {
    /// The world of this process.
    pub(crate) fn new(terminal: &'t Terminal, global: Global, settings: Settings) -> Self {
        let Global { db, color, timeout, queries, no_config: _ } = global;
        let folder = PathBuf::from(".");
        let own = queries.into_iter().chain([projects_queries()]);
        let folders = own.chain(settings.queries.iter().cloned()).chain(users_queries()).collect();
        let timeout = timeout.or(settings.timeout);
        let (timed, remembered) = (true, Vec::new());
        let library = Library { folders };
        Self { terminal, timeout, folder, library, timed, remembered, settings, color, db }
    }

    /// The same world with what a later part of the command line says.
    pub(crate) fn with(self, global: Global) -> Self {
        let Global { db, color: _, timeout, queries, no_config: _ } = global;
        let world = self.looking_in(queries);
        Self { db: db.or(world.db), timeout: timeout.or(world.timeout), ..world }
    }

    /// The same world with further folders of saved queries, looked into first.
    pub(crate) fn looking_in(self, first: Vec<PathBuf>) -> Self {
        let folders = first.into_iter().chain(self.library.folders).collect();
        Self { library: Library { folders }, ..self }
    }

    /// The same world, seen on another terminal.
    pub(crate) fn on(self, terminal: &Terminal) -> World<'_> {
        let Self { terminal: _, timeout, folder, library, timed, remembered, settings, color, db } =
            self;
        World { terminal, timeout, folder, library, timed, remembered, settings, color, db }
    }

    /// The terminal, showing what is longer than the screen a page at a time.
    pub(crate) fn screen(&self) -> Terminal {
        let terminal = Terminal::new(self.color.unwrap_or(self.settings.color));
        terminal.paged(self.settings.pager.as_deref())
    }

    /// The same world, about this store if one is given.
    pub(crate) fn about(self, store: Option<PathBuf>) -> Self {
        Self { db: store.or(self.db), ..self }
    }

    /// The store as named on the command line, be it there or not.
    pub(crate) fn named(&self) -> Option<&Path> {
        self.db.as_deref()
    }

    /// The store this command is about: `--db`, else `$DIXIT_DB`, else the only one in the folder.
    pub(crate) fn store(&self) -> Result<PathBuf, Failure> {
        let named = std::env::var_os("DIXIT_DB").filter(|value| !value.is_empty());
        match self.db.clone().or(named.map(PathBuf::from)) {
            Some(path) => stores::named(path),
            None => stores::only_one_in(&self.folder),
        }
    }
}

impl World<'_> {
    /// Opens the store this command is about, to ask it. That it is of another version is said.
    pub(crate) fn open(&self) -> Result<Store, Failure> {
        self.open_at(&self.store()?)
    }

    /// The same for a store at hand.
    pub(crate) fn open_at(&self, path: &Path) -> Result<Store, Failure> {
        let store = Store::open_any(path, self.timeout)?;
        if let Some(version) = store.other_version() {
            let message = of_another_version(path, version);
            self.terminal.say(&note(&message, self.terminal.style().colour));
        }
        Ok(store)
    }
}

fn of_another_version(path: &Path, version: i64) -> Message {
    let path = path.display();
    let newer = version > crate::store::newest_version();
    let told = |made: &str, how: &str| {
        Message::new(format!("{path} was made by {made} dixit (store version {version}): {how}"))
    };
    if newer {
        return told("a newer", "what only that one knows is not seen, and nothing can be changed");
    }
    told("an older", "it is read through a copy that is brought up to date")
        .next(format!("`dixit upgrade {path}` does that for good"))
}

/// The project's folder of saved queries: `queries`, here or in the nearest folder around that has one. The search ends
/// at the top of a repository and at the user's own folder.
fn projects_queries() -> PathBuf {
    let here = PathBuf::from("queries");
    let Ok(start) = std::env::current_dir() else { return here };
    let home = etcetera::home_dir().ok();
    for (height, folder) in start.ancestors().enumerate() {
        if folder.join("queries").is_dir() {
            let up: PathBuf = std::iter::repeat_n("..", height).collect();
            return up.join(here);
        }
        if folder.join(".git").exists() || home.as_deref() == Some(folder) {
            break;
        }
    }
    here
}

/// The user's own folder of saved queries.
fn users_queries() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.data_dir().join("dixit").join("queries"))
}
