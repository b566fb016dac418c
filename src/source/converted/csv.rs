//! CSV text as it is written from other formats: commas as a rule, quotes where they are needed, each record on its own line; it
//! must not know where the cells come from.

/// Text that is written and not read yet.
#[derive(Debug)]
pub struct CsvText {
    bytes: Vec<u8>,
    /// How much of it is read.
    read: usize,
    /// The line on which the next record would stand.
    line: u64,
    /// What stands between its columns.
    delimiter: u8,
}

impl CsvText {
    /// An empty text that starts on `line`.
    pub fn starting(line: u64) -> Self {
        CsvText::with(b',', line)
    }

    /// An empty text that starts on `line`, with another character between its columns.
    pub fn with(delimiter: u8, line: u64) -> Self {
        CsvText { bytes: Vec::new(), read: 0, line, delimiter }
    }

    /// Writes a record that stands on `line`, or on the next one if that line is written already.
    pub fn record<'a>(&mut self, line: u64, cells: impl Iterator<Item = &'a [u8]>) {
        // Readers skip blank lines and count them.
        let blank = line.saturating_sub(self.line);
        self.bytes.resize(self.bytes.len() + blank as usize, b'\n');
        let start = self.bytes.len();
        for (column, cell) in cells.enumerate() {
            if column > 0 {
                self.bytes.push(self.delimiter);
            }
            self.cell(cell);
        }
        if self.bytes.len() == start {
            // A record of one empty cell is no blank line.
            self.bytes.extend_from_slice(b"\"\"");
        }
        self.bytes.push(b'\n');
        self.line += blank + 1;
    }

    fn cell(&mut self, cell: &[u8]) {
        let delimiter = self.delimiter;
        if !cell.iter().any(|byte| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r')) {
            self.bytes.extend_from_slice(cell);
            return;
        }
        self.bytes.push(b'"');
        let mut rest = cell.iter().peekable();
        while let Some(byte) = rest.next() {
            match byte {
                b'"' => self.bytes.extend_from_slice(b"\"\""),
                // A record that breaks lines would move those below it.
                b'\r' if rest.peek() == Some(&&b'\n') => {}
                b'\n' | b'\r' => self.bytes.push(b' '),
                byte => self.bytes.push(*byte),
            }
        }
        self.bytes.push(b'"');
    }

    /// How many bytes wait to be read.
    pub fn waiting(&self) -> usize {
        self.bytes.len() - self.read
    }

    /// Reads what fits into `buffer`.
    pub fn take(&mut self, buffer: &mut [u8]) -> usize {
        let waiting = self.bytes.get(self.read..).unwrap_or_default();
        let count = waiting.len().min(buffer.len());
        buffer[..count].copy_from_slice(&waiting[..count]);
        self.read += count;
        if self.read == self.bytes.len() {
            self.bytes.clear();
            self.read = 0;
        }
        count
    }

    /// All of it.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.drain(..self.read);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(start: u64, records: &[(u64, &[&str])]) -> String {
        let mut text = CsvText::starting(start);
        for (line, cells) in records {
            text.record(*line, cells.iter().map(|cell| cell.as_bytes()));
        }
        String::from_utf8(text.into_bytes()).unwrap()
    }

    #[test]
    fn each_record_stands_on_its_line() {
        assert_eq!(
            written(0, &[(0, &["a", "b"]), (1, &["1", "2"]), (4, &["3", "4"])]),
            "a,b\n1,2\n\n\n3,4\n"
        );
        assert_eq!(written(1, &[(3, &["a"]), (3, &["1"])]), "\n\na\n1\n");
    }

    #[test]
    fn cells_are_quoted_where_that_is_needed_and_break_no_line() {
        let cells = ["a,b", "say \"hi\"", "one\r\ntwo\nthree", " plain ", ""];
        assert_eq!(written(1, &[(1, &cells)]), "\"a,b\",\"say \"\"hi\"\"\",\"one two three\", plain ,\n");
        assert_eq!(written(1, &[(1, &[""])]), "\"\"\n");
    }
}
