//! The help of every command: there, told apart, and no wider than a page.

use std::path::Path;

use super::cxm;

fn help(words: &[&str]) -> String {
    let output = cxm(Path::new(".")).args(words).arg("--help").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_has_a_help_of_its_own_that_fits_a_page() {
    let all = cxm::cli::command();
    let names: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
    let mut metrics: Vec<&str> = cxm::metric::METRICS.iter().map(|metric| metric.id).collect();
    metrics.dedup();
    assert_eq!(names.len(), 13 + metrics.len(), "thirteen commands and the metrics");
    let mut abouts = Vec::new();
    for name in &names {
        let page = help(&[name]);
        let about = page.lines().next().unwrap_or_default().to_owned();
        assert!(about.len() > 20 && page.contains(&format!("Usage: cxm {name}")), "{name}: {about}");
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{name} is wider than 100 columns");
        assert!(!abouts.contains(&about), "{name} is described as another command is: {about}");
        abouts.push(about);
    }
    let page = help(&[]);
    assert!(page.lines().all(|line| line.chars().count() <= 100));
    assert!(names.iter().all(|name| page.contains(name)));
    assert!((0..6).all(|status| page.contains(&format!("{status} "))));
}

#[test]
fn no_two_options_of_a_command_share_a_line_of_help_and_none_is_without() {
    for command in cxm::cli::command().get_subcommands() {
        for argument in command.get_arguments() {
            let told = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(told.len() > 5, "{} {} says nothing", command.get_name(), argument.get_id());
            assert!(!told.ends_with('.'), "{} {}: {told}", command.get_name(), argument.get_id());
        }
    }
}
