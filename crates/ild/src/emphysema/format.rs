//! Models as bytes.
//!
//! Little-endian. `HILUMEMP`, then 32-bit numbers: version, feature set, classes, features, features of
//! density, landmarks, patches; the 64-bit checksum of the patches trained on; for each class its length in one byte
//! and its name; 32-bit floats: means, scales, biases, weights, landmarks, coefficients; and a 64-bit
//! FNV-1a checksum of all before.

use super::error::Error;
use super::features::{DENSITY_FEATURES, FEATURE_SET, FEATURES};
use super::model::Model;
use super::patches::checksum;
use super::posteriors::MOST_CLASSES;

const MAGIC: &[u8; 8] = b"HILUMEMP";
const VERSION: u32 = 1;
/// More landmarks than this no training here chooses.
const MOST_LANDMARKS: usize = 1 << 14;

impl Model {
    /// The model that hilum ships: trained on 671 patches of the Chest Imaging Platform, six classes
    /// `NT PS PL CL1 CL2 CL3`. Research use only; the licence of the patches lies beside it.
    pub fn shipped() -> Self {
        Self::read(include_bytes!("../../model/emphysema.bin")).expect("the model that we ship")
    }

    /// The model as bytes.
    pub fn write(&self) -> Vec<u8> {
        let landmarks = self.landmarks.len() / DENSITY_FEATURES;
        let counts = [self.classes.len(), FEATURES, DENSITY_FEATURES, landmarks];
        let mut bytes = MAGIC.to_vec();
        for number in [VERSION, FEATURE_SET].into_iter().chain(counts.map(|n| n as u32)) {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.patches.to_le_bytes());
        bytes.extend(self.trained_on.to_le_bytes());
        for class in &self.classes {
            bytes.push(class.len() as u8);
            bytes.extend(class.as_bytes());
        }
        for numbers in self.parts() {
            bytes.extend(numbers.1.iter().flat_map(|number| number.to_le_bytes()));
        }
        bytes.extend(checksum(bytes.iter().copied()).to_le_bytes());
        bytes
    }

    /// A model from bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NotAModel`], [`Error::Version`], [`Error::FeatureSet`] or [`Error::Number`], in this
    /// order: nothing is taken from a file that is not whole.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut rest = Reader { bytes, at: 0 };
        if rest.take(MAGIC.len())? != MAGIC {
            return fail("other bytes at its start", "`HILUMEMP`");
        }
        let version = rest.number()?;
        if version != VERSION {
            return Err(Error::Version { found: version, wanted: VERSION });
        }
        let set = rest.number()?;
        if set != FEATURE_SET {
            return Err(Error::FeatureSet { found: set, wanted: FEATURE_SET });
        }
        let [classes, features, density, landmarks] =
            [rest.number()?, rest.number()?, rest.number()?, rest.number()?].map(|n| n as usize);
        if !(2..=MOST_CLASSES).contains(&classes) {
            return fail(format!("{classes} classes"), "2 to 16");
        }
        if [features, density] != [FEATURES, DENSITY_FEATURES] {
            let wanted = format!("{FEATURES} and {DENSITY_FEATURES}");
            return fail(format!("{features} features, {density} of density"), wanted);
        }
        if !(1..=MOST_LANDMARKS).contains(&landmarks) {
            return fail(format!("{landmarks} landmarks"), format!("1 to {MOST_LANDMARKS}"));
        }
        let patches = rest.number()?;
        let trained_on = rest.long()?;
        let classes = (0..classes).map(|_| rest.name()).collect::<Result<Vec<_>, _>>()?;
        let count = classes.len();
        let [mean, scale, bias, weights, landmarks, coefficients] = [
            FEATURES,
            FEATURES,
            count,
            count * FEATURES,
            landmarks * DENSITY_FEATURES,
            landmarks * count,
        ]
        .map(|length| rest.floats(length));
        let model = Self {
            classes,
            patches,
            trained_on,
            mean: mean?,
            scale: scale?,
            bias: bias?,
            weights: weights?,
            landmarks: landmarks?,
            coefficients: coefficients?,
        };
        let wanted = checksum(bytes[..rest.at].iter().copied());
        let found = rest.long()?;
        if found != wanted {
            return fail(format!("checksum {found:016x}"), format!("{wanted:016x}"));
        }
        if rest.at != bytes.len() {
            return fail(format!("{} bytes", bytes.len()), format!("{}", rest.at));
        }
        model.checked()
    }

    fn parts(&self) -> [(&'static str, &[f32]); 6] {
        [
            ("means", &self.mean),
            ("scales", &self.scale),
            ("biases", &self.bias),
            ("weights", &self.weights),
            ("landmarks", &self.landmarks),
            ("coefficients", &self.coefficients),
        ]
    }

    fn checked(self) -> Result<Self, Error> {
        for (part, numbers) in self.parts() {
            // Far from any number that training gives, and near enough to zero never to overflow.
            if let Some(found) = numbers.iter().find(|n| n.is_nan() || n.abs() > 1e9) {
                let wanted = "finite numbers below 1e9";
                return Err(Error::Number { part, found: *found, wanted });
            }
        }
        if let Some(found) = self.scale.iter().find(|scale| **scale <= 0.0) {
            return Err(Error::Number { part: "scales", found: *found, wanted: "positive ones" });
        }
        Ok(self)
    }
}

fn fail<T>(found: impl Into<String>, wanted: impl Into<String>) -> Result<T, Error> {
    Err(Error::NotAModel { found: found.into(), wanted: wanted.into() })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let left = &self.bytes[self.at..];
        if left.len() < count {
            let found = format!("an end after {} bytes", self.bytes.len());
            return fail(found, format!("at least {}", self.at + count));
        }
        self.at += count;
        Ok(&left[..count])
    }

    fn number(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().expect("four bytes")))
    }

    fn long(&mut self) -> Result<u64, Error> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("eight bytes")))
    }

    fn name(&mut self) -> Result<String, Error> {
        let length = usize::from(self.take(1)?[0]);
        match String::from_utf8(self.take(length)?.to_vec()) {
            Ok(name) if !name.is_empty() => Ok(name),
            _ => fail("a class without a name in UTF-8", "names of classes"),
        }
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, Error> {
        let bytes = self.take(4 * count)?.chunks_exact(4);
        Ok(bytes.map(|four| f32::from_le_bytes(four.try_into().expect("four bytes"))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Model {
        Model {
            classes: vec!["NT".into(), "PS".into()],
            patches: 7,
            trained_on: 99,
            mean: vec![1.0; FEATURES],
            scale: vec![0.5; FEATURES],
            bias: vec![0.1, -0.1],
            weights: vec![0.25; 2 * FEATURES],
            landmarks: vec![-1.0; 3 * DENSITY_FEATURES],
            coefficients: vec![0.125; 6],
        }
    }

    /// The bytes with a changed part and a checksum that fits them again.
    fn changed(change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        let mut bytes = small().write();
        bytes.truncate(bytes.len() - 8);
        change(&mut bytes);
        bytes.extend(checksum(bytes.iter().copied()).to_le_bytes());
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Model::read(&small().write()), Ok(small()));
    }

    #[test]
    fn a_cut_model_is_refused_wherever_it_ends() {
        let bytes = small().write();
        for length in 0..bytes.len() {
            let error = Model::read(&bytes[..length]).expect_err("cut");
            assert!(matches!(error, Error::NotAModel { .. }), "{length}: {error}");
        }
        let longer = [bytes, vec![0]].concat();
        assert!(matches!(Model::read(&longer), Err(Error::NotAModel { .. })));
    }

    #[test]
    fn a_model_with_one_bit_turned_is_refused() {
        let bytes = small().write();
        for place in 0..bytes.len() {
            let mut turned = bytes.clone();
            turned[place] ^= 4;
            assert!(Model::read(&turned).is_err(), "byte {place}");
        }
    }

    #[test]
    fn other_versions_and_features_are_named() {
        let version = changed(|bytes| bytes[8] = 7);
        assert_eq!(Model::read(&version), Err(Error::Version { found: 7, wanted: VERSION }));
        let set = changed(|bytes| bytes[12] = 9);
        assert_eq!(Model::read(&set), Err(Error::FeatureSet { found: 9, wanted: FEATURE_SET }));
    }

    #[test]
    fn absurd_counts_are_refused_before_anything_is_made() {
        for place in [16, 20, 24, 28] {
            let bytes = changed(|bytes| bytes[place..place + 4].copy_from_slice(&[0xff; 4]));
            let error = Model::read(&bytes).expect_err("absurd");
            assert!(matches!(error, Error::NotAModel { .. }), "{error}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for (value, part) in [(f32::NAN, "coefficients"), (f32::INFINITY, "coefficients")] {
            let bytes = changed(|bytes| {
                let last = bytes.len() - 4;
                bytes[last..].copy_from_slice(&value.to_le_bytes());
            });
            let error = Model::read(&bytes).expect_err("not finite");
            assert!(matches!(error, Error::Number { part: p, .. } if p == part), "{error}");
        }
        let flat = Model { scale: vec![0.0; FEATURES], ..small() };
        let error = Model::read(&flat.write()).expect_err("no scale");
        assert!(error.to_string().contains("scales"), "{error}");
    }
}
