//! Which reconstruction kernels are sharp. Names are from memory (not checked), of the four large
//! makers; others are unknown.

/// How a reconstruction kernel treats noise and edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharpness {
    /// For soft tissue and for densities.
    Soft,
    /// Between the two.
    Medium,
    /// Not in the table.
    Unknown,
    /// For bone, lung and edges: noisy, so that low-attenuation areas read high.
    Sharp,
}

/// Judges a kernel by its maker and name; where several names are joined, by the first that is known.
pub(crate) fn sharpness(maker: &str, kernel: &str) -> Sharpness {
    let maker = maker.to_uppercase();
    let has = |name: &str| maker.contains(name);
    let judge: fn(&str) -> Sharpness = if has("SIEMENS") {
        siemens
    } else if has("GE ") || has("GENERAL ELECTRIC") || maker == "GE" {
        general_electric
    } else if has("PHILIPS") {
        philips
    } else if has("TOSHIBA") || has("CANON") {
        canon
    } else {
        anyone
    };
    let names = kernel.split('\\').map(|name| judge(name.trim().to_uppercase().as_str()));
    names.into_iter().find(|found| *found != Sharpness::Unknown).unwrap_or(Sharpness::Unknown)
}

/// `B31f`, `Br40d`, `I50f\3`, `Bl57d`: the number is the sharpness.
fn siemens(name: &str) -> Sharpness {
    let letters = name.trim_end_matches(|c: char| !c.is_alphabetic());
    let first = letters.find(|c: char| c.is_ascii_digit()).unwrap_or(letters.len());
    let prefix = &letters[..first];
    let digits: String =
        name.chars().skip(first).take_while(char::is_ascii_digit).take(2).collect();
    let known = ["B", "BR", "BL", "BF", "BV", "I", "D", "QR", "H", "HR", "T", "U"];
    match digits.parse::<u8>() {
        Ok(number) if known.contains(&prefix) => match number {
            0..=43 => Sharpness::Soft,
            44..=49 => Sharpness::Medium,
            _ => Sharpness::Sharp,
        },
        _ => Sharpness::Unknown,
    }
}

fn general_electric(name: &str) -> Sharpness {
    match name {
        "SOFT" | "STANDARD" | "STND" | "STD+" | "SMOOTH" => Sharpness::Soft,
        "DETAIL" | "CHEST" => Sharpness::Medium,
        "LUNG" | "BONE" | "BONEPLUS" | "EDGE" | "ULTRA" | "HD LUNG" => Sharpness::Sharp,
        _ => Sharpness::Unknown,
    }
}

fn philips(name: &str) -> Sharpness {
    match name {
        "A" | "AA" | "AB" | "B" | "BB" | "SA" | "SB" => Sharpness::Soft,
        "C" | "CB" | "YA" => Sharpness::Medium,
        "D" | "E" | "EB" | "EC" | "F" | "L" | "YB" | "YC" | "YD" => Sharpness::Sharp,
        _ => Sharpness::Unknown,
    }
}

/// `FC01` to `FC19` are for the body, `FC30` and the fifties and eighties for bone and lung.
fn canon(name: &str) -> Sharpness {
    let digits: String = name
        .strip_prefix("FC")
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    match digits.parse::<u8>() {
        Ok(1..=19) => Sharpness::Soft,
        Ok(30..=39 | 50..=59 | 80..=89) => Sharpness::Sharp,
        _ => Sharpness::Unknown,
    }
}

/// Words that mean the same whoever uses them, and names that only one maker has.
fn anyone(name: &str) -> Sharpness {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["SHARP", "LUNG", "BONE", "EDGE"]) {
        Sharpness::Sharp
    } else if has(&["STANDARD", "SOFT", "SMOOTH"]) {
        Sharpness::Soft
    } else if name.starts_with("FC") {
        canon(name)
    } else {
        siemens(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_told_apart_by_maker() {
        let cases = [
            ("SIEMENS", "B31f", Sharpness::Soft),
            ("SIEMENS", "Br38f\\3", Sharpness::Soft),
            ("SIEMENS", "B45f", Sharpness::Medium),
            ("SIEMENS", "B70f", Sharpness::Sharp),
            ("Siemens Healthineers", "Bl57d\\2", Sharpness::Sharp),
            ("SIEMENS", "", Sharpness::Unknown),
            ("GE MEDICAL SYSTEMS", "STANDARD", Sharpness::Soft),
            ("GE MEDICAL SYSTEMS", "LUNG", Sharpness::Sharp),
            ("Philips", "B", Sharpness::Soft),
            ("Philips", "L", Sharpness::Sharp),
            ("TOSHIBA", "FC07", Sharpness::Soft),
            ("TOSHIBA", "FC51", Sharpness::Sharp),
            ("TOSHIBA", "FC08-H", Sharpness::Soft),
            ("GE MEDICAL SYSTEMS", "BONEPLUS", Sharpness::Sharp),
            ("", "BONE", Sharpness::Sharp),
            ("", "B30f", Sharpness::Soft),
            ("", "FC51", Sharpness::Sharp),
            ("", "B", Sharpness::Unknown),
            ("Somebody", "K7", Sharpness::Unknown),
        ];
        for (maker, kernel, wanted) in cases {
            assert_eq!(sharpness(maker, kernel), wanted, "{maker} {kernel}");
        }
    }
}
