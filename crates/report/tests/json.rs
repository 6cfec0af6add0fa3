//! `report.json`: the contract, byte by byte.

mod common;

use common::{findings, measurement};
use hilum_core::{Lungs, Site, Unit};
use hilum_report::{Analysis, CtRelation, Findings, SCHEMA, Timing, VERSION, json};
use serde_json::Value;

fn value(findings: &Findings) -> Value {
    serde_json::from_str(&json(findings).unwrap()).unwrap()
}

fn schema() -> jsonschema::Validator {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn fixed_findings_give_the_stored_text() {
    let golden = include_str!("golden/report.json").replace("@VERSION@", VERSION);
    assert_eq!(json(&findings()).unwrap(), golden);
}

#[test]
fn real_output_follows_the_published_schema() {
    let schema = schema();
    for findings in [findings(), Findings::new(Analysis::Density)] {
        let errors: Vec<String> =
            schema.iter_errors(&value(&findings)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_know() {
    let schema = schema();
    let sound = value(&findings());
    assert_eq!(sound["schema"], SCHEMA);
    let broken: [fn(&mut Value); 5] = [
        |v| v["measurements"][0]["value"] = Value::Null,
        |v| v["measurements"][0]["region"] = "both lungs".into(),
        |v| v["measurements"][0]["unit"] = "litres".into(),
        |v| v["surprise"] = 1.into(),
        |v| v["software"]["regulatory"] = "cleared".into(),
    ];
    for change in broken {
        let mut broken = sound.clone();
        change(&mut broken);
        assert!(!schema.is_valid(&broken));
    }
}

#[test]
fn numbers_have_six_significant_digits() {
    let document = value(&findings());
    let of = |n: usize| document["measurements"][n]["value"].as_f64().unwrap();
    assert_eq!([of(0), of(1), of(7)], [4554.16, 19.662, 0.00123457]);
    assert_eq!(document["measurements"][0]["interval"][1], 4904.16);
    assert!(of(6).is_sign_positive());
}

#[test]
fn what_is_not_a_number_is_left_out_and_said() {
    let mut findings = findings();
    let site = Site::Whole(Lungs::Left);
    for value in [f64::NAN, f64::INFINITY] {
        findings.measurements.push(measurement("kurtosis", site, value, Unit::One));
    }
    findings.measurements[0].interval = Some([f64::NAN, 1.0]);
    findings.timing.push(Timing::new("never ended", f64::INFINITY));
    let text = json(&findings).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(!text.contains("null") && !text.contains("NaN"), "{text}");
    assert!(!document["measurements"].to_string().contains("kurtosis"));
    assert!(document["measurements"][0].get("interval").is_none());
    assert!(document["measurements"][0].get("interval_meaning").is_none());
    let said = document["quality"].as_array().unwrap().iter();
    assert_eq!(said.filter(|row| row["code"] == "not_finite").count(), 2);
}

#[test]
fn every_measurement_appears_in_its_order() {
    let findings = findings();
    let document = value(&findings);
    let rows = document["measurements"].as_array().unwrap();
    assert_eq!(rows.len(), findings.measurements.len());
    for (row, measurement) in rows.iter().zip(&findings.measurements) {
        assert_eq!(row["key"], measurement.key);
        assert_eq!(row["region"], measurement.site.key());
        assert_eq!(row["unit"], measurement.unit.ucum());
        assert_eq!(row["definition"], measurement.definition);
    }
}

#[test]
fn only_times_differ_between_equal_runs() {
    let (first, mut second) = (findings(), findings());
    assert_eq!(json(&first).unwrap(), json(&second).unwrap());
    second.timing[0].seconds = 0.5;
    let without = |findings: &Findings| {
        let mut document = value(findings);
        document.as_object_mut().unwrap().remove("timing");
        document
    };
    assert_ne!(json(&first).unwrap(), json(&second).unwrap());
    assert_eq!(without(&first), without(&second));
}

#[test]
fn no_code_is_ever_suggested_and_the_relation_of_the_ct_is_never_guessed() {
    let mut findings = findings();
    let status = |findings: &Findings, candidate: usize, key: &str| {
        let document = value(findings);
        let billing = &document["billing"];
        assert_eq!(billing["needs_human"], true);
        assert_eq!(billing["suggested"], Value::Array(vec![]));
        let conditions = billing["candidates"][candidate]["conditions"].as_array().unwrap();
        conditions.iter().find(|c| c["key"] == key).unwrap()["status"].clone()
    };
    assert_eq!(status(&findings, 0, "ct_obtained_earlier"), "unknown");
    assert_eq!(status(&findings, 1, "ct_in_same_encounter"), "unknown");
    assert_eq!(status(&findings, 0, "physician_interpretation"), "not_met");
    findings.ct_relation = Some(CtRelation::SameEncounter);
    assert_eq!(status(&findings, 0, "ct_obtained_earlier"), "not_met");
    assert_eq!(status(&findings, 1, "ct_in_same_encounter"), "met");
    findings.measurements.clear();
    assert_eq!(status(&findings, 0, "software_analysis"), "not_met");
}
