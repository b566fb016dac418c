//! Writes workbooks as small as their formats allow: XLSX and ODS as archives of XML, XLS as records in a container.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::NaiveDateTime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A sheet: its name, whether it is hidden, and its rows.
pub struct Sheet<'a> {
    pub name: &'a str,
    pub is_hidden: bool,
    pub rows: &'a [Vec<String>],
}

/// What a spreadsheet makes of a text that it opens.
enum Cell<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Time(NaiveDateTime),
}

fn cell(text: &str) -> Cell<'_> {
    if text.is_empty() {
        return Cell::Empty;
    }
    if let Ok(number) = text.parse::<f64>()
        && number.to_string() == text
    {
        return Cell::Number(number);
    }
    match NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ") {
        Ok(time) => Cell::Time(time),
        Err(_) => Cell::Text(text),
    }
}

/// Days since the end of 1899, as Excel counts them.
fn serial(time: NaiveDateTime) -> f64 {
    (time.and_utc().timestamp() as f64) / 86_400.0 + 25_569.0
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// An archive of these members.
pub fn archive(members: &[(&str, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        let method =
            if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        archive.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook of Excel since 2007; the second format of its cells is that of a time.
pub fn xlsx(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut members = vec![
        ("[Content_Types].xml".to_owned(), format!("{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        (
            "_rels/.rels".to_owned(),
            format!(
                "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                "{HEAD}<styleSheet xmlns=\"{MAIN}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>\
                 </styleSheet>"
            ),
        ),
    ];
    let mut listed = String::new();
    let mut related = format!("<Relationship Id=\"s\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>");
    for (number, sheet) in (1..).zip(sheets) {
        let hidden = if sheet.is_hidden { " state=\"hidden\"" } else { "" };
        let name = escaped(sheet.name);
        write!(listed, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"r{number}\"{hidden}/>").unwrap();
        write!(
            related,
            "<Relationship Id=\"r{number}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        )
        .unwrap();
        members.push((format!("xl/worksheets/sheet{number}.xml"), xlsx_sheet(sheet.rows)));
    }
    members.push((
        "xl/workbook.xml".to_owned(),
        format!(
            "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{listed}</sheets></workbook>"
        ),
    ));
    members.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{related}</Relationships>"),
    ));
    let members: Vec<(&str, String)> =
        members.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    archive(&members)
}

fn xlsx_sheet(rows: &[Vec<String>]) -> String {
    let mut text = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (row, cells) in (1..).zip(rows) {
        write!(text, "<row r=\"{row}\">").unwrap();
        for (column, value) in (b'A'..=b'Z').zip(cells) {
            let place = format!("{}{row}", char::from(column));
            match cell(value) {
                Cell::Empty => {}
                Cell::Number(number) => write!(text, "<c r=\"{place}\"><v>{number}</v></c>").unwrap(),
                Cell::Time(time) => {
                    write!(text, "<c r=\"{place}\" s=\"1\"><v>{}</v></c>", serial(time)).unwrap()
                }
                Cell::Text(value) => {
                    let value = escaped(value);
                    write!(
                        text,
                        "<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{value}</t></is></c>"
                    )
                    .unwrap();
                }
            }
        }
        text.push_str("</row>");
    }
    text + "</sheetData></worksheet>"
}

/// A workbook in OpenDocument.
pub fn ods(sheets: &[Sheet<'_>]) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    let mut text = format!(
        "{HEAD}<office:document-content xmlns:office=\"{NAMES}:office:1.0\" xmlns:table=\"{NAMES}:table:1.0\" \
         xmlns:text=\"{NAMES}:text:1.0\" xmlns:style=\"{NAMES}:style:1.0\"><office:automatic-styles>\
         <style:style style:name=\"shown\" style:family=\"table\"><style:table-properties table:display=\"true\"/>\
         </style:style><style:style style:name=\"hidden\" style:family=\"table\"><style:table-properties \
         table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>"
    );
    for sheet in sheets {
        let (name, style) = (escaped(sheet.name), if sheet.is_hidden { "hidden" } else { "shown" });
        write!(text, "<table:table table:name=\"{name}\" table:style-name=\"{style}\">").unwrap();
        for cells in sheet.rows {
            text.push_str("<table:table-row>");
            cells.iter().for_each(|value| ods_cell(value, &mut text));
            text.push_str("</table:table-row>");
        }
        text.push_str("</table:table>");
    }
    text.push_str("</office:spreadsheet></office:body></office:document-content>");
    let manifest = format!("{HEAD}<manifest:manifest xmlns:manifest=\"{NAMES}:manifest:1.0\"/>");
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("content.xml", text),
        ("META-INF/manifest.xml", manifest),
    ])
}

fn ods_cell(value: &str, text: &mut String) {
    let (kind, shown) = match cell(value) {
        Cell::Empty => return text.push_str("<table:table-cell/>"),
        Cell::Number(number) => (format!("\"float\" office:value=\"{number}\""), value),
        Cell::Time(time) => {
            let time = time.format("%Y-%m-%dT%H:%M:%S");
            (format!("\"date\" office:date-value=\"{time}\""), value)
        }
        Cell::Text(value) => ("\"string\"".to_owned(), value),
    };
    let shown = escaped(shown);
    write!(text, "<table:table-cell office:value-type={kind}><text:p>{shown}</text:p></table:table-cell>")
        .unwrap();
}

/// A workbook of Excel before 2007 with one sheet: records of BIFF8 in a compound file.
pub fn xls(name: &str, rows: &[Vec<String>]) -> Vec<u8> {
    let record =
        |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let start =
        |kind: u16| record(0x809, &[&0x600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    // Two formats of cells: a number, and a time.
    let format = |number: u16| record(0xe0, &[&[0; 2][..], &number.to_le_bytes(), &[0; 16]].concat());
    let globals = [start(5), format(0), format(22)].concat();
    let listed = |place: u32| {
        record(0x85, &[&place.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name.as_bytes()].concat())
    };
    let end = record(0x0a, &[]);
    let place = globals.len() + listed(0).len() + end.len();
    let mut stream = [globals, listed(place as u32), end.clone(), start(0x10)].concat();
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, value) in (0_u16..).zip(cells) {
            let at = |format: u16| [row, column, format].map(u16::to_le_bytes).concat();
            match cell(value) {
                Cell::Empty => {}
                Cell::Number(number) => {
                    stream.extend(record(0x203, &[at(0), number.to_le_bytes().to_vec()].concat()));
                }
                Cell::Time(time) => {
                    stream.extend(record(0x203, &[at(1), serial(time).to_le_bytes().to_vec()].concat()));
                }
                Cell::Text(value) => {
                    let units: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
                    let count = (units.len() / 2) as u16;
                    stream.extend(record(0x204, &[&at(0)[..], &count.to_le_bytes(), &[1], &units].concat()));
                }
            }
        }
    }
    stream.extend(end);
    container("Workbook", stream)
}

/// A compound file of one stream.
pub fn container(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    stream.resize(stream.len().max(8 * SECTOR).next_multiple_of(SECTOR), 0);
    let used = (stream.len() / SECTOR) as u32;
    // The folder comes first, then the stream, then the table that chains them.
    let mut chains: Vec<u32> = std::iter::once(END).chain(2..=used).chain([END]).collect();
    let tables = (chains.len() + 1).div_ceil(SECTOR / 4 - 1) as u32;
    let first = chains.len() as u32;
    chains.extend(std::iter::repeat_n(0xffff_fffd, tables as usize));
    chains.resize(tables as usize * SECTOR / 4, u32::MAX);
    let mut head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    head.resize(24, 0);
    head.extend([0x3e, 3, 0xfffe, 9, 6].into_iter().flat_map(u16::to_le_bytes));
    head.resize(44, 0);
    head.extend([tables, 0, 0, 4096, END, 0, END, 0].into_iter().flat_map(u32::to_le_bytes));
    head.extend((first..first + tables).flat_map(u32::to_le_bytes));
    head.resize(SECTOR, 0xff);
    let entry = |name: &str, kind: u8, start: u32, length: usize| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend(((name.len() as u16 + 1) * 2).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([u32::MAX; 3].into_iter().flat_map(u32::to_le_bytes));
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend((length as u64).to_le_bytes());
        entry
    };
    let mut folder = entry("Root Entry", 5, END, 0);
    folder.extend(entry(name, 2, 1, stream.len()));
    folder.resize(SECTOR, 0);
    let chains = chains.into_iter().flat_map(u32::to_le_bytes).collect();
    [head, folder, stream, chains].concat()
}
