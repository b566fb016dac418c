//! The presets that come with the program, one file a vendor's export, and those of a folder of the user's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::{fs, io};

use super::{Preset, SharedPreset};
use crate::error::{Error, Result};
use crate::source::beside::Beside;

macro_rules! texts {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../presets/", $name, ".toml")))),*]
    };
}

/// The name and the text of every preset, in the order of their names.
const TEXTS: &[(&str, &str)] = texts! {
    "alchemer"
    "asknicely"
    "chargebee-subscriptions"
    "chatwoot-csat"
    "delighted"
    "fivetran-hubspot"
    "fivetran-intercom"
    "fivetran-jira"
    "fivetran-qualtrics"
    "fivetran-qualtrics-answers"
    "fivetran-qualtrics-responses"
    "fivetran-shopify"
    "fivetran-shopify-customers"
    "fivetran-stripe"
    "fivetran-stripe-customers"
    "fivetran-stripe-subscriptions"
    "fivetran-zendesk"
    "fivetran-zendesk-users"
    "formbricks"
    "formbricks-old"
    "freshdesk"
    "freshservice"
    "google-forms"
    "help-scout"
    "hubspot-tickets"
    "intercom"
    "jira-service-management"
    "limesurvey"
    "limesurvey-codes"
    "limesurvey-text"
    "magento-orders"
    "medallia-agent-connect"
    "paypal"
    "qualtrics"
    "qualtrics-legacy"
    "recurly-subscriptions"
    "salesforce-case"
    "salesforce-report"
    "servicenow-incident"
    "shopify-orders"
    "socrata-311"
    "square-items"
    "square-transactions"
    "stripe-payments"
    "stripe-subscriptions"
    "surveymonkey"
    "thanx"
    "typeform"
    "woocommerce-analytics"
    "woocommerce-webtoffee"
    "zendesk-csv"
    "zendesk-json"
};

/// The presets that come with the program, in the order of their names.
pub fn known() -> &'static [SharedPreset] {
    static KNOWN: LazyLock<Vec<SharedPreset>> = LazyLock::new(|| {
        let read = |(name, text): &(&str, &str)| Preset::read(name, name, text).ok().map(Arc::new);
        TEXTS.iter().filter_map(read).collect()
    });
    &KNOWN
}

/// The presets of a folder: its files that end in `.toml` and are not empty, in the order of their names.
///
/// # Errors
/// When the folder or a file in it cannot be read, or a file is no preset.
pub fn user_presets(folder: &Path) -> Result<Vec<SharedPreset>> {
    let unreadable = |path: &Path, cause: io::Error| {
        Error::usage(format!("could not read the presets of `{}`: {cause}", path.display()))
    };
    let entries = fs::read_dir(folder).map_err(|cause| unreadable(folder, cause))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths: io::Result<Vec<PathBuf>> = paths.collect();
    let mut paths = paths.map_err(|cause| unreadable(folder, cause))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|cause| unreadable(path, cause))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        // `cxm presets NAME > presets/mine.toml`: the shell makes the file before anything is written to it.
        if text.trim().is_empty() {
            return Ok(None);
        }
        let shown = path.display().to_string();
        let preset = Preset::read(&name, &shown, &text)?;
        Ok(Some(Arc::new(Preset { path: Some(shown), ..preset })))
    };
    let presets: Vec<SharedPreset> =
        paths.iter().filter_map(|path| read(path).transpose()).collect::<Result<_>>()?;
    presets.iter().chain(known()).try_for_each(|preset| check_rest(preset, &presets))?;
    Ok(presets)
}

/// # Errors
/// When a preset says that the rest of its rows stands where none is known to be.
fn check_rest(preset: &Preset, own: &[SharedPreset]) -> Result<()> {
    let Some(rest) = preset.beside.rest() else { return Ok(()) };
    let why = match own.iter().chain(known()).find(|other| other.name == rest.preset) {
        Some(other) if other.beside == Beside::Part => return Ok(()),
        Some(_) => "which does not say `part = true`",
        None => "which there is not",
    };
    let file = preset.path.as_ref().unwrap_or(&preset.name);
    Err(Error::usage(format!("preset `{file}`: `[beside]` names the preset `{}`, {why}", rest.preset)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_in_the_list_and_sound() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source/presets");
        assert!(known().iter().all(|preset| check_rest(preset, &[]).is_ok()));
        let on_disk: Vec<String> =
            user_presets(&folder).unwrap().iter().map(|preset| preset.name.clone()).collect();
        let listed: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, on_disk);
        assert_eq!(known().len(), listed.len(), "a preset is not sound");
    }
}
