//! Which preset fits a head.

use super::*;

fn preset(name: &str, rest: &str) -> SharedPreset {
    let text = format!("title='T'\nkind='tickets'\nevidence='C'\nsource='made up'\n{rest}");
    Arc::new(Preset::read(name, name, &text).unwrap())
}

fn head(rows: &[&[&str]]) -> Head {
    let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
    Head { rows: rows.iter().map(row).collect(), is_joined: false }
}

fn found(choice: &Choice, head: &Head) -> Result<Option<String>> {
    Ok(choice.of("x.csv", head, None)?.map(|preset| preset.name.clone()))
}

#[test]
fn the_fullest_signature_wins_and_a_tie_is_an_error() {
    let few = preset("few", "signature={all=['Wombat Id','Opened']}\n[columns]\ncreated_at='Opened'");
    let more =
        preset("more", "signature={all=['wombat_id','opened'],any=['Mood']}\n[columns]\ncreated_at='x'");
    let choice = Choice::with(vec![few.clone(), more]);
    let file = head(&[&["Wombat ID", "Opened", "Mood"]]);
    assert_eq!(found(&choice, &file).unwrap().as_deref(), Some("more"));
    assert_eq!(found(&choice, &head(&[&["WombatId", "Opened"]])).unwrap().as_deref(), Some("few"));
    assert_eq!(found(&choice, &head(&[&["Wombat Id"]])).unwrap(), None);
    let twin = preset("twin", "signature={all=['Wombat Id','Opened']}\n[columns]\ncreated_at='Opened'");
    let error = found(&Choice::with(vec![few, twin]), &head(&[&["Wombat Id", "Opened"]])).unwrap_err();
    assert_eq!(error.to_string(), "`x.csv` fits 2 presets equally well: few and twin");
    assert_eq!(error.advice(), Some("pass --preset few or --preset twin"));
}

#[test]
fn rows_below_the_first_count_name_and_say_zones() {
    let rules =
        "signature={all=['Gnu'],row_below=['{\"Import']}\nfile={header_rows=2}\n[columns]\ncreated_at='Gnu'";
    let choice = Choice::with(vec![preset("below", rules)]);
    let below = r#"{"ImportId":"x","timeZone":"America/New_York"}"#;
    let file = head(&[&["Gnu"], &[below]]);
    assert_eq!(found(&choice, &file).unwrap().as_deref(), Some("below"));
    assert_eq!(found(&choice, &head(&[&["Gnu"], &["data"]])).unwrap(), None);
    let rules = FileRules { header_rows: 2, ..FileRules::default() };
    assert_eq!(file.zones(&rules), [Some(Tz::America__New_York)]);
    let two = head(&[&["Id", "Why?", "", "How?"], &["", "Price", "Staff", "Response"]]);
    let rules = FileRules { header_rows: 2, names: NamesRow::Joined(Joined::Joined), ..FileRules::default() };
    assert_eq!(two.names(&rules), ["Id", "Why?: Price", "Why?: Staff", "How?"]);
}

#[test]
fn a_preset_is_asked_for_by_name() {
    let choice = Choice::with(vec![preset("mine", "[columns]\ncreated_at='Gnu'")]);
    let file = head(&[&["Gnu"]]);
    assert_eq!(found(&choice, &file).unwrap(), None, "it names no column to be known by");
    assert_eq!(found(&choice.asking("mine").unwrap(), &file).unwrap().as_deref(), Some("mine"));
    assert_eq!(found(&choice.asking("none").unwrap(), &file).unwrap(), None);
    let error = choice.asking("mien").unwrap_err();
    assert_eq!(error.advice(), Some("`mine` is one; `cxm presets` lists them"));
}

#[test]
fn what_is_nearly_there_is_said() {
    let rules = "signature={all=['Gnu','Opened','Mood','Herd'],any=['Horn','Hoof','Tail']}\n\
                 [columns]\ncreated_at='Opened'";
    let choice = Choice::with(vec![preset("zoo", rules)]);
    let half = head(&[&["Gnu", "Opened", "Herd", "Horn", "Hoof", "Tail"]]);
    let (preset, lacks) = choice.nearly(&half, None).unwrap();
    assert_eq!((preset.name.as_str(), lacks), ("zoo", vec!["Mood".to_owned()]));
    assert!(choice.nearly(&head(&[&["Gnu", "Opened", "Herd", "Horn", "Hoof"]]), None).is_none());
    assert!(choice.nearly(&head(&[&["gnu", "Opened", "Herd", "Horn", "Hoof", "Tail"]]), None).is_none());
    assert!(choice.asking("none").unwrap().nearly(&half, None).is_none());
}
