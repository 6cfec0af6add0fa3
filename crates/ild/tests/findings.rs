//! Findings of guidelines and papers against the category that the rules give them.

use hilum_ild::{ATS_2018, Categorised, Evidence, Number, Quantity, categorise};

/// One line of `testdata/ild/findings.txt`.
struct Line {
    finding: String,
    evidence: Evidence,
    /// Words that the list for the reader must hold.
    reader: Vec<String>,
    categories: Vec<String>,
    source: String,
}

fn lines() -> Vec<Line> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/ild/findings.txt");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

fn line(text: &str) -> Line {
    let parts: Vec<&str> = text.split(" | ").collect();
    let [finding, numbers, categories, source] = parts[..] else { panic!("four parts: {text}") };
    let mut named = Vec::new();
    let mut reader = Vec::new();
    for word in numbers.split(", ") {
        let (key, value) = word.split_once(' ').unwrap();
        if key == "reader" { reader.push(value.to_owned()) } else { named.push((key, value)) }
    }
    Line {
        finding: finding.to_owned(),
        evidence: evidence(&named),
        reader,
        categories: categories.split(" or ").map(str::to_owned).collect(),
        source: source.to_owned(),
    }
}

/// Quantities that a line may name; what it does not name is 0.
const NAMED: [(&str, Quantity); 10] = [
    ("ground_glass", Quantity::GroundGlass),
    ("reticular", Quantity::Reticular),
    ("honeycombing", Quantity::Honeycombing),
    ("consolidation", Quantity::Consolidation),
    ("emphysema", Quantity::Emphysema),
    ("basal", Quantity::Basal),
    ("peripheral", Quantity::Peripheral),
    ("sparing", Quantity::Sparing),
    ("asymmetry", Quantity::Asymmetry),
    ("traction", Quantity::Traction),
];

fn evidence(named: &[(&str, &str)]) -> Evidence {
    assert!(named.iter().all(|(key, _)| NAMED.iter().any(|known| known.0 == *key)), "{named:?}");
    let mut evidence = Evidence::default();
    for (key, quantity) in NAMED {
        let value = named.iter().find(|row| row.0 == key).map_or("0", |row| row.1);
        evidence = match value {
            "?" => evidence.without(quantity, "it was not measured"),
            value => evidence.with(quantity, number(value)),
        };
    }
    let value = |quantity| evidence.number(quantity).map_or(0.0, |number| number.value);
    let fibrosis = value(Quantity::Reticular) + value(Quantity::Honeycombing);
    let glass = value(Quantity::GroundGlass);
    let ild = fibrosis + glass + value(Quantity::Consolidation);
    let evidence = evidence
        .with(Quantity::Fibrosis, Number::exact(fibrosis))
        .with(Quantity::Ild, Number::exact(ild));
    match glass + fibrosis {
        sum if sum >= 1.0 => {
            evidence.with(Quantity::GroundGlassShare, Number::exact(100.0 * glass / sum))
        }
        _ => evidence.without(Quantity::GroundGlassShare, "there is neither"),
    }
}

fn number(text: &str) -> Number {
    let (value, half) = text.split_once('±').unwrap_or((text, "0"));
    Number::give_or_take(value.parse().unwrap(), half.parse().unwrap())
}

fn keys(found: &Categorised) -> Vec<String> {
    found.possible.iter().map(|category| category.key().to_owned()).collect()
}

#[test]
fn each_finding_has_the_category_of_the_guideline() {
    let lines = lines();
    assert!(lines.len() >= 40, "{} findings", lines.len());
    for line in &lines {
        let found = categorise(&line.evidence, &ATS_2018);
        let mut possible = keys(&found);
        let mut wanted = line.categories.clone();
        possible.sort();
        wanted.sort();
        assert_eq!(possible, wanted, "{}", line.finding);
        assert_eq!(found.category.is_some(), wanted.len() == 1, "{}", line.finding);
        assert!(!line.source.is_empty(), "{}", line.finding);
    }
}

#[test]
fn what_only_a_reader_sees_is_on_the_list_for_the_reader() {
    let lines = lines();
    let words: Vec<&String> = lines.iter().flat_map(|line| &line.reader).collect();
    assert!(words.len() >= 4);
    for word in words {
        assert!(ATS_2018.for_reader.iter().any(|row| row.contains(word.as_str())), "{word}");
    }
}

#[test]
fn the_leading_category_is_one_of_those_that_remain_possible() {
    for line in lines() {
        let found = categorise(&line.evidence, &ATS_2018);
        let (leading, probability) = found.leading();
        assert!(found.possible.contains(&leading), "{}", line.finding);
        let settled = found.category.is_some();
        assert!(!settled || probability > 0.9, "{}: {probability}", line.finding);
        let sum: f64 = found.probabilities.iter().map(|row| row.1).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{}: {sum}", line.finding);
    }
}

#[test]
fn every_category_and_every_criterion_decides_somewhere() {
    let lines = lines();
    for rule in ATS_2018.rules {
        let key = rule.category.key();
        assert!(lines.iter().any(|line| line.categories == [key]), "{key} alone");
    }
    for criterion in ATS_2018.criteria {
        let status = |line: &Line| {
            let found = categorise(&line.evidence, &ATS_2018);
            found.criteria.iter().find(|row| row.key == criterion.key).unwrap().status.key()
        };
        for wanted in ["met", "unmet"] {
            assert!(lines.iter().any(|line| status(line) == wanted), "{} {wanted}", criterion.key);
        }
    }
}
