//! Functions of text.

use super::Means::{Checked, Sql};
use super::Takes::{Int as I, Text as T};
use super::{Function, Gives, row};

const TEXT: Gives = Gives::Text;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        aliases: &["tolower"],
        ..row("lower", &[T], TEXT, Sql("dixit_lower"), "in lower case")
    },
    Function {
        aliases: &["toupper"],
        ..row("upper", &[T], TEXT, Sql("dixit_upper"), "in upper case")
    },
    Function {
        aliases: &["btrim"],
        ..row("trim", &[T], TEXT, Sql("dixit_trim"), "without space at both ends")
    },
    row("ltrim", &[T], TEXT, Sql("dixit_ltrim"), "without space at the start"),
    row("rtrim", &[T], TEXT, Sql("dixit_rtrim"), "without space at the end"),
    row("left", &[T, I], TEXT, Checked("dixit_left"), "its first characters"),
    row("right", &[T, I], TEXT, Checked("dixit_right"), "its last characters"),
    Function {
        optional: 1,
        ..row(
            "substring",
            &[T, I, I],
            TEXT,
            Checked("dixit_substring"),
            "from a position (counted from 0), so many characters",
        )
    },
    row("replace", &[T, T, T], TEXT, Sql("replace"), "with each occurrence replaced"),
    row("split", &[T, T], Gives::Texts, Sql("dixit_split"), "its parts between separators"),
    row("fold", &[T], TEXT, Sql("dixit_fold"), "as compared by ~=: without case and accents"),
    row("normalize", &[T], TEXT, Sql("dixit_normalize"), "with accents in one spelling (NFC)"),
    Function {
        aliases: &["character_length"],
        ..row("char_length", &[T], Gives::Int, Sql("length"), "how many characters")
    },
];
