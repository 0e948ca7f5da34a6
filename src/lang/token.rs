//! The words and marks of the language, and what a token is. Spelling is decided here and nowhere else;
//! where a token may stand is the grammar's business.

use crate::base::source::Span;

/// One token: what it is, how it was written, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'s> {
    /// What it is.
    pub(crate) kind: Kind,
    /// As written.
    pub(crate) text: &'s str,
    /// Where.
    pub(crate) span: Span,
    /// The comment that ends the line this token stands on, markers included.
    pub(crate) comment: Option<&'s str>,
    /// The comment lines right above it, markers included.
    pub(crate) above: Option<&'s str>,
    /// For a bracket: its other half, as a position in the query's tokens.
    pub(crate) partner: Option<usize>,
}

/// Makes the enum of kinds and the tables that spell them out of one list.
macro_rules! kinds {
    (words { $($word:ident $spelling:literal)* }
     marks { $($mark:ident $sign:literal)* }
     others { $($other:ident $phrase:literal)* }) => {
        /// What a token is, or what the grammar would have welcomed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind { $($word,)* $($mark,)* $($other,)* }

        /// Every keyword with its spelling.
        pub(crate) const WORDS: &[(&str, Kind)] = &[$(($spelling, Kind::$word),)*];
        /// Every mark with its spelling; a longer one stands before its own beginning.
        pub(crate) const MARKS: &[(&str, Kind)] = &[$(($sign, Kind::$mark),)*];
        /// What is neither word nor mark, with the phrase that names it.
        const OTHERS: &[(&str, Kind)] = &[$(($phrase, Kind::$other),)*];
        /// Every kind, in order.
        const ALL: &[Kind] = &[$(Kind::$word,)* $(Kind::$mark,)* $(Kind::$other,)*];
    };
}

kinds! {
    words {
        Return "return" Where "where" Match "match" Optional "optional" With "with" Filter "filter"
        Order "order" Limit "limit" Offset "offset" Skip "skip" Group "group" By "by"
        Param "param" Different "different" Repeatable "repeatable" Edges "edges" Elements "elements"
        Distinct "distinct" Asc "asc" Ascending "ascending" Desc "desc" Descending "descending"
        Nulls "nulls" First "first" Last "last" As "as"
        Or "or" Xor "xor" And "and" Not "not" Is "is" In "in" Contains "contains" Starts "starts"
        Ends "ends" Like "like" Matches "matches"
        Null "null" Unknown "unknown" True "true" False "false" Labeled "labeled"
        Case "case" When "when" Then "then" Else "else" End "end" Exists "exists" Date "date"
        Datetime "datetime" Duration "duration" All "all" Any "any" None "none" Single "single"
        Count "count" Collect "collect" Value "value" Of "of" Recorded "recorded" Explain "explain"
        Union "union" Except "except" Intersect "intersect" Otherwise "otherwise" Next "next"
        Let "let" For "for" Ordinality "ordinality" Unwind "unwind" Call "call"
        Shortest "shortest" Groups "groups" Path "path" Paths "paths" Walk "walk" Trail "trail"
        Acyclic "acyclic" Simple "simple" ShortestPath "shortestPath" AllShortestPaths "allShortestPaths"
        Insert "insert" Create "create" Set "set" Remove "remove" Detach "detach" Delete "delete"
        Define "define" Use "use"
    }
    marks {
        NotEqual "<>" NotEqualBang "!=" LessEqual "<=" GreaterEqual ">=" Regex "=~" Alike "~=" Concat "||"
        DotDot ".." LParen "(" RParen ")" LBracket "[" RBracket "]" LBrace "{" RBrace "}"
        Comma "," Semicolon ";" Colon ":" Dot "." Pipe "|" Ampersand "&" Bang "!" Percent "%"
        Plus "+" Minus "-" Star "*" Slash "/" Caret "^" Equal "=" Less "<" Greater ">" Question "?"
    }
    others {
        Name "a name" Quoted "a name in back-ticks" Later "a word of a later dixit"
        Text "a text in quotes" Int "a whole number" Float "a number" Day "a date"
        Parameter "a parameter such as `$name`" Junk "something unreadable" Finish "the end of the query"
        Pattern "a pattern such as `(a:Actor)`" Expression "an expression" LabelName "the name of a kind or edge"
        Clause "another clause" Definition "what is defined" Operator "an operator" AnyName "a name"
    }
}

/// Words of clauses and patterns that dixit does not have; they are names elsewhere, but never a bare alias.
const LATER: &[&str] = &[
    "foreach", "merge", "load", "using", "having", "from", "profile", "select", "yield", "join",
    "on",
];

/// Keywords that an operand may begin with and that the grammar looks ahead for.
pub(crate) const OPERANDS: &[Kind] = &[
    Kind::Case,
    Kind::Exists,
    Kind::Not,
    Kind::Count,
    Kind::Collect,
    Kind::Value,
    Kind::All,
    Kind::Any,
    Kind::None,
    Kind::Single,
];

/// Keywords that begin or join the parts of a query, and so are no variables unless something shows it.
const RESERVED: &[Kind] = &[
    Kind::Return,
    Kind::Where,
    Kind::Match,
    Kind::Optional,
    Kind::With,
    Kind::Order,
    Kind::Limit,
    Kind::Skip,
    Kind::By,
    Kind::Distinct,
    Kind::As,
    Kind::Or,
    Kind::Xor,
    Kind::And,
    Kind::Not,
    Kind::Is,
    Kind::In,
    Kind::Contains,
    Kind::Starts,
    Kind::Ends,
    Kind::Like,
    Kind::Matches,
    Kind::Null,
    Kind::True,
    Kind::False,
    Kind::Case,
    Kind::When,
    Kind::Then,
    Kind::Else,
    Kind::Exists,
];

/// Keywords that stand in front of what they are about, and so name a result without `as`.
const SOFT: &[Kind] = &[
    Kind::Date,
    Kind::First,
    Kind::Last,
    Kind::Datetime,
    Kind::Duration,
    Kind::All,
    Kind::Any,
    Kind::None,
    Kind::Single,
    Kind::Count,
    Kind::Collect,
    Kind::Value,
    Kind::Of,
    Kind::Recorded,
    Kind::Ordinality,
    Kind::Groups,
    Kind::Path,
    Kind::Paths,
    Kind::Walk,
    Kind::Trail,
    Kind::Acyclic,
    Kind::Simple,
    Kind::ShortestPath,
    Kind::AllShortestPaths,
];

impl Kind {
    /// The kind of a bare word.
    pub(crate) fn of_word(word: &str) -> Self {
        let keyword = WORDS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(word));
        let later = || LATER.iter().any(|spelling| spelling.eq_ignore_ascii_case(word));
        match keyword {
            Some((_, kind)) => *kind,
            None if later() => Self::Later,
            None => Self::Name,
        }
    }

    /// Whether it is a keyword of the grammar.
    pub(crate) fn is_keyword(self) -> bool {
        WORDS.iter().any(|(_, kind)| *kind == self)
    }

    /// Whether it can be a name where any word is one.
    pub(crate) fn is_word(self) -> bool {
        matches!(self, Self::Name | Self::Quoted | Self::Later) || self.is_keyword()
    }

    /// Whether it is a keyword that an expression does not take for a variable.
    pub(crate) fn is_reserved(self) -> bool {
        RESERVED.contains(&self)
    }

    /// Whether it can name a result without `as`: nothing that may follow a result begins with it.
    pub(crate) fn is_bare_name(self) -> bool {
        matches!(self, Self::Name | Self::Quoted) || SOFT.contains(&self)
    }

    /// Whether a value may end with it.
    pub(crate) fn ends_value(self) -> bool {
        use Kind::{
            Day, End, False, Float, Int, Null, Parameter, RBrace, RBracket, RParen, Text, True,
        };
        matches!(self, RParen | RBracket | RBrace | Text | Int | Float | Day | Parameter)
            || matches!(self, Null | True | False | End)
            || (self.is_word() && !self.is_reserved())
    }

    /// Whether a value may begin with it.
    pub(crate) fn starts_value(self) -> bool {
        use Kind::{
            Case, Day, Exists, False, Float, Int, LBracket, LParen, Not, Null, Parameter, Text,
            True,
        };
        matches!(self, LParen | LBracket | Text | Int | Float | Day | Parameter)
            || matches!(self, Null | True | False | Case | Exists | Not)
            || (self.is_word() && !self.is_reserved())
    }

    /// The bracket that closes this one.
    pub(crate) fn closer(self) -> Option<Self> {
        match self {
            Self::LParen => Some(Self::RParen),
            Self::LBracket => Some(Self::RBracket),
            Self::LBrace => Some(Self::RBrace),
            _ => None,
        }
    }

    /// How a message calls it.
    pub(crate) fn phrase(self) -> String {
        let spelled = WORDS.iter().chain(MARKS).find(|(_, kind)| *kind == self);
        let named = OTHERS.iter().find(|(_, kind)| *kind == self);
        match (spelled, named) {
            (Some((spelling, _)), _) => format!("`{spelling}`"),
            (None, Some((phrase, _))) => (*phrase).to_owned(),
            (None, None) => String::new(),
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds {
    low: u128,
    high: u128,
}

impl Kinds {
    /// The set with `kind` in it.
    #[must_use]
    pub(crate) fn with(self, kind: Kind) -> Self {
        let Self { low, high } = Self::only(kind);
        Self { low: self.low | low, high: self.high | high }
    }

    /// Whether `kind` is in it.
    pub(crate) fn has(self, kind: Kind) -> bool {
        let Self { low, high } = Self::only(kind);
        self.low & low != 0 || self.high & high != 0
    }

    /// Whether nothing is in it.
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn only(kind: Kind) -> Self {
        match kind as u32 {
            place @ 0..128 => Self { low: 1 << place, high: 0 },
            place => Self { low: 0, high: 1 << (place - 128) },
        }
    }

    /// Its members, in the order of declaration.
    pub(crate) fn iter(self) -> impl Iterator<Item = Kind> {
        ALL.iter().copied().filter(move |kind| self.has(*kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_fits_into_the_bit_set() {
        assert!(ALL.len() <= 256, "{}", ALL.len());
        assert!(ALL.iter().all(|kind| !kind.phrase().is_empty()));
    }

    #[test]
    fn no_mark_hides_a_longer_one() {
        for (at, (long, _)) in MARKS.iter().enumerate() {
            assert!(!MARKS.iter().take(at).any(|(short, _)| long.starts_with(short)), "{long}");
        }
    }

    #[test]
    fn words_are_known_in_any_case() {
        assert_eq!(Kind::of_word("MaTch"), Kind::Match);
        assert_eq!(Kind::of_word("UNION"), Kind::Union);
        assert_eq!(Kind::of_word("Merge"), Kind::Later);
        assert_eq!(Kind::of_word("shortestpath"), Kind::ShortestPath);
        assert_eq!(Kind::of_word("matching"), Kind::Name);
    }
}
