//! What can be typed after `hilum`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use hilum_dicom::{LoadOptions, Uneven};

/// Measures lungs on CT: from DICOM to a report whose numbers anyone can derive again.
///
/// Research use only. Not for diagnosis.
#[derive(Debug, Parser)]
#[command(name = "hilum", version, after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  hilum demo                              a phantom patient from DICOM to report, no data needed
  hilum inspect /scans/patient            which series lie there, and what each can serve
  hilum density /scans/patient -o out     quantitative tissue characterisation of the lungs
  hilum ild /scans/patient -o out         patterns of interstitial disease, and what they fit
  hilum convert /scans/patient -o ct.nii.gz";

/// Options that every command takes.
#[derive(Debug, ClapArgs)]
pub struct Global {
    /// Threads to use; 0 is one for each core. Results are the same bits on any number
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Print the result as JSON on standard output, and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// Print errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more: files passed over, time of each step
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(Demo),
    Phantom(Phantom),
    Inspect(Inspect),
    Convert(Convert),
    Density(Density),
    Ild(Ild),
    Bench(Bench),
}

/// Take a phantom patient through every analysis: the first command to try
#[derive(Debug, ClapArgs)]
pub struct Demo {
    /// Folder to make; without it `hilum-demo`, or the next free name
    #[arg(short, long, value_name = "OUT")]
    pub out: Option<PathBuf>,
    /// Replace OUT if it is an earlier result
    #[arg(long)]
    pub force: bool,
}

/// Write a chest phantom as DICOM, with the truth about it
#[derive(Debug, ClapArgs)]
pub struct Phantom {
    /// Folder to make
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    /// Replace OUT if it is an earlier result
    #[arg(long)]
    pub force: bool,
    /// What to make
    #[arg(long, value_enum, default_value_t = PhantomKind::Chest)]
    pub kind: PhantomKind,
    /// Which patient of `--kind ild`: KIND-SET-N, KIND one of uip, probable, nsip, op, hp, emphysema, combined,
    /// healthy, SET one of tuning, heldout, N from 1 to 3 [default: uip-tuning-1]
    #[arg(long, value_name = "NAME")]
    pub patient: Option<String>,
    /// Spacing in mm: between slices, between rows, between columns [default: 2.0,0.9,0.9, for an ild patient its
    /// own]
    #[arg(long, value_name = "K,J,I", value_parser = triple)]
    pub spacing: Option<[f64; 3]>,
    /// Share of the lung destroyed by scattered emphysema, in per cent; a chest only [default: 6]
    #[arg(long, value_name = "PERCENT")]
    pub emphysema: Option<f64>,
    /// Standard deviation of the noise in HU [default: 20, for an ild patient its own]
    #[arg(long, value_name = "HU")]
    pub noise: Option<f64>,
    /// Another number, another patient; a chest only [default: 1]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// Kinds of phantom.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PhantomKind {
    /// A chest CT
    Chest,
    /// A chest CT with interstitial disease, emphysema or what may be mistaken for them, and the pattern of every
    /// voxel in `truth/ild.nii.gz`
    Ild,
}

/// List the series at a place: geometry, acquisition, and which analyses each can serve
#[derive(Debug, ClapArgs)]
pub struct Inspect {
    /// DICOM folder (searched recursively), DICOMDIR, DICOM file, or a volume file
    pub path: PathBuf,
    #[command(flatten)]
    pub uneven: UnevenSlices,
}

/// What to do with slices that are missing or unevenly spaced.
#[derive(Clone, Copy, Debug, Default, ClapArgs)]
pub struct UnevenSlices {
    /// Make up slices where some are missing or unevenly spaced (DICOM only); the result says so
    #[arg(long)]
    pub interpolate: bool,
}

impl UnevenSlices {
    /// The same for the reader.
    pub fn options(self) -> LoadOptions {
        let uneven = if self.interpolate { Uneven::Interpolate } else { Uneven::Refuse };
        LoadOptions { uneven }
    }
}

/// Write one CT series as a volume in HU
#[derive(Debug, ClapArgs)]
pub struct Convert {
    #[command(flatten)]
    pub ct: CtPath,
    /// File to make: .nii, .nii.gz, .mha or .nrrd
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace FILE if it exists
    #[arg(long)]
    pub force: bool,
}

/// Where a CT lies, and which one is meant.
#[derive(Debug, ClapArgs)]
pub struct CtPath {
    /// DICOM folder (searched recursively), DICOMDIR, or a .nii .nii.gz .mha .mhd .nrrd volume
    #[arg(value_name = "CT")]
    pub path: PathBuf,
    /// Series to take where there are several: its number in `hilum inspect`, its UID or the end of it
    #[arg(long, value_name = "SERIES")]
    pub series: Option<String>,
    #[command(flatten)]
    pub uneven: UnevenSlices,
}

/// One chest CT, what is known of it, and where the result goes.
#[derive(Debug, ClapArgs)]
pub struct Chest {
    #[command(flatten)]
    pub ct: CtPath,
    /// Folder to make
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    /// Replace OUT if it is an earlier result
    #[arg(long)]
    pub force: bool,
    /// Lungs from elsewhere, on the grid of the CT: 1 right, 2 left (3 airway), or one number for both
    #[arg(long, value_name = "MASK")]
    pub lungs: Option<PathBuf>,
    /// Lobes from elsewhere, on the grid of the CT: 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL
    #[arg(long, value_name = "MASK")]
    pub lobes: Option<PathBuf>,
    /// Whose numbers --lungs and --lobes hold
    #[arg(long, value_enum, default_value_t = Labels::Hilum, value_name = "SCHEME")]
    pub labels: Labels,
    /// Outline the lungs by an ONNX network, described by the .json beside it (builds with the feature `onnx`)
    #[arg(long, value_name = "FILE", conflicts_with = "lungs")]
    pub lungs_network: Option<PathBuf>,
    /// Outline the lobes by an ONNX network, likewise
    #[arg(long, value_name = "FILE", conflicts_with = "lobes")]
    pub lobes_network: Option<PathBuf>,
    /// How upper, middle and lower thirds are cut
    #[arg(long, value_enum, default_value_t = ThirdsBy::Volume)]
    pub thirds: ThirdsBy,
    /// Thickness of the rind in mm
    #[arg(long, default_value_t = 10.0, value_name = "MM")]
    pub rind: f64,
    /// Leave patient name, identifiers and dates out of the report
    #[arg(long)]
    pub deidentify: bool,
}

/// Measure the density of the lungs (service 0721T) and write a report
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  hilum density /scans/patient -o out
  hilum density ct.nii.gz --lungs lungs.nii.gz -o out
  hilum density ct.nii.gz --lobes total.nii.gz --labels totalsegmentator -o out
  hilum density /scans/patient --series 2 --thirds height -o out --json | jq .measurements")]
pub struct Density {
    #[command(flatten)]
    pub chest: Chest,
    /// Follow airways and vessels and divide the lobes as well (slower; lobes were tried on phantoms)
    #[arg(long)]
    pub anatomy: bool,
    /// Count voxels at a low-attenuation threshold as below it (<= in place of <)
    #[arg(long)]
    pub inclusive: bool,
    /// How percentiles are read off
    #[arg(long, value_enum, default_value_t = PercentileBy::Interpolated)]
    pub percentile: PercentileBy,
    /// How HU become mass
    #[arg(long, value_enum, default_value_t = MassBy::Linear)]
    pub mass: MassBy,
    /// Total lung volume in mL to adjust the 15th percentile to, from prediction or an earlier scan
    #[arg(long, value_name = "ML")]
    pub reference_volume: Option<f64>,
}

/// Tell patterns of interstitial lung disease, their extent, and what they fit (service 0877T)
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  hilum ild /scans/patient -o out
  hilum ild /scans/2026 --prior results/2024 -o out       change since an earlier run
  hilum ild ct.nii.gz --lobes lobes.nii.gz --fvc 64 -o out
  hilum ild slice.dcm --single-slice -o out               densities on one slice, no category
Research use only. An adjunct: the multidisciplinary discussion decides.")]
pub struct Ild {
    #[command(flatten)]
    pub chest: Chest,
    /// Folder of an earlier run of `hilum ild` on the same patient, to compare with
    #[arg(long, value_name = "OUT")]
    pub prior: Option<PathBuf>,
    /// Forced vital capacity in per cent of predicted: decides the stage between 10 and 30 % of disease
    #[arg(long, value_name = "PERCENT")]
    pub fvc: Option<f64>,
    /// Model of emphysema to use in place of the one that hilum ships (see the example `train_ild`)
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Take one axial slice: ground glass, consolidation and emphysema on it, no category
    #[arg(long, conflicts_with_all = ["prior", "fvc", "lungs", "lobes", "lungs_network", "lobes_network"])]
    pub single_slice: bool,
}

/// Programs whose label numbers are known.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Labels {
    /// 1 right lung, 2 left lung, 3 airway; lobes 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL.
    Hilum,
    /// R231: 1 right, 2 left; LTRCLobes: 1 LUL, 2 LLL, 3 RUL, 4 RML, 5 RLL.
    Lungmask,
    /// 10 LUL, 11 LLL, 12 RUL, 13 RML, 14 RLL; all other organs are passed over.
    Totalsegmentator,
    /// Chest Imaging Platform, region in the low byte: 4 RUL, 5 RML, 6 RLL, 7 LUL, 8 LLL.
    Cip,
    /// 10 LUL, 11 LLL, 20 RUL, 21 RML, 22 RLL.
    Lola11,
}

/// Definitions of a percentile.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PercentileBy {
    /// Within the whole HU that holds the share, spread evenly over it.
    Interpolated,
    /// Linear between the two order statistics, as numpy does.
    Linear,
    /// Last whole HU up to which at most the share lies, as the Chest Imaging Platform does.
    Histogram,
}

/// Formulas for mass.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MassBy {
    /// (HU + 1000) / 1000 g/mL.
    Linear,
    /// Piecewise linear calibration for tissues.
    Schneider,
}

/// Definitions of thirds.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ThirdsBy {
    /// Equal volumes, both lungs together.
    Volume,
    /// Equal heights.
    Height,
}

/// Run a public benchmark on data that lie on this machine
#[derive(Debug, ClapArgs)]
pub struct Bench {
    /// Which benchmark
    #[arg(value_enum)]
    pub name: BenchName,
    /// Folder that holds the data, searched recursively
    #[arg(long, value_name = "ROOT")]
    pub data: PathBuf,
    /// With cip-patches: train without each block of patches in turn, too
    #[arg(long)]
    pub cross_validate: bool,
}

/// Benchmarks.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BenchName {
    /// Baseline values of the Chest Imaging Platform.
    CipBaseline,
    /// Subtypes of emphysema on patches of the Chest Imaging Platform.
    CipPatches,
    /// Distance of clicked fissures to the prior of the lobes, leaving out one scan after the other.
    LobePrior,
    /// Reference values of the Image Biomarker Standardisation Initiative.
    Ibsi,
}

/// Three numbers with commas between them.
fn triple(text: &str) -> Result<[f64; 3], String> {
    let numbers: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    numbers.try_into().map_err(|_| format!("`{text}` is not three numbers like 2,0.9,0.9"))
}
