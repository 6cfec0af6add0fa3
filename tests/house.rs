//! The laws of the house, read off `cargo metadata` and the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// What each crate may name of the others, floor by floor. Development dependencies are free.
const MAY_NAME: [(&str, &[&str]); 14] = [
    ("hilum-core", &[]),
    ("hilum-kernel", &["hilum-core"]),
    ("hilum-phantom", &["hilum-core", "hilum-kernel"]),
    ("hilum-segment", &["hilum-core", "hilum-kernel"]),
    ("hilum-density", &["hilum-core", "hilum-kernel"]),
    ("hilum-texture", &["hilum-core", "hilum-kernel"]),
    ("hilum-ild", &["hilum-core", "hilum-kernel", "hilum-texture"]),
    ("hilum-dicom", &["hilum-core", "hilum-kernel"]),
    ("hilum-files", &["hilum-core", "hilum-kernel"]),
    ("hilum-report", &["hilum-core", "hilum-kernel"]),
    ("hilum-network", &["hilum-core", "hilum-kernel"]),
    (
        "hilum-study",
        &[
            "hilum-core",
            "hilum-kernel",
            "hilum-segment",
            "hilum-density",
            "hilum-ild",
            "hilum-report",
        ],
    ),
    (
        "hilum-cli",
        &[
            "hilum-core",
            "hilum-kernel",
            "hilum-density",
            "hilum-ild",
            "hilum-segment",
            "hilum-texture",
            "hilum-dicom",
            "hilum-files",
            "hilum-network",
            "hilum-phantom",
            "hilum-report",
            "hilum-study",
        ],
    ),
    (
        "hilum",
        &[
            "hilum-core",
            "hilum-kernel",
            "hilum-segment",
            "hilum-density",
            "hilum-ild",
            "hilum-texture",
            "hilum-dicom",
            "hilum-files",
            "hilum-report",
        ],
    ),
];

/// Libraries that only one crate may name.
const ONLY_IN: [(&str, &str); 7] = [
    ("dicom-", "hilum-dicom"),
    ("rayon", "hilum-kernel"),
    ("image", "hilum-report"),
    ("png", "hilum-report"),
    ("nifti", "hilum-files"),
    ("clap", "hilum-cli"),
    ("tract-", "hilum-network"),
];

/// Crates that are tools of ours, not libraries for others.
const UNPUBLISHED: [&str; 3] = ["hilum-cli", "hilum-phantom", "hilum-study"];

fn members() -> BTreeMap<String, Package> {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo describes the workspace");
    let packages = metadata.packages.into_iter();
    packages.map(|package| (package.name.to_string(), package)).collect()
}

fn names(package: &Package) -> impl Iterator<Item = &str> {
    let used = |kind| kind == DependencyKind::Normal || kind == DependencyKind::Build;
    package.dependencies.iter().filter(move |d| used(d.kind)).map(|d| d.name.as_str())
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable source folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Source files of a crate, tests aside.
fn sources_of(package: &Package) -> Vec<(PathBuf, String)> {
    let library = &package.targets[0].src_path;
    let mut found = Vec::new();
    sources(library.parent().expect("a source folder").as_std_path(), &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("readable source");
            (path, text)
        })
        .collect()
}

#[test]
fn every_crate_stands_on_its_floor() {
    let members = members();
    let listed: BTreeMap<&str, &[&str]> = MAY_NAME.into_iter().collect();
    assert_eq!(
        members.keys().map(String::as_str).collect::<Vec<_>>(),
        listed.keys().copied().collect::<Vec<_>>(),
        "the table of this test names every crate"
    );
    for (name, package) in &members {
        for used in names(package).filter(|used| used.starts_with("hilum")) {
            assert!(listed[name.as_str()].contains(&used), "{name} may not name {used}");
        }
    }
}

#[test]
fn a_library_with_an_owner_is_named_by_its_owner_alone() {
    for (name, package) in members() {
        for used in names(&package) {
            for (library, owner) in ONLY_IN {
                let owned =
                    used == library || (library.ends_with('-') && used.starts_with(library));
                assert!(!owned || name == owner, "{name} names {used}, which belongs to {owner}");
            }
        }
    }
}

#[test]
fn only_the_command_line_prints() {
    for (name, package) in members() {
        if name == "hilum-cli" {
            continue;
        }
        for (path, text) in sources_of(&package) {
            let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in shipped.lines().enumerate() {
                let code = line.trim_start();
                let prints = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
                let found = prints.iter().any(|print| code.contains(print));
                let comment = code.starts_with("//");
                assert!(!found || comment, "{}:{} prints", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn a_crate_opens_with_its_vocabulary_and_nothing_else() {
    for (name, package) in members() {
        if name == "hilum-cli" {
            continue;
        }
        let (path, text) = sources_of(&package)
            .into_iter()
            .find(|(path, _)| path.ends_with("lib.rs"))
            .expect("a library");
        for keyword in ["fn ", "impl ", "struct ", "enum ", "trait "] {
            let defines = text.lines().any(|line| {
                let code = line.trim_start();
                code.starts_with(keyword) || code.starts_with(&format!("pub {keyword}"))
            });
            assert!(!defines, "{} defines a `{}`", path.display(), keyword.trim());
        }
    }
}

#[test]
fn tools_of_ours_are_not_published() {
    for (name, package) in members() {
        let published = package.publish.as_ref().is_none_or(|registries| !registries.is_empty());
        assert_eq!(published, !UNPUBLISHED.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for (name, package) in members() {
        let manifest = fs::read_to_string(&package.manifest_path).expect("a readable manifest");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name}");
        assert!(!manifest.contains("unsafe_code = \"allow\""), "{name}");
    }
}
