//! Several files in one input: `HSET`, then each file behind its length in four bytes,
//! little-endian. Anything else is one file.

const MAGIC: &[u8] = b"HSET";

/// More files than this are cut off: each costs a round through the file system.
const MOST: usize = 8;

/// The files of an input; `None` if it is a single one.
pub(crate) fn files(input: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = input.strip_prefix(MAGIC)?;
    let mut files = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let end = (u32::from_le_bytes(*length) as usize).min(behind.len());
        files.push(&behind[..end]);
        rest = &behind[end..];
        if files.len() == MOST {
            break;
        }
    }
    Some(files)
}

pub(crate) fn sealed<T: AsRef<[u8]>>(files: &[T]) -> Vec<u8> {
    let mut input = MAGIC.to_vec();
    for file in files {
        let file = file.as_ref();
        input.extend((file.len() as u32).to_le_bytes());
        input.extend(file);
    }
    input
}
