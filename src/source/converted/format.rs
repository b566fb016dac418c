//! What kinds of files are read, by name.

/// What kind of file an export is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// Text of records, whatever stands between their columns.
    #[default]
    Csv,
    /// JSON objects, one behind the other.
    Ndjson,
    /// JSON objects in an array.
    Json,
    /// A sheet of a workbook.
    Sheet(Workbook, String),
    /// A table with types.
    Parquet,
}

/// What kind of workbook a sheet is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workbook {
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007.
    Xls,
    /// OpenDocument.
    Ods,
}

impl Format {
    /// Its name for programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::Json => "json",
            Format::Sheet(Workbook::Xlsx, _) => "xlsx",
            Format::Sheet(Workbook::Xls, _) => "xls",
            Format::Sheet(Workbook::Ods, _) => "ods",
            Format::Parquet => "parquet",
        }
    }

    /// The sheet of a workbook.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Format::Sheet(_, sheet) => Some(sheet),
            _ => None,
        }
    }

    /// The line on which its text in CSV begins: 0 where the names of the columns stand on no line of the file, so that
    /// the first record is on line 1.
    pub fn first_line(&self) -> u64 {
        match self {
            Format::Csv | Format::Sheet(..) => 1,
            Format::Ndjson | Format::Json | Format::Parquet => 0,
        }
    }
}
