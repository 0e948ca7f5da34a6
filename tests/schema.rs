//! What the catalogue in `schema.sql` names is there: every table and column, and every kind, edge and property answers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run fails")]

mod house;

use dixit::base::source::Source;
use dixit::lang;
use dixit::meaning::catalog::{Catalog, Edge, Property, Storage};
use dixit::meaning::resolve::Arguments;
use house::Asked;
use rusqlite::Connection;

const SCHEMA: &str = include_str!("../schema.sql");

struct Tables(Connection);

impl Tables {
    fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        Self(connection)
    }

    fn check(&self, table: &str, column: &str) {
        let sql = "select count(*) from pragma_table_info(?1) where name = ?2";
        let found: i64 = self.0.query_row(sql, [table, column], |row| row.get(0)).unwrap();
        assert_eq!(found, 1, "there is no column {column} in {table}");
    }

    fn check_property(&self, table: &str, property: &Property) {
        match &property.storage {
            Storage::Column(column) | Storage::Term { column, attribute: _, vocabulary: _ } => {
                self.check(table, column.as_str());
            }
            Storage::Date(prefix) => {
                for part in ["first", "last", "text"] {
                    self.check(table, prefix.part(part).as_str());
                }
            }
            Storage::Alias => self.check("alias", "name"),
        }
        if let (Some(index), Storage::Column(column)) = (&property.search, &property.storage) {
            self.check(index.as_str(), column.as_str());
        }
    }

    fn check_edge(&self, edge: &Edge) {
        let table = edge.table.as_str();
        for end in [&edge.from, &edge.to] {
            self.check(table, end.column.as_str());
            end.kind_column.iter().for_each(|column| self.check(table, column.as_str()));
        }
        edge.term_column.iter().for_each(|column| self.check(table, column.as_str()));
        edge.properties.iter().for_each(|property| self.check_property(table, property));
    }
}

#[test]
fn the_catalogue_names_what_is_there() {
    let (tables, world) = (Tables::new(), Asked::new("geneva"));
    for (_, kind) in world.catalog.kinds() {
        let table = kind.table.as_str();
        tables.check(table, "id");
        kind.key.iter().chain(&kind.shown).for_each(|column| tables.check(table, column.as_str()));
        kind.properties.iter().for_each(|property| tables.check_property(table, property));
    }
    for (_, edge) in world.catalog.edges() {
        tables.check_edge(edge);
    }
}

#[test]
fn every_kind_and_property_answers() {
    let world = Asked::new("geneva");
    let mut asked = 0;
    for (_, kind) in world.catalog.kinds() {
        for Property { name, search, ty: _, storage: _, doc: _ } in &kind.properties {
            let of = &kind.name;
            ask(
                &world,
                &format!("match (x:`{of}`) where x.`{name}` is not null return x.`{name}`, x"),
            );
            if search.is_some() {
                ask(&world, &format!("match (x:`{of}`) where x.`{name}` matches 'plan' return x"));
            }
            asked += 1;
        }
    }
    assert!(asked > 60);
}

#[test]
fn every_edge_answers_both_ways() {
    let world = Asked::new("geneva");
    let names: Vec<&str> = world.catalog.edge_names().collect();
    assert!(names.len() > 60);
    for name in names {
        ask(&world, &format!("match (a)-[e:`{name}`]->(b) return a, e, b"));
        ask(&world, &format!("match (a)<-[e:`{name}`]-(b) return a, e, b"));
        ask(&world, &format!("match p = (a)-[e:`{name}`]-{{1,2}}(b) return p, e limit 3"));
        ask(
            &world,
            &format!("match (a) where exists {{ (a)-[:`{name}`]->() }} return count(a) as n"),
        );
        ask(&world, &format!("match (a) optional match (a)-[e:`{name}`]->(b) return a, e, b"));
    }
}

#[test]
fn a_catalogue_that_contradicts_itself_is_refused() {
    let world = Asked::new("geneva");
    let stored = world.reader.catalogue().unwrap();
    let mut wrong = stored.clone();
    wrong.edges[1].from.kind = Some(99);
    assert_eq!(Catalog::new(wrong).unwrap_err(), "there is no kind number 99");
    let mut wrong = stored;
    wrong.properties[0].storage = "cloud".to_owned();
    assert!(Catalog::new(wrong).unwrap_err().ends_with("has an unknown storage"));
}

fn ask(world: &Asked, query: &str) {
    let script = lang::parse(&Source::inline(query)).unwrap();
    let compiled = world.compile(&script.queries[0], &Arguments::default());
    let compiled = compiled.unwrap_or_else(|mistakes| panic!("{query}: {mistakes:#?}"));
    world.rows(&compiled).unwrap_or_else(|error| panic!("{query}: {error}"));
}
