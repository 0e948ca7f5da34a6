-- Declared kinds as a program of store version 2 made them.
PRAGMA application_id = 1684633716;
PRAGMA user_version = 2;
BEGIN;
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
CREATE TABLE actor (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  identity INTEGER REFERENCES term,
  described_as TEXT,
  wikidata TEXT,
  note TEXT
) STRICT;
CREATE TABLE venue (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  within INTEGER REFERENCES venue,
  basis INTEGER REFERENCES source,
  wikidata TEXT,
  note TEXT
) STRICT;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
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
CREATE TABLE topic (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  within INTEGER REFERENCES topic,
  note TEXT
) STRICT;
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
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
CREATE TABLE claim (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  kind INTEGER REFERENCES term,
  subject TEXT,
  predicate TEXT,
  object TEXT,
  note TEXT
) STRICT;
CREATE TABLE statement (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
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
CREATE TABLE relation (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
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
CREATE TABLE assessment (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
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
CREATE TABLE participant (
  statement INTEGER NOT NULL REFERENCES statement,
  role INTEGER NOT NULL REFERENCES term,
  actor INTEGER NOT NULL REFERENCES actor,
  PRIMARY KEY (statement, role, actor)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_topic (
  claim INTEGER NOT NULL REFERENCES claim,
  topic INTEGER NOT NULL REFERENCES topic,
  PRIMARY KEY (claim, topic)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_about (
  claim INTEGER NOT NULL REFERENCES claim,
  kind INTEGER NOT NULL,
  node INTEGER NOT NULL,
  PRIMARY KEY (claim, kind, node)
) STRICT, WITHOUT ROWID;
CREATE TABLE statement_link (
  from_statement INTEGER NOT NULL REFERENCES statement,
  link INTEGER NOT NULL REFERENCES term,
  to_statement INTEGER NOT NULL REFERENCES statement,
  basis INTEGER REFERENCES term,
  note TEXT,
  PRIMARY KEY (from_statement, link, to_statement)
) STRICT, WITHOUT ROWID;
CREATE TABLE statement_claim_link (
  statement INTEGER NOT NULL REFERENCES statement,
  link INTEGER NOT NULL REFERENCES term,
  claim INTEGER NOT NULL REFERENCES claim,
  basis INTEGER REFERENCES term,
  note TEXT,
  PRIMARY KEY (statement, link, claim)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_link (
  from_claim INTEGER NOT NULL REFERENCES claim,
  link INTEGER NOT NULL REFERENCES term,
  to_claim INTEGER NOT NULL REFERENCES claim,
  basis INTEGER REFERENCES term,
  note TEXT,
  PRIMARY KEY (from_claim, link, to_claim)
) STRICT, WITHOUT ROWID;
CREATE TABLE source_link (
  from_source INTEGER NOT NULL REFERENCES source,
  link INTEGER NOT NULL REFERENCES term,
  to_source INTEGER NOT NULL REFERENCES source,
  note TEXT,
  PRIMARY KEY (from_source, link, to_source)
) STRICT, WITHOUT ROWID;
CREATE TABLE alias (
  kind INTEGER NOT NULL,
  node INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, node, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE lookup (
  kind INTEGER NOT NULL,
  folded TEXT NOT NULL,
  node INTEGER NOT NULL,
  PRIMARY KEY (kind, folded, node)
) STRICT, WITHOUT ROWID;
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  who TEXT,
  why TEXT,
  action TEXT NOT NULL CHECK (action IN ('import', 'write', 'undo')),
  undoes INTEGER REFERENCES change,
  summary TEXT NOT NULL
) STRICT;
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
CREATE TABLE dixit_label (
  edge INTEGER NOT NULL REFERENCES dixit_edge,
  name TEXT NOT NULL,
  polarity INTEGER,
  doc TEXT NOT NULL,
  PRIMARY KEY (edge, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE dixit_graph (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  claims INTEGER NOT NULL CHECK (claims IN (0, 1))
) STRICT;
CREATE TABLE dixit_nothing (
  id INTEGER PRIMARY KEY,
  source_kind INTEGER,
  source INTEGER,
  target_kind INTEGER,
  target INTEGER,
  CHECK (0)
) STRICT;
CREATE TABLE "kind_person_1000" ("id" INTEGER PRIMARY KEY, "key" TEXT NOT NULL, "name" TEXT NOT NULL, "born" INTEGER, "score" REAL, "tags" TEXT, "seen_first" INTEGER, "seen_last" INTEGER, "seen_text" TEXT, "misc" ANY, "ok" INTEGER, "city" TEXT) STRICT;
CREATE TABLE "kind_film_1001" ("id" INTEGER PRIMARY KEY, "key" TEXT NOT NULL, "title" TEXT NOT NULL) STRICT;
CREATE TABLE "edge_acted_in_1000" ("id" INTEGER PRIMARY KEY, "key" TEXT NOT NULL, "source" INTEGER NOT NULL REFERENCES "kind_person_1000", "target" INTEGER NOT NULL REFERENCES "kind_film_1001", "role" TEXT, "year" INTEGER NOT NULL) STRICT;
INSERT INTO "lookup" VALUES
(1000,'tim',1),
(1000,'ann',2),
(1001,'up',1);
INSERT INTO "change" VALUES
(1,'2026-11-23T22:17:24.673Z','ada',NULL,'import',NULL,'{"added":{"declared edge":1,"declared kind":2}}'),
(2,'2026-11-23T22:17:24.756Z','ada','a film','write',NULL,'{"added":{"edge":1,"film":1,"person":1}}'),
(3,'2026-11-23T22:17:24.837Z','ada','another','write',NULL,'{"added":{"edge":1,"person":1}}'),
(4,'2026-11-23T22:17:24.918Z','ada','a name','write',NULL,'{"changed":{"person":1}}'),
(5,'2026-11-23T22:17:24.986Z','ada',NULL,'import',NULL,'{"added":{"declared property":1}}');
INSERT INTO "change_row" VALUES
(2,1,'kind_person_1000',1,1,NULL,NULL,NULL),
(2,2,'kind_film_1001',1,1,NULL,NULL,NULL),
(2,3,'edge_acted_in_1000',1,1,NULL,NULL,NULL),
(3,1,'kind_person_1000',2,2,NULL,NULL,NULL),
(3,2,'edge_acted_in_1000',2,2,NULL,NULL,NULL),
(4,1,'kind_person_1000',1,1,NULL,'{"id":1,"key":"tom","name":"Tom","born":1956,"score":"1.0","tags":"[\"a\",\"b\"]","seen_first":20250102,"seen_last":20250102,"seen_text":null,"misc":"X''7B2264223A223230323530313031323032353132333132303235227D''","ok":1}','{"id":1,"key":"tom","name":"Tim","born":1956,"score":"1.0","tags":"[\"a\",\"b\"]","seen_first":20250102,"seen_last":20250102,"seen_text":null,"misc":"X''7B2264223A223230323530313031323032353132333132303235227D''","ok":1}');
INSERT INTO "dixit_kind" VALUES
(1000,'Person','kind_person_1000','key','name',0,NULL,''),
(1001,'Film','kind_film_1001','key','title',0,NULL,'');
INSERT INTO "dixit_property" VALUES
('edge_acted_in_1000',1,'role','text','column','role',NULL,NULL,NULL,0,''),
('edge_acted_in_1000',2,'year','int','column','year',NULL,NULL,NULL,1,''),
('kind_film_1001',1,'title','text','column','title',NULL,NULL,NULL,1,''),
('kind_person_1000',2,'born','int','column','born',NULL,NULL,NULL,0,''),
('kind_person_1000',8,'city','text','column','city',NULL,NULL,NULL,0,''),
('kind_person_1000',6,'misc','any','column','misc',NULL,NULL,NULL,0,''),
('kind_person_1000',1,'name','text','column','name',NULL,NULL,NULL,1,''),
('kind_person_1000',7,'ok','bool','column','ok',NULL,NULL,NULL,0,''),
('kind_person_1000',3,'score','float','column','score',NULL,NULL,NULL,0,''),
('kind_person_1000',5,'seen','date','date','seen',NULL,NULL,NULL,0,''),
('kind_person_1000',4,'tags','list<text>','column','tags',NULL,NULL,NULL,0,'');
INSERT INTO "dixit_edge" VALUES
(1000,'acted_in','edge_acted_in_1000',1000,NULL,'source',1001,NULL,'target',NULL,NULL,NULL,NULL,NULL,1,0,'');
INSERT INTO "dixit_graph" VALUES
(1,'films',0,0);
INSERT INTO "kind_person_1000" VALUES
(1,'tom','Tim',1956,1.0,'["a","b"]',20250102,20250102,NULL,X'7B2264223A223230323530313031323032353132333132303235227D',1,NULL),
(2,'ann','Ann',NULL,3.00000000000000044408e-01,NULL,NULL,NULL,NULL,X'5B312C2278222C7B2264223A2232303235303130313230323530313031227D5D',NULL,NULL);
INSERT INTO "kind_film_1001" VALUES
(1,'up','Up');
INSERT INTO "edge_acted_in_1000" VALUES
(1,'acted-in-ebb3e88c03ed',1,1,'x',1999),
(2,'acted-in-7e4097c5c40c',2,1,'y',2001);
CREATE VIRTUAL TABLE actor_search USING fts5 (name, content = 'actor', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO actor_search (actor_search) VALUES ('rebuild');
CREATE VIRTUAL TABLE source_search USING fts5 (title, content = 'source', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO source_search (source_search) VALUES ('rebuild');
CREATE VIRTUAL TABLE claim_search USING fts5 (text, content = 'claim', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO claim_search (claim_search) VALUES ('rebuild');
CREATE VIRTUAL TABLE attestation_search USING fts5 (quote, content = 'attestation', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO attestation_search (attestation_search) VALUES ('rebuild');
CREATE INDEX venue_within ON venue (within) WHERE within IS NOT NULL;
CREATE INDEX venue_basis ON venue (basis) WHERE basis IS NOT NULL;
CREATE INDEX event_within ON event (within) WHERE within IS NOT NULL;
CREATE INDEX event_venue ON event (venue) WHERE venue IS NOT NULL;
CREATE INDEX event_basis ON event (basis) WHERE basis IS NOT NULL;
CREATE INDEX topic_within ON topic (within) WHERE within IS NOT NULL;
CREATE INDEX source_publisher ON source (publisher) WHERE publisher IS NOT NULL;
CREATE INDEX source_author ON source (author) WHERE author IS NOT NULL;
CREATE INDEX source_venue ON source (venue) WHERE venue IS NOT NULL;
CREATE INDEX statement_speaker ON statement (speaker, claim, act, date_first, date_last, date_text);
CREATE INDEX statement_claim ON statement (claim, act, speaker, date_first, date_last, date_text) WHERE claim IS NOT NULL;
CREATE INDEX statement_venue ON statement (venue, act, date_first) WHERE venue IS NOT NULL;
CREATE INDEX statement_event ON statement (event) WHERE event IS NOT NULL;
CREATE INDEX statement_date ON statement (date_first, date_last) WHERE date_first IS NOT NULL;
CREATE INDEX attestation_statement ON attestation (statement, source, locator, mode);
CREATE INDEX attestation_source ON attestation (source, statement);
CREATE INDEX attestation_cites ON attestation (cites) WHERE cites IS NOT NULL;
CREATE INDEX relation_from ON relation (from_kind, from_node, relation, to_kind, to_node);
CREATE INDEX relation_to ON relation (to_kind, to_node, relation, from_kind, from_node);
CREATE INDEX relation_source ON relation (source);
CREATE INDEX assessment_target ON assessment (target_kind, target, value);
CREATE INDEX assessment_value ON assessment (value);
CREATE INDEX participant_actor ON participant (actor, role, statement);
CREATE INDEX claim_topic_topic ON claim_topic (topic, claim);
CREATE INDEX claim_about_node ON claim_about (kind, node, claim);
CREATE INDEX statement_link_to ON statement_link (to_statement, link, from_statement);
CREATE INDEX statement_claim_link_claim ON statement_claim_link (claim, link, statement);
CREATE INDEX claim_link_to ON claim_link (to_claim, link, from_claim);
CREATE INDEX source_link_to ON source_link (to_source, link, from_source);
CREATE INDEX lookup_node ON lookup (kind, node);
CREATE INDEX change_row_last ON change_row (table_name, last) WHERE last IS NOT NULL;
CREATE INDEX change_row_range ON change_row (table_name, first) WHERE last > first;
CREATE INDEX change_row_key ON change_row (table_name, key) WHERE key IS NOT NULL;
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
CREATE UNIQUE INDEX "kind_person_1000_key" ON "kind_person_1000" ("key");
CREATE UNIQUE INDEX "kind_film_1001_key" ON "kind_film_1001" ("key");
CREATE UNIQUE INDEX "edge_acted_in_1000_key" ON "edge_acted_in_1000" ("key");
CREATE INDEX "edge_acted_in_1000_source" ON "edge_acted_in_1000" ("source", "target");
CREATE INDEX "edge_acted_in_1000_target" ON "edge_acted_in_1000" ("target", "source");
COMMIT;
ANALYZE;
