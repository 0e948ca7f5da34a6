//! Rows as columns with types. Numbers and truths are such; texts, dates and instants are text as they were coded, because a
//! date may be uncertain; lists, nodes, paths and what has no one type are JSON.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::base::value::{Column, Holds, Value};
use crate::format::json;
use crate::format::text::shown;
use crate::format::{Sink, Tally, spool};

/// Rows are written in groups of so many, or of texts of so many bytes.
const GROUP: usize = 1 << 16;
const BYTES: usize = 32 << 20;

/// Writes a file of columns.
pub(super) struct Parquet<'w> {
    out: &'w mut dyn Write,
    columns: Vec<Column>,
    waiting: Vec<Gathered>,
    rows: usize,
    bytes: usize,
    file: Option<SerializedFileWriter<File>>,
}

/// The values of a column that wait to be written, nulls left out.
enum Gathered {
    Bool(Cells<bool>),
    Int(Cells<i64>),
    Float(Cells<f64>),
    Text(Cells<ByteArray>),
    Json(Cells<ByteArray>),
}

/// Values, and for each row whether it has one (1) or null (0).
struct Cells<T> {
    values: Vec<T>,
    known: Vec<i16>,
}

impl<'w> Parquet<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        let (columns, waiting) = (Vec::new(), Vec::new());
        Self { out, columns, waiting, rows: 0, bytes: 0, file: None }
    }

    fn open(&mut self, columns: &[Column]) -> Result<(), ParquetError> {
        let names = json::unique(columns);
        let fields = columns.iter().zip(&names);
        let fields = fields.map(|(column, name)| field(name, column.holds).map(Arc::new));
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("answer").with_fields(fields).build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("dixit version ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let file =
            SerializedFileWriter::new(spool::file()?, Arc::new(schema), Arc::new(properties))?;
        self.file = Some(file);
        self.columns = columns.to_vec();
        self.waiting = columns.iter().map(|column| Gathered::new(column.holds)).collect();
        Ok(())
    }

    /// Writes the rows that wait, as one group.
    fn flush(&mut self) -> Result<(), ParquetError> {
        let Some(file) = self.file.as_mut().filter(|_| self.rows > 0) else { return Ok(()) };
        let mut group = file.next_row_group()?;
        for gathered in &mut self.waiting {
            let Some(mut column) = group.next_column()? else { break };
            gathered.write(column.untyped())?;
            column.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Sink for Parquet<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.open(columns).map_err(failed)
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        for ((gathered, value), column) in self.waiting.iter_mut().zip(row).zip(&self.columns) {
            self.bytes += gathered.take(value, column)?;
        }
        self.rows += 1;
        if self.rows < GROUP && self.bytes < BYTES { Ok(()) } else { self.flush().map_err(failed) }
    }

    fn end(&mut self) -> io::Result<Tally> {
        self.flush().map_err(failed)?;
        if let Some(writer) = self.file.take() {
            spool::copy(writer.into_inner().map_err(failed)?, self.out)?;
        }
        Ok(Tally::default())
    }
}

impl Gathered {
    fn new(holds: Holds) -> Self {
        match holds {
            Holds::Bool => Self::Bool(Cells::new()),
            Holds::Int => Self::Int(Cells::new()),
            Holds::Float => Self::Float(Cells::new()),
            Holds::Text => Self::Text(Cells::new()),
            Holds::Any | Holds::Citations => Self::Json(Cells::new()),
        }
    }

    /// Takes a value; gives how many bytes of text it has.
    fn take(&mut self, value: &Value, column: &Column) -> io::Result<usize> {
        match (self, value) {
            (Self::Bool(cells), Value::Null) => cells.take(None),
            (Self::Int(cells), Value::Null) => cells.take(None),
            (Self::Float(cells), Value::Null) => cells.take(None),
            (Self::Text(cells) | Self::Json(cells), Value::Null) => cells.take(None),
            (Self::Bool(cells), Value::Bool(yes)) => cells.take(Some(*yes)),
            (Self::Int(cells), Value::Int(number)) => cells.take(Some(*number)),
            (Self::Float(cells), Value::Float(number)) => cells.take(Some(*number)),
            (Self::Json(cells), value) => {
                return Ok(cells.take_text(&json::value(value).to_string()));
            }
            (
                Self::Text(cells),
                Value::Text(_) | Value::Date(_) | Value::DateTime(_) | Value::Duration(_),
            ) => return Ok(cells.take_text(&shown(value).unwrap_or_default())),
            (Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Text(_), _) => {
                let what = format!("the column `{}` has values of several types", column.name);
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
        }
        Ok(0)
    }

    fn write(&mut self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        match (self, writer) {
            (Self::Bool(cells), ColumnWriter::BoolColumnWriter(writer)) => {
                writer.write_batch(&cells.values, Some(&cells.known), None)?;
                cells.clear();
            }
            (Self::Int(cells), ColumnWriter::Int64ColumnWriter(writer)) => {
                writer.write_batch(&cells.values, Some(&cells.known), None)?;
                cells.clear();
            }
            (Self::Float(cells), ColumnWriter::DoubleColumnWriter(writer)) => {
                writer.write_batch(&cells.values, Some(&cells.known), None)?;
                cells.clear();
            }
            (
                Self::Text(cells) | Self::Json(cells),
                ColumnWriter::ByteArrayColumnWriter(writer),
            ) => {
                writer.write_batch(&cells.values, Some(&cells.known), None)?;
                cells.clear();
            }
            (Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Text(_) | Self::Json(_), _) => {
                return Err(ParquetError::General("a column of another type".to_owned()));
            }
        }
        Ok(())
    }
}

impl<T> Cells<T> {
    fn new() -> Self {
        Self { values: Vec::new(), known: Vec::new() }
    }

    fn take(&mut self, value: Option<T>) {
        self.known.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn clear(&mut self) {
        self.values.clear();
        self.known.clear();
    }
}

impl Cells<ByteArray> {
    fn take_text(&mut self, text: &str) -> usize {
        self.take(Some(ByteArray::from(text.as_bytes().to_vec())));
        text.len()
    }
}

fn field(name: &str, holds: Holds) -> Result<Type, ParquetError> {
    let (physical, logical) = match holds {
        Holds::Bool => (Physical::BOOLEAN, None),
        Holds::Int => (Physical::INT64, None),
        Holds::Float => (Physical::DOUBLE, None),
        Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Holds::Any | Holds::Citations => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
    };
    Type::primitive_type_builder(name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL)
        .build()
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error.to_string()),
        },
        error => io::Error::other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::format::samples::{HOSTILE, text};

    fn column(name: &str, holds: Holds) -> Column {
        Column { name: name.to_owned(), holds }
    }

    fn read(columns: &[Column], rows: &[Vec<Value>]) -> Vec<Vec<(String, Field)>> {
        let mut out = Vec::new();
        let mut sink = Parquet::new(&mut out);
        sink.begin(columns).unwrap();
        for row in rows {
            sink.row(row).unwrap();
        }
        sink.end().unwrap();
        drop(sink);
        let reader = SerializedFileReader::new(bytes(&out)).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| {
            row.unwrap()
                .get_column_iter()
                .map(|(name, field)| (name.clone(), field.clone()))
                .collect()
        })
        .collect()
    }

    fn bytes(out: &[u8]) -> File {
        let mut file = spool::file().unwrap();
        file.write_all(out).unwrap();
        file
    }

    #[test]
    fn values_come_back_with_their_types() {
        let columns = [
            column("name", Holds::Text),
            column("n", Holds::Int),
            column("f", Holds::Float),
            column("yes", Holds::Bool),
            column("list", Holds::Any),
            column("n", Holds::Text),
        ];
        let rows = [
            vec![
                text(HOSTILE),
                Value::Int(i64::MAX),
                Value::Float(-0.5),
                Value::Bool(true),
                Value::List(vec![text("a\"b"), Value::Null, Value::Int(1)]),
                Value::Date("[..2025-11-22]".to_owned()),
            ],
            vec![Value::Null, Value::Null, Value::Null, Value::Null, Value::Null, text("")],
        ];
        let back = read(&columns, &rows);
        let names: Vec<&str> = back[0].iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["name", "n", "f", "yes", "list", "n_2"]);
        let fields =
            |row: usize| back[row].iter().map(|(_, field)| field.clone()).collect::<Vec<_>>();
        let string = |text: &str| Field::Str(text.to_owned());
        assert_eq!(
            fields(0),
            [
                string(HOSTILE),
                Field::Long(i64::MAX),
                Field::Double(-0.5),
                Field::Bool(true),
                string("[\"a\\\"b\",null,1]"),
                string("[..2025-11-22]"),
            ]
        );
        let null = Field::Null;
        assert_eq!(
            fields(1),
            [null.clone(), null.clone(), null.clone(), null.clone(), null, string("")]
        );
    }

    #[test]
    fn many_rows_go_into_several_groups_and_none_is_lost() {
        let rows: Vec<Vec<Value>> = (0..150_000).map(|number| vec![Value::Int(number)]).collect();
        let back = read(&[column("n", Holds::Int)], &rows);
        assert_eq!(back.len(), 150_000);
        assert!(back.iter().zip(0..).all(|(row, number)| row[0].1 == Field::Long(number)));
        assert!(read(&[column("n", Holds::Int)], &[]).is_empty());
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let mut out = Vec::new();
        let mut sink = Parquet::new(&mut out);
        sink.begin(&[column("n", Holds::Int)]).unwrap();
        let refused = sink.row(&[text("one")]).unwrap_err();
        assert!(refused.to_string().contains("`n` has values of several types"), "{refused}");
    }
}
