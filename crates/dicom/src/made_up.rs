//! A regular grid for slices that are not: where its planes lie, and what they are made of.

use hilum_core::Quality;

use crate::Error;
use crate::spacing::{JITTER, Source, Spacing, gaps, jitter, multiples, ordered, rounding, whole};

/// Across a wider gap (mm) nothing is made up: too much anatomy would be.
const WIDEST: f64 = 30.0;

/// At most so many planes for each measured slice: the bound for what a stray slice costs.
const MOST_PLANES: usize = 8;

/// Lays regular planes through uneven heights (mm), most of them between slices.
///
/// # Errors
///
/// [`Error::WideGap`].
pub(crate) fn interpolated(heights: &[f64]) -> Result<Spacing, Error> {
    let gaps = gaps(heights);
    if let Some(wide) = gaps.iter().position(|gap| *gap > WIDEST) {
        return Err(Error::WideGap { after: wide + 1, gap: gaps[wide], wanted: WIDEST });
    }
    let most = MOST_PLANES * heights.len();
    let (along, snap) = match with_gaps(heights, most) {
        Some(along) => (along, 0.0),
        None => anew(heights, most),
    };
    let planes = along[along.len() - 1].round() as usize + 1;
    let sources = sources(&along, planes, snap);
    let mut quality = vec![row(heights, &sources)];
    if snap == 0.0 {
        quality.extend(slightly_off(heights, &along));
    }
    Ok(Spacing { planes, along, sources: Some(sources), quality })
}

/// Slices on the planes of a grid of which some are missing.
fn with_gaps(heights: &[f64], most: usize) -> Option<Vec<f64>> {
    let mut planes = vec![0];
    for steps in multiples(&gaps(heights))? {
        planes.push(planes[planes.len() - 1] + steps);
    }
    let last = planes[planes.len() - 1];
    let step = whole(heights) / last as f64;
    let off = |(height, k): (&f64, &usize)| (height - heights[0] - step * *k as f64).abs();
    let fits = heights.iter().zip(&planes).all(|pair| off(pair) <= JITTER * step);
    (fits && last < most).then(|| planes.into_iter().map(|k| k as f64).collect())
}

/// Slices that count as on their planes, though they are not quite.
fn slightly_off(heights: &[f64], along: &[f64]) -> Option<Quality> {
    let step = whole(heights) / along[along.len() - 1];
    let off = |(height, k): (&f64, &f64)| (height - heights[0] - step * k).abs();
    let apart = heights.iter().zip(along).map(off).fold(0.0, f64::max);
    (apart > rounding(step)).then(|| jitter(heights, step, apart))
}

/// Slices between the planes of a new grid, and how near a plane (in steps) is on it.
fn anew(heights: &[f64], most: usize) -> (Vec<f64>, f64) {
    let gaps = gaps(heights);
    let fine = ordered(&gaps)[gaps.len() / 10];
    let steps = (whole(heights) / fine).round().clamp(1.0, (most - 1) as f64);
    let step = whole(heights) / steps;
    let mut along: Vec<f64> = heights.iter().map(|height| (height - heights[0]) / step).collect();
    along[heights.len() - 1] = steps;
    (along, rounding(step) / step)
}

/// What each plane is made of. A slice within `snap` of a plane is taken as it is.
fn sources(along: &[f64], planes: usize, snap: f64) -> Vec<Source> {
    let mut place = 0;
    (0..planes)
        .map(|k| {
            let at = k as f64;
            while place + 2 < along.len() && along[place + 1] <= at {
                place += 1;
            }
            let [below, above] = [at - along[place], along[place + 1] - at];
            match () {
                () if below <= snap => Source { place, share: 0.0 },
                () if above <= snap => Source { place: place + 1, share: 0.0 },
                () => Source { place, share: below / (below + above) },
            }
        })
        .collect()
}

fn row(heights: &[f64], sources: &[Source]) -> Quality {
    let made: Vec<usize> = sources.iter().filter(|s| s.share > 0.0).map(|s| s.place).collect();
    let step = whole(heights) / (sources.len() - 1) as f64;
    let mut said = Vec::new();
    if let (Some(first), Some(last)) = (made.first(), made.last()) {
        let widths = made.iter().map(|place| heights[place + 1] - heights[*place]);
        let widths = ordered(&widths.collect::<Vec<f64>>());
        let (least, most) = (widths[0], widths[widths.len() - 1]);
        let range = if most - least < 0.005 {
            format!("{most:.2} mm")
        } else {
            format!("{least:.2} to {most:.2} mm")
        };
        let were = if made.len() == 1 { "was" } else { "were" };
        said.push(format!(
            "{} of {} slices {were} not measured but made up between slices {} and {} of the series, {range} apart, on a grid of {step:.2} mm",
            made.len(),
            sources.len(),
            first + 1,
            last + 2
        ));
    }
    let unused = unused(heights.len(), sources);
    if unused > 0 {
        let [lie, were] = if unused == 1 { ["lies", "was"] } else { ["lie", "were"] };
        said.push(format!(
            "{unused} of {} measured slices {lie} between the planes of a grid of {step:.2} mm and {were} left out",
            heights.len()
        ));
    }
    Quality::warning("interpolated_slices", said.join("; "))
}

/// Number of slices that no plane is made of.
fn unused(slices: usize, sources: &[Source]) -> usize {
    let mut used = vec![false; slices];
    for source in sources {
        used[source.place] = true;
        if source.share > 0.0 {
            used[source.place + 1] = true;
        }
    }
    used.iter().filter(|used| !**used).count()
}
