//! The law of settings: a flag wins over the config, the config over the default, and either place does the same.

use std::fs;

use cxm::config::keys::SETTINGS;

use super::{EXPORTS, folder, run, sample, setting, with};

/// A setting, what a config says of it, and what its flag says then: name, text of the config, value, flag, value.
type Said = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Every setting that a flag says too, with two values that are not its default.
const SAID: &[Said] = &[
    ("tz", "tz = \"Europe/Amsterdam\"", "Europe/Amsterdam", "--tz=Asia/Tokyo", "Asia/Tokyo"),
    ("dates", "dates = \"dmy\"", "dmy", "--dates=mdy", "mdy"),
    ("decimal", "decimal = \",\"", ",", "--decimal=.", "."),
    ("delimiter", "delimiter = \",\"", ",", "--delimiter=tab", "tab"),
    ("encoding", "encoding = \"utf-8\"", "utf-8", "--encoding=latin-1", "latin-1"),
    ("currency", "currency = \"USD\"", "USD", "--currency=EUR", "EUR"),
    ("max_rejects", "max_rejects = 20", "20", "--max-rejects=30%", "30%"),
    ("strict", "strict = true", "true", "--strict=false", "false"),
    ("as_of", "as_of = 2026-05-01", "2026-05-01", "--as-of=2026-06-01", "2026-06-01"),
    ("since", "since = \"2026-01-01\"", "2026-01-01", "--since=2026-02-01", "2026-02-01"),
    ("until", "until = \"2026-03-01\"", "2026-03-01", "--until=2026-04-01", "2026-04-01"),
    ("metrics", "metrics = [\"nps\", \"fcr\"]", "nps, fcr", "--metrics=csat", "csat"),
    ("by", "by = [\"country\", \"topic*channel\"]", "country, topic*channel", "--by=channel", "channel"),
    ("period", "period = \"quarter\"", "quarter", "--period=year", "year"),
    (
        "where",
        "where = 'channel = \"app\"'",
        "channel = \"app\"",
        "--where=channel = \"web\"",
        "channel = \"web\"",
    ),
    ("min_n", "min_n = 10", "10", "--min-n=20", "20"),
    ("confidence", "confidence = 0.9", "0.9", "--confidence=0.99", "0.99"),
    (
        "business_hours",
        "business_hours = \"hours.toml\"",
        "hours.toml",
        "--business-hours=nights.toml",
        "nights.toml",
    ),
    ("interval", "interval = [\"adjusted-wald\"]", "adjusted-wald", "--interval=exact", "exact"),
    ("answers", "answers = \"latest\"", "latest", "--answers=mean", "mean"),
    ("cluster", "cluster = true", "true", "--cluster=false", "false"),
    ("same_topic", "same_topic = true", "true", "--same-topic=false", "false"),
    ("anonymous", "anonymous = \"single\"", "single", "--anonymous=exclude", "exclude"),
    ("windows.window", "[windows]\nwindow = \"60d\"", "60d", "--window=120d", "120d"),
    ("windows.repeat_window", "[windows]\nrepeat_window = 3", "3", "--repeat-window=14d", "14d"),
    ("windows.attribution", "[windows]\nattribution = \"2d\"", "2d", "--attribution=7d", "7d"),
    ("windows.response_window", "[windows]\nresponse_window = \"30d\"", "30d", "--response-window=7d", "7d"),
    ("scales.csat", "[scales]\ncsat = \"1-7\"", "1-7", "--scale=csat=1-5", "1-5"),
    ("definitions.csat", "[definitions]\ncsat = \"top1\"", "top1", "--def=csat=net", "net"),
    (
        "journey.stages",
        "[journey]\nstages = [\"purchase\", \"onboarding\", \"use\", \"support\", \"renewal\"]",
        "purchase, onboarding, use, support, renewal",
        "--stages=use,support",
        "use, support",
    ),
    ("journey.onboarding", "[journey]\nonboarding = \"60d\"", "60d", "--onboarding=10d", "10d"),
    ("journey.after_purchase", "[journey]\nafter_purchase = \"10d\"", "10d", "--after-purchase=1d", "1d"),
    (
        "journey.names.use",
        "[journey.names]\nuse = \"advocacy\"",
        "advocacy",
        "--stage-name=use=support",
        "support",
    ),
    (
        "journey.rules.billing",
        "[journey.rules]\nbilling = \"renewal\"",
        "renewal",
        "--stage-rule=billing=use",
        "use",
    ),
];

#[test]
fn a_flag_beats_the_config_and_the_config_beats_the_default() {
    let bare = folder();
    for (name, config, value, flag, flagged) in SAID {
        let place = with(&[("cxm.toml", &format!("# One setting.\n{config}\n"))]);
        let line = if config.contains('\n') { 3 } else { 2 };
        let said = (Some((*value).to_owned()), format!("cxm.toml line {line}"));
        assert_eq!(setting(place.path(), name, &[]), said);
        let long = flag.split('=').next().unwrap();
        let typed = (Some((*flagged).to_owned()), format!("flag {long}"));
        assert_eq!(setting(place.path(), name, &[flag]), typed);
        let of_pairs = ["scales", "definitions", "journey.names", "journey.rules"]
            .into_iter()
            .find(|pairs| name.starts_with(pairs));
        let (default, from) = setting(bare.path(), of_pairs.unwrap_or(name), &[]);
        assert_eq!(from, "default", "{name}");
        assert_ne!(default.as_deref(), Some(*value), "{name}: the config says what holds anyway");
        assert_eq!(
            setting(place.path(), of_pairs.unwrap_or(name), &["--no-config"]),
            (default, from),
            "{name}"
        );
    }
}

#[test]
fn every_flag_is_a_setting_or_has_no_place_in_a_config() {
    const NO_SETTINGS: &[&str] = &[
        "surveys",
        "tickets",
        "purchases",
        "map",
        "subscriptions",
        "customers",
        "alias",
        "no-alias",
        "pseudonymise",
        "sheet",
        "preset",
        "rejects",
        "threads",
        "quiet",
        "config",
        "no-config",
        "format",
        "output",
        "color",
    ];
    let command = cxm::cli::command();
    let report = command.find_subcommand("report").unwrap();
    let flags: Vec<String> =
        report.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_owned).collect();
    for flag in &flags {
        let is_setting = SETTINGS.iter().any(|setting| setting.long() == *flag);
        assert!(is_setting != NO_SETTINGS.contains(&flag.as_str()), "--{flag}");
    }
    for setting in SETTINGS.iter().filter(|setting| !setting.flag.is_empty()) {
        assert!(flags.contains(&setting.long()), "{}", setting.path());
        let is_tried = |said: &&Said| said.0.starts_with(&setting.path());
        let is_apart = setting.key == "rates";
        assert!(
            is_apart || SAID.iter().any(|said| is_tried(&said)),
            "{} is not tried in SAID",
            setting.path()
        );
    }
}

#[test]
fn rates_go_with_a_currency_and_are_found_beside_the_config() {
    let place = with(&[
        ("cxm.toml", "currency = \"EUR\"\nrates = \"rates.csv\"\n"),
        ("rates.csv", "currency,rate\nUSD,0.5\n"),
        (
            "p.csv",
            "customer,at,amount,currency\na,2026-01-01,10,USD\na,2026-04-15,20,EUR\nb,2026-04-15,1,EUR\n",
        ),
    ]);
    assert_eq!(
        setting(place.path(), "rates", &[]),
        (Some("rates.csv".to_owned()), "cxm.toml line 2".to_owned())
    );
    let nrr = run(place.path(), &["nrr", "p.csv", "-q", "--format", "csv", "--min-n", "1"]);
    let nrr = String::from_utf8(nrr.stdout).unwrap();
    assert!(nrr.contains(",1,400,"), "5 euros then, 20 now: {nrr}");
}

#[test]
fn a_setting_does_the_same_from_either_place() {
    let folder = sample();
    fs::write(folder.path().join("hours.toml"), "[hours]\nmon = \"09:00-17:00\"\n").unwrap();
    let report = |more: &[&str]| {
        run(folder.path(), &[&["report", "-q", "--format", "json"], &EXPORTS[..], more].concat())
    };
    let mut told = 0;
    let plain = report(&["--no-config"]);
    for (name, config, value, flag, _) in SAID {
        let long = flag.split('=').next().unwrap();
        let pair = name.rsplit('.').next().filter(|_| flag.matches('=').count() == 2 && *name != "where");
        let typed = match pair {
            Some(key) => format!("{long}={key}={value}"),
            None => format!("{long}={}", value.replace(", ", ",")),
        };
        let by_flag = report(&["--no-config", &typed]);
        fs::write(folder.path().join("cxm.toml"), config).unwrap();
        let by_config = report(&[]);
        assert_eq!(
            by_flag.status,
            by_config.status,
            "{name}: {}",
            String::from_utf8_lossy(&by_config.stderr)
        );
        assert_eq!(by_flag.stdout, by_config.stdout, "{name}");
        told += usize::from(by_flag.stdout != plain.stdout);
    }
    assert!(told >= 20, "only {told} settings change the report");
}
