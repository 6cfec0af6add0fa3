//! Files that are broken or do not fit their description: refused with the reason, never a panic.

use hilum_core::Hint;
use hilum_network::{Error, Network};

use crate::images::{LEVELS, description, grids, rough, run};
use crate::onnx::{Attribute, Graph, classify, free, nearest_level};

fn refused(network: &[u8], description: &str) -> Error {
    let Err(error) = Network::new(network, description) else { panic!("taken") };
    assert!(error.hint().is_some());
    error
}

#[test]
fn a_file_that_ends_early_is_refused_wherever_it_was_cut() {
    let whole = nearest_level(2, &LEVELS);
    let described = description([1, 8, 8], "");
    assert!(Network::new(&whole, &described).is_ok());
    for end in 0..whole.len() {
        let error = refused(&whole[..end], &described);
        assert!(matches!(error, Error::Network(_) | Error::Input { .. }), "{end}: {error}");
    }
    assert!(matches!(refused(b"not a network", &described), Error::Network(_)));
}

#[test]
fn no_flipped_byte_ends_in_a_panic() {
    let whole = nearest_level(2, &LEVELS);
    let described = description([1, 8, 8], "");
    let ct = rough(&grids()[0]);
    let mut refused = 0;
    for place in 0..whole.len() {
        for flip in [0x01, 0x08, 0x80, 0xff] {
            let mut broken = whole.clone();
            broken[place] ^= flip;
            refused += usize::from(run(&broken, &described, &ct).is_err());
        }
    }
    assert!(refused > whole.len(), "{refused} of {}", 4 * whole.len());
}

#[test]
fn an_input_of_another_shape_or_kind_is_named_beside_the_patch() {
    let flat = description([1, 8, 9], "");
    let said = |network: &[u8]| refused(network, &flat).to_string();
    let wanted = "patches are F32 [1, 1, 8, 9]";
    let sizes = |sizes: &[usize]| -> Vec<_> { sizes.iter().copied().map(Some).collect() };
    let of = |graph: Graph, dimensions| classify(graph, "x", dimensions, &LEVELS).file("y");
    for (network, found) in [
        (nearest_level(3, &LEVELS), "F32 [1, 1, ?, ?, ?]"),
        (of(Graph::new(&sizes(&[1, 1, 8, 8])), 2), "F32 [1, 1, 8, 8]"),
        (of(Graph::new(&sizes(&[1, 3, 8, 9])), 2), "F32 [1, 3, 8, 9]"),
        (of(Graph::new(&free(2)).input("z", 1, &free(2)), 2), "2 inputs"),
        (Graph::new(&[]).node("Relu", &["x"], "y", &[]).file("y"), "F32 []"),
    ] {
        let said = said(&network);
        assert!(said.contains(found) && said.contains(wanted), "{said}");
    }
    let bytes = Graph::named("bytes", 2, &free(2)).node("Relu", &["bytes"], "y", &[]).file("y");
    let said = said(&bytes);
    assert!(said.contains("U8 [1, 1, ?, ?]") && said.contains(wanted), "{said}");
}

#[test]
fn an_output_of_another_size_is_named_beside_the_patch() {
    let narrower = Graph::new(&free(2))
        .weights("wide", &[2, 1, 3, 3], &[0.0; 18])
        .node("Conv", &["x", "wide"], "y", &[])
        .file("y");
    let error = refused(&narrower, &description([1, 8, 9], ""));
    assert!(matches!(error, Error::Output { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("6,7") && said.contains("[1, 1 to 255 channels, 8, 9]"), "{said}");
    let flat = Graph::new(&free(2))
        .node("Flatten", &["x"], "y", &[("axis", Attribute::Whole(1))])
        .file("y");
    let error = refused(&flat, &description([1, 8, 9], ""));
    assert!(matches!(error, Error::Output { .. }), "{error}");
}

/// The runtime panics on this one.
#[test]
fn an_output_that_no_node_makes_is_refused() {
    let network = Graph::new(&free(2)).node("Relu", &["x"], "y", &[]).file("z");
    let error = refused(&network, &description([1, 8, 8], ""));
    assert!(matches!(error, Error::Network(_)), "{error}");
}

#[test]
fn an_operator_that_is_not_known_is_named() {
    let graph = Graph::new(&free(2)).node("Divination", &["x"], "seen", &[]);
    let network = classify(graph, "seen", 2, &LEVELS).file("y");
    let error = refused(&network, &description([1, 8, 8], ""));
    assert!(error.to_string().contains("Divination"), "{error}");
}

#[test]
fn weights_that_lie_in_another_file_are_not_looked_for() {
    let graph = Graph::new(&free(2)).weights_elsewhere("w", &[2, 1, 1, 1], "weights.bin");
    let network = graph.node("Conv", &["x", "w"], "y", &[]).file("y");
    let error = refused(&network, &description([1, 8, 8], ""));
    assert!(matches!(error, Error::Network(_)), "{error}");
    assert!(error.hint().unwrap().contains("weights"));
}

#[test]
fn a_channel_that_is_not_there_cannot_be_labelled() {
    let one = nearest_level(2, &LEVELS[..1]);
    let error = refused(&one, &description([1, 8, 8], ""));
    assert!(matches!(error, Error::Description(_)), "{error}");
    assert!(error.to_string().contains("below 1"), "{error}");
}

#[test]
fn scores_that_are_no_numbers_are_refused() {
    let ct = rough(&grids()[0]);
    let network = nearest_level(2, &[0.0, f32::INFINITY, -0.5]);
    let error = run(&network, &description([1, 8, 8], ""), &ct).unwrap_err();
    assert_eq!(error, Error::NotANumber);
}

#[test]
fn a_network_that_finds_nothing_says_so() {
    let ct = rough(&grids()[0]);
    let network = nearest_level(2, &[-0.5, 7.0, 8.0]);
    let error = run(&network, &description([1, 8, 8], ""), &ct).unwrap_err();
    assert_eq!(error, Error::Nothing);
}

#[test]
fn a_spacing_far_too_fine_is_refused_before_any_work() {
    let wide = hilum_core::Grid::axial([90, 90, 90], [6.0, 6.0, 6.0]).unwrap();
    let ct = hilum_core::Ct::new(hilum_core::Volume::filled(&wide, hilum_core::Hu(-800)));
    let described = description([1, 8, 8], r#", "spacing": [0.1, 0.1, 0.1]"#);
    let error = run(&nearest_level(2, &LEVELS), &described, &ct).unwrap_err();
    assert!(error.to_string().contains("[0.1, 0.1, 0.1]"), "{error}");
}
