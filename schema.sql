-- The store of dixit: its only definition. Tables, indexes and views first, then the vocabulary, then the catalogue that
-- tells the query language which kinds, edges and properties exist and which table and columns hold them.
--
-- Kept apart throughout: a claim (a proposition), a statement (one actor's act towards it, once), an attestation (where
-- we read that). Dates are three columns: first and last possible day as yyyymmdd (0 and 99999999 stand for no bound),
-- and the EDTF text where it is not one exact day.

PRAGMA application_id = 1684633716;  -- "dixt"
PRAGMA user_version = 3;

-- Vocabulary ---------------------------------------------------------------------------------------------------------

-- Every controlled term. Rows elsewhere hold its id. `family` groups acts and says what a link joins (S>C: a statement
-- to a claim); a symmetric link is stored in both directions.
CREATE TABLE term (
  id INTEGER PRIMARY KEY,
  vocabulary TEXT NOT NULL,
  term TEXT NOT NULL,
  family TEXT,
  polarity INTEGER CHECK (polarity IN (-1, 0, 1)),
  symmetric INTEGER NOT NULL DEFAULT 0 CHECK (symmetric IN (0, 1)),
  definition TEXT,
  maps_to TEXT,
  UNIQUE (vocabulary, term)
) STRICT;

-- Kinds --------------------------------------------------------------------------------------------------------------

CREATE TABLE actor (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  identity INTEGER REFERENCES term,
  described_as TEXT,
  wikidata TEXT,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX actor_key ON actor (key);

CREATE TABLE venue (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  within INTEGER REFERENCES venue,
  basis INTEGER REFERENCES source,
  wikidata TEXT,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX venue_key ON venue (key);
CREATE INDEX venue_within ON venue (within) WHERE within IS NOT NULL;
CREATE INDEX venue_basis ON venue (basis) WHERE basis IS NOT NULL;

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  date_first INTEGER,
  date_last INTEGER,
  date_text TEXT,
  venue INTEGER REFERENCES venue,
  within INTEGER REFERENCES event,
  basis INTEGER REFERENCES source,
  note TEXT,
  CHECK (date_first <= date_last)
) STRICT;
CREATE UNIQUE INDEX event_key ON event (key);
CREATE INDEX event_within ON event (within) WHERE within IS NOT NULL;
CREATE INDEX event_venue ON event (venue) WHERE venue IS NOT NULL;
CREATE INDEX event_basis ON event (basis) WHERE basis IS NOT NULL;

CREATE TABLE topic (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  within INTEGER REFERENCES topic,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX topic_key ON topic (key);
CREATE INDEX topic_within ON topic (within) WHERE within IS NOT NULL;

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  title TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  access INTEGER REFERENCES term,
  publisher INTEGER REFERENCES actor,
  author INTEGER REFERENCES actor,
  venue INTEGER REFERENCES venue,
  url TEXT,
  published_first INTEGER,
  published_last INTEGER,
  published_text TEXT,
  body TEXT,
  note TEXT,
  CHECK (published_first <= published_last)
) STRICT;
CREATE UNIQUE INDEX source_key ON source (key);
CREATE INDEX source_publisher ON source (publisher) WHERE publisher IS NOT NULL;
CREATE INDEX source_author ON source (author) WHERE author IS NOT NULL;
CREATE INDEX source_venue ON source (venue) WHERE venue IS NOT NULL;

CREATE TABLE claim (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  text TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  subject TEXT,
  predicate TEXT,
  object TEXT,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX claim_key ON claim (key);

-- One actor's act towards a claim, on one occasion. The claim is null where the statement only relays another one.
CREATE TABLE statement (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  speaker INTEGER NOT NULL REFERENCES actor,
  act INTEGER NOT NULL REFERENCES term,
  claim INTEGER REFERENCES claim,
  certainty INTEGER REFERENCES term,
  record INTEGER REFERENCES term,
  date_first INTEGER,
  date_last INTEGER,
  date_text TEXT,
  venue INTEGER REFERENCES venue,
  event INTEGER REFERENCES event,
  utterance TEXT,
  note TEXT,
  CHECK (date_first <= date_last)
) STRICT;
CREATE UNIQUE INDEX statement_key ON statement (key);
CREATE INDEX statement_speaker ON statement (speaker, claim, act, date_first, date_last, date_text);
CREATE INDEX statement_claim ON statement (claim, act, speaker, date_first, date_last, date_text) WHERE claim IS NOT NULL;
CREATE INDEX statement_venue ON statement (venue, act, date_first) WHERE venue IS NOT NULL;
CREATE INDEX statement_event ON statement (event) WHERE event IS NOT NULL;
CREATE INDEX statement_date ON statement (date_first, date_last) WHERE date_first IS NOT NULL;

-- Where a statement was read. `cites` is the source the read one relies on for it.
CREATE TABLE attestation (
  id INTEGER PRIMARY KEY,
  statement INTEGER NOT NULL REFERENCES statement,
  source INTEGER NOT NULL REFERENCES source,
  locator TEXT,
  mode INTEGER REFERENCES term,
  quote TEXT,
  cites INTEGER REFERENCES source,
  note TEXT
) STRICT;
CREATE INDEX attestation_statement ON attestation (statement, source, locator, mode);
CREATE INDEX attestation_source ON attestation (source, statement);
CREATE INDEX attestation_cites ON attestation (cites) WHERE cites IS NOT NULL;

-- A dated tie between any two things, resting on a source.
CREATE TABLE relation (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  from_kind INTEGER NOT NULL,
  from_node INTEGER NOT NULL,
  relation INTEGER NOT NULL REFERENCES term,
  to_kind INTEGER NOT NULL,
  to_node INTEGER NOT NULL,
  role TEXT,
  valid_from_first INTEGER,
  valid_from_last INTEGER,
  valid_from_text TEXT,
  valid_to_first INTEGER,
  valid_to_last INTEGER,
  valid_to_text TEXT,
  as_of_first INTEGER,
  as_of_last INTEGER,
  as_of_text TEXT,
  source INTEGER NOT NULL REFERENCES source,
  note TEXT,
  CHECK (valid_from_first <= valid_to_last)
) STRICT;
CREATE UNIQUE INDEX relation_key ON relation (key);
CREATE INDEX relation_from ON relation (from_kind, from_node, relation, to_kind, to_node);
CREATE INDEX relation_to ON relation (to_kind, to_node, relation, from_kind, from_node);
CREATE INDEX relation_source ON relation (source);

-- A judgement about anything on a scale (a vocabulary): Admiralty letters and digits, a fact-checker's verdict.
CREATE TABLE assessment (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  target_kind INTEGER NOT NULL,
  target INTEGER NOT NULL,
  value INTEGER NOT NULL REFERENCES term,
  assessor TEXT,
  date_first INTEGER,
  date_last INTEGER,
  date_text TEXT,
  note TEXT,
  CHECK (date_first <= date_last)
) STRICT;
CREATE UNIQUE INDEX assessment_key ON assessment (key);
CREATE INDEX assessment_target ON assessment (target_kind, target, value);
CREATE INDEX assessment_value ON assessment (value);

-- Links --------------------------------------------------------------------------------------------------------------

CREATE TABLE participant (
  statement INTEGER NOT NULL REFERENCES statement,
  role INTEGER NOT NULL REFERENCES term,
  actor INTEGER NOT NULL REFERENCES actor,
  PRIMARY KEY (statement, role, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_actor ON participant (actor, role, statement);

CREATE TABLE claim_topic (
  claim INTEGER NOT NULL REFERENCES claim,
  topic INTEGER NOT NULL REFERENCES topic,
  PRIMARY KEY (claim, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_topic_topic ON claim_topic (topic, claim);

CREATE TABLE claim_about (
  claim INTEGER NOT NULL REFERENCES claim,
  kind INTEGER NOT NULL,
  node INTEGER NOT NULL,
  PRIMARY KEY (claim, kind, node)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_about_node ON claim_about (kind, node, claim);

CREATE TABLE statement_link (
  from_statement INTEGER NOT NULL REFERENCES statement,
  link INTEGER NOT NULL REFERENCES term,
  to_statement INTEGER NOT NULL REFERENCES statement,
  basis INTEGER REFERENCES term,
  note TEXT,
  PRIMARY KEY (from_statement, link, to_statement)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_link_to ON statement_link (to_statement, link, from_statement);

CREATE TABLE statement_claim_link (
  statement INTEGER NOT NULL REFERENCES statement,
  link INTEGER NOT NULL REFERENCES term,
  claim INTEGER NOT NULL REFERENCES claim,
  basis INTEGER REFERENCES term,
  note TEXT,
  PRIMARY KEY (statement, link, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_claim_link_claim ON statement_claim_link (claim, link, statement);

CREATE TABLE claim_link (
  from_claim INTEGER NOT NULL REFERENCES claim,
  link INTEGER NOT NULL REFERENCES term,
  to_claim INTEGER NOT NULL REFERENCES claim,
  basis INTEGER REFERENCES term,
  note TEXT,
  PRIMARY KEY (from_claim, link, to_claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_link_to ON claim_link (to_claim, link, from_claim);

CREATE TABLE source_link (
  from_source INTEGER NOT NULL REFERENCES source,
  link INTEGER NOT NULL REFERENCES term,
  to_source INTEGER NOT NULL REFERENCES source,
  note TEXT,
  PRIMARY KEY (from_source, link, to_source)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_link_to ON source_link (to_source, link, from_source);

-- Names and search ---------------------------------------------------------------------------------------------------

-- Other names of a node.
CREATE TABLE alias (
  kind INTEGER NOT NULL,
  node INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, node, name)
) STRICT, WITHOUT ROWID;

-- Names, titles, texts and aliases as looked up: without case, accents and width. A key is here only where neither its folded
-- form nor that in capital letters is the key itself, so that it is found without.
CREATE TABLE lookup (
  kind INTEGER NOT NULL,
  folded TEXT NOT NULL,
  node INTEGER NOT NULL,
  PRIMARY KEY (kind, folded, node)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE actor_search USING fts5 (name, content = 'actor', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE source_search USING fts5 (title, content = 'source', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE claim_search USING fts5 (text, content = 'claim', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE attestation_search USING fts5 (quote, content = 'attestation', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');

-- Judgements ---------------------------------------------------------------------------------------------------------

-- Two nodes of a kind are one: `node` is read as `same` wherever it stands, and what was written down stays as it is. A
-- node that others are read as is never read as another one itself. Who judged, when and why stands in the log.
CREATE TABLE same_as (
  kind INTEGER NOT NULL,
  node INTEGER NOT NULL,
  same INTEGER NOT NULL,
  PRIMARY KEY (kind, node),
  CHECK (node <> same)
) STRICT, WITHOUT ROWID;
CREATE INDEX same_as_same ON same_as (kind, same, node);

-- Two nodes of a kind that look alike are two.
CREATE TABLE not_same (
  kind INTEGER NOT NULL,
  one INTEGER NOT NULL,
  other INTEGER NOT NULL,
  PRIMARY KEY (kind, one, other),
  CHECK (one < other)
) STRICT, WITHOUT ROWID;
CREATE INDEX not_same_other ON not_same (kind, other, one);

-- The log of changes: who changed what, when and why; one row a change. `summary` tells in JSON what was added, changed
-- and deleted; `undoes` is the change that an undo took back.
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  who TEXT,
  why TEXT,
  action TEXT NOT NULL CHECK (action IN ('import', 'write', 'undo', 'schema', 'upgrade')),
  undoes INTEGER REFERENCES change,
  summary TEXT NOT NULL
) STRICT;

-- What a change did to rows. Without `before` and `after`: it added the rows with the ids from `first` to `last`, and
-- with them what belongs to them in link tables. Otherwise one row, known by its id (`first` and `last`) or by its key
-- (a JSON array): what it held before, null where it was added, and afterwards, null where it was deleted.
CREATE TABLE change_row (
  change INTEGER NOT NULL REFERENCES change,
  place INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  first INTEGER,
  last INTEGER,
  key TEXT,
  before TEXT,
  after TEXT,
  PRIMARY KEY (change, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_row_last ON change_row (table_name, last) WHERE last IS NOT NULL;
CREATE INDEX change_row_range ON change_row (table_name, first) WHERE last > first;
CREATE INDEX change_row_key ON change_row (table_name, key) WHERE key IS NOT NULL;

-- The catalogue ------------------------------------------------------------------------------------------------------

-- Kinds of node. `shown` is the column that stands for a node in a table. A kind whose nodes are also edges names that
-- edge in `dixit_edge.stands_as`; `as_edge` tells whether such a node is then given out as an edge. `labels` is the list of
-- labels it is asked by, where that is not just its name. Kinds that users declare have ids from 1000 on.
CREATE TABLE dixit_kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  table_name TEXT NOT NULL UNIQUE,
  key_column TEXT,
  shown TEXT,
  as_edge INTEGER NOT NULL DEFAULT 0,
  labels TEXT,
  doc TEXT NOT NULL
) STRICT;

-- Properties of kinds and of link tables. Storage is `column`, `date` (three columns with that prefix), `term` (an id in
-- the column; `attribute` says which column of `term` is meant) or `alias`. `search` names the full-text index. A required
-- one is never null.
CREATE TABLE dixit_property (
  table_name TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  storage TEXT NOT NULL,
  column_name TEXT,
  attribute TEXT,
  vocabulary TEXT,
  search TEXT,
  required INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL,
  PRIMARY KEY (table_name, name)
) STRICT, WITHOUT ROWID;

-- Edges. An edge with a name has just that name; one with a vocabulary is named by the term in `term_column` (with
-- `family`, only terms of that family). `term` fixes the term. An end without a kind may be any kind, told by its
-- kind column. `stands_as` is the kind whose nodes these edges are. The rows of a numbered edge are known by their id, so
-- that several may join the same two nodes; a symmetric one holds both ways. Edges that users declare have ids from 1000 on.
CREATE TABLE dixit_edge (
  id INTEGER PRIMARY KEY,
  name TEXT,
  table_name TEXT NOT NULL,
  from_kind INTEGER REFERENCES dixit_kind,
  from_kind_column TEXT,
  from_column TEXT NOT NULL,
  to_kind INTEGER REFERENCES dixit_kind,
  to_kind_column TEXT,
  to_column TEXT NOT NULL,
  term_column TEXT,
  vocabulary TEXT,
  family TEXT,
  term TEXT,
  stands_as INTEGER REFERENCES dixit_kind,
  numbered INTEGER NOT NULL DEFAULT 0,
  symmetric INTEGER NOT NULL DEFAULT 0,
  doc TEXT NOT NULL
) STRICT;

-- Names for several terms of an edge at once: all, or those of one polarity.
CREATE TABLE dixit_label (
  edge INTEGER NOT NULL REFERENCES dixit_edge,
  name TEXT NOT NULL,
  polarity INTEGER,
  doc TEXT NOT NULL,
  PRIMARY KEY (edge, name)
) STRICT, WITHOUT ROWID;

-- The graph as users see it: its name, whether it is open (an unknown label then matches nothing and an unknown property is
-- null), and whether the kinds of this file, the claims and their statements, are in the catalogue.
CREATE TABLE dixit_graph (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  claims INTEGER NOT NULL CHECK (claims IN (0, 1))
) STRICT;
INSERT INTO dixit_graph (id, name, open, claims) VALUES (1, 'graph', 0, 1);

-- What a name that means nothing stands for in an open graph: no node and no edge, ever.
CREATE TABLE dixit_nothing (
  id INTEGER PRIMARY KEY,
  source_kind INTEGER,
  source INTEGER,
  target_kind INTEGER,
  target INTEGER,
  CHECK (0)
) STRICT;

-- Readable views for other tools -------------------------------------------------------------------------------------

CREATE VIEW v_same_as AS
SELECT a.key, a.name, b.key AS same_as, b.name AS same_as_name
FROM same_as AS m JOIN actor AS a ON a.id = m.node JOIN actor AS b ON b.id = m.same WHERE m.kind = 1;

CREATE VIEW v_statement AS
SELECT s.key, a.key AS speaker, a.name AS speaker_name, t.term AS act, t.polarity, c.key AS claim, c.text AS claim_text,
  ce.term AS certainty, r.term AS record,
  coalesce(s.date_text, substr(s.date_first, 1, 4) || '-' || substr(s.date_first, 5, 2) || '-' || substr(s.date_first, 7, 2)) AS date,
  v.key AS venue, e.key AS event, s.utterance, s.note
FROM statement AS s
JOIN actor AS a ON a.id = s.speaker
JOIN term AS t ON t.id = s.act
LEFT JOIN claim AS c ON c.id = s.claim
LEFT JOIN term AS ce ON ce.id = s.certainty
LEFT JOIN term AS r ON r.id = s.record
LEFT JOIN venue AS v ON v.id = s.venue
LEFT JOIN event AS e ON e.id = s.event;

CREATE VIEW v_attestation AS
SELECT s.key AS statement, o.key AS source, x.locator, m.term AS mode, x.quote, k.key AS cites, x.note
FROM attestation AS x
JOIN statement AS s ON s.id = x.statement
JOIN source AS o ON o.id = x.source
LEFT JOIN term AS m ON m.id = x.mode
LEFT JOIN source AS k ON k.id = x.cites;

CREATE VIEW v_claim AS
SELECT c.key, c.text, k.term AS kind,
  (SELECT group_concat(t.key, ';') FROM claim_topic AS ct JOIN topic AS t ON t.id = ct.topic WHERE ct.claim = c.id) AS topics,
  c.subject, c.predicate, c.object, c.note
FROM claim AS c
LEFT JOIN term AS k ON k.id = c.kind;

CREATE VIEW v_actor AS
SELECT a.key, a.name, k.term AS kind, i.term AS identity, a.described_as, a.wikidata,
  (SELECT group_concat(n.name, ';') FROM alias AS n WHERE n.kind = 1 AND n.node = a.id) AS aliases, a.note
FROM actor AS a
LEFT JOIN term AS k ON k.id = a.kind
LEFT JOIN term AS i ON i.id = a.identity;

CREATE VIEW v_statement_link AS
SELECT f.key AS from_statement, t.term AS link, o.key AS to_statement, b.term AS basis, l.note
FROM statement_link AS l
JOIN statement AS f ON f.id = l.from_statement
JOIN term AS t ON t.id = l.link
JOIN statement AS o ON o.id = l.to_statement
LEFT JOIN term AS b ON b.id = l.basis;

-- The vocabulary -----------------------------------------------------------------------------------------------------

INSERT INTO term (id, vocabulary, term, family, polarity, symmetric, definition, maps_to) VALUES
  (1, 'act', 'asserts', 'assertive', 1, 0, 'states that the claim is true', 'CAMEO 010'),
  (2, 'act', 'confirms', 'assertive', 1, 0, 'states that a claim already made by someone else is true', 'CiTO confirms'),
  (3, 'act', 'concedes', 'assertive', 1, 0, 'states a claim that goes against the speaker''s own interest', 'CAMEO 010'),
  (4, 'act', 'predicts', 'assertive', 1, 0, 'states that the claim will become true', 'CAMEO 012/013'),
  (5, 'act', 'denies', 'assertive', -1, 0, 'states that the claim (or, by link, another''s account) is false', 'CAMEO 016; CiTO disputes'),
  (6, 'act', 'disowns', 'assertive', -1, 0, 'moves away from a claim or account without calling it false', 'CiTO disagreesWith'),
  (7, 'act', 'doubts', 'assertive', -1, 0, 'treats the claim as unlikely or unproven', 'CAMEO 110'),
  (8, 'act', 'questions', 'assertive', 0, 0, 'asks whether the claim is true', NULL),
  (9, 'act', 'declines', 'assertive', 0, 0, 'refuses to say', 'CAMEO 011'),
  (10, 'act', 'reports', 'assertive', 0, 0, 'relays another statement (link: reports) without vouching for its claim', 'FactBank source-introducing predicate; CiTO containsAssertionFrom'),
  (11, 'act', 'urges', 'directive', 1, 0, 'asks others to bring the claim about', 'CAMEO 02'),
  (12, 'act', 'demands', 'directive', 1, 0, 'insists that others bring the claim about', 'CAMEO 10'),
  (13, 'act', 'rejects', 'directive', -1, 0, 'refuses a proposal or request', 'CAMEO 12'),
  (14, 'act', 'promises', 'commissive', 1, 0, 'commits the speaker to bring the claim about', 'CAMEO 03'),
  (15, 'act', 'threatens', 'commissive', 1, 0, 'announces harm on a condition', 'CAMEO 13'),
  (16, 'act', 'supports', 'expressive', 1, 0, 'speaks in favour of a proposal or actor', 'CAMEO 051'),
  (17, 'act', 'criticizes', 'expressive', -1, 0, 'speaks against a proposal or actor', 'CAMEO 111'),
  (18, 'certainty', 'certain', NULL, NULL, 0, 'the speaker commits fully', 'FactBank CT'),
  (19, 'certainty', 'probable', NULL, NULL, 0, 'the speaker holds it likely', 'FactBank PR'),
  (20, 'certainty', 'possible', NULL, NULL, 0, 'the speaker holds it possible', 'FactBank PS'),
  (21, 'certainty', 'unstated', NULL, NULL, 0, 'the source does not show how sure the speaker is', 'FactBank U'),
  (22, 'record', 'on-record', NULL, NULL, 0, 'named or in the speaker''s own published words', 'AP definitions'),
  (23, 'record', 'background', NULL, NULL, 0, 'used with a description instead of a name', 'AP definitions'),
  (24, 'record', 'deep-background', NULL, NULL, 0, 'used without attribution', 'AP definitions'),
  (25, 'record', 'off-record', NULL, NULL, 0, 'not for publication', 'AP definitions'),
  (26, 'record', 'private', NULL, NULL, 0, 'said to particular people and made known by others', NULL),
  (27, 'record', 'leaked', NULL, NULL, 0, 'made known without the speaker''s consent', NULL),
  (28, 'record', 'unattributed', NULL, NULL, 0, 'the source names no speaker', NULL),
  (29, 'record', 'unstated', NULL, NULL, 0, 'terms not shown', NULL),
  (30, 'mode', 'direct', NULL, NULL, 0, 'the speaker''s words in quotation marks', 'PARC 3.0 / TEI said@direct'),
  (31, 'mode', 'mixed', NULL, NULL, 0, 'paraphrase with a quoted fragment', 'PARC 3.0 / TEI said@direct'),
  (32, 'mode', 'indirect', NULL, NULL, 0, 'paraphrase', 'PARC 3.0 / TEI said@direct'),
  (33, 'mode', 'summary', NULL, NULL, 0, 'the writer''s own statement or a summing-up', NULL),
  (34, 'mode', 'unseen', NULL, NULL, 0, 'the source was not consulted, only cited', NULL),
  (35, 'identity', 'named', NULL, NULL, 0, 'known by name', NULL),
  (36, 'identity', 'described', NULL, NULL, 0, 'known only by a description', NULL),
  (37, 'identity', 'unidentified', NULL, NULL, 0, 'not known at all', NULL),
  (38, 'actor-kind', 'person', NULL, NULL, 0, NULL, 'FtM Person'),
  (39, 'actor-kind', 'group', NULL, NULL, 0, NULL, 'FtM Organization'),
  (40, 'actor-kind', 'organization', NULL, NULL, 0, NULL, 'FtM Organization'),
  (41, 'actor-kind', 'government', NULL, NULL, 0, NULL, 'FtM PublicBody'),
  (42, 'actor-kind', 'media', NULL, NULL, 0, NULL, 'FtM Organization'),
  (43, 'actor-kind', 'state', NULL, NULL, 0, NULL, 'FtM PublicBody'),
  (44, 'actor-kind', 'unknown', NULL, NULL, 0, NULL, 'FtM LegalEntity'),
  (45, 'venue-kind', 'continent', NULL, NULL, 0, NULL, NULL),
  (46, 'venue-kind', 'country', NULL, NULL, 0, NULL, NULL),
  (47, 'venue-kind', 'region', NULL, NULL, 0, NULL, NULL),
  (48, 'venue-kind', 'city', NULL, NULL, 0, NULL, NULL),
  (49, 'venue-kind', 'building', NULL, NULL, 0, NULL, NULL),
  (50, 'venue-kind', 'forum', NULL, NULL, 0, NULL, NULL),
  (51, 'venue-kind', 'network', NULL, NULL, 0, NULL, NULL),
  (52, 'venue-kind', 'platform', NULL, NULL, 0, NULL, NULL),
  (53, 'venue-kind', 'outlet', NULL, NULL, 0, NULL, NULL),
  (54, 'venue-kind', 'interview', NULL, NULL, 0, NULL, NULL),
  (55, 'venue-kind', 'private', NULL, NULL, 0, NULL, NULL),
  (56, 'venue-kind', 'transit', NULL, NULL, 0, NULL, NULL),
  (57, 'source-kind', 'article', NULL, NULL, 0, NULL, 'CSL article-newspaper; FtM Article'),
  (58, 'source-kind', 'post', NULL, NULL, 0, NULL, 'CSL post; FtM Message'),
  (59, 'source-kind', 'speech', NULL, NULL, 0, NULL, 'CSL speech'),
  (60, 'source-kind', 'interview', NULL, NULL, 0, NULL, 'CSL interview'),
  (61, 'source-kind', 'transcript', NULL, NULL, 0, NULL, NULL),
  (62, 'source-kind', 'broadcast', NULL, NULL, 0, NULL, 'CSL broadcast'),
  (63, 'source-kind', 'document', NULL, NULL, 0, NULL, 'CSL document; FtM Document'),
  (64, 'source-kind', 'dataset', NULL, NULL, 0, NULL, 'CSL dataset'),
  (65, 'source-kind', 'background', NULL, NULL, 0, NULL, NULL),
  (66, 'access', 'read', NULL, NULL, 0, 'consulted by the compiler', NULL),
  (67, 'access', 'cited', NULL, NULL, 0, 'known through another source', NULL),
  (68, 'access', 'background', NULL, NULL, 0, 'general knowledge', NULL),
  (69, 'claim-kind', 'fact', NULL, NULL, 0, 'checkable now', NULL),
  (70, 'claim-kind', 'evaluation', NULL, NULL, 0, 'a judgement of value', NULL),
  (71, 'claim-kind', 'prediction', NULL, NULL, 0, 'about the future', NULL),
  (72, 'claim-kind', 'norm', NULL, NULL, 0, 'what ought to be done', NULL),
  (73, 'claim-kind', 'intention', NULL, NULL, 0, 'what an actor means to do', NULL),
  (74, 'topic-kind', 'conflict', NULL, NULL, 0, NULL, NULL),
  (75, 'topic-kind', 'proposal', NULL, NULL, 0, NULL, NULL),
  (76, 'topic-kind', 'agreement', NULL, NULL, 0, NULL, NULL),
  (77, 'topic-kind', 'issue', NULL, NULL, 0, NULL, NULL),
  (78, 'topic-kind', 'law', NULL, NULL, 0, NULL, NULL),
  (79, 'topic-kind', 'theme', NULL, NULL, 0, NULL, NULL),
  (80, 'event-kind', 'talks', NULL, NULL, 0, NULL, NULL),
  (81, 'event-kind', 'conference', NULL, NULL, 0, NULL, NULL),
  (82, 'event-kind', 'speech', NULL, NULL, 0, NULL, NULL),
  (83, 'event-kind', 'meeting', NULL, NULL, 0, NULL, NULL),
  (84, 'event-kind', 'interview', NULL, NULL, 0, NULL, NULL),
  (85, 'event-kind', 'travel', NULL, NULL, 0, NULL, NULL),
  (86, 'event-kind', 'dissolution', NULL, NULL, 0, NULL, NULL),
  (87, 'link', 'reports', 'S>S', NULL, 0, 'nested attribution: the first statement relays the second', 'FactBank/MPQA nested source; PROV wasQuotedFrom'),
  (88, 'link', 'denies_account', 'S>S', NULL, 0, 'says the other''s account of what was said or done is false', 'CiTO disputes'),
  (89, 'link', 'disowns', 'S>S', NULL, 0, 'moves away from the other account without calling it false', NULL),
  (90, 'link', 'reverses', 'S>S', NULL, 0, 'same speaker, opposite position, later', NULL),
  (91, 'link', 'softens', 'S>S', NULL, 0, 'same speaker, weaker position, later', NULL),
  (92, 'link', 'repeats', 'S>S', NULL, 0, 'same content again', NULL),
  (93, 'link', 'replies_to', 'S>S', NULL, 0, 'answers', 'CiTO repliesTo'),
  (94, 'link', 'follows', 'S>S', NULL, 0, 'comes later, where dates do not show it', NULL),
  (95, 'link', 'maybe_same_act', 'S>S', NULL, 0, 'may be one utterance told twice', NULL),
  (96, 'link', 'retracts', 'S>S', NULL, 0, 'speaker withdraws own earlier statement', 'CiTO retracts'),
  (97, 'link', 'corrects', 'S>S', NULL, 0, 'speaker amends own earlier statement', 'CiTO corrects'),
  (98, 'link', 'supports_claim', 'S>C', NULL, 0, 'if it was said, it counts for the claim', NULL),
  (99, 'link', 'counts_against', 'S>C', NULL, 0, 'if it was said, it counts against the claim', NULL),
  (100, 'link', 'contradicts', 'C>C', NULL, 1, 'cannot both be true (symmetric)', 'AIF CA'),
  (101, 'link', 'tension', 'C>C', NULL, 1, 'pull against each other, could both be true (symmetric)', NULL),
  (102, 'link', 'implies', 'C>C', NULL, 0, 'if the first holds, so does the second', NULL),
  (103, 'link', 'supports', 'C>C', NULL, 0, 'offered as a reason', 'AIF RA; Micropub supports'),
  (104, 'link', 'refines', 'C>C', NULL, 0, 'more specific version', NULL),
  (105, 'link', 'equivalent', 'C>C', NULL, 1, 'same proposition in other words (symmetric)', NULL),
  (106, 'source-link', 'cites', NULL, NULL, 0, NULL, 'CiTO cites'),
  (107, 'source-link', 'quotes', NULL, NULL, 0, NULL, NULL),
  (108, 'source-link', 'translates', NULL, NULL, 0, NULL, NULL),
  (109, 'source-link', 'corrects', NULL, NULL, 0, NULL, 'schema.org correction'),
  (110, 'source-link', 'retracts', NULL, NULL, 0, NULL, 'CiTO retracts'),
  (111, 'source-link', 'updates', NULL, NULL, 0, NULL, 'CiTO updates'),
  (112, 'source-link', 'copies', NULL, NULL, 0, NULL, NULL),
  (113, 'relation', 'holds_office', NULL, NULL, 0, NULL, 'FtM Occupancy'),
  (114, 'relation', 'member_of', NULL, NULL, 0, NULL, 'FtM Membership'),
  (115, 'relation', 'possibly_member_of', NULL, NULL, 0, NULL, NULL),
  (116, 'relation', 'speaks_for', NULL, NULL, 0, NULL, 'PROV actedOnBehalfOf'),
  (117, 'relation', 'works_for', NULL, NULL, 0, NULL, 'FtM Employment'),
  (118, 'relation', 'leads', NULL, NULL, 0, NULL, NULL),
  (119, 'relation', 'governs', NULL, NULL, 0, NULL, NULL),
  (120, 'relation', 'part_of', NULL, NULL, 0, NULL, NULL),
  (121, 'relation', 'represents', NULL, NULL, 0, NULL, 'FtM Representation'),
  (122, 'relation', 'party_to', NULL, NULL, 0, NULL, NULL),
  (123, 'relation', 'participates_in', NULL, NULL, 0, NULL, NULL),
  (124, 'relation', 'proposes', NULL, NULL, 0, NULL, NULL),
  (125, 'relation', 'addresses', NULL, NULL, 0, NULL, NULL),
  (126, 'basis', 'stated', NULL, NULL, 0, 'the source says so', NULL),
  (127, 'basis', 'analyst', NULL, NULL, 0, 'the compiler''s reading', NULL),
  (128, 'role', 'speaker', NULL, NULL, 0, NULL, NULL),
  (129, 'role', 'co-speaker', NULL, NULL, 0, NULL, NULL),
  (130, 'role', 'on-behalf-of', NULL, NULL, 0, NULL, NULL),
  (131, 'role', 'audience', NULL, NULL, 0, NULL, NULL),
  (132, 'source-reliability', 'A', NULL, NULL, 0, 'completely reliable', 'Admiralty code'),
  (133, 'source-reliability', 'B', NULL, NULL, 0, 'usually reliable', 'Admiralty code'),
  (134, 'source-reliability', 'C', NULL, NULL, 0, 'fairly reliable', 'Admiralty code'),
  (135, 'source-reliability', 'D', NULL, NULL, 0, 'not usually reliable', 'Admiralty code'),
  (136, 'source-reliability', 'E', NULL, NULL, 0, 'unreliable', 'Admiralty code'),
  (137, 'source-reliability', 'F', NULL, NULL, 0, 'cannot be judged', 'Admiralty code'),
  (138, 'credibility', '1', NULL, NULL, 0, 'confirmed by other sources', 'Admiralty code'),
  (139, 'credibility', '2', NULL, NULL, 0, 'probably true', 'Admiralty code'),
  (140, 'credibility', '3', NULL, NULL, 0, 'possibly true', 'Admiralty code'),
  (141, 'credibility', '4', NULL, NULL, 0, 'doubtful', 'Admiralty code'),
  (142, 'credibility', '5', NULL, NULL, 0, 'improbable', 'Admiralty code'),
  (143, 'credibility', '6', NULL, NULL, 0, 'cannot be judged', 'Admiralty code');

-- The catalogue's rows -----------------------------------------------------------------------------------------------

INSERT INTO dixit_kind (id, name, table_name, key_column, shown, as_edge, doc) VALUES
  (1, 'Actor', 'actor', 'key', 'name', 0, 'who speaks: a person, group, organization, government, medium or state'),
  (2, 'Venue', 'venue', 'key', 'name', 0, 'where: a place, forum, platform, outlet or kind of occasion'),
  (3, 'Event', 'event', 'key', 'name', 0, 'what it happened at'),
  (4, 'Topic', 'topic', 'key', 'name', 0, 'what it is about'),
  (5, 'Source', 'source', 'key', 'title', 0, 'where we read it'),
  (6, 'Claim', 'claim', 'key', 'text', 0, 'a proposition, in the compiler''s words, in the positive form'),
  (7, 'Statement', 'statement', 'key', 'key', 0, 'one actor''s act towards a claim, on one occasion'),
  (8, 'Attestation', 'attestation', NULL, NULL, 1, 'where a statement was read: the edge `in`'),
  (9, 'Relation', 'relation', 'key', NULL, 1, 'a dated tie between two things, resting on a source'),
  (10, 'Assessment', 'assessment', 'key', 'key', 0, 'a judgement about anything on a scale');

INSERT INTO dixit_property (table_name, position, name, type, storage, column_name, attribute, vocabulary, search, doc) VALUES
  ('actor', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among actors'),
  ('actor', 2, 'name', 'text', 'column', 'name', NULL, NULL, 'actor_search', 'its usual name'),
  ('actor', 3, 'kind', 'text', 'term', 'kind', 'term', 'actor-kind', NULL, 'person, group, organization, …'),
  ('actor', 4, 'identity', 'text', 'term', 'identity', 'term', 'identity', NULL, 'named, described or unidentified'),
  ('actor', 5, 'described_as', 'text', 'column', 'described_as', NULL, NULL, NULL, 'the source''s words for one who is not named'),
  ('actor', 6, 'aliases', 'list<text>', 'alias', NULL, NULL, NULL, NULL, 'other names'),
  ('actor', 7, 'wikidata', 'text', 'column', 'wikidata', NULL, NULL, NULL, 'its item there'),
  ('actor', 8, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('venue', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among venues'),
  ('venue', 2, 'name', 'text', 'column', 'name', NULL, NULL, NULL, 'its usual name'),
  ('venue', 3, 'kind', 'text', 'term', 'kind', 'term', 'venue-kind', NULL, 'city, country, forum, platform, …'),
  ('venue', 4, 'aliases', 'list<text>', 'alias', NULL, NULL, NULL, NULL, 'other names'),
  ('venue', 5, 'wikidata', 'text', 'column', 'wikidata', NULL, NULL, NULL, 'its item there'),
  ('venue', 6, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('event', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among events'),
  ('event', 2, 'name', 'text', 'column', 'name', NULL, NULL, NULL, 'its usual name'),
  ('event', 3, 'kind', 'text', 'term', 'kind', 'term', 'event-kind', NULL, 'talks, conference, speech, …'),
  ('event', 4, 'date', 'date', 'date', 'date', NULL, NULL, NULL, 'when it took place'),
  ('event', 5, 'aliases', 'list<text>', 'alias', NULL, NULL, NULL, NULL, 'other names'),
  ('event', 6, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('topic', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among topics'),
  ('topic', 2, 'name', 'text', 'column', 'name', NULL, NULL, NULL, 'its usual name'),
  ('topic', 3, 'kind', 'text', 'term', 'kind', 'term', 'topic-kind', NULL, 'conflict, proposal, issue, …'),
  ('topic', 4, 'aliases', 'list<text>', 'alias', NULL, NULL, NULL, NULL, 'other names'),
  ('topic', 5, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('source', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among sources'),
  ('source', 2, 'title', 'text', 'column', 'title', NULL, NULL, 'source_search', 'its title'),
  ('source', 3, 'kind', 'text', 'term', 'kind', 'term', 'source-kind', NULL, 'article, post, speech, …'),
  ('source', 4, 'access', 'text', 'term', 'access', 'term', 'access', NULL, 'read, cited or background'),
  ('source', 5, 'published', 'date', 'date', 'published', NULL, NULL, NULL, 'when it came out'),
  ('source', 6, 'url', 'text', 'column', 'url', NULL, NULL, NULL, 'where to find it'),
  ('source', 7, 'body', 'text', 'column', 'body', NULL, NULL, NULL, 'its full text, where we hold it'),
  ('source', 8, 'aliases', 'list<text>', 'alias', NULL, NULL, NULL, NULL, 'other titles'),
  ('source', 9, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('claim', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among claims'),
  ('claim', 2, 'text', 'text', 'column', 'text', NULL, NULL, 'claim_search', 'the proposition'),
  ('claim', 3, 'kind', 'text', 'term', 'kind', 'term', 'claim-kind', NULL, 'fact, evaluation, prediction, norm or intention'),
  ('claim', 4, 'subject', 'text', 'column', 'subject', NULL, NULL, NULL, 'of the claim as a triple'),
  ('claim', 5, 'predicate', 'text', 'column', 'predicate', NULL, NULL, NULL, 'of the claim as a triple'),
  ('claim', 6, 'object', 'text', 'column', 'object', NULL, NULL, NULL, 'of the claim as a triple'),
  ('claim', 7, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('statement', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among statements'),
  ('statement', 2, 'act', 'text', 'term', 'act', 'term', 'act', NULL, 'asserts, denies, reports, …'),
  ('statement', 3, 'polarity', 'int', 'term', 'act', 'polarity', 'act', NULL, 'of the act: 1 for, -1 against, 0 neither'),
  ('statement', 4, 'family', 'text', 'term', 'act', 'family', 'act', NULL, 'of the act: assertive, directive, commissive, expressive'),
  ('statement', 5, 'certainty', 'text', 'term', 'certainty', 'term', 'certainty', NULL, 'how sure the speaker is'),
  ('statement', 6, 'record', 'text', 'term', 'record', 'term', 'record', NULL, 'on-record, background, private, …'),
  ('statement', 7, 'date', 'date', 'date', 'date', NULL, NULL, NULL, 'when it was said'),
  ('statement', 8, 'utterance', 'text', 'column', 'utterance', NULL, NULL, NULL, 'groups what was said in one go'),
  ('statement', 9, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('attestation', 1, 'mode', 'text', 'term', 'mode', 'term', 'mode', NULL, 'direct, mixed, indirect, summary or unseen'),
  ('attestation', 2, 'quote', 'text', 'column', 'quote', NULL, NULL, 'attestation_search', 'the source''s words'),
  ('attestation', 3, 'locator', 'text', 'column', 'locator', NULL, NULL, NULL, 'where in the source: page, paragraph, time'),
  ('attestation', 4, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('relation', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among relations'),
  ('relation', 2, 'relation', 'text', 'term', 'relation', 'term', 'relation', NULL, 'holds_office, member_of, …'),
  ('relation', 3, 'role', 'text', 'column', 'role', NULL, NULL, NULL, 'the office, seat or part'),
  ('relation', 4, 'valid_from', 'date', 'date', 'valid_from', NULL, NULL, NULL, 'since when it holds'),
  ('relation', 5, 'valid_to', 'date', 'date', 'valid_to', NULL, NULL, NULL, 'until when it held; null where it still holds or the end is not known'),
  ('relation', 6, 'as_of', 'date', 'date', 'as_of', NULL, NULL, NULL, 'when the source says it holds'),
  ('relation', 7, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('assessment', 1, 'key', 'text', 'column', 'key', NULL, NULL, NULL, 'readable key, unique among assessments'),
  ('assessment', 2, 'scale', 'text', 'term', 'value', 'vocabulary', NULL, NULL, 'the scale, which is a vocabulary'),
  ('assessment', 3, 'value', 'text', 'term', 'value', 'term', NULL, NULL, 'the value on that scale'),
  ('assessment', 4, 'assessor', 'text', 'column', 'assessor', NULL, NULL, NULL, 'who judged'),
  ('assessment', 5, 'date', 'date', 'date', 'date', NULL, NULL, NULL, 'when it was judged'),
  ('assessment', 6, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('statement_link', 1, 'basis', 'text', 'term', 'basis', 'term', 'basis', NULL, 'stated by the source, or the analyst''s reading'),
  ('statement_link', 2, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('statement_claim_link', 1, 'basis', 'text', 'term', 'basis', 'term', 'basis', NULL, 'stated by the source, or the analyst''s reading'),
  ('statement_claim_link', 2, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('claim_link', 1, 'basis', 'text', 'term', 'basis', 'term', 'basis', NULL, 'stated by the source, or the analyst''s reading'),
  ('claim_link', 2, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler'),
  ('source_link', 1, 'note', 'text', 'column', 'note', NULL, NULL, NULL, 'a remark of the compiler');

INSERT INTO dixit_edge (id, name, table_name, from_kind, from_kind_column, from_column, to_kind, to_kind_column, to_column,
  term_column, vocabulary, family, term, stands_as, doc) VALUES
  (1, NULL, 'statement', 1, NULL, 'speaker', 6, NULL, 'claim', 'act', 'act', NULL, NULL, 7, 'the speaker''s act towards the claim'),
  (2, 'by', 'statement', 7, NULL, 'id', 1, NULL, 'speaker', NULL, NULL, NULL, NULL, NULL, 'the speaker'),
  (3, 'of', 'statement', 7, NULL, 'id', 6, NULL, 'claim', NULL, NULL, NULL, NULL, NULL, 'the claim'),
  (4, 'at', 'statement', 7, NULL, 'id', 2, NULL, 'venue', NULL, NULL, NULL, NULL, NULL, 'where it was said'),
  (5, 'during', 'statement', 7, NULL, 'id', 3, NULL, 'event', NULL, NULL, NULL, NULL, NULL, 'on which occasion'),
  (6, 'in', 'attestation', 7, NULL, 'statement', 5, NULL, 'source', NULL, NULL, NULL, NULL, 8, 'where it was read'),
  (7, 'cites', 'attestation', 8, NULL, 'id', 5, NULL, 'cites', NULL, NULL, NULL, NULL, NULL, 'the source that the read one relies on for it'),
  (8, 'to', 'participant', 7, NULL, 'statement', 1, NULL, 'actor', 'role', 'role', NULL, 'audience', NULL, 'to whom it was said'),
  (9, 'on_behalf_of', 'participant', 7, NULL, 'statement', 1, NULL, 'actor', 'role', 'role', NULL, 'on-behalf-of', NULL, 'for whom it was said'),
  (10, 'with', 'participant', 7, NULL, 'statement', 1, NULL, 'actor', 'role', 'role', NULL, 'co-speaker', NULL, 'who said it together with the speaker'),
  (11, 'on', 'claim_topic', 6, NULL, 'claim', 4, NULL, 'topic', NULL, NULL, NULL, NULL, NULL, 'the topic'),
  (12, 'about', 'claim_about', 6, NULL, 'claim', NULL, 'kind', 'node', NULL, NULL, NULL, NULL, NULL, 'what the claim is about'),
  (13, 'within', 'venue', 2, NULL, 'id', 2, NULL, 'within', NULL, NULL, NULL, NULL, NULL, 'the wider venue'),
  (14, 'within', 'event', 3, NULL, 'id', 3, NULL, 'within', NULL, NULL, NULL, NULL, NULL, 'the larger event'),
  (15, 'within', 'topic', 4, NULL, 'id', 4, NULL, 'within', NULL, NULL, NULL, NULL, NULL, 'the broader topic'),
  (16, 'at', 'event', 3, NULL, 'id', 2, NULL, 'venue', NULL, NULL, NULL, NULL, NULL, 'where it took place'),
  (17, 'at', 'source', 5, NULL, 'id', 2, NULL, 'venue', NULL, NULL, NULL, NULL, NULL, 'where it appeared'),
  (18, 'published_by', 'source', 5, NULL, 'id', 1, NULL, 'publisher', NULL, NULL, NULL, NULL, NULL, 'who brought it out'),
  (19, 'written_by', 'source', 5, NULL, 'id', 1, NULL, 'author', NULL, NULL, NULL, NULL, NULL, 'who wrote or spoke it'),
  (20, 'known_from', 'venue', 2, NULL, 'id', 5, NULL, 'basis', NULL, NULL, NULL, NULL, NULL, 'the source for its place among venues'),
  (21, 'known_from', 'event', 3, NULL, 'id', 5, NULL, 'basis', NULL, NULL, NULL, NULL, NULL, 'the source for it'),
  (22, 'known_from', 'relation', 9, NULL, 'id', 5, NULL, 'source', NULL, NULL, NULL, NULL, NULL, 'the source it rests on'),
  (23, NULL, 'statement_link', 7, NULL, 'from_statement', 7, NULL, 'to_statement', 'link', 'link', 'S>S', NULL, NULL, 'a link between statements'),
  (24, NULL, 'statement_claim_link', 7, NULL, 'statement', 6, NULL, 'claim', 'link', 'link', 'S>C', NULL, NULL, 'what a statement means for a claim, if it was said'),
  (25, NULL, 'claim_link', 6, NULL, 'from_claim', 6, NULL, 'to_claim', 'link', 'link', 'C>C', NULL, NULL, 'a link between claims'),
  (26, NULL, 'source_link', 5, NULL, 'from_source', 5, NULL, 'to_source', 'link', 'source-link', NULL, NULL, NULL, 'a link between sources'),
  (27, NULL, 'relation', NULL, 'from_kind', 'from_node', NULL, 'to_kind', 'to_node', 'relation', 'relation', NULL, NULL, 9, 'a dated tie'),
  (28, 'rates', 'assessment', 10, NULL, 'id', NULL, 'target_kind', 'target', NULL, NULL, NULL, NULL, NULL, 'what is judged');

INSERT INTO dixit_label (edge, name, polarity, doc) VALUES
  (1, 'said', NULL, 'any act of the speaker towards a claim; a statement that only relays or disowns has none: ask `by`'),
  (1, 'affirms', 1, 'the speaker''s acts for a claim, of polarity 1; co-speakers are at `with`'),
  (1, 'disputes', -1, 'the speaker''s acts against a claim, of polarity -1; co-speakers are at `with`');
