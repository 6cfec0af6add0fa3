//! The grain of a disease: how its tissue is built below the size of the lesion.

/// How the tissue of a lesion is built. Lengths are mm of the default adult.
///
/// Nets and cysts are the walls of a foam: the Voronoi cells of points scattered on a jittered lattice.
/// `cell` is the step of that lattice, the cube root of the mean volume of its cells; a straight line crosses a
/// cell over two thirds of `cell` on average, and the mean diameter of the cells on a slice is about `0.9 cell`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// The disease's own, without parameters.
    #[default]
    Plain,
    /// Lines on a denser ground: what [`crate::Disease::Reticulation`] may look like.
    Net {
        /// Size of the meshes, 3 to 8 mm.
        cell: f64,
        /// Mean thickness of the lines, 0.5 to 1.2 mm. A fifth of them are not there; the others have 0.65 to
        /// 1.85 times as much.
        wall: f64,
        /// CT number between the lines.
        ground: f64,
    },
    /// Cysts in layers beneath the pleura, whole ones: [`crate::Disease::Honeycombing`] with walls of
    /// 1 to 3 mm and one to three layers, or [`crate::Disease::Paraseptal`] with thin walls and one layer.
    Cysts {
        /// Size of the cysts, and height of a layer.
        cell: f64,
        /// Thickness of the walls, which neighbours share.
        wall: f64,
        /// How many lie on top of each other.
        layers: usize,
    },
    /// Holes around the middles of the lobules, up to four in each: centrilobular emphysema.
    Holes {
        /// Smallest and largest radius.
        radii: [f64; 2],
    },
}
