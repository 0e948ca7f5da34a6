//! Which classes of Wikidata are actors, and which of its properties are relations.

/// Classes whose instances are actors, with their kinds.
pub(super) const CLASSES: &[(&str, &str)] = &[
    ("Q5", "person"),
    ("Q6256", "state"),
    ("Q3624078", "state"),
    ("Q7275", "state"),
    ("Q1048835", "state"),
    ("Q3024240", "state"),
    ("Q327333", "government"),
    ("Q2659904", "government"),
    ("Q192350", "government"),
    ("Q7188", "government"),
    ("Q35749", "government"),
    ("Q11204", "government"),
    ("Q637846", "government"),
    ("Q375928", "government"),
    ("Q43229", "organization"),
    ("Q7278", "organization"),
    ("Q7210356", "organization"),
    ("Q484652", "organization"),
    ("Q245065", "organization"),
    ("Q163740", "organization"),
    ("Q79913", "organization"),
    ("Q4830453", "organization"),
    ("Q783794", "organization"),
    ("Q6881511", "organization"),
    ("Q891723", "organization"),
    ("Q3918", "organization"),
    ("Q31855", "organization"),
    ("Q178706", "organization"),
    ("Q11032", "media"),
    ("Q1110794", "media"),
    ("Q192283", "media"),
    ("Q1153191", "media"),
    ("Q15265344", "media"),
    ("Q1616075", "media"),
    ("Q41298", "media"),
    ("Q11033", "media"),
    ("Q1193236", "media"),
    ("Q16334295", "group"),
    ("Q874405", "group"),
    ("Q4164871", "office"),
    ("Q294414", "office"),
    ("Q303618", "office"),
];

/// A property of Wikidata that is a relation here.
pub(super) struct Relation {
    pub(super) property: &'static str,
    /// The term of the relation.
    pub(super) becomes: &'static str,
    pub(super) role: &'static str,
    /// Whether the value stands in front.
    pub(super) turned: bool,
    /// What the value is, where nothing else tells.
    pub(super) kind: &'static str,
    /// Whether only actors have the property.
    pub(super) only_actors: bool,
}

const fn row(property: &'static str, becomes: &'static str, kind: &'static str) -> Relation {
    Relation { property, becomes, role: "", turned: false, kind, only_actors: true }
}

impl Relation {
    const fn role(mut self, role: &'static str) -> Self {
        self.role = role;
        self
    }

    const fn turned(mut self) -> Self {
        self.turned = true;
        self
    }

    /// Things that are no actors have the property too.
    const fn of_things(mut self) -> Self {
        self.only_actors = false;
        self
    }
}

/// Every property that is a relation.
pub(super) const RELATIONS: &[Relation] = &[
    row("P39", "holds_office", "office"),
    row("P463", "member_of", "organization"),
    row("P102", "member_of", "organization"),
    row("P1416", "member_of", "organization").role("affiliation"),
    row("P108", "works_for", "organization"),
    row("P22", "family_of", "person").role("father"),
    row("P25", "family_of", "person").role("mother"),
    row("P26", "family_of", "person").role("spouse"),
    row("P40", "family_of", "person").role("child"),
    row("P3373", "family_of", "person").role("sibling"),
    row("P1038", "family_of", "person").role("relative"),
    row("P749", "part_of", "organization").role("subsidiary"),
    row("P361", "part_of", "organization").of_things(),
    row("P127", "owns", "unknown").turned().of_things(),
    row("P488", "leads", "person").role("chairperson").turned(),
    row("P169", "leads", "person").role("chief executive officer").turned(),
    row("P1037", "leads", "person").role("director or manager").turned(),
    row("P3975", "leads", "person").role("secretary general").turned(),
    row("P35", "leads", "person").role("head of state").turned(),
    row("P6", "leads", "person").role("head of government").turned(),
];

/// How true a statement claims to be, where it does not claim to be simply true.
pub(super) const DEGREES: &[(&str, &str)] = &[
    ("Q32188232", "allegedly"),
    ("Q18912752", "disputed"),
    ("Q18122778", "presumably"),
    ("Q18603603", "hypothetically"),
    ("Q30230067", "possibly"),
    ("Q56644435", "probably"),
    ("Q28831311", "unconfirmed"),
];
