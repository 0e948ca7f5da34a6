//! The promises that one query each can prove: each query gives the kind and the key of what breaks it, and where the
//! promise does not say all, what is the matter.

use super::{Rule, Search, Weight};
use crate::store::error::Error;

const fn rule(code: &'static str, what: &'static str, next: &'static str) -> Rule {
    Rule { code, weight: Weight::Wrong, what, next }
}

static RULES: &[(Rule, &str)] = &[
    (
        rule("S01", "is attested nowhere", "say where it was read: a row of attestations, or `(s)-[:in]->(:Source '…')`"),
        "SELECT 'statement', s.key FROM statement AS s
         WHERE NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id)",
    ),
    (
        rule("S02", "rests on no source", "name the source it is known from"),
        "SELECT 'relation', key FROM relation WHERE source IS NULL",
    ),
    (
        rule("S03", "takes back what somebody else said", "a reversal has one speaker: mend the speaker, or call the link `follows`"),
        "SELECT 'statement', f.key, 'it reverses ' || o.key
         FROM statement_link AS l JOIN term AS t ON t.id = l.link
           JOIN statement AS f ON f.id = l.from_statement JOIN statement AS o ON o.id = l.to_statement
         WHERE t.vocabulary = 'link' AND t.term = 'reverses'
           AND coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = f.speaker), f.speaker)
            <> coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = o.speaker), o.speaker)",
    ),
    (
        rule("S04", "reports itself, be it through others", "take one of the links `reports` away"),
        "WITH RECURSIVE edge (a, b) AS (
             SELECT from_statement, to_statement FROM statement_link
             WHERE link = (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports')),
           forward (a, b) AS (SELECT a, b FROM edge WHERE a <= b),
           walk (start, at) AS (SELECT a, b FROM forward UNION SELECT w.start, e.to_statement FROM walk AS w
             CROSS JOIN statement_link AS e ON e.from_statement = w.at
               AND e.link = (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports'))
         SELECT DISTINCT 'statement', s.key FROM walk AS w CROSS JOIN statement AS s ON s.id = w.start WHERE w.start = w.at",
    ),
    (
        rule("S05", "is a link that does not join such things", "give the link a name of its family; `dixit schema` shows them"),
        "SELECT 'statement', f.key, t.term || ' to ' || o.key FROM statement_link AS l JOIN term AS t ON t.id = l.link
           JOIN statement AS f ON f.id = l.from_statement JOIN statement AS o ON o.id = l.to_statement WHERE t.family IS NOT 'S>S'
         UNION ALL SELECT 'statement', f.key, t.term || ' to ' || o.key FROM statement_claim_link AS l JOIN term AS t ON t.id = l.link
           JOIN statement AS f ON f.id = l.statement JOIN claim AS o ON o.id = l.claim WHERE t.family IS NOT 'S>C'
         UNION ALL SELECT 'claim', f.key, t.term || ' to ' || o.key FROM claim_link AS l JOIN term AS t ON t.id = l.link
           JOIN claim AS f ON f.id = l.from_claim JOIN claim AS o ON o.id = l.to_claim WHERE t.family IS NOT 'C>C'",
    ),
    (
        rule("S07", "ends before it starts", "mend valid_from or valid_to"),
        "SELECT 'relation', key FROM relation WHERE valid_from_first > valid_to_last",
    ),
    (
        rule("S16", "is judged to be one that is itself judged to be another", "take one of the judgements back with `dixit merge --undo`"),
        "SELECT lower(k.name), m.node, 'read as ' || m.same FROM same_as AS m JOIN dixit_kind AS k ON k.id = m.kind
         WHERE EXISTS (SELECT 1 FROM same_as AS n WHERE n.kind = m.kind AND n.node = m.same)",
    ),
    (
        rule("S17", "are judged to be one and to be two", "take one of the judgements back with `dixit undo`"),
        "SELECT lower(k.name), n.one || ' and ' || n.other FROM not_same AS n JOIN dixit_kind AS k ON k.id = n.kind
         WHERE coalesce((SELECT same FROM same_as WHERE kind = n.kind AND node = n.one), n.one)
             = coalesce((SELECT same FROM same_as WHERE kind = n.kind AND node = n.other), n.other) OR n.one > n.other",
    ),
    (
        rule("S18", "is not named, and yet judged to be one with another", "an unnamed actor belongs to its source: `dixit merge --undo` takes it back"),
        "SELECT 'actor', a.key FROM same_as AS m JOIN actor AS a ON a.id = m.node OR a.id = m.same JOIN term AS t ON t.id = a.identity
         WHERE m.kind = 1 AND t.term <> 'named'",
    ),
    (
        rule("S19", "has neither a claim nor a statement that it is about", "give it a claim, or a link such as `reports`"),
        "SELECT 'statement', s.key FROM statement AS s WHERE s.claim IS NULL
         AND NOT EXISTS (SELECT 1 FROM statement_link AS l WHERE l.from_statement = s.id)",
    ),
    (
        rule("S20", "lies within itself, be it through others", "mend one of the places it lies within"),
        "SELECT * FROM (
         WITH RECURSIVE up (start, at) AS (SELECT id, within FROM venue WHERE within IS NOT NULL
             UNION SELECT u.start, v.within FROM up AS u CROSS JOIN venue AS v ON v.id = u.at WHERE v.within IS NOT NULL AND u.at <> u.start)
           SELECT 'venue', n.key FROM up AS u JOIN venue AS n ON n.id = u.start WHERE u.start = u.at)
         UNION ALL SELECT * FROM (
         WITH RECURSIVE up (start, at) AS (SELECT id, within FROM event WHERE within IS NOT NULL
             UNION SELECT u.start, v.within FROM up AS u CROSS JOIN event AS v ON v.id = u.at WHERE v.within IS NOT NULL AND u.at <> u.start)
           SELECT 'event', n.key FROM up AS u JOIN event AS n ON n.id = u.start WHERE u.start = u.at)
         UNION ALL SELECT * FROM (
         WITH RECURSIVE up (start, at) AS (SELECT id, within FROM topic WHERE within IS NOT NULL
             UNION SELECT u.start, v.within FROM up AS u CROSS JOIN topic AS v ON v.id = u.at WHERE v.within IS NOT NULL AND u.at <> u.start)
           SELECT 'topic', n.key FROM up AS u JOIN topic AS n ON n.id = u.start WHERE u.start = u.at)",
    ),
];

impl Search<'_> {
    pub(super) fn rules(&mut self) -> Result<(), Error> {
        RULES.iter().try_for_each(|(rule, sql)| self.ask(rule, sql))
    }
}
