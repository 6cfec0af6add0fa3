//! Descriptions that are refused, and what is said of them.

use hilum_network::{Description, Error};

const GOOD: &str = r#"{"schema": "hilum.network/1", "name": "n", "produces": "lobes",
    "patch": [1, 256, 256], "clip": [-1024, 600], "subtract": -1024, "divide": 1624,
    "fit": "stretch",
    "labels": {"1": "left_upper_lobe", "2": "left_lower_lobe", "3": "right_upper_lobe",
               "4": "right_middle_lobe", "5": "right_lower_lobe"}}"#;

#[test]
fn channels_get_the_numbers_of_their_regions() {
    let description = Description::read(GOOD).unwrap();
    assert_eq!(description.numbers(6).unwrap(), [0, 4, 5, 1, 2, 3]);
    assert!(description.numbers(5).is_err(), "channel 5 does not exist");
}

#[test]
fn every_field_is_checked_by_name() {
    for (from, to, said) in [
        ("hilum.network/1", "hilum.network/2", "`schema`"),
        ("[1, 256, 256]", "[0, 256, 256]", "`patch`"),
        ("[1, 256, 256]", "[1, 256, 4096]", "`patch`"),
        ("[-1024, 600]", "[600, -1024]", "`clip`"),
        ("\"divide\": 1624", "\"divide\": 0", "`divide`"),
        ("\"divide\": 1624", "\"divide\": 1, \"overlap\": 1.0", "`overlap`"),
        ("\"divide\": 1624", "\"divide\": 1, \"spacing\": [1, 0, 1]", "`spacing`"),
        ("\"divide\": 1624", "\"divide\": 1, \"spacing\": [3, -1, 1]", "`spacing`"),
        ("\"divide\": 1624", "\"divide\": 1, \"spacing\": [3, 1]", "length 2"),
        ("\"divide\": 1624", "\"divide\": 1e400", "number out of range"),
        ("\"divide\": 1624", "\"divide\": 1, \"colour\": 1", "colour"),
        ("[1, 256, 256]", "[1024, 256, 256]", "`patch`"),
        ("[1, 256, 256]", "[-1, 256, 256]", "-1"),
        ("\"stretch\"", "\"fold\"", "fold"),
        ("\"lobes\"", "\"liver\"", "liver"),
        ("\"lobes\"", "\"lungs\"", "left_upper_lobe"),
        ("left_upper_lobe", "left_middle_lobe", "left_middle_lobe"),
        ("\"1\":", "\"one\":", "one"),
        ("\"1\":", "\"300\":", "300"),
    ] {
        assert!(GOOD.contains(from));
        let error = Description::read(&GOOD.replace(from, to)).unwrap_err();
        let Error::Description(what) = &error else { panic!("{error}") };
        assert!(what.contains(said), "{what}");
    }
    assert!(Description::read("{").is_err());
}

#[test]
fn every_field_that_is_needed_is_missed_by_name() {
    let all: serde_json::Value = serde_json::from_str(GOOD).unwrap();
    for field in ["schema", "name", "produces", "patch", "clip", "subtract", "divide", "labels"] {
        let mut fewer = all.clone();
        assert!(fewer.as_object_mut().unwrap().remove(field).is_some());
        let error = Description::read(&fewer.to_string()).unwrap_err();
        assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
    }
}

#[test]
fn labels_name_regions_of_one_kind() {
    let with = |labels: &str, produces: &str| {
        let mut all: serde_json::Value = serde_json::from_str(GOOD).unwrap();
        all["labels"] = serde_json::from_str(labels).unwrap();
        all["produces"] = produces.into();
        Description::read(&all.to_string())
    };
    assert!(with(r#"{"1": "both_lungs"}"#, "lungs").is_ok());
    assert!(with(r#"{"0": "both_lungs", "4": "both_lungs"}"#, "lungs").is_ok());
    assert!(with(r#"{"1": "right_lung", "2": "left_lung"}"#, "lungs").is_ok());
    for (labels, produces, said) in [
        (r#"{"1": "both_lungs", "2": "left_lung"}"#, "lungs", "beside `both_lungs`"),
        (r#"{"1": "both_lungs"}"#, "lobes", "right_upper_lobe"),
        (r#"{"1": "right_lung"}"#, "lobes", "right_upper_lobe"),
        (r#"{"-1": "right_lung"}"#, "lungs", "-1"),
        ("{}", "lobes", "at least one region"),
    ] {
        let error = with(labels, produces).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
}
