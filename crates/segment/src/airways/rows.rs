//! Numbers and remarks about the tree.

use hilum_core::{Code, Lungs, Measurement, Quality, Site, Unit};

use super::grow::median;
use super::label::AirwayLabel;
use super::pi10::{self, LEAST, PERIMETERS};
use super::tree::{AirwayTree, WallFigures};

/// Walls thinner than so many voxels are measured too thick.
const RESOLVED: f64 = 1.5;
/// Fewer branches than this are no tree to segmental level.
const SEGMENTAL: usize = 20;

const fn own(value: &'static str, meaning: &'static str) -> Code {
    Code::new(Code::PRIVATE, value, meaning)
}

fn row(key: &'static str, unit: Unit, value: f64, concept: Code, definition: &str) -> Measurement {
    Measurement::plain(key, Site::Whole(Lungs::Both), value, unit, concept, definition)
}

/// All numbers, in a fixed order; what could not be measured is absent.
pub(crate) fn measurements(tree: &AirwayTree, lumen_ml: f64) -> Vec<Measurement> {
    let count = tree.branches().len() as f64;
    let deepest = tree.branches().iter().map(|b| b.generation).max().unwrap_or(0);
    let mut rows = vec![
        row(
            "airway_branch_count",
            Unit::Count,
            count,
            own("AWN", "Number of airway branches"),
            "pieces of the airway between branching points, trachea included",
        ),
        row(
            "airway_generations",
            Unit::Count,
            deepest as f64,
            own("AWGEN", "Airway generations"),
            "branching points on the deepest way from the trachea",
        ),
        row(
            "airway_length_mm",
            Unit::Millimetre,
            tree.length_mm(),
            own("AWLEN", "Length of airway tree"),
            "sum of the lengths of all centrelines",
        ),
        row(
            "airway_lumen_ml",
            Unit::Millilitre,
            lumen_ml,
            own("AWVOL", "Volume of airway lumen"),
            "voxels of the lumen of trachea and bronchi as far as followed",
        ),
    ];
    rows.extend(trachea(tree));
    let walls = pi10::branches(tree);
    rows.extend(wall_rows(&walls));
    rows
}

fn trachea(tree: &AirwayTree) -> Option<Measurement> {
    let branch = &tree.branches()[tree.labelled(AirwayLabel::Trachea)?];
    let what = "median inner diameter along the centreline, of a disc with the area of the lumen at half maximum";
    let diameter = own("TRDIAM", "Diameter of trachea");
    let value = branch.diameter_mm();
    let row = row("trachea_diameter_mm", Unit::Millimetre, value, diameter, what);
    (value > 0.0).then_some(Measurement { site: Site::Trachea, ..row })
}

fn wall_rows(walls: &[WallFigures]) -> Vec<Measurement> {
    let [low, high] = PERIMETERS;
    let who = format!(
        "{} branches beyond the main bronchi of {low:.0} to {high:.0} mm inner perimeter, full width at half maximum",
        walls.len()
    );
    let Some(found) = pi10::pi10(walls) else { return Vec::new() };
    let percents: Vec<f64> = walls.iter().map(|wall| wall.wall_percent).collect();
    let count = percents.len() as f64;
    let mean = percents.iter().sum::<f64>() / count;
    let variance = percents.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let half = pi10::student(count - 1.0) * (variance / count).sqrt();
    let thickness = median(walls.iter().map(|wall| wall.thickness_mm).collect());
    let pi10 =
        format!("root of the wall area at 10 mm inner perimeter, by least squares over {who}");
    let percent = format!("wall area over wall and lumen, mean over {who}");
    let thick = format!("median over {who}");
    vec![
        Measurement {
            interval: Some(found.interval),
            interval_meaning: Some(
                "95 % confidence of the regression line at 10 mm; the branches are the sample, bias of the method is not in it",
            ),
            ..row("airway_pi10_mm", Unit::Millimetre, found.value, own("PI10", "Pi10"), &pi10)
        },
        Measurement {
            interval: Some([mean - half, mean + half]),
            interval_meaning: Some(
                "95 % confidence of the mean over branches; bias of the method is not in it",
            ),
            ..row(
                "airway_wall_percent",
                Unit::Percent,
                mean,
                own("WAPC", "Wall area percent"),
                &percent,
            )
        },
        row(
            "airway_wall_thickness_mm",
            Unit::Millimetre,
            thickness,
            own("AWT", "Airway wall thickness"),
            &thick,
        ),
        row(
            "airway_wall_branches",
            Unit::Count,
            count,
            own("AWWN", "Airway branches with a measured wall"),
            &who,
        ),
    ]
}

/// All remarks, in a fixed order; of branches that leaked and that were doubtful the numbers are given.
pub(crate) fn quality(
    tree: &AirwayTree,
    [leaks, doubtful]: [usize; 2],
    step: f64,
    walls: bool,
) -> Vec<Quality> {
    let mut rows = Vec::new();
    if leaks > 0 {
        rows.push(Quality::info(
            "airway_leaks_rolled_back",
            format!("{leaks} branches opened into the lung at every threshold, or held no air; each was taken back to where its lumen is walled, or altogether"),
        ));
    }
    if doubtful > 0 {
        rows.push(Quality::info(
            "airway_branches_doubtful",
            format!("{doubtful} blind branches have no wall in sight around most of their course, or wander as from cyst to cyst, and were left out"),
        ));
    }
    let count = tree.branches().len();
    if count < SEGMENTAL {
        rows.push(Quality::warning(
            "airway_tree_short",
            format!("{count} branches of the airway were found, wanted {SEGMENTAL} for a tree to segmental level"),
        ));
    }
    rows.extend(unnamed(tree));
    if walls {
        rows.extend(wall_quality(&pi10::branches(tree), step));
    }
    rows
}

fn unnamed(tree: &AirwayTree) -> Option<Quality> {
    let wanted = AirwayLabel::ALL.iter().filter(|label| **label != AirwayLabel::Lingula);
    let missing: Vec<&str> =
        wanted.filter(|label| tree.labelled(**label).is_none()).map(|label| label.key()).collect();
    (!missing.is_empty()).then(|| {
        let names = missing.join(", ").replace('_', " ");
        Quality::info(
            "airway_labels",
            format!("not told with certainty in the airway tree: {names}"),
        )
    })
}

fn wall_quality(walls: &[WallFigures], step: f64) -> Vec<Quality> {
    if pi10::pi10(walls).is_none() {
        let message = format!(
            "{} branches of 6 to 20 mm inner perimeter have a wall that can be measured, wanted {LEAST} of different calibre; Pi10 and wall area are absent",
            walls.len()
        );
        return vec![Quality::refused("airway_walls", message)];
    }
    let thickness = median(walls.iter().map(|wall| wall.thickness_mm).collect());
    if thickness >= RESOLVED * step {
        return Vec::new();
    }
    vec![Quality::warning(
        "airway_wall_resolution",
        format!(
            "walls measure {thickness:.1} mm, less than {RESOLVED} voxels of {step:.2} mm: full width at half maximum takes such walls for thicker than they are; Pi10 and wall area compare only with images of the same voxels and kernel"
        ),
    )]
}
