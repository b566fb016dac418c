//! From a workbook to the CSV text of one of its sheets; it must not know what a column means.

mod cell;
mod table;
mod xls;

use std::fmt::Display;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, Ods, Reader, SheetType, SheetVisible, Xlsx};
use table::Table;
use xls::Book;
use zip::read::ZipArchive;

use super::format::Workbook;
use super::guard::guarded;
use crate::error::{Error, Result};
use crate::source::input::Input;
use crate::text;

/// The largest workbook, unpacked: it must fit into memory.
const MOST: u64 = 2 << 30;

/// How many sheets a message lists.
const SHOWN: usize = 12;

/// What an encrypted workbook holds, as it is written in old containers.
const ENCRYPTED: &str = "EncryptedPackage";

/// A sheet that was read.
#[derive(Debug)]
pub struct Sheet {
    pub workbook: Workbook,
    pub name: String,
    /// Its table as CSV text.
    pub csv: Arc<[u8]>,
}

type Bytes = Cursor<Arc<[u8]>>;

enum Opened {
    Xlsx(Box<Xlsx<Bytes>>),
    Xls(Book),
    Ods(Ods<Bytes>),
}

/// Reads the sheet that the input names, or else the only one that looks like a table.
///
/// # Errors
/// When it is no workbook, has a password, or has no or several such sheets.
pub fn read(bytes: Vec<u8>, input: &Input) -> Result<Sheet> {
    guarded(|| read_in(bytes, input))
        .unwrap_or_else(|| Err(damaged("its sheets contradict themselves", input)))
}

fn read_in(bytes: Vec<u8>, input: &Input) -> Result<Sheet> {
    let (mut opened, workbook) = open(bytes.into(), input)?;
    let sheets = opened.sheets();
    let visible: Vec<String> =
        sheets.iter().filter(|(_, is_visible)| *is_visible).map(|(name, _)| name.clone()).collect();
    let sheet = |name: String, csv: Vec<u8>| Sheet { workbook, name, csv: csv.into() };
    if let Some(wanted) = input.sheet() {
        let Some(name) = named(&sheets, wanted) else {
            let error = format!("`{}` has no sheet `{wanted}`: it has {}", input.display(), list(&visible));
            return Err(Error::export(error).hint("pass one of them: --sheet NAME, or its number"));
        };
        return match opened.table(&name, true, input)? {
            Some(csv) => Ok(sheet(name, csv)),
            None => Err(Error::export(format!("sheet `{name}` of `{}` is empty", input.display()))),
        };
    }
    let mut tables = Vec::new();
    for name in &visible {
        tables.extend(opened.table(name, false, input)?.map(|csv| (name.clone(), csv)));
    }
    match <[_; 1]>::try_from(tables) {
        Ok([(name, csv)]) => Ok(sheet(name, csv)),
        Err(tables) => {
            let (which, names) = if tables.is_empty() {
                ("no sheet", visible)
            } else {
                ("several sheets", tables.into_iter().map(|(name, _)| name).collect())
            };
            let flags: Vec<String> =
                names.iter().take(SHOWN).map(|name| format!("--sheet '{name}'")).collect();
            let flags = if flags.is_empty() { "--sheet NAME".to_owned() } else { text::either(&flags) };
            let error = format!("`{}` has {which} that may be a table: {}", input.display(), list(&names));
            Err(Error::export(error).hint(format!("say which one to read: {flags}")))
        }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none that is visible".to_owned() } else { text::quoted(names, SHOWN) }
}

/// The sheet of that name, or else of that number from 1.
fn named(sheets: &[(String, bool)], wanted: &str) -> Option<String> {
    let number = || wanted.parse::<usize>().ok()?.checked_sub(1).and_then(|place| sheets.get(place));
    let same = |name: &str| name.trim().to_lowercase() == wanted.trim().to_lowercase();
    let exact = sheets.iter().find(|(name, _)| name == wanted);
    let found = exact.or_else(|| sheets.iter().find(|(name, _)| same(name))).or_else(number);
    found.map(|(name, _)| name.clone())
}

/// Opens a workbook of the kind that its bytes show.
fn open(bytes: Arc<[u8]>, input: &Input) -> Result<(Opened, Workbook)> {
    if !bytes.starts_with(b"PK") {
        if is_encrypted(&bytes) {
            return Err(locked(input));
        }
        let book = Book::open(&bytes).map_err(|cause| damaged(cause, input))?;
        return Ok((Opened::Xls(book), Workbook::Xls));
    }
    let is_ods = bytes.get(30..).is_some_and(|rest| rest.starts_with(b"mimetype"));
    check_archive(&bytes, input)?;
    let whole = Cursor::new(bytes);
    if is_ods {
        return Ods::new(whole)
            .map(|ods| (Opened::Ods(ods), Workbook::Ods))
            .map_err(|cause| damaged(cause, input));
    }
    Xlsx::new(whole)
        .map(|xlsx| (Opened::Xlsx(Box::new(xlsx)), Workbook::Xlsx))
        .map_err(|cause| damaged(cause, input))
}

/// # Errors
/// When the archive of a workbook cannot be read, is too large unpacked, or holds a binary workbook.
fn check_archive(bytes: &Arc<[u8]>, input: &Input) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(Arc::clone(bytes)))
        .map_err(|_| damaged("its archive is cut off or damaged", input))?;
    let mut size = 0_u64;
    for place in 0..archive.len() {
        let member = archive.by_index_raw(place).map_err(|cause| damaged(cause, input))?;
        size = size.saturating_add(member.size());
        if member.name().is_ok_and(|name| name == "xl/workbook.bin") {
            return Err(Error::export(format!("`{}` is a binary workbook (XLSB)", input.display()))
                .hint("save it as XLSX, or save the sheet as CSV UTF-8"));
        }
    }
    if size > MOST {
        return Err(Error::export(format!("`{}` holds over {} GiB unpacked", input.display(), MOST >> 30))
            .hint("save the sheet as CSV UTF-8"));
    }
    Ok(())
}

fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &name).is_some()
}

fn locked(input: &Input) -> Error {
    Error::export(format!("`{}` is a workbook with a password", input.display()))
        .hint("save it without one, or save the sheet as CSV UTF-8")
}

fn damaged(cause: impl Display, input: &Input) -> Error {
    let cause = cause.to_string();
    if cause.contains("password") {
        return locked(input);
    }
    // The library's "Zip error: …" says nothing that this does not.
    let cause = cause.lines().next().unwrap_or_default().replace(" error: ", ": ");
    Error::export(format!("`{}` is a workbook that cannot be read: {cause}", input.display()))
        .hint("open it in a spreadsheet and save the sheet as CSV UTF-8")
}

impl Opened {
    /// Its sheets of cells, and whether each is visible.
    fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Opened::Xlsx(opened) => opened.sheets_metadata(),
            Opened::Xls(book) => return book.sheets(),
            Opened::Ods(opened) => opened.sheets_metadata(),
        };
        let of_cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        of_cells.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect()
    }

    /// The table on a sheet as CSV text, if there is one.
    fn table(&mut self, name: &str, is_named: bool, input: &Input) -> Result<Option<Vec<u8>>> {
        let mut table = Table::new(is_named);
        let range = match self {
            Opened::Xlsx(opened) => {
                let mut cells = opened.worksheet_cells_reader(name).map_err(|cause| damaged(cause, input))?;
                while let Some(cell) = cells.next_cell().map_err(|cause| damaged(cause, input))? {
                    let (row, column) = cell.get_position();
                    if !table.take(row, column, Data::from(cell.get_value().clone())) {
                        break;
                    }
                }
                return Ok(table.finish());
            }
            Opened::Xls(book) => {
                for (row, column, cell) in book.cells(name) {
                    table.take(row, column, cell);
                }
                return Ok(table.finish());
            }
            Opened::Ods(opened) => opened.worksheet_range(name).map_err(|cause| damaged(cause, input))?,
        };
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, cell) in range.used_cells() {
            if !table.take(first_row + row as u32, first_column + column as u32, cell.clone()) {
                break;
            }
        }
        Ok(table.finish())
    }
}
