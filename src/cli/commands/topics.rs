//! What `dixit help` can explain besides commands, most of it in the words of `docs/`. A new topic is a row of `TOPICS`.

use crate::cli::failure::EXIT_CODES;
use crate::cli::gallery;
use crate::cli::page::{self, Paper};
use crate::cli::reference;
use crate::meaning::functions::{self, AGGREGATES, Aggregate, Function, Takes};

/// A topic.
pub(in crate::cli) struct Topic {
    pub(in crate::cli) name: &'static str,
    pub(in crate::cli) about: &'static str,
    text: Text,
}

/// Where the text of a topic comes from.
enum Text {
    /// As it stands.
    Plain(&'static str),
    /// Made from what the program knows.
    Made(fn() -> String),
    /// The same, written like a document.
    Listed(fn() -> String),
    /// A document.
    Document(&'static str),
    /// The part of a document under a heading.
    Section(&'static str, &'static str),
}

const CODING: &str = include_str!("../../../docs/coding.md");
const CONFIG: &str = include_str!("../../../docs/config.md");

/// Every topic, in the order in which a newcomer meets them.
pub(in crate::cli) const TOPICS: &[Topic] = &[
    Topic {
        name: "first-hour",
        about: "from an empty folder to an answer that you can defend",
        text: Text::Document(include_str!("../../../docs/first-hour.md")),
    },
    Topic {
        name: "language",
        about: "the query language on one page",
        text: Text::Plain(include_str!("../../../docs/language.txt")),
    },
    Topic {
        name: "by-example",
        about: "the whole language by example",
        text: Text::Document(include_str!("../../../docs/language.md")),
    },
    Topic {
        name: "recipes",
        about: "questions that researchers ask, ready to copy",
        text: Text::Document(include_str!("../../../docs/recipes.md")),
    },
    Topic {
        name: "messages",
        about: "every message; `dixit help D0301` tells its cause and its cure",
        text: Text::Made(gallery::list),
    },
    Topic { name: "functions", about: "functions and aggregates", text: Text::Made(functions) },
    Topic {
        name: "coding",
        about: "coding statements well, from claims to dates, with rows that show it",
        text: Text::Document(CODING),
    },
    Topic {
        name: "claims",
        about: "what a claim is, and how to word one",
        text: Text::Section(CODING, "Claims"),
    },
    Topic {
        name: "acts",
        about: "which act to choose, and which side it is on",
        text: Text::Section(CODING, "Acts"),
    },
    Topic {
        name: "attribution",
        about: "sources, relayed speech, speaking for somebody",
        text: Text::Section(CODING, "Attribution"),
    },
    Topic {
        name: "unnamed",
        about: "sources that are not named",
        text: Text::Section(CODING, "Unnamed sources"),
    },
    Topic {
        name: "dates",
        about: "writing down when something was said, as far as it is known",
        text: Text::Section(CODING, "Dates"),
    },
    Topic {
        name: "coding-sheet",
        about: "the columns of a sheet to import, and mappings for other sheets",
        text: Text::Document(include_str!("../../../docs/coding-sheet.md")),
    },
    Topic {
        name: "importing",
        about: "the forms of data that come in, and what becomes what",
        text: Text::Document(include_str!("../../../docs/import.md")),
    },
    Topic {
        name: "writing",
        about: "changing a store by queries",
        text: Text::Document(include_str!("../../../docs/writing.md")),
    },
    Topic {
        name: "history",
        about: "the log, differences, undo, as recorded, copies, stores of other versions",
        text: Text::Document(include_str!("../../../docs/history.md")),
    },
    Topic {
        name: "kinds",
        about: "kinds, edges and properties of your own; graphs from elsewhere",
        text: Text::Document(include_str!("../../../docs/kinds.md")),
    },
    Topic {
        name: "export",
        about: "taking a graph elsewhere, and bringing it back",
        text: Text::Document(include_str!("../../../docs/export.md")),
    },
    Topic {
        name: "pictures",
        about: "drawing timelines and graphs, and what the signs mean",
        text: Text::Document(include_str!("../../../docs/pictures.md")),
    },
    Topic {
        name: "saved-queries",
        about: "writing, testing and sharing saved queries",
        text: Text::Document(include_str!("../../../docs/saved-queries.md")),
    },
    Topic {
        name: "shell",
        about: "asking at a prompt",
        text: Text::Document(include_str!("../../../docs/shell.md")),
    },
    Topic {
        name: "why",
        about: "what a row rests on, why an answer is empty, citing sources",
        text: Text::Document(include_str!("../../../docs/why.md")),
    },
    Topic { name: "config", about: "the file of settings", text: Text::Document(CONFIG) },
    Topic {
        name: "environment",
        about: "the variables that dixit reads",
        text: Text::Listed(reference::environment),
    },
    Topic { name: "exit-codes", about: "what the exit code means", text: Text::Made(exit_codes) },
    Topic {
        name: "reference",
        about: "commands, options, settings, files and limits, to look up",
        text: Text::Listed(reference::page),
    },
    Topic {
        name: "grammar",
        about: "the grammar of the language",
        text: Text::Document(include_str!("../../../docs/grammar.md")),
    },
];

impl Topic {
    /// Its text, laid out.
    pub(in crate::cli) fn page(&self, paper: Paper) -> String {
        match self.text {
            Text::Plain(text) => text.to_owned(),
            Text::Made(make) => make(),
            Text::Listed(make) => page::lay_out(&make(), paper),
            Text::Document(text) => page::lay_out(text, paper),
            Text::Section(text, heading) => {
                page::lay_out(page::section(text, heading).unwrap_or(text), paper)
            }
        }
    }
}

/// Every function and aggregate, with what it takes and what it is for.
fn functions() -> String {
    let mut text = "Functions of the language; a part in brackets may be left out:\n\n".to_owned();
    for Function { name, aliases, takes, optional, repeats, doc, gives: _, means: _ } in
        functions::all()
    {
        let repeats = if *repeats { ", …" } else { "" };
        text += &function_line(
            &format!("{name}({}{repeats})", arguments(takes, *optional)),
            aliases,
            doc,
        );
    }
    text += "\nAggregates, one value for each group; `distinct` may stand before the argument:\n\n";
    for Aggregate { name, aliases, takes, optional, doc, gives: _, sql: _ } in AGGREGATES {
        text += &function_line(&format!("{name}({})", arguments(takes, *optional)), aliases, doc);
    }
    text
}

fn function_line(call: &str, aliases: &[&str], doc: &str) -> String {
    let also =
        if aliases.is_empty() { String::new() } else { format!(" (also {})", aliases.join(", ")) };
    format!("  {call:<34} {doc}{also}\n")
}

fn arguments(takes: &[Takes], optional: usize) -> String {
    let needed = takes.len() - optional;
    let words: Vec<String> = takes
        .iter()
        .enumerate()
        .map(
            |(at, takes)| {
                if at < needed { takes.word().to_owned() } else { format!("[{}]", takes.word()) }
            },
        )
        .collect();
    words.join(", ")
}

fn exit_codes() -> String {
    let line = |(code, meaning): &(u8, &str)| format!("{code:>5}  {meaning}\n");
    let lines: String = EXIT_CODES.iter().map(line).collect();
    format!(
        "The exit code of dixit:\n\n{lines}\nA closed pipe, as in `dixit queries | head`, is a quiet end with 0.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_name_of_its_own_and_a_text() {
        let paper = Paper { width: 80, colour: false };
        for (index, topic) in TOPICS.iter().enumerate() {
            assert!(TOPICS.iter().take(index).all(|other| other.name != topic.name));
            assert!(topic.page(paper).lines().count() > 3, "{}", topic.name);
            if let Text::Section(text, heading) = topic.text {
                assert!(page::section(text, heading).is_some(), "{}: {heading}", topic.name);
            }
        }
    }

    #[test]
    fn the_document_on_settings_lists_all_variables() {
        let listed = reference::environment();
        let (text, table) = CONFIG.split_at(CONFIG.find("| variable |").unwrap());
        if std::env::var_os("BLESS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/config.md");
            std::fs::write(path, format!("{text}{listed}")).unwrap();
        } else {
            assert!(table == listed, "docs/config.md is stale: `BLESS=1 cargo test --lib topics`");
        }
    }

    #[test]
    fn pages_keep_to_the_width_except_in_examples() {
        for topic in
            TOPICS.iter().filter(|topic| matches!(topic.text, Text::Document(_) | Text::Listed(_)))
        {
            let page = topic.page(Paper { width: 80, colour: false });
            let long = page.lines().filter(|line| !line.starts_with("  "));
            let long: Vec<&str> = long.filter(|line| line.chars().count() > 80).collect();
            assert!(long.is_empty(), "{}: {long:#?}", topic.name);
        }
    }
}
