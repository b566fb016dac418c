//! The line in the file of each row, in memory that grows with the irregular ones: most rows stand one line below the
//! row before them.

/// The lines of rows, ascending.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    rows: u32,
    /// Where a run of rows on neighbouring lines begins: its first row, and the line of that.
    runs: Vec<(u32, u32)>,
}

impl Lines {
    /// Adds the line of the next row.
    #[inline]
    pub fn push(&mut self, line: u32) {
        let is_next = self.runs.last().is_some_and(|(row, first)| first + (self.rows - row) == line);
        if !is_next {
            self.runs.push((self.rows, line));
        }
        self.rows += 1;
    }

    /// Adds the lines of rows, which ascend.
    pub fn extend(&mut self, lines: &[u32]) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        if (last - first) as usize == lines.len() - 1 {
            self.append(&Lines { rows: lines.len() as u32, runs: vec![(0, *first)] });
        } else {
            lines.iter().for_each(|line| self.push(*line));
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The line of a row.
    pub fn line(&self, row: u32) -> u32 {
        let run = self.runs.partition_point(|(first, _)| *first <= row).saturating_sub(1);
        self.runs.get(run).map_or(0, |(first, line)| line + (row - first))
    }

    /// The line of each row.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let ends = self.runs.iter().skip(1).map(|(row, _)| *row).chain([self.rows]);
        self.runs.iter().zip(ends).flat_map(|((row, line), end)| *line..line + (end - row))
    }

    /// Adds the lines of rows that stand below these.
    pub fn append(&mut self, other: &Lines) {
        for (row, line) in &other.runs {
            let row = self.rows + row;
            let is_next = self.runs.last().is_some_and(|(start, first)| first + (row - start) == *line);
            if !is_next {
                self.runs.push((row, *line));
            }
        }
        self.rows += other.rows;
    }

    /// Counts the lines from another one on.
    pub fn shift(&mut self, lines: u32) {
        self.runs.iter_mut().for_each(|(_, line)| *line = line.saturating_add(lines));
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn every_row_has_its_line() {
        let all = [2, 3, 4, 9, 9, 9, 10, 12];
        let mut lines = Lines::default();
        all.into_iter().for_each(|line| lines.push(line));
        assert_eq!(lines.iter().collect::<Vec<_>>(), all);
        assert_eq!((0..8).map(|row| lines.line(row)).collect::<Vec<_>>(), all);
        assert_eq!((lines.len(), lines.runs.len()), (8, 5));
        let mut twice = lines.clone();
        lines.shift(11);
        twice.append(&lines);
        assert_eq!(twice.iter().collect::<Vec<_>>(), [&all[..], &all.map(|line| line + 11)].concat());
        assert_eq!((twice.len(), twice.runs.len()), (16, 9));
        lines.shift(89);
        assert_eq!((lines.line(0), lines.line(7)), (102, 112));
    }
}
