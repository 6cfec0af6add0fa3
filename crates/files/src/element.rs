//! How one voxel is stored.

/// The number type of a voxel in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

impl Element {
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    pub(crate) const fn is_whole(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }
}

/// Hands each number in `bytes` to `take`, in order.
pub(crate) fn decode(element: Element, order: ByteOrder, bytes: &[u8], mut take: impl FnMut(f64)) {
    macro_rules! numbers {
        ($type:ty) => {{
            let words = bytes.chunks_exact(size_of::<$type>());
            let words = words.map(|word| word.try_into().expect("chunks are exact"));
            match order {
                ByteOrder::Little => words.for_each(|w| take(<$type>::from_le_bytes(w) as f64)),
                ByteOrder::Big => words.for_each(|w| take(<$type>::from_be_bytes(w) as f64)),
            }
        }};
    }
    match element {
        Element::I8 => numbers!(i8),
        Element::U8 => numbers!(u8),
        Element::I16 => numbers!(i16),
        Element::U16 => numbers!(u16),
        Element::I32 => numbers!(i32),
        Element::U32 => numbers!(u32),
        Element::I64 => numbers!(i64),
        Element::U64 => numbers!(u64),
        Element::F32 => numbers!(f32),
        Element::F64 => numbers!(f64),
    }
}
