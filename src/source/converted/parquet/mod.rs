//! From a Parquet file to CSV text: what lies within structures has dotted names, and the values of a list stand in one
//! cell. It must not know what a column means.

mod cell;
mod column;
mod pages;
mod thrift;

use std::fs::File;
use std::io::{self, Read};

use bytes::Bytes;
use cell::Meaning;
use column::Column;
use pages::Pages;
use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::get_column_reader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::Type;

use super::csv::CsvText;
use super::format::Format;
use super::guard::guarded;
use crate::error::{Error, Result};
use crate::source::input::{Input, Stream};

/// How many rows are read at a time.
const ROWS: usize = 4096;

/// The first bytes of a file, and the last: plain, or with keys.
const MAGIC: [&[u8; 4]; 2] = [b"PAR1", b"PARE"];

/// The CSV text of a Parquet file. It must be there as a whole, since what is where is said at its end: `stream` is read
/// into memory, unless it is the file itself, whose columns are read where they stand.
///
/// # Errors
/// When it cannot be read, is encrypted or damaged.
pub fn open(stream: &mut Stream, input: &Input) -> Result<(Stream, Format)> {
    let file = input.path().and_then(|path| plain_file(path).ok().flatten());
    let stream: Stream = match file {
        Some(file) => Box::new(Converted::of(file, input)?),
        None => {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).map_err(|cause| input.unreadable(&cause))?;
            Box::new(Converted::of(Bytes::from(bytes), input)?)
        }
    };
    Ok((stream, Format::Parquet))
}

/// The file, if it is not packed.
fn plain_file(path: &std::path::Path) -> io::Result<Option<File>> {
    let mut file = File::open(path)?;
    let mut magic = [0; 4];
    file.read_exact(&mut magic)?;
    Ok(MAGIC.contains(&&magic).then_some(file))
}

fn unreadable(cause: &ParquetError, input: &Input) -> Error {
    let name = input.display();
    if cause.to_string().contains("encrypt") {
        return Error::export(format!("`{name}` is an encrypted Parquet file"))
            .hint("write it without encryption, or export it as CSV");
    }
    let advice = match cause {
        ParquetError::NYI(_) => "write it with snappy or zstd, or export it as CSV",
        _ => "the file may be cut off or damaged: copy or download it again",
    };
    Error::export(format!("`{name}` is a Parquet file that cannot be read: {}", plain(cause))).hint(advice)
}

/// The cause in words, without what the library puts before them.
fn plain(cause: &ParquetError) -> String {
    let what = cause.to_string();
    let what = what.rsplit_once("error: ").map_or(what.as_str(), |(_, what)| what);
    ["Parquet ", "EOF: ", "NYI: "]
        .iter()
        .fold(what, |what, before| what.trim_start_matches(before))
        .to_owned()
}

struct Converted<R> {
    source: R,
    data: ParquetMetaData,
    group: usize,
    columns: Vec<Column>,
    csv: CsvText,
    /// How many rows are written.
    rows: u64,
}

impl<R: ChunkReader> Converted<R> {
    fn of(source: R, input: &Input) -> Result<Self> {
        let damaged =
            || ParquetError::General("it is damaged at its end, where its columns are named".to_owned());
        let data = guarded(|| ParquetMetaDataReader::new().parse_and_finish(&source));
        let data = data.unwrap_or_else(|| Err(damaged()));
        let data = data.map_err(|cause| unreadable(&cause, input))?;
        let mut names = Vec::new();
        for field in data.file_metadata().schema().get_fields() {
            add_names(field, "", &mut names);
        }
        if names.len() != data.file_metadata().schema_descr().num_columns() {
            let cause = ParquetError::General("its columns have no names".to_owned());
            return Err(unreadable(&cause, input));
        }
        let mut csv = CsvText::starting(0);
        csv.record(0, names.iter().map(String::as_bytes));
        let mut converted = Converted { source, data, group: 0, columns: Vec::new(), csv, rows: 0 };
        // What is wrong from the start is said with the file's name alone.
        converted.fill().map_err(|cause| unreadable(&cause, input))?;
        Ok(converted)
    }

    /// Writes some more rows, if there are any. The library asserts what a damaged page may not keep.
    fn fill(&mut self) -> parquet::errors::Result<()> {
        let damaged = || ParquetError::General("it is damaged within a page".to_owned());
        guarded(|| self.fill_in()).unwrap_or_else(|| Err(damaged()))
    }

    fn fill_in(&mut self) -> parquet::errors::Result<()> {
        loop {
            if self.columns.is_empty() {
                if self.group == self.data.num_row_groups() {
                    return Ok(());
                }
                self.open_group()?;
                self.group += 1;
            }
            let mut counts = self.columns.iter_mut().map(|column| column.read(ROWS));
            let count = counts.next().unwrap_or(Ok(0))?;
            for other in counts {
                if other? != count {
                    return Err(ParquetError::General(
                        "its columns have different numbers of rows".to_owned(),
                    ));
                }
            }
            for row in 0..count {
                self.rows += 1;
                self.csv.record(self.rows, self.columns.iter().map(|column| column.cell(row)));
            }
            if count > 0 {
                return Ok(());
            }
            self.columns.clear();
        }
    }

    fn open_group(&mut self) -> parquet::errors::Result<()> {
        let group = self.data.row_group(self.group);
        let damaged = || ParquetError::General("it is damaged at the place of a column".to_owned());
        for chunk in group.columns() {
            let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
            let start = u64::try_from(start).map_err(|_| damaged())?;
            let length = u64::try_from(chunk.compressed_size()).map_err(|_| damaged())?;
            let values = u64::try_from(chunk.num_values()).map_err(|_| damaged())?;
            if start.checked_add(length).is_none_or(|end| end > self.source.len()) {
                return Err(damaged());
            }
            let bytes = self.source.get_bytes(start, usize::try_from(length).map_err(|_| damaged())?)?;
            let about = chunk.column_descr_ptr();
            let (meaning, most) = (Meaning::of(&about), about.max_def_level());
            let is_list = about.max_rep_level() > 0;
            let pages = Pages::of(bytes, chunk.compression(), values);
            let reader = get_column_reader(about, Box::new(pages));
            self.columns.push(Column::new(reader, meaning, most, is_list));
        }
        Ok(())
    }
}

impl<R: ChunkReader> Read for Converted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.csv.waiting() == 0 {
            self.fill().map_err(|cause| io::Error::other(plain(&cause)))?;
        }
        Ok(self.csv.take(buffer))
    }
}

/// Adds the names of the columns within a field, without those that only say that it is a list or a map.
fn add_names(field: &Type, before: &str, names: &mut Vec<String>) {
    let name = if before.is_empty() { field.name().to_owned() } else { format!("{before}.{}", field.name()) };
    if field.is_primitive() {
        names.push(name);
        return;
    }
    let info = field.get_basic_info();
    let is_list = matches!(info.logical_type_ref(), Some(LogicalType::List))
        || info.converted_type() == ConvertedType::LIST;
    let is_map = matches!(info.logical_type_ref(), Some(LogicalType::Map))
        || matches!(info.converted_type(), ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE);
    match field.get_fields() {
        [entries] if (is_list || is_map) && !entries.is_primitive() => match entries.get_fields() {
            [element] if is_list && element.is_primitive() => names.push(name),
            [element] if is_list => {
                element.get_fields().iter().for_each(|field| add_names(field, &name, names));
            }
            fields => fields.iter().for_each(|field| add_names(field, &name, names)),
        },
        [element] if is_list && element.is_primitive() => names.push(name),
        fields => fields.iter().for_each(|field| add_names(field, &name, names)),
    }
}
