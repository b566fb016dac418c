//! The report as JSON, exactly as it is. Knows nothing of people.
#![expect(clippy::expect_used, reason = "only a key that is no text could fail, and all of them are")]

use serde::Serialize;

use crate::report::Report;

/// One indented object, ending with a line break.
pub fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("keys are text") + "\n"
}

/// One object on one line, ending with a line break.
pub fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("keys are text") + "\n"
}

/// A record a line, each the same object as in `results`.
pub fn lines(report: &Report) -> String {
    report.results.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::{lines, pretty};

    #[test]
    fn the_lines_are_the_results() {
        let mut report = sample::whole();
        report.results[0].value = Some(f64::NAN);
        let object: serde_json::Value = serde_json::from_str(&pretty(&report)).unwrap();
        assert_eq!(object["schema"], "cxm/1");
        let records: Vec<serde_json::Value> =
            lines(&report).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(Some(&records), object["results"].as_array());
        assert!(records[0]["value"].is_null());
        assert_eq!(records[0]["group"], serde_json::json!({}));
        assert_eq!(records[1]["group"], serde_json::json!({ "channel": "app" }));
    }
}
