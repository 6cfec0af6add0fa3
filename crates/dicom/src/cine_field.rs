//! Where the pixels of a cine are covered by a shutter or a collimator.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use hilum_core::Quality;
use ndarray::Array2;

use crate::attributes::text;
use crate::view::View;

/// The attributes of one kind of cover.
struct Cover {
    name: &'static str,
    /// Functional group of enhanced files.
    group: Tag,
    shape: Tag,
    /// Left, right, upper, lower.
    edges: [Tag; 4],
    centre: Tag,
    radius: Tag,
    vertices: Tag,
}

const COVERS: [Cover; 2] = [
    Cover {
        name: "shutter",
        group: tags::FRAME_DISPLAY_SHUTTER_SEQUENCE,
        shape: tags::SHUTTER_SHAPE,
        edges: [
            tags::SHUTTER_LEFT_VERTICAL_EDGE,
            tags::SHUTTER_RIGHT_VERTICAL_EDGE,
            tags::SHUTTER_UPPER_HORIZONTAL_EDGE,
            tags::SHUTTER_LOWER_HORIZONTAL_EDGE,
        ],
        centre: tags::CENTER_OF_CIRCULAR_SHUTTER,
        radius: tags::RADIUS_OF_CIRCULAR_SHUTTER,
        vertices: tags::VERTICES_OF_THE_POLYGONAL_SHUTTER,
    },
    Cover {
        name: "collimator",
        group: tags::COLLIMATOR_SHAPE_SEQUENCE,
        shape: tags::COLLIMATOR_SHAPE,
        edges: [
            tags::COLLIMATOR_LEFT_VERTICAL_EDGE,
            tags::COLLIMATOR_RIGHT_VERTICAL_EDGE,
            tags::COLLIMATOR_UPPER_HORIZONTAL_EDGE,
            tags::COLLIMATOR_LOWER_HORIZONTAL_EDGE,
        ],
        centre: tags::CENTER_OF_CIRCULAR_COLLIMATOR,
        radius: tags::RADIUS_OF_CIRCULAR_COLLIMATOR,
        vertices: tags::VERTICES_OF_THE_POLYGONAL_COLLIMATOR,
    },
];

/// Pixels `[row, column]` that no shutter and no collimator covers, by the first frame, and rows
/// that say so; `None` where nothing is covered.
///
/// Edges are rows and columns from 1, and count as covered (not checked against PS3.3 C.7.6.11).
pub(crate) fn field(
    object: &InMemDicomObject,
    rows: usize,
    columns: usize,
) -> (Option<Array2<bool>>, Vec<Quality>) {
    let view = View::new(object, 0);
    let mut told = Vec::new();
    let mut field = Array2::from_elem((rows, columns), true);
    for cover in &COVERS {
        let shapes = view.text(cover.group, cover.shape).unwrap_or_default();
        for shape in shapes.split('\\').filter(|shape| !shape.is_empty() && *shape != "BITMAP") {
            match cover.open(shape, &view) {
                Some(open) => {
                    field.indexed_iter_mut().for_each(|((row, column), seen)| {
                        *seen &= open(row as f64 + 1.0, column as f64 + 1.0);
                    });
                }
                None => told.push(Quality::warning(
                    "shutter_unknown",
                    format!("a {} of shape {shape} does not say where it lies", cover.name),
                )),
            }
        }
    }
    let covered = field.iter().filter(|seen| !**seen).count();
    if covered == field.len() {
        let message = "shutters and collimators would cover every pixel; they are not believed";
        told.push(Quality::warning("shutter_unknown", message));
        return (None, told);
    }
    if covered == 0 {
        return (None, told);
    }
    let share = 100.0 * covered as f64 / field.len() as f64;
    let message = format!(
        "shutters and collimators cover {share:.1} % of the picture; the pixels there are kept and known as not seen"
    );
    told.push(Quality::info("shutter", message));
    (Some(field), told)
}

/// Says whether the pixel at a row and a column, from 1, is open.
type Open = Box<dyn Fn(f64, f64) -> bool>;

impl Cover {
    fn open(&self, shape: &str, view: &View<'_>) -> Option<Open> {
        match shape {
            "RECTANGULAR" => {
                let edges = self.edges.map(|edge| view.number(self.group, edge));
                let [Some(left), Some(right), Some(upper), Some(lower)] = edges else {
                    return None;
                };
                Some(Box::new(move |row, column| {
                    row > upper && row < lower && column > left && column < right
                }))
            }
            "CIRCULAR" => {
                let [row0, column0]: [f64; 2] = view.numbers(self.group, self.centre)?;
                let radius = view.number(self.group, self.radius)?;
                Some(Box::new(move |row, column| (row - row0).hypot(column - column0) < radius))
            }
            "POLYGONAL" => {
                let numbers = view.all_numbers(self.group, self.vertices)?;
                let vertices: Vec<[f64; 2]> =
                    numbers.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
                (vertices.len() >= 3)
                    .then(|| Box::new(move |row, column| inside(&vertices, row, column)) as Open)
            }
            _ => None,
        }
    }
}

/// Even-odd rule.
fn inside(vertices: &[[f64; 2]], row: f64, column: f64) -> bool {
    let next = vertices.iter().cycle().skip(1);
    let crossed = vertices.iter().zip(next).filter(|([r0, c0], [r1, c1])| {
        (*r0 > row) != (*r1 > row) && column < c0 + (row - r0) / (r1 - r0) * (c1 - c0)
    });
    crossed.count() % 2 == 1
}

/// The plane of a two-plane system that a file shows, where it says so.
pub(crate) fn plane(object: &InMemDicomObject) -> Option<Quality> {
    let kind = text(object, tags::IMAGE_TYPE).unwrap_or_default();
    let of = View::new(object, 0).text(tags::FRAME_CONTENT_SEQUENCE, tags::PLANE_IDENTIFICATION);
    let plane = ["A", "B"].into_iter().find(|name| {
        kind.split('\\').any(|word| word == format!("BIPLANE {name}"))
            || of.as_deref() == Some(format!("PLANE {name}").as_str())
    })?;
    let message = format!("plane {plane} of a system with two; the other is a run of its own");
    Some(Quality::info("biplane", message))
}
