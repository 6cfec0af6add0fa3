//! Labelled patches of lung, to train with and to score with.

use hilum_kernel::par;

use super::error::Error;
use super::features::{FEATURES, PATCH_RADIUS, features};
use super::posteriors::MOST_CLASSES;
use super::response::{DENSITY, Slice};

/// Square axial patches in HU, each with a class. Spacing is not known: 0.65 mm is assumed.
///
/// Rows of the table that stand beside one another often come from one patient: split by
/// [`Patches::blocks`], never at random.
#[derive(Clone, Debug, PartialEq)]
pub struct Patches {
    side: usize,
    hu: Vec<i16>,
    classes: Vec<String>,
    labels: Vec<u8>,
}

impl Patches {
    /// Reads patches (16-bit little-endian integers, row by row, one patch after the other) and the
    /// table of their classes: comma-separated, with a header that has a column `class` and, if classes
    /// have an order, `class_id` that counts from 0. Without it classes are sorted by name.
    ///
    /// # Errors
    ///
    /// [`Error::Patches`] unless there are as many patches as rows, square, of an odd side from 31
    /// pixels on, and 2 to 16 classes with at least one patch each.
    pub fn parse(pixels: &[u8], table: &str) -> Result<Self, Error> {
        let rows = rows(table)?;
        let classes = classes(&rows)?;
        let labels = rows
            .iter()
            .map(|(_, class)| classes.iter().position(|c| c == class).expect("listed") as u8)
            .collect();
        let hu = pixels.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
        Self::new(side(pixels.len(), rows.len())?, hu.collect(), classes, labels)
    }

    /// Patches from numbers: each of `side`² pixels, with the number of its class.
    ///
    /// # Errors
    ///
    /// As for [`Patches::parse`].
    pub fn new(
        side: usize,
        hu: Vec<i16>,
        classes: Vec<String>,
        labels: Vec<u8>,
    ) -> Result<Self, Error> {
        let fail =
            |found: String, wanted: &str| Err(Error::Patches { found, wanted: wanted.into() });
        if side.is_multiple_of(2) || !(2 * PATCH_RADIUS + 1..=1023).contains(&side) {
            return fail(format!("a side of {side} pixels"), "an odd one from 31 to 1023");
        }
        if hu.len() != labels.len() * side * side {
            let found = format!("{} pixels for {} patches", hu.len(), labels.len());
            return fail(found, "side times side for each");
        }
        if !(2..=MOST_CLASSES).contains(&classes.len()) {
            return fail(format!("{} classes", classes.len()), "2 to 16");
        }
        for (n, class) in classes.iter().enumerate() {
            if class.is_empty() || class.len() > 255 || classes[..n].contains(class) {
                return fail(format!("a class named `{class}`"), "short names, each once");
            }
            if !labels.contains(&(n as u8)) {
                return fail(format!("no patch of class `{class}`"), "at least one");
            }
        }
        if let Some(label) = labels.iter().find(|label| usize::from(**label) >= classes.len()) {
            return fail(format!("class number {label}"), "one of the classes");
        }
        Ok(Self { side, hu, classes, labels })
    }

    /// Number of patches.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// Names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The class of each patch, as a place in [`Patches::classes`].
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels of a patch, row by row.
    pub fn pixels(&self, patch: usize) -> &[i16] {
        &self.hu[patch * self.side * self.side..][..self.side * self.side]
    }

    /// The patches with the given numbers, in that order, with the same classes.
    pub(super) fn labels_of(&self, patches: &[usize]) -> Vec<u8> {
        patches.iter().map(|patch| self.labels[*patch]).collect()
    }

    /// The block of each patch: the patches of each class are cut into `count` runs of neighbours.
    pub fn blocks(&self, count: usize) -> Vec<usize> {
        blocks(&self.labels, count)
    }

    /// The features of each patch.
    pub(super) fn features(&self) -> Vec<[f32; FEATURES]> {
        par::collect(self.count(), |patch| self.features_of(patch))
    }

    fn features_of(&self, patch: usize) -> [f32; FEATURES] {
        let pixels = self.pixels(patch);
        let (low, high) = DENSITY;
        let density = pixels.iter().map(|hu| f32::from(*hu).clamp(low, high)).collect();
        let measured = vec![true; pixels.len()];
        let slice = Slice { rows: self.side, columns: self.side, density, measured };
        let middle = self.side / 2;
        let features = features(&slice, &[(middle, vec![middle])], 1.0);
        features.try_into().expect("one site")
    }

    /// A number that tells these patches and labels from others.
    pub fn checksum(&self) -> u64 {
        let pixels = self.hu.iter().flat_map(|hu| hu.to_le_bytes());
        checksum(pixels.chain(self.labels.iter().copied()))
    }
}

/// FNV-1a, 64 bits.
pub(super) fn checksum(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// See [`Patches::blocks`].
pub(super) fn blocks(labels: &[u8], count: usize) -> Vec<usize> {
    let mut of_class = [0usize; 256];
    for label in labels {
        of_class[usize::from(*label)] += 1;
    }
    let mut seen = [0usize; 256];
    let block = |label: &u8| {
        let class = usize::from(*label);
        seen[class] += 1;
        (seen[class] - 1) * count / of_class[class]
    };
    labels.iter().map(block).collect()
}

/// Place in the order of classes, and name of the class, of each row.
fn rows(table: &str) -> Result<Vec<(usize, &str)>, Error> {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty());
    let header = lines.next().unwrap_or_default();
    let column = |name: &str| header.split(',').position(|field| field.trim() == name);
    let Some(class) = column("class") else {
        let found = format!("a table of labels with the header `{header:.60}`");
        return Err(Error::Patches { found, wanted: "a column `class`".into() });
    };
    let id = column("class_id");
    let row = |line: &'_ str| -> Option<(usize, String)> {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let id = match id {
            Some(id) => fields.get(id)?.parse().ok()?,
            None => 0,
        };
        Some((id, (*fields.get(class)?).to_owned()))
    };
    let mut found = Vec::new();
    for (n, line) in lines.enumerate() {
        let Some((id, _)) = row(line) else {
            let found = format!("row {} of the labels is `{line:.60}`", n + 1);
            return Err(Error::Patches { found, wanted: "fields as in the header".into() });
        };
        found.push((id, line.split(',').nth(class).unwrap_or_default().trim()));
    }
    Ok(found)
}

/// Names of the classes in their order.
fn classes(rows: &[(usize, &str)]) -> Result<Vec<String>, Error> {
    let mut pairs = rows.to_vec();
    pairs.sort_unstable();
    pairs.dedup();
    let names: Vec<String> = pairs.iter().map(|(_, name)| (*name).to_owned()).collect();
    let is_numbered = pairs.iter().any(|(id, _)| *id > 0);
    if is_numbered && pairs.iter().enumerate().any(|(n, (id, _))| n != *id) {
        let found = format!("class numbers and names {}", names.join(" "));
        let wanted = "one name for each number from 0 on".into();
        return Err(Error::Patches { found, wanted });
    }
    Ok(names)
}

/// Side of each of `count` patches.
fn side(bytes: usize, count: usize) -> Result<usize, Error> {
    let pixels = bytes / 2 / count.max(1);
    let side = pixels.isqrt();
    if count == 0 || side * side * count * 2 != bytes {
        let found = format!("{bytes} bytes for {count} labels");
        let wanted = "two bytes for each pixel of as many square patches".into();
        return Err(Error::Patches { found, wanted });
    }
    Ok(side)
}
