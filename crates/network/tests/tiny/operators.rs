//! The operators of usual networks, where their answer has a closed form.

use hilum_core::{Ct, Volume};

use crate::images::{LEVELS, description, grids, inner, label, margin, ramp, ramped, rough, run};
use crate::onnx::{Attribute, Graph, classify, free};

const TWO: &[usize] = &[2, 2, 2];

/// What a network sees in a patch that holds the whole upright image and more, in HU.
fn seen(ct: &Ct, patch: [usize; 3]) -> Volume<f64> {
    let grid = hilum_core::Grid::axial(patch, ct.grid().spacing()).unwrap();
    let shape = ct.grid().shape();
    Volume::from_fn(&grid, |voxel| {
        let inside = (0..3).all(|n| voxel[n] < shape[n]);
        if inside { f64::from(ct.hu().at(voxel).0.clamp(-1000, 0)) } else { -1000.0 }
    })
}

/// Mean of the block of 2 × 2 × 2 voxels in which a voxel lies.
fn block_mean(seen: &Volume<f64>, voxel: [usize; 3]) -> f64 {
    let corner = |n: usize| [0, 1, 2].map(|axis| voxel[axis] / 2 * 2 + (n >> axis & 1));
    (0..8).map(|n| seen.at(corner(n))).sum::<f64>() / 8.0
}

#[test]
fn pooling_and_a_transposed_convolution_give_means_of_blocks() {
    let (ct, patch) = (rough(&grids()[0]), [18, 24, 30]);
    let halved = [("kernel_shape", Attribute::Wholes(TWO)), ("strides", Attribute::Wholes(TWO))];
    let doubled = [("strides", Attribute::Wholes(TWO))];
    let graph = Graph::new(&free(3))
        .node("AveragePool", &["x"], "half", &halved)
        .weights("ones", &[1, 1, 2, 2, 2], &[1.0; 8])
        .node("ConvTranspose", &["half", "ones"], "back", &doubled);
    let network = classify(graph, "back", 3, &LEVELS).file("y");
    let labels = run(&network, &description(patch, ""), &ct).unwrap();
    let seen = seen(&ct, patch);
    for voxel in inner(ct.grid(), 0) {
        let mean = block_mean(&seen, voxel);
        assert!(margin(mean) > 0.01, "no block on the edge between two labels");
        assert_eq!(labels.at(voxel), label(mean), "{voxel:?}: {mean} HU");
    }
}

/// A step down by a strided convolution, instance normalisation, a leaky rectifier, a step up, and
/// the skip connection: a U-Net of one level.
#[test]
fn a_u_net_of_one_level_tells_blocks_below_the_mean_from_those_above() {
    let (ct, patch) = (rough(&grids()[0]), [18, 24, 30]);
    let strided = || [("strides", Attribute::Wholes(TWO))];
    let graph = Graph::new(&free(3))
        .weights("eighth", &[1, 1, 2, 2, 2], &[0.125; 8])
        .weights("ones", &[1, 1, 2, 2, 2], &[1.0; 8])
        .weights("one", &[1], &[1.0])
        .weights("zero", &[1], &[0.0])
        .weights("choice", &[1, 2, 1, 1, 1], &[1.0, 0.0])
        .node("Conv", &["x", "eighth"], "down", &strided())
        .node("InstanceNormalization", &["down", "one", "zero"], "normal", &[])
        .node("LeakyRelu", &["normal"], "leaky", &[])
        .node("ConvTranspose", &["leaky", "ones"], "up", &strided())
        .node("Concat", &["up", "x"], "both", &[("axis", Attribute::Whole(1))])
        .node("Conv", &["both", "choice"], "chosen", &[]);
    // Symmetric levels: the edge between them is 0, the mean of all blocks.
    let network = classify(graph, "chosen", 3, &[0.01, -0.01, 100.0]).file("y");
    let labels = run(&network, &description(patch, ""), &ct).unwrap();
    let seen = seen(&ct, patch);
    let mean = seen.as_slice().iter().sum::<f64>() / seen.as_slice().len() as f64;
    for voxel in inner(ct.grid(), 0) {
        let block = block_mean(&seen, voxel);
        assert!((block - mean).abs() > 0.01, "no block at the mean");
        assert_eq!(labels.at(voxel), u8::from(block < mean), "{voxel:?}: {block}, mean {mean}");
    }
}

/// Batch normalisation, pooling, linear enlargement and a logarithmic softmax leave a ramp as it is.
#[test]
fn a_ramp_comes_through_pooling_and_enlargement_in_two_dimensions() {
    let grid = &grids()[0];
    let ct = ramped(grid);
    let (scale, bias, mean, variance) = (2.0_f32, 0.1_f32, -0.4_f32, 0.25_f32);
    let normal = LEVELS.map(|x| scale * (x - mean) / variance.sqrt() + bias);
    let halved =
        [("kernel_shape", Attribute::Wholes(&[2, 2])), ("strides", Attribute::Wholes(&[2, 2]))];
    let graph = Graph::new(&free(2))
        .weights("scale", &[1], &[scale])
        .weights("bias", &[1], &[bias])
        .weights("mean", &[1], &[mean])
        .weights("variance", &[1], &[variance])
        .weights("twice", &[4], &[1.0, 1.0, 2.0, 2.0])
        .node("BatchNormalization", &["x", "scale", "bias", "mean", "variance"], "normal", &[])
        .node("AveragePool", &["normal"], "half", &halved)
        .node("Resize", &["half", "", "twice"], "back", &[("mode", Attribute::Text("linear"))]);
    let network = classify(graph, "back", 2, &normal)
        .node("LogSoftmax", &["y"], "sure", &[("axis", Attribute::Whole(1))])
        .file("sure");
    let labels = run(&network, &description([1, 24, 30], ""), &ct).unwrap();
    let mut seen = [0; 3];
    for voxel in inner(grid, 3) {
        let hu = ramp(grid, grid.centre(voxel));
        if margin(hu) > 2.0 {
            assert_eq!(labels.at(voxel), label(hu), "{voxel:?}: {hu} HU");
            seen[usize::from(label(hu))] += 1;
        }
    }
    assert!(seen.iter().all(|n| *n > 300), "{seen:?}");
}

/// The mean over a patch larger than the image tells what lies beyond.
#[test]
fn outside_of_the_image_is_the_lowest_number_of_clip() {
    let (ct, patch) = (rough(&grids()[0]), [20, 30, 32]);
    let seen = seen(&ct, patch);
    let mean = seen.as_slice().iter().sum::<f64>() / seen.as_slice().len() as f64 / 1000.0;
    for (above, labelled) in [(0.01, 1), (0.04, 2)] {
        // Levels on both sides of the mean: the nearer one is chosen.
        let levels = [5.0, (mean + above) as f32, (mean - 0.02) as f32];
        let graph = Graph::new(&free(3))
            .weights("nought", &[1], &[0.0])
            .node("GlobalAveragePool", &["x"], "mean", &[])
            .node("Mul", &["x", "nought"], "flat", &[])
            .node("Add", &["flat", "mean"], "even", &[]);
        let network = classify(graph, "even", 3, &levels).file("y");
        let labels = run(&network, &description(patch, ""), &ct).unwrap();
        assert!(labels.as_slice().iter().all(|n| *n == labelled), "{above}");
    }
}
