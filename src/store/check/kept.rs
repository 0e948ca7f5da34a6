//! What the catalogue says is so in the tables: dates, terms, references to any kind, links kept both ways, and what
//! declared properties hold.

use super::{Finding, Rule, Search, Weight};
use crate::base::date::{Date, NO_FIRST, NO_LAST, day_text};
use crate::record::catalogue::{Catalogue, Property};
use crate::store::catalogue::quoted;
use crate::store::declared;
use crate::store::error::Error;
use crate::store::layout::{Layout, Symmetric, Table, To};
use crate::store::log::text;

const fn rule(code: &'static str, what: &'static str, next: &'static str) -> Rule {
    Rule { code, weight: Weight::Wrong, what, next }
}

static BOTH_WAYS: Rule = rule(
    "S06",
    "is a link that holds both ways and is not kept alike in both",
    "another program wrote here: write the link anew",
);
static DATES: Rule = rule("S09", "has a date that is not what its text says", "set the date anew");
static LEADS: Rule = rule(
    "S10",
    "leads to a node that is not there",
    "another program wrote here: bring the node back, or take this row away",
);
static TERMS: Rule = rule(
    "S11",
    "is a term of another vocabulary",
    "`dixit schema VOCABULARY` lists those that fit",
);
static VALUES: Rule = rule("S14", "does not hold what its type says", "set the property anew");

impl Search<'_> {
    pub(super) fn kept(&mut self) -> Result<(), Error> {
        let catalogue = self.reader.catalogue()?;
        let layout = Layout::read(self.reader.connection());
        let layout = layout.map_err(|error| self.reader.failed(error))?;
        for property in &catalogue.properties {
            if property.storage == "date" {
                self.dates(property, &layout)?;
            }
        }
        for table in &layout.tables {
            if let Some(symmetric) = &table.symmetric {
                self.both_ways(table, symmetric, &layout)?;
            }
            self.references(table, &catalogue)?;
        }
        self.terms(&catalogue)?;
        self.values(&catalogue)
    }

    /// The three columns of a date say the same: days that exist, first not after last, and just what the text says.
    fn dates(&mut self, property: &Property, layout: &Layout) -> Result<(), Error> {
        let prefix = property.column.as_deref().unwrap_or(&property.name);
        let table = layout.table(&property.table);
        let key = key_column(table);
        let kind = table.map_or(&property.table, |table| &table.noun).clone();
        let sql = format!(
            "SELECT {key}, {first}, {last}, {said} FROM {table}
             WHERE {first} IS NOT NULL OR {last} IS NOT NULL OR {said} IS NOT NULL",
            table = quoted(&property.table),
            first = quoted(&format!("{prefix}_first")),
            last = quoted(&format!("{prefix}_last")),
            said = quoted(&format!("{prefix}_text")),
        );
        let mut found = Vec::new();
        self.rows(&sql, |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            let said = row.get_ref(3)?.as_str_or_null().ok().flatten();
            if is_date(first, last, said) {
                return Ok(true);
            }
            let key: String = row.get(0)?;
            let detail = Some(property.name.clone());
            found.push(Finding { rule: &DATES, kind: kind.clone(), key, detail });
            Ok(found.len() < super::MOST)
        })?;
        self.findings.append(&mut found);
        Ok(())
    }

    /// A link that holds both ways is there in both directions, with the same remarks.
    fn both_ways(
        &mut self,
        table: &Table,
        symmetric: &Symmetric,
        layout: &Layout,
    ) -> Result<(), Error> {
        let Symmetric { from, to, term, terms } = symmetric;
        let (from, to, term) = (quoted(from), quoted(to), quoted(term));
        let others = table.columns.iter().filter(|column| !table.key.contains(&column.name));
        let alike: Vec<String> =
            others.map(|column| format!(" AND m.{0} IS l.{0}", quoted(&column.name))).collect();
        let terms: Vec<String> = terms.iter().map(i64::to_string).collect();
        let ends = table.references.iter().find(|reference| quoted(&reference.column) == from);
        let Some(To::Table(nodes)) = ends.map(|reference| &reference.to) else { return Ok(()) };
        let noun = layout.table(nodes).map_or(nodes.as_str(), |table| table.noun.as_str());
        let sql = format!(
            "SELECT {noun}, f.key, t.term || ' ' || o.key FROM {table} AS l JOIN term AS t ON t.id = l.{term}
               JOIN {nodes} AS f ON f.id = l.{from} JOIN {nodes} AS o ON o.id = l.{to}
             WHERE l.{term} IN ({terms}) AND NOT EXISTS (SELECT 1 FROM {table} AS m
               WHERE m.{from} = l.{to} AND m.{term} = l.{term} AND m.{to} = l.{from}{alike})",
            noun = text(noun),
            table = quoted(&table.name),
            nodes = quoted(nodes),
            terms = terms.join(", "),
            alike = alike.concat(),
        );
        self.ask(&BOTH_WAYS, &sql)
    }

    /// References that may lead to any kind lead to a row.
    fn references(&mut self, table: &Table, catalogue: &Catalogue) -> Result<(), Error> {
        let own = |column: &str, kind: &str| self.reference_sql(table, (column, kind), catalogue);
        let mut asked = Vec::new();
        for reference in &table.references {
            if let To::Kind(kind) = &reference.to {
                asked.push(own(&reference.column, kind));
            }
        }
        asked.iter().try_for_each(|sql| self.ask(&LEADS, sql))
    }

    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    fn reference_sql(
        &self,
        table: &Table,
        (node, kind): (&str, &str),
        catalogue: &Catalogue,
    ) -> String {
        let (node, kind) = (quoted(node), quoted(kind));
        let known = catalogue.kinds.iter().map(|row| {
            let target = quoted(&row.table);
            format!(
                "WHEN {} THEN EXISTS (SELECT 1 FROM {target} AS n WHERE n.id = x.{node})",
                row.id
            )
        });
        let known: Vec<String> = known.collect();
        format!(
            "SELECT {}, 'kind ' || x.{kind} || ', id ' || x.{node} FROM {} AS x
             WHERE x.{node} IS NOT NULL AND NOT CASE x.{kind} WHEN 0 THEN 0 {} ELSE 0 END",
            text(&table.name),
            quoted(&table.name),
            known.join(" ")
        )
    }

    /// Every term is of the vocabulary that its column asks for.
    fn terms(&mut self, catalogue: &Catalogue) -> Result<(), Error> {
        let mut columns: Vec<(&str, &str, &str)> = Vec::new();
        let is_term = |property: &&Property| property.storage == "term";
        for property in catalogue.properties.iter().filter(is_term) {
            if let (Some(column), Some(vocabulary)) = (&property.column, &property.vocabulary) {
                columns.push((&property.table, column, vocabulary));
            }
        }
        for edge in &catalogue.edges {
            if let (Some(column), Some(vocabulary)) = (&edge.term_column, &edge.vocabulary) {
                columns.push((&edge.table, column, vocabulary));
            }
        }
        columns.sort_unstable();
        columns.dedup();
        columns.into_iter().try_for_each(|(table, column, vocabulary)| {
            let sql = format!(
                "SELECT {}, {}, coalesce(t.vocabulary || ' ' || t.term, 'no term ' || x.{column})
                 FROM {} AS x LEFT JOIN term AS t ON t.id = x.{column}
                 WHERE x.{column} IS NOT NULL AND t.vocabulary IS NOT {}",
                text(table),
                text(&format!("column {column}")),
                quoted(table),
                text(vocabulary),
                column = quoted(column),
            );
            self.ask(&TERMS, &sql)
        })
    }

    /// Declared properties hold what their types say, as far as the tables themselves do not see to it.
    fn values(&mut self, catalogue: &Catalogue) -> Result<(), Error> {
        for property in catalogue.properties.iter().filter(|row| declared::is_declared(&row.table))
        {
            let Some(column) = property.column.as_deref().map(quoted) else { continue };
            let wrong = match property.ty.as_str() {
                "bool" => format!("{column} NOT IN (0, 1)"),
                "any" => {
                    format!("typeof({column}) = 'blob' AND NOT json_valid(CAST({column} AS TEXT))")
                }
                ty if ty.starts_with("list<") => format!(
                    "CASE WHEN json_valid({column}) THEN json_type({column}) <> 'array' ELSE {column} IS NOT NULL END"
                ),
                _ => continue,
            };
            let table = &property.table;
            let sql = format!(
                "SELECT {}, 'row ' || id, {} FROM {} WHERE {wrong}",
                text(table),
                text(&property.name),
                quoted(table)
            );
            self.ask(&VALUES, &sql)?;
        }
        Ok(())
    }
}

/// SQL for what a row of a table is known by.
fn key_column(table: Option<&Table>) -> String {
    let has_key = |table: &Table| table.columns.iter().any(|column| column.name == "key");
    match table {
        Some(table) if has_key(table) => "CAST(key AS TEXT)".to_owned(),
        Some(table) => format!("'row ' || {}", table.id()),
        None => "'a row'".to_owned(),
    }
}

/// Whether three columns are a date: both days or none, and just those that the text says.
fn is_date(first: Option<i64>, last: Option<i64>, said: Option<&str>) -> bool {
    let (Some(first), Some(last)) = (first, last) else { return false };
    if let Some(said) = said {
        return Date::parse(said).is_ok_and(|date| date.first == first && date.last == last);
    }
    let bounded = first != NO_FIRST && last != NO_LAST;
    let day = || Date::parse(&day_text(first)).is_ok_and(|date| date.exact() == Some(first));
    bounded && first == last && day()
}
