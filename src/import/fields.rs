//! The fields of a coding sheet, one row each. A new field is a new row here and a name in `Field`.

/// A field of a coding sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Key,
    Speaker,
    Identity,
    Act,
    Claim,
    Certainty,
    Record,
    Date,
    Venue,
    Event,
    Source,
    Cites,
    Locator,
    Mode,
    Quote,
    Audience,
    OnBehalfOf,
    With,
    Topic,
    Utterance,
    Note,
    /// A link to another statement, by the term of that name.
    Link(&'static str),
}

/// All fields with their names as column headings. The order fixes the keys made from a row's content.
pub(crate) const FIELDS: &[(&str, Field)] = &[
    ("key", Field::Key),
    ("speaker", Field::Speaker),
    ("identity", Field::Identity),
    ("act", Field::Act),
    ("claim", Field::Claim),
    ("certainty", Field::Certainty),
    ("record", Field::Record),
    ("date", Field::Date),
    ("venue", Field::Venue),
    ("event", Field::Event),
    ("source", Field::Source),
    ("cites", Field::Cites),
    ("locator", Field::Locator),
    ("mode", Field::Mode),
    ("quote", Field::Quote),
    ("audience", Field::Audience),
    ("on_behalf_of", Field::OnBehalfOf),
    ("with", Field::With),
    ("topic", Field::Topic),
    ("utterance", Field::Utterance),
    ("note", Field::Note),
    ("reports", Field::Link("reports")),
    ("denies_account", Field::Link("denies_account")),
    ("disowns", Field::Link("disowns")),
    ("reverses", Field::Link("reverses")),
    ("softens", Field::Link("softens")),
    ("repeats", Field::Link("repeats")),
    ("replies_to", Field::Link("replies_to")),
    ("follows", Field::Link("follows")),
    ("retracts", Field::Link("retracts")),
    ("corrects", Field::Link("corrects")),
];

/// Fields that every sheet needs, as a column or as a constant.
pub(crate) const NEEDED: &[Field] = &[Field::Speaker, Field::Act, Field::Source];

/// Fields whose content makes the key of a row that has none.
pub(crate) const TELLING: &[Field] = &[
    Field::Speaker,
    Field::Act,
    Field::Claim,
    Field::Certainty,
    Field::Record,
    Field::Date,
    Field::Venue,
    Field::Event,
    Field::Source,
    Field::Cites,
    Field::Locator,
    Field::Mode,
    Field::Quote,
    Field::Audience,
    Field::OnBehalfOf,
    Field::With,
    Field::Utterance,
];

/// The place of a field in `FIELDS`.
pub(crate) fn place(field: Field) -> usize {
    FIELDS.iter().position(|(_, known)| *known == field).unwrap_or(FIELDS.len())
}

/// The field with this heading; case and blanks do not count.
pub(crate) fn by_name(name: &str) -> Option<Field> {
    let wanted = crate::base::fold::fold(name).replace([' ', '-'], "_");
    FIELDS.iter().find(|(name, _)| *name == wanted).map(|(_, field)| *field)
}
