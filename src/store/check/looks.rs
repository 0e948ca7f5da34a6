//! What somebody should look at: dead ends, names that are of no use, claims that rest on nobody. None of it is wrong by
//! itself, and a store in the making has much of it.

use super::{Rule, Search, Weight};
use crate::store::error::Error;

const fn look(code: &'static str, what: &'static str, next: &'static str) -> Rule {
    Rule { code, weight: Weight::Look, what, next }
}

static LOOKS: &[(Rule, &str)] = &[
    (
        look("L01", "is a claim that nobody says anything of", "add the statement, or delete the claim"),
        "SELECT 'claim', c.key FROM claim AS c WHERE NOT EXISTS (SELECT 1 FROM statement AS s WHERE s.claim = c.id)",
    ),
    (
        look("L02", "is a source in which nothing was read, and nothing rests on it", "code what is in it, or delete it"),
        "SELECT 'source', o.key FROM source AS o
         WHERE NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.source = o.id)
           AND NOT EXISTS (SELECT 1 FROM attestation AS x WHERE x.cites = o.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.source = o.id)
           AND NOT EXISTS (SELECT 1 FROM venue AS v WHERE v.basis = o.id)
           AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.basis = o.id)
           AND NOT EXISTS (SELECT 1 FROM source_link AS l WHERE l.from_source = o.id)
           AND NOT EXISTS (SELECT 1 FROM source_link AS l WHERE l.to_source = o.id)",
    ),
    (
        look("L03", "is an actor who never speaks and is tied to nothing", "is it another actor under another name? `dixit duplicates` may know; else delete it"),
        "SELECT 'actor', a.key FROM actor AS a
         WHERE NOT EXISTS (SELECT 1 FROM statement AS s WHERE s.speaker = a.id)
           AND NOT EXISTS (SELECT 1 FROM participant AS p WHERE p.actor = a.id)
           AND NOT EXISTS (SELECT 1 FROM source AS o WHERE o.publisher = a.id)
           AND NOT EXISTS (SELECT 1 FROM source AS o WHERE o.author = a.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.from_kind = 1 AND r.from_node = a.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.to_kind = 1 AND r.to_node = a.id)
           AND NOT EXISTS (SELECT 1 FROM claim_about AS c WHERE c.kind = 1 AND c.node = a.id)
           AND NOT EXISTS (SELECT 1 FROM assessment AS j WHERE j.target_kind = 1 AND j.target = a.id)
           AND NOT EXISTS (SELECT 1 FROM same_as AS m WHERE m.kind = 1 AND (m.node = a.id OR m.same = a.id))",
    ),
    (
        look("L04", "is where nothing was said and nothing lies", "delete it, unless something is still to be coded there"),
        "SELECT 'venue', v.key FROM venue AS v
         WHERE NOT EXISTS (SELECT 1 FROM statement AS s WHERE s.venue = v.id)
           AND NOT EXISTS (SELECT 1 FROM venue AS w WHERE w.within = v.id)
           AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.venue = v.id)
           AND NOT EXISTS (SELECT 1 FROM source AS o WHERE o.venue = v.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.from_kind = 2 AND r.from_node = v.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.to_kind = 2 AND r.to_node = v.id)
           AND NOT EXISTS (SELECT 1 FROM claim_about AS c WHERE c.kind = 2 AND c.node = v.id)
         UNION ALL SELECT 'event', e.key FROM event AS e
         WHERE NOT EXISTS (SELECT 1 FROM statement AS s WHERE s.event = e.id)
           AND NOT EXISTS (SELECT 1 FROM event AS f WHERE f.within = e.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.from_kind = 3 AND r.from_node = e.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.to_kind = 3 AND r.to_node = e.id)
           AND NOT EXISTS (SELECT 1 FROM claim_about AS c WHERE c.kind = 3 AND c.node = e.id)",
    ),
    (
        look("L05", "is a topic of nothing", "name the claims that are on it, or delete it"),
        "SELECT 'topic', t.key FROM topic AS t
         WHERE NOT EXISTS (SELECT 1 FROM claim_topic AS c WHERE c.topic = t.id)
           AND NOT EXISTS (SELECT 1 FROM topic AS u WHERE u.within = t.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.from_kind = 4 AND r.from_node = t.id)
           AND NOT EXISTS (SELECT 1 FROM relation AS r WHERE r.to_kind = 4 AND r.to_node = t.id)
           AND NOT EXISTS (SELECT 1 FROM claim_about AS c WHERE c.kind = 4 AND c.node = t.id)",
    ),
    (
        look("L06", "is a claim that only the unnamed stand behind", "look for somebody who says it by name; until then, tell it as what it is"),
        "SELECT 'claim', c.key FROM claim AS c
         WHERE EXISTS (SELECT 1 FROM statement AS s WHERE s.claim = c.id)
           AND NOT EXISTS (SELECT 1 FROM statement AS s WHERE s.claim = c.id AND EXISTS (
             WITH RECURSIVE up (id) AS (SELECT s.id UNION
               SELECT l.from_statement FROM up AS u CROSS JOIN statement_link AS l ON l.to_statement = u.id
                 AND l.link = (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports'))
             SELECT 1 FROM up AS u CROSS JOIN statement AS t ON t.id = u.id
               CROSS JOIN actor AS a
               ON a.id = coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = t.speaker), t.speaker)
             WHERE a.identity = (SELECT id FROM term WHERE vocabulary = 'identity' AND term = 'named')
               AND NOT EXISTS (SELECT 1 FROM statement_link AS l WHERE l.to_statement = t.id
                 AND l.link = (SELECT id FROM term WHERE vocabulary = 'link' AND term = 'reports'))))",
    ),
    (
        look("L08", "was said after every source of it had come out", "mend the date of the statement, or that of the source"),
        "SELECT 'statement', s.key FROM statement AS s WHERE s.date_first > 0
           AND EXISTS (SELECT 1 FROM attestation AS x WHERE x.statement = s.id)
           AND NOT EXISTS (SELECT 1 FROM attestation AS x JOIN source AS o ON o.id = x.source
             WHERE x.statement = s.id AND (o.published_last IS NULL OR o.published_last >= s.date_first))",
    ),
    (
        look("L09", "names its speaker as somebody else who took part", "take the row of statement_actors away"),
        "SELECT 'statement', s.key, r.term || ' ' || a.key FROM participant AS p
           JOIN statement AS s ON s.id = p.statement JOIN term AS r ON r.id = p.role JOIN actor AS a ON a.id = p.actor
         WHERE coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = p.actor), p.actor)
             = coalesce((SELECT same FROM same_as WHERE kind = 1 AND node = s.speaker), s.speaker)",
    ),
    (
        look("L11", "is judged to be one with an actor of another kind", "set the kind of one of them, or `dixit merge --undo` takes the judgement back"),
        "SELECT 'actor', a.key, k.term || ', and ' || b.key || ' ' || o.term FROM same_as AS m
           JOIN actor AS a ON a.id = m.node JOIN actor AS b ON b.id = m.same
           JOIN term AS k ON k.id = a.kind JOIN term AS o ON o.id = b.kind
         WHERE m.kind = 1 AND a.kind <> b.kind",
    ),
];

impl Search<'_> {
    pub(super) fn looks(&mut self) -> Result<(), Error> {
        LOOKS.iter().try_for_each(|(rule, sql)| self.ask(rule, sql))
    }
}
