//! A CT through a network.

use hilum_core::{Ct, Grid, Volume};
use hilum_kernel::{Interpolation, par, resample, resample_labels};

use super::frame::frame;
use super::runtime::Runtime;
use super::scores::Scores;
use super::windows::starts;
use crate::{Description, Error};

/// Hears how many of how many patches are done.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// A network with its description, ready to run.
pub struct Network {
    description: Description,
    runtime: Runtime,
    /// Label of each output channel.
    numbers: Vec<u8>,
}

impl Network {
    /// Takes an ONNX file as bytes and its description as JSON.
    ///
    /// The file must hold all its weights: none are looked for beside it.
    ///
    /// # Errors
    ///
    /// [`Error::Description`] for the JSON; [`Error::Network`] if the runtime cannot read the file
    /// or lacks one of its operators; [`Error::Input`] or [`Error::Output`] if it takes or gives
    /// other shapes than are described.
    pub fn new(onnx: &[u8], description: &str) -> Result<Self, Error> {
        let description = Description::read(description)?;
        let runtime = Runtime::new(onnx, description.patch)?;
        let numbers = description.numbers(runtime.channels())?;
        Ok(Self { description, runtime, numbers })
    }

    /// What the network wants and gives.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The label map of a CT on its own grid, in the numbers that hilum writes.
    ///
    /// The image is held to the wanted CT numbers, resampled (linearly) to an upright grid of the
    /// wanted spacing and cut into patches. Each voxel gets the channel whose score is highest,
    /// scores of patches that overlap being averaged with the middle of a patch weighing most.
    /// Outside of the image the lowest CT number of `clip` is seen. Labels come back to the CT by
    /// nearest neighbour.
    ///
    /// The same bits on any number of threads. `progress` hears of each round of patches, one
    /// patch a thread, from the thread that called.
    ///
    /// Cost: that of the network for every patch. Beside the image are held: 4 bytes for each
    /// voxel of the CT and of the resampled grid, whose labels take one more; `4 c` bytes for each
    /// voxel of as many of its slices as a patch has, for `c` channels; and on each thread a patch
    /// and what the network itself needs for one.
    ///
    /// # Errors
    ///
    /// [`Error::Grid`] if `spacing` is too fine for the CT; [`Error::Network`],
    /// [`Error::NotANumber`] or [`Error::Nothing`] for what the network does.
    pub fn run(&self, ct: &Ct, progress: Progress<'_>) -> Result<Volume<u8>, Error> {
        let grid = frame(ct.grid(), &self.description)?;
        let input = self.input(ct, &grid);
        let patches = self.patches(grid.shape());
        let mut scores = Scores::new(&grid, self.description.patch, &self.numbers);
        let mut done = 0;
        for round in patches.chunks(par::threads()) {
            progress(done, patches.len());
            let outputs = par::try_collect(round.len(), |n| {
                self.runtime.scores(&self.patch(&input, round[n]))
            })?;
            // In the order of the patches, whatever the size of the round.
            for (start, output) in round.iter().zip(&outputs) {
                scores.add(*start, output)?;
            }
            done += round.len();
        }
        progress(done, patches.len());
        drop(input);
        let labels = scores.labels();
        if labels.as_slice().iter().all(|label| *label == 0) {
            return Err(Error::Nothing);
        }
        let own = labels.grid() == ct.grid();
        Ok(if own { labels } else { resample_labels(&labels, ct.grid()) })
    }

    /// The image as the network sees it.
    fn input(&self, ct: &Ct, grid: &Grid) -> Volume<f32> {
        let seen = par::map(ct.hu(), |hu| self.seen(f64::from(hu.0)));
        if grid == ct.grid() {
            return seen;
        }
        resample(&seen, grid, Interpolation::Linear, self.seen(self.description.clip[0]))
    }

    /// A CT number as the network sees it.
    fn seen(&self, hu: f64) -> f32 {
        let [low, high] = self.description.clip;
        ((hu.clamp(low, high) - self.description.subtract) / self.description.divide) as f32
    }

    /// First voxels of all patches, in the order of the array.
    fn patches(&self, shape: [usize; 3]) -> Vec<[usize; 3]> {
        let along = [0, 1, 2]
            .map(|n| starts(shape[n], self.description.patch[n], self.description.overlap));
        let mut patches = Vec::new();
        for k in &along[0] {
            for j in &along[1] {
                patches.extend(along[2].iter().map(|i| [*k, *j, *i]));
            }
        }
        patches
    }

    /// The patch that begins at `start`; what lies beyond the volume is as outside of the image.
    fn patch(&self, volume: &Volume<f32>, start: [usize; 3]) -> Vec<f32> {
        let [slices, rows, columns] = volume.grid().shape();
        let [_, high, wide] = self.description.patch;
        let outside = self.seen(self.description.clip[0]);
        let mut voxels = vec![outside; self.description.patch.iter().product()];
        for (line, row) in voxels.chunks_mut(wide).zip(0..) {
            let (k, j) = (start[0] + row / high, start[1] + row % high);
            if k < slices && j < rows {
                let source = &volume.as_slice()[(k * rows + j) * columns + start[2]..];
                let shared = wide.min(columns - start[2]);
                line[..shared].copy_from_slice(&source[..shared]);
            }
        }
        voxels
    }
}
