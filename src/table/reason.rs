//! Why a row of an export cannot be used: stable names that scripts rely on.

use crate::source::preset::LeftOut;

/// Why a row enters no metric: it was rejected, or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A purchase, a subscription or a line of the customers without a customer.
    MissingCustomer,
    /// A row without the time it needs.
    MissingTime,
    /// A time that is not one.
    BadTime,
    /// A score that is not one, or an NPS answer with a fraction.
    BadScore,
    /// A score off its scale.
    ScoreOutOfRange,
    /// An amount, a count or a yes or no that is none.
    BadNumber,
    /// An answer without a weight where its export has weights, or a weight that is not more than nothing.
    BadWeight,
    /// The same row again, or an older state of it.
    Duplicate,
    /// A resolution or a reply before the ticket was created, or an end before the start.
    EndsBeforeStart,
    /// More or fewer fields than the header.
    RaggedRow,
    /// Bytes that are not UTF-8, or a NUL.
    BadEncoding,
    /// No data: what the preset of the file leaves out. It is counted, and no fault of the file.
    LeftOut(LeftOut),
}

impl Reason {
    /// Every reason why a row cannot be used, in the order in which they are listed.
    pub const ALL: [Reason; 11] = [
        Reason::MissingCustomer,
        Reason::MissingTime,
        Reason::BadTime,
        Reason::BadScore,
        Reason::ScoreOutOfRange,
        Reason::BadNumber,
        Reason::BadWeight,
        Reason::Duplicate,
        Reason::EndsBeforeStart,
        Reason::RaggedRow,
        Reason::BadEncoding,
    ];

    /// Whether nothing is wrong with the row.
    pub fn is_left_out(self) -> bool {
        matches!(self, Reason::LeftOut(_))
    }

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::MissingCustomer => "missing-customer",
            Reason::MissingTime => "missing-time",
            Reason::BadTime => "bad-time",
            Reason::BadScore => "bad-score",
            Reason::ScoreOutOfRange => "score-out-of-range",
            Reason::BadNumber => "bad-number",
            Reason::BadWeight => "bad-weight",
            Reason::Duplicate => "duplicate",
            Reason::EndsBeforeStart => "ends-before-start",
            Reason::RaggedRow => "ragged-row",
            Reason::BadEncoding => "bad-encoding",
            Reason::LeftOut(why) => why.as_str(),
        }
    }
}
