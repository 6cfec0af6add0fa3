//! `report.html`: what it says, and what it must never do.

mod common;

use common::{ct, findings, grids, lungs};
use hilum_core::{Quality, Severity};
use hilum_report::{Analysis, Findings, PictureOptions, Pictures, html};

fn pictures() -> Pictures {
    let grid = &grids([13, 11, 9], [2.0, 3.0, 4.0], 0.0)[0];
    let ct = ct(grid, |point| if point.y < 30.0 { -990 } else { -850 });
    let lungs = lungs(grid);
    Pictures::new(&ct, &lungs, &lungs, &PictureOptions::default()).unwrap()
}

/// The page as a reader without scripts has it.
fn without_scripts(page: &str) -> String {
    let mut text = String::new();
    for (n, part) in page.split("<script").enumerate() {
        text += if n == 0 { part } else { part.split_once("</script>").unwrap().1 };
    }
    text
}

#[test]
fn every_measurement_is_read_without_a_script() {
    let page = without_scripts(&html(&findings(), Some(&pictures())).unwrap());
    for words in [
        "4\u{202f}554",
        "4\u{202f}204 to 4\u{202f}904",
        "19.7",
        "17.1",
        "−955",
        "PD15 45 g/L",
        "−874",
        "0.00",
        "61.2",
        "31.5",
        "−983",
        "Right middle lobe",
        "Upper third of the left lung",
        "Rind, both lungs",
        "Trachea",
        "definition of haa_700",
        "spread between programs",
    ] {
        assert!(page.contains(words), "{words} is missing");
    }
}

#[test]
fn hostile_words_stay_words() {
    let hostile = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>{{ x }}";
    let mut findings = findings();
    findings.created = Some(hostile.into());
    findings.study.patient_name = Some(hostile.into());
    findings.study.indication = Some(hostile.into());
    findings.series[0].acquisition.kernel = Some(hostile.into());
    findings.series[0].source = Some(hostile.into());
    findings.quality.push(Quality::warning("hostile", hostile));
    findings.measurements[0].definition = hostile.into();
    findings.timing[0].step = hostile.into();
    let page = html(&findings, Some(&pictures())).unwrap();
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
    assert_eq!(page.matches("<script").count(), 2);
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let page = html(&findings(), Some(&pictures())).unwrap();
    for word in [
        "http://",
        "https://",
        "//cdn",
        "@import",
        "srcset",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
    for source in page.split("src=\"").skip(1) {
        assert!(source.starts_with("data:image/"), "{}", &source[..40]);
    }
    for link in page.split("href=\"").skip(1) {
        assert!(link.starts_with('#') || link.starts_with("data:,"), "{}", &link[..40]);
    }
    for link in page.split("url(").skip(1) {
        assert!(link.starts_with('#'), "{}", &link[..40]);
    }
}

#[test]
fn every_link_within_the_page_has_its_target() {
    let page = html(&findings(), None).unwrap();
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

#[test]
fn warnings_stand_before_the_numbers_and_research_use_is_said() {
    let mut findings = findings();
    findings.quality.push(Quality::refused("lobes", "lobes were not measured"));
    let page = html(&findings, None).unwrap();
    let at = |words: &str| page.find(words).unwrap();
    assert!(at("Lobes were not measured") < at("Slices are 2.5 mm thick"));
    assert!(at("Slices are 2.5 mm thick") < at("Lung volume"));
    assert_eq!(findings.quality.iter().filter(|q| q.severity == Severity::Info).count(), 1);
    assert!(at("Air in the trachea") > at("Lung volume"));
    assert!(page.contains("class=\"badge\">research use only"));
    assert!(page.contains("@bottom-left { content: \"hilum · research use only"));
}

#[test]
fn ranges_come_with_their_source_and_never_with_a_diagnosis() {
    let page = html(&findings(), None).unwrap();
    assert!(page.contains("above the middle half of healthy never-smokers"));
    assert!(page.contains("MESA Lung Study") && page.contains("doi:10.1097/RLI.0b013e318262292e"));
    for word in ["abnormal", "diagnosed", "consistent with", "suggestive", "severe emphysema"] {
        assert!(!page.to_lowercase().contains(word), "{word}");
    }
}

#[test]
fn findings_without_anything_still_make_a_page() {
    let page = html(&Findings::new(Analysis::Density), None).unwrap();
    assert!(page.contains("No number could be measured"));
    assert!(page.contains("identity not given"));
    assert!(!page.contains("NaN") && !page.contains("id=\"viewer\""));
}

#[test]
fn what_is_not_a_number_is_not_printed() {
    let mut findings = findings();
    findings.measurements[1].value = f64::NAN;
    findings.measurements[0].interval = Some([f64::NEG_INFINITY, 1.0]);
    findings.timing[0].seconds = f64::NAN;
    let page = without_scripts(&html(&findings, Some(&pictures())).unwrap());
    assert!(!page.contains("NaN") && !page.contains("inf "));
    assert!(page.contains("Laa_950 of both lungs is not a number"));
}

#[test]
fn pages_are_equal_for_equal_findings() {
    let page = || html(&findings(), Some(&pictures())).unwrap();
    assert_eq!(page(), page());
}
