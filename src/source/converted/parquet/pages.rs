//! The pages of a Parquet column, unpacked; it must not know what their values mean.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use ruzstd::decoding::StreamingDecoder;

use super::thrift::{self, Struct};

/// The longest page, unpacked. Writers make pages of about 1 MiB.
const LONGEST: usize = 1 << 30;

/// Goes through the pages of a column's chunk.
pub struct Pages {
    rest: Bytes,
    compression: Compression,
    /// How many values are still to come: what follows them is no page.
    values: u64,
    has_dictionary: bool,
}

impl Pages {
    /// The pages in the bytes of a chunk of so many values.
    pub fn of(chunk: Bytes, compression: Compression, values: u64) -> Pages {
        Pages { rest: chunk, compression, values, has_dictionary: false }
    }

    fn page(&mut self) -> Result<Option<Page>> {
        while self.values > 0 && !self.rest.is_empty() {
            let mut rest = &self.rest[..];
            let header = thrift::read(&mut rest).ok_or_else(|| damaged("the header of a page"))?;
            let start = self.rest.len() - rest.len();
            let (packed, whole) =
                header.count(3).zip(header.count(2)).ok_or_else(|| damaged("a page's size"))?;
            let end = start + packed as usize;
            if end > self.rest.len() || whole as usize > LONGEST {
                return Err(damaged("a page's size"));
            }
            let body = self.rest.slice(start..end);
            self.rest = self.rest.slice(end..);
            let page = match header.whole(1) {
                Some(0) => self.data(header.inner(5), &body, whole as usize),
                Some(2) => self.dictionary(header.inner(7), &body, whole as usize),
                Some(3) => self.data_v2(header.inner(8), &body, whole as usize),
                // Pages of other kinds hold no values.
                _ => continue,
            }?;
            if page.is_data_page() {
                self.values = self.values.saturating_sub(u64::from(page.num_values()));
            }
            return Ok(Some(page));
        }
        Ok(None)
    }

    fn data(&self, header: Option<&Struct>, body: &Bytes, whole: usize) -> Result<Page> {
        let header = header.ok_or_else(|| damaged("the header of a page"))?;
        Ok(Page::DataPage {
            buf: unpacked(self.compression, body, 0, whole)?,
            num_values: count(header, 1)?,
            encoding: self.encoding(header.whole(2))?,
            def_level_encoding: of_levels(header.whole(3))?,
            rep_level_encoding: of_levels(header.whole(4))?,
            statistics: None,
        })
    }

    fn data_v2(&self, header: Option<&Struct>, body: &Bytes, whole: usize) -> Result<Page> {
        let header = header.ok_or_else(|| damaged("the header of a page"))?;
        let (def, rep) = (count(header, 5)?, count(header, 6)?);
        let levels = def as usize + rep as usize;
        let is_compressed = header.flag(7).unwrap_or(true);
        let compression = if is_compressed { self.compression } else { Compression::UNCOMPRESSED };
        if levels > body.len() || levels > whole {
            return Err(damaged("the levels of a page"));
        }
        Ok(Page::DataPageV2 {
            buf: unpacked(compression, body, levels, whole)?,
            num_values: count(header, 1)?,
            encoding: self.encoding(header.whole(4))?,
            num_nulls: count(header, 2)?,
            num_rows: count(header, 3)?,
            def_levels_byte_len: def,
            rep_levels_byte_len: rep,
            is_compressed,
            statistics: None,
        })
    }

    fn dictionary(&mut self, header: Option<&Struct>, body: &Bytes, whole: usize) -> Result<Page> {
        let header = header.ok_or_else(|| damaged("the header of a dictionary"))?;
        self.has_dictionary = true;
        Ok(Page::DictionaryPage {
            buf: unpacked(self.compression, body, 0, whole)?,
            num_values: count(header, 1)?,
            encoding: self.encoding(header.whole(2))?,
            is_sorted: header.flag(3).unwrap_or(false),
        })
    }

    fn encoding(&self, number: Option<i64>) -> Result<Encoding> {
        let encoding = match number {
            Some(0) => Encoding::PLAIN,
            Some(2) => Encoding::PLAIN_DICTIONARY,
            Some(3) => Encoding::RLE,
            Some(5) => Encoding::DELTA_BINARY_PACKED,
            Some(6) => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Some(7) => Encoding::DELTA_BYTE_ARRAY,
            Some(8) => Encoding::RLE_DICTIONARY,
            Some(9) => Encoding::BYTE_STREAM_SPLIT,
            _ => return Err(damaged("how a page is encoded")),
        };
        let is_of_dictionary = matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY);
        if is_of_dictionary && !self.has_dictionary {
            return Err(damaged("a dictionary, which is missing"));
        }
        Ok(encoding)
    }
}

fn of_levels(number: Option<i64>) -> Result<Encoding> {
    match number {
        Some(3) => Ok(Encoding::RLE),
        #[expect(deprecated, reason = "old files have it")]
        Some(4) => Ok(Encoding::BIT_PACKED),
        _ => Err(damaged("how the levels of a page are encoded")),
    }
}

fn count(header: &Struct, field: i64) -> Result<u32> {
    header.count(field).ok_or_else(|| damaged("a count in the header of a page"))
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(format!("it is damaged at {what}"))
}

/// The body of a page, unpacked behind its first `plain` bytes to `whole` bytes in all.
fn unpacked(compression: Compression, body: &Bytes, plain: usize, whole: usize) -> Result<Bytes> {
    if matches!(compression, Compression::UNCOMPRESSED) {
        return Ok(body.clone());
    }
    let packed = body.get(plain..).unwrap_or_default();
    let wanted = whole - plain;
    if wanted == 0 {
        return Ok(body.slice(..plain));
    }
    let because =
        |cause: &dyn std::fmt::Display| ParquetError::General(format!("a page cannot be unpacked: {cause}"));
    // Nothing is reserved that does not come: sizes may lie.
    let mut bytes = body.get(..plain).unwrap_or_default().to_vec();
    match compression {
        Compression::SNAPPY => {
            let size = snap::raw::decompress_len(packed).map_err(|cause| because(&cause))?;
            if size != wanted {
                return Err(damaged("a page's size"));
            }
            let text = snap::raw::Decoder::new().decompress_vec(packed).map_err(|cause| because(&cause))?;
            bytes.extend_from_slice(&text);
        }
        Compression::GZIP(_) => read(MultiGzDecoder::new(packed), wanted, &mut bytes)?,
        Compression::ZSTD(_) => {
            let decoder = StreamingDecoder::new(packed).map_err(|cause| because(&cause))?;
            read(decoder, wanted, &mut bytes)?;
        }
        Compression::LZ4_RAW => {
            let text = lz4_flex::block::decompress(packed, wanted).map_err(|cause| because(&cause))?;
            bytes.extend_from_slice(&text);
        }
        other => {
            let name = format!("{other}");
            let name = name.split('(').next().unwrap_or_default();
            return Err(ParquetError::NYI(format!(
                "its pages are packed with {name}, which is not read here"
            )));
        }
    }
    if bytes.len() != whole {
        return Err(damaged("a page's size"));
    }
    Ok(bytes.into())
}

fn read(stream: impl Read, wanted: usize, bytes: &mut Vec<u8>) -> Result<()> {
    let unpacked = stream.take(wanted as u64 + 1).read_to_end(bytes);
    unpacked.map(drop).map_err(|cause| ParquetError::General(format!("a page cannot be unpacked: {cause}")))
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.page()
    }

    // Nothing is skipped here, so nobody asks what comes.
    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(damaged("a page that is skipped"))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.page().map(drop)
    }

    // A record of a list may go on in the next page, as some writers have it.
    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(self.values == 0 || self.rest.is_empty())
    }
}
