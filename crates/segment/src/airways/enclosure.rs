//! How much of its surroundings a place in a lumen sees walled.

use super::field::Field;

/// Directions in which walls are looked for: to the 26 neighbours in a cube.
const DIRECTIONS: usize = 26;

/// Looks for walls around places.
pub(crate) struct Enclosure {
    /// For each direction, the steps from a place outwards: voxels `[k, j, i]` and distance in mm.
    rays: Vec<Vec<([i32; 3], f32)>>,
    shape: [usize; 3],
}

impl Enclosure {
    /// For places of a field, up to `farthest` mm away.
    pub(crate) fn new(field: &Field, farthest: f64) -> Self {
        let spacing = field.grid().spacing();
        let step = 0.8 * spacing.into_iter().fold(f64::INFINITY, f64::min);
        let rays = (0..27).filter(|n| *n != 13).map(|n| {
            let way = [n / 9 - 1, n / 3 % 3 - 1, n % 3 - 1].map(f64::from);
            let length = way.iter().map(|w| w * w).sum::<f64>().sqrt();
            let mut ray: Vec<([i32; 3], f32)> = Vec::new();
            for m in 1..=(farthest / step) as usize {
                let along = m as f64 * step;
                let place =
                    [0, 1, 2].map(|n| (way[n] / length * along / spacing[n]).round() as i32);
                let is_new = ray.last().is_none_or(|last| last.0 != place);
                if place != [0, 0, 0] && is_new {
                    ray.push((place, along as f32));
                }
            }
            ray
        });
        Self { rays: rays.collect(), shape: field.grid().shape() }
    }

    /// Share of the directions in which something denser than `wall` HU lies within `reach` mm; `None`
    /// if it is less than `least`.
    ///
    /// Open lung is told after a few rays that find nothing, which are the long ones.
    pub(crate) fn share(
        &self,
        field: &Field,
        voxel: [usize; 3],
        [wall, reach]: [f32; 2],
        least: f32,
    ) -> Option<f32> {
        let hit = |ray: &[([i32; 3], f32)]| {
            let near = ray.iter().take_while(|(_, distance)| *distance <= reach);
            near.map(|(step, _)| self.at(field, voxel, *step)).any(|hu| hu >= wall)
        };
        let share = |hits: usize| hits as f32 / DIRECTIONS as f32;
        let mut hits = 0;
        for (n, ray) in self.rays.iter().enumerate() {
            hits += usize::from(hit(ray));
            if share(hits + DIRECTIONS - 1 - n) < least {
                return None;
            }
        }
        Some(share(hits))
    }

    /// The density a few voxels away; what lies outside of the field is wall.
    fn at(&self, field: &Field, voxel: [usize; 3], step: [i32; 3]) -> f32 {
        // What lies before the first voxel wraps to a number beyond the last.
        let [k, j, i] = [0, 1, 2].map(|n| voxel[n].wrapping_add_signed(step[n] as isize));
        let [slices, rows, columns] = self.shape;
        if k >= slices || j >= rows || i >= columns {
            return f32::INFINITY;
        }
        field.hu.as_slice()[(k * rows + j) * columns + i]
    }
}
