//! The lines of a table for people as they come to stand below each other. Knows nothing of reports.

use super::Style;
use super::clean::clean;
use super::grid::{self, Column, strong};
use super::wrap::{listing, wrap, wrap_after};

/// Lines under construction.
pub struct Page {
    text: String,
    style: Style,
}

impl Page {
    /// An empty page of at least 60 columns.
    pub fn new(style: &Style) -> Self {
        Page { text: String::new(), style: Style { width: style.width.max(60), ..*style } }
    }

    /// What the page may use.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// A bold line.
    pub fn heading(&mut self, text: &str) {
        for line in wrap(&clean(text), self.style.width, 2) {
            self.line(&strong(&line, &self.style));
        }
    }

    /// A wrapped text; nothing where it is empty.
    pub fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.lines(wrap(&clean(text), self.style.width, 2));
        }
    }

    /// A wrapped text after a mark; the text stays aligned.
    pub fn item(&mut self, mark: &str, text: &str) {
        self.lines(wrap_after(&format!("{mark} "), &clean(text), self.style.width));
    }

    /// Names with texts, aligned.
    pub fn notes(&mut self, entries: &[(String, String)]) {
        self.lines(listing(entries, self.style.width));
    }

    /// Columns side by side.
    pub fn grid(&mut self, columns: &[Column]) {
        self.lines(grid::lines(columns, &self.style));
    }

    /// One empty line, never two.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The page, ending with a line break.
    pub fn finish(self) -> String {
        self.text.trim_end_matches('\n').to_owned() + "\n"
    }

    fn lines(&mut self, lines: Vec<String>) {
        for line in lines {
            self.line(&line);
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end_matches(' '));
        self.text.push('\n');
    }
}
