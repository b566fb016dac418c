//! Tests of JSON as CSV text: flat rows, true lines, errors by line, and bombs.

use super::*;

/// The CSV text of a JSON text.
fn csv(json: &str) -> Result<String> {
    let (text, input) = (Json::Held(json.as_bytes().into()), Input::file("x.json"));
    let known = know(&text, &input)?;
    let mut written = String::new();
    convert(&text, &known, &input)?.read_to_string(&mut written).unwrap();
    Ok(written)
}

#[test]
fn objects_lie_flat() {
    let json = r#"{"id":1,"who":{"mail":"a@x","at":{"city":"B"}},"tags":["a","b,c"],"ok":true,"note":null}
{"id":18446744073709551616,"new":-1.50e1,"who":null,"rows":[{"a" : 1, "b":"x y"}],"ok":false}"#;
    assert_eq!(
        csv(json).unwrap(),
        "id,who.mail,who.at.city,tags,ok,note,new,rows\n\
         1,a@x,B,\"a, b,c\",true,,,\n\
         18446744073709551616,,,,false,,-15,\"[{\"\"a\"\":1,\"\"b\"\":\"\"x y\"\"}]\"\n"
    );
}

#[test]
fn pairs_are_members() {
    let json = r#"{"custom_fields":[{"id":360,"value":"x"},{"value":["p","q"],"id":361}],"t":[{"id":1,"value":2,"c":3}]}
{"custom_fields":[{"id":361,"value":null},{"id":362,"value":{"deep":1}}],"t":[]}"#;
    assert_eq!(
        csv(json).unwrap(),
        "custom_fields.360,custom_fields.361,t,custom_fields.362.deep\n\
         x,\"p, q\",\"[{\"\"id\"\":1,\"\"value\"\":2,\"\"c\"\":3}]\",\n,,,1\n"
    );
}

#[test]
fn records_stand_on_the_lines_of_their_objects() {
    assert_eq!(csv("\n{\"a\":1}\n\n{\"a\":2}\n").unwrap(), "a\n\n1\n\n2\n");
    assert_eq!(
        csv("[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": \"x\\ny\"\n  }\n]\n").unwrap(),
        "a\n\n1\n\n\n\"x y\"\n"
    );
    assert_eq!(csv("{\"n\":1,\n\"rows\":[\n{\"a\":1},\n{\"a\":2}],\"m\":{}}").unwrap(), "a\n\n\n1\n2\n");
    // Where they share a line, lines are counted by object.
    assert_eq!(csv("\n[{\"a\":1},{\"a\":2},\n{\"a\":3}]").unwrap(), "a\n1\n2\n3\n");
}

#[test]
fn wrong_json_is_named_by_its_line() {
    for (json, wanted) in [
        ("{\"a\":1}\n{\"a\":}\n", "line 2 of `x.json` holds what is no JSON value"),
        ("{\"a\":1}\n{\"a\":2\n", "line 2 of `x.json` begins an object that does not end"),
        ("{\"a\":1}\n7\n", "line 2 of `x.json` holds what is no object, where one should be"),
        ("[{\"a\":1},\n\n\"x\"]", "line 3 of `x.json` holds what is no object, where one should be"),
        ("[{\"a\":1}\n{\"a\":2}]", "line 2 of `x.json` has no comma or closing bracket behind an object"),
        ("[{\"a\":1},\n", "line 2 of `x.json` ends an array without its closing bracket"),
        ("[{\"a\":1}]\n[]", "line 2 of `x.json` goes on behind the array of the file"),
        ("{\"a\":\n1,\n b:2}\n{}", "line 3 of `x.json` has no text in quotes where there should be one"),
        ("{\"a\":1", "`x.json` ends within its first JSON object"),
        ("[]", "`x.json` holds no object"),
        ("{\"t\":[{}],\"u\":[{}]}", "`x.json` holds several arrays of objects: `t`, `u`"),
    ] {
        assert_eq!(csv(json).unwrap_err().to_string(), wanted, "{json}");
    }
}

fn refused(json: &str) -> String {
    csv(json).map(drop).unwrap_err().to_string()
}

#[test]
fn bombs_are_errors() {
    let deep = format!("{{\"a\":1}}\n{{\"a\":{}", "[".repeat(1 << 20));
    assert!(refused(&deep).contains("more than 128 deep"));
    let deep = "{\"a\":".repeat(1 << 18);
    assert!(refused(&format!("{{}}\n{deep}")).contains("more than 128 deep"));
    let long = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}", "x".repeat(17 << 20));
    assert!(refused(&long).contains("an object of over 16 MiB"));
    let wide: String = (0..10_001).map(|n| format!("{{\"k{n}\":1}}\n")).collect();
    assert!(refused(&wide).contains("over 10000"));
}
