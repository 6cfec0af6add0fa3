//! JSON that people can read and programs can compare byte by byte.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Significant digits that real numbers are rounded to: more than any CT can support, fewer than
/// would show in which order a sum was taken.
pub const SIGNIFICANT_DIGITS: usize = 6;

/// A document as indented JSON: real numbers rounded to [`SIGNIFICANT_DIGITS`], lists of numbers on
/// one line, a line feed at the end.
pub(crate) fn written(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    document.serialize(&mut Serializer::with_formatter(&mut bytes, Layout::new()))?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
}

/// `value` with [`SIGNIFICANT_DIGITS`] significant digits; never negative zero.
pub(crate) fn rounded(value: f64) -> f64 {
    let rounded: f64 =
        format!("{value:.*e}", SIGNIFICANT_DIGITS - 1).parse().expect("a printed number reads");
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Indents objects and lists of objects or words; lists of numbers stay on their line.
///
/// A list does not know what it will hold when it is opened, so the break before an element
/// waits until the element is written.
struct Layout {
    pretty: PrettyFormatter<'static>,
    pending: Option<bool>,
    inline: bool,
}

impl Layout {
    fn new() -> Self {
        Self { pretty: PrettyFormatter::new(), pending: None, inline: false }
    }

    /// The break that waits before a number.
    fn before_number<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.pending.take() {
            None => return Ok(()),
            Some(true) => {}
            Some(false) => writer.write_all(b", ")?,
        }
        self.inline = true;
        Ok(())
    }

    /// The break that waits before anything else.
    fn before_other<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.pending.take() {
            None => Ok(()),
            Some(first) => self.pretty.begin_array_value(writer, first),
        }
    }
}

/// Numbers are written compactly after the break that waits for them.
macro_rules! numbers {
    ($($write:ident: $number:ty),*) => {
        $(fn $write<W: ?Sized + Write>(&mut self, writer: &mut W, value: $number) -> io::Result<()> {
            self.before_number(writer)?;
            CompactFormatter.$write(writer, value)
        })*
    };
}

impl Formatter for Layout {
    numbers!(write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64,
             write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64);

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        self.before_number(writer)?;
        CompactFormatter.write_f64(writer, rounded(value))
    }

    fn write_bool<W: ?Sized + Write>(&mut self, writer: &mut W, value: bool) -> io::Result<()> {
        self.before_other(writer)?;
        CompactFormatter.write_bool(writer, value)
    }

    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.before_other(writer)?;
        CompactFormatter.begin_string(writer)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.before_other(writer)?;
        self.inline = false;
        self.pretty.begin_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        self.pending = Some(first);
        Ok(())
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.inline { Ok(()) } else { self.pretty.end_array_value(writer) }
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if std::mem::take(&mut self.inline) {
            // The indentation that `begin_array` took is given back, without its line break.
            self.pretty.end_array(&mut io::sink())?;
            return writer.write_all(b"]");
        }
        self.pretty.end_array(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.before_other(writer)?;
        self.pretty.begin_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_on_a_line_and_objects_do_not() {
        #[derive(Serialize)]
        struct Row {
            interval: [f64; 2],
            names: Vec<&'static str>,
            none: Vec<u8>,
        }
        let row = Row { interval: [11.0, 13.5], names: vec!["a", "b"], none: vec![] };
        let expected = "[\n  {\n    \"interval\": [11.0, 13.5],\n    \"names\": [\n      \"a\",\n      \"b\"\n    ],\n    \"none\": []\n  }\n]\n";
        assert_eq!(written(&[row]).unwrap(), expected);
    }

    #[test]
    fn nested_lists_of_numbers_are_balanced() {
        let nested = [vec![(1.0, 2_u64), (3.5, 4)], vec![]];
        let text = written(&nested).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, serde_json::json!([[[1.0, 2], [3.5, 4]], []]));
    }

    #[test]
    fn six_digits_count_and_zero_has_no_sign() {
        assert_eq!(rounded(4554.16312), 4554.16);
        assert_eq!(rounded(-950.000049), -950.0);
        assert_eq!(rounded(0.00012345678), 0.000123457);
        assert!(rounded(-0.0).is_sign_positive());
    }
}
