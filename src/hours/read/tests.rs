//! What a file of business hours may hold, and what is said of one that holds something else.

use proptest::prelude::*;

use super::*;

fn zones(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| Error::usage("is no IANA zone").hint("did you mean Europe/Amsterdam?"))
}

fn read(text: &str) -> Result<Hours> {
    Hours::parse("hours.toml", text, Tz::Asia__Tokyo, zones)
}

fn told(text: &str) -> String {
    let error = read(text).unwrap_err();
    assert_eq!(error.status(), 2, "{error}");
    format!("{error} | {}", error.advice().unwrap_or_default())
}

#[test]
fn a_week_with_everything() {
    let text = "zone = \"Europe/Amsterdam\"\nholidays = [\"1970-01-02\", 1970-01-01]\n\
                [hours]\nmon = [\"13:00-17:30\", \"9:00 - 12:30\"]\nfri = \"20:00-24:00\"\nsat = []\nsun = \"Closed\"\n";
    let hours = read(text).unwrap();
    assert_eq!((hours.zone, hours.holidays.as_slice()), (Tz::Europe__Amsterdam, [0, 1].as_slice()));
    let of =
        |day: usize| hours.week[day].iter().map(|o| (o.from / MINUTE, o.to / MINUTE)).collect::<Vec<_>>();
    assert_eq!((of(0), of(4)), (vec![(540, 750), (780, 1050)], vec![(1200, 1440)]));
    assert!([1, 2, 3, 5, 6].iter().all(|day| of(*day).is_empty()));
    // 1 January 1970 was a Thursday and a holiday, the Friday after it too; Monday the 5th is open.
    assert_eq!((hours.on(0).len(), hours.on(1).len(), hours.on(4).len(), hours.on(8).len()), (0, 0, 2, 1));
}

#[test]
fn the_zone_is_that_of_the_run_unless_it_is_named() {
    assert_eq!(read("[hours]\nmon = \"9:00-17:00\"\n").unwrap().zone, Tz::Asia__Tokyo);
}

#[test]
fn holidays_below_the_days_are_those_of_all() {
    let hours =
        read("holidays = [\"2026-12-25\"]\n[hours]\nmon = \"9:00-17:00\"\nholidays = [\"2026-01-01\"]\n");
    assert_eq!(hours.unwrap().holidays.len(), 2);
}

#[test]
fn stretches_that_touch_do_not_overlap() {
    assert!(read("[hours]\nmon = [\"09:00-12:00\", \"12:00-13:00\"]\n").is_ok());
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_to_write() {
    let cases = [
        (
            "zone = \"Europe\"\n",
            "line 1 of `hours.toml`: `zone = \"Europe\"` is no IANA zone | did you mean Europe/Amsterdam?",
        ),
        (
            "[hours]\nmonday = [\"09:00-17:00\"]\n",
            "line 2 of `hours.toml`: unknown day `monday` | did you mean `mon`?",
        ),
        ("[hours]\nwen = []\n", "line 2 of `hours.toml`: unknown day `wen` | did you mean `wed`?"),
        (
            "[hours]\nzone = \"UTC\"\n",
            "line 2 of `hours.toml`: unknown day `zone` | `zone` belongs at the top, before [hours]",
        ),
        ("\nmon = []\n", "line 2 of `hours.toml`: unknown key `mon` | days belong below [hours]"),
        ("holiday = []\n", "line 1 of `hours.toml`: unknown key `holiday` | did you mean `holidays`?"),
        (
            "colour = 1\n",
            "line 1 of `hours.toml`: unknown key `colour` | the keys there are `zone`, `hours` and `holidays`",
        ),
        (
            "[hours]\nmon = [\"17:00-09:00\"]\n",
            "line 2 of `hours.toml`: `17:00-09:00` ends before it begins | hours past midnight are two stretches: to 24:00 on one day, from 00:00 on the next",
        ),
        (
            "[hours]\nmon = [\"09:00-09:00\"]\n",
            "line 2 of `hours.toml`: `09:00-09:00` ends where it begins | write \"00:00-24:00\" for a whole day, or \"closed\"",
        ),
        (
            "[hours]\nmon = [\n \"09:00-12:00\",\n \"11:59-13:00\"]\n",
            "line 4 of `hours.toml`: `11:59-13:00` overlaps `09:00-12:00` on `mon` | write each hour once",
        ),
        (
            "[hours]\n",
            "the business hours `hours.toml` open on no day | write e.g. [hours] and below it mon = [\"09:00-17:30\"]",
        ),
        (
            "holidays = [\"2026-02-30\"]\n",
            "line 1 of `hours.toml`: `2026-02-30` is no date | write e.g. holidays = [\"2026-12-25\", \"2026-12-26\"]",
        ),
        (
            "holidays = \"2026-12-25\"\n",
            "line 1 of `hours.toml`: `holidays` is no list of dates | write e.g. holidays = [\"2026-12-25\", \"2026-12-26\"]",
        ),
        (
            "holidays = [25]\n",
            "line 1 of `hours.toml`: `25` is no date | write e.g. holidays = [\"2026-12-25\", \"2026-12-26\"]",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text), expected);
    }
}

#[test]
fn what_is_no_stretch_of_hours() {
    for text in [
        "9-17",
        "09:00",
        "25:00-26:00",
        "24:00-24:00",
        "09:60-17:00",
        "09:00-24:30",
        "09:0-17:00",
        "",
        "+9:00-17:00",
    ] {
        let told = told(&format!("[hours]\nmon = [\"{text}\"]\n"));
        let expected = format!("line 2 of `hours.toml`: `{text}` is no stretch of hours | {OPENING}");
        assert_eq!(told, expected);
    }
    assert!(
        told("[hours]\nmon = 9\n")
            .starts_with("line 2 of `hours.toml`: `mon` holds something that is no text")
    );
}

#[test]
fn what_is_no_table_and_no_toml() {
    assert!(told("hours = 3\n").starts_with("line 1 of `hours.toml`: `hours` is not what belongs there"));
    assert!(told("zone = 3\n").starts_with("line 1 of `hours.toml`: `zone` is not what belongs there"));
    assert!(told("\n[hours\n").starts_with("line 2 of `hours.toml` is no TOML: "));
    assert!(
        told("[hours]\nmon = []\nmon = []\n").starts_with("line 3 of `hours.toml` is no TOML: duplicate key")
    );
}

proptest! {
    /// Whatever it says, a file is read or refused.
    #[test]
    fn any_text_is_read_or_refused(
        free in ".{0,40}",
        time in "[0-9:é -]{0,12}",
        date in "[0-9-]{0,11}",
        day in prop::sample::select(vec!["mon", "sun", "montag", "holidays"]),
    ) {
        let _ = read(&free);
        let _ = read(&format!("holidays = [{date}, \"{date}\"]\n[hours]\n{day} = [\"{time}\", \"09:00-10:00\"]\n"));
        let _ = read(&format!("[hours]\n{day} = \"{time}\"\n{free}"));
    }
}
