//! The settings that a config may hold: the key of each, the flag that says the same, and what its value looks like.
//! It must not know what the values mean: the flag's own parser reads them.

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// The table that its key stands in; empty at the top.
    pub table: &'static str,
    /// Its key: the name of its flag, where that reads well.
    pub key: &'static str,
    /// The flag that wins over it, without the dashes; empty where there is none.
    pub flag: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// A value, as it is written in the config.
    pub example: &'static str,
    /// What holds where nobody says it and the flag has no default.
    pub unset: &'static str,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text in quotes.
    Text,
    /// The path of a file or folder in quotes, relative to the config.
    Path,
    /// Text in quotes, or a date or time without.
    Time,
    /// Text in quotes, or a bare number.
    Amount,
    /// A bare number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Texts in brackets, or one text.
    List,
    /// A table of texts.
    Pairs,
}

impl Shape {
    /// What belongs there, for a message.
    pub fn noun(self) -> &'static str {
        match self {
            Shape::Text | Shape::Path => "a text in quotes",
            Shape::Time => "a date or a text in quotes",
            Shape::Amount => "a number or a text in quotes",
            Shape::Number => "a number",
            Shape::Switch => "true or false",
            Shape::List => "a list of texts",
            Shape::Pairs => "a table of texts",
        }
    }
}

impl Setting {
    /// Its name from the top of the config: `windows.window`.
    pub fn path(&self) -> String {
        if self.table.is_empty() { self.key.to_owned() } else { format!("{}.{}", self.table, self.key) }
    }

    /// How it is written, for a hint: `min_n = 5`.
    pub fn written(&self) -> String {
        match self.shape {
            Shape::Pairs => format!("[{}] {}", self.path(), self.example),
            _ => format!("{} = {}", self.key, self.example),
        }
    }
}

/// The settings of a run, in the order in which they are listed.
pub const SETTINGS: &[Setting] = &[
    top("tz", Shape::Text, "\"Europe/Amsterdam\"", ""),
    top("dates", Shape::Text, "\"dmy\"", "told from each file where it proves it"),
    top("decimal", Shape::Text, "\",\"", "told from the first rows of each file"),
    top("delimiter", Shape::Text, "\";\"", "told from each header"),
    top("encoding", Shape::Text, "\"windows-1252\"", "told from the bytes of each file"),
    top("currency", Shape::Text, "\"EUR\"", "each as it stands"),
    top("rates", Shape::Path, "\"rates.csv\"", "none"),
    top("max_rejects", Shape::Amount, "\"5%\"", ""),
    top("strict", Shape::Switch, "true", ""),
    top("as_of", Shape::Time, "\"2026-06-30\"", "the latest time in the exports"),
    top("since", Shape::Time, "\"2026-01-01\"", "the first row"),
    top("until", Shape::Time, "\"2026-07-01\"", "the last row"),
    top("metrics", Shape::List, "[\"nps\", \"csat\"]", "all that the exports allow"),
    top("by", Shape::List, "[\"channel\", \"stage\"]", "channel, stage in a report"),
    top("period", Shape::Text, "\"month\"", "none"),
    top("where", Shape::Text, "'country = \"NL\"'", "every row"),
    top("min_n", Shape::Number, "5", ""),
    top("confidence", Shape::Number, "0.95", ""),
    top("business_hours", Shape::Path, "\"hours.toml\"", "day and night"),
    top("answers", Shape::Text, "\"latest\"", ""),
    top("cluster", Shape::Switch, "true", ""),
    top("interval", Shape::List, "[\"adjusted-wald\"]", "score for net scores, Wilson for shares"),
    top("same_topic", Shape::Switch, "true", ""),
    top("anonymous", Shape::Text, "\"single\"", ""),
    of("windows", "window", Shape::Amount, "\"90d\""),
    of("windows", "repeat_window", Shape::Amount, "\"7d\""),
    of("windows", "attribution", Shape::Amount, "\"14d\""),
    of("windows", "response_window", Shape::Amount, "\"14d\""),
    Setting {
        flag: "scale",
        unset: "told from the answers",
        ..of("", "scales", Shape::Pairs, "csat = \"1-5\"")
    },
    Setting {
        flag: "def",
        unset: "the usual one of each metric",
        ..of("", "definitions", Shape::Pairs, "csat = \"top1\"")
    },
    of("journey", "stages", Shape::List, "[\"discovery\", \"purchase\", \"use\", \"support\"]"),
    of("journey", "onboarding", Shape::Amount, "\"30d\""),
    of("journey", "after_purchase", Shape::Amount, "\"3d\""),
    Setting {
        flag: "stage-name",
        unset: "none",
        ..of("journey", "names", Shape::Pairs, "aftercare = \"support\"")
    },
    Setting {
        flag: "stage-rule",
        unset: "none",
        ..of("journey", "rules", Shape::Pairs, "billing = \"renewal\"")
    },
    Setting { flag: "", ..top("presets", Shape::Path, "\"presets\"", "none") },
    Setting { flag: "", ..top("gates", Shape::List, "[\"nps >= 30\"]", "none") },
];

/// The settings of one source, which hold for its files alone.
pub const SOURCE: &[Setting] = &[
    Setting { flag: "", ..source("files", Shape::List, "[\"exports/tickets-*.csv\"]") },
    Setting { flag: "", ..source("kind", Shape::Text, "\"tickets\"") },
    source("preset", Shape::Text, "\"zendesk-csv\""),
    Setting { flag: "", ..source("sheet", Shape::Text, "\"Sheet1\"") },
    source("tz", Shape::Text, "\"Europe/Amsterdam\""),
    source("dates", Shape::Text, "\"dmy\""),
    source("decimal", Shape::Text, "\",\""),
    source("delimiter", Shape::Text, "\";\""),
    source("encoding", Shape::Text, "\"windows-1252\""),
    Setting { flag: "", ..source("alias", Shape::List, "[\"email\"]") },
    Setting { flag: "map", ..source("columns", Shape::Pairs, "score = \"Q12_1\"") },
];

/// Words of other programs and of this one's output, and the key that they stand for here.
pub const MEANT: &[(&str, &str)] = &[
    ("timezone", "tz"),
    ("time_zone", "tz"),
    ("zone", "tz"),
    ("filter", "where"),
    ("retention", "window"),
    ("repeat", "repeat_window"),
    ("response", "response_window"),
    ("scale", "scales"),
    ("def", "definitions"),
    ("definition", "definitions"),
    ("gate", "gates"),
    ("file", "files"),
    ("path", "files"),
    ("type", "kind"),
    ("map", "columns"),
    ("sources", "source"),
];

const fn top(key: &'static str, shape: Shape, example: &'static str, unset: &'static str) -> Setting {
    Setting { table: "", key, flag: key, shape, example, unset }
}

const fn of(table: &'static str, key: &'static str, shape: Shape, example: &'static str) -> Setting {
    Setting { table, key, flag: key, shape, example, unset: "" }
}

const fn source(key: &'static str, shape: Shape, example: &'static str) -> Setting {
    Setting { table: "source", key, flag: key, shape, example, unset: "" }
}

impl Setting {
    /// The flag as it is typed: `repeat-window`; empty where there is none.
    pub fn long(&self) -> String {
        self.flag.replace('_', "-")
    }
}
