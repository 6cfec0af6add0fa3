//! Temporary dump.
use hilum_phantom::{Chest, Scan};
use std::io::Write;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let shape = [a[1].parse().unwrap(), a[2].parse().unwrap(), a[2].parse().unwrap()];
    let chest =
        Chest { emphysema: a[4].parse().unwrap(), scan: Scan::default(), ..Chest::default() };
    let grid = Chest::grid_of(shape);
    let t = std::time::Instant::now();
    let (ct, truth) = chest.render(&grid);
    println!("{:?} spacing {:?} {:?}", t.elapsed(), grid.spacing(), truth.figures);
    let ml = |n: u64| n as f64 * grid.voxel_volume() / 1000.0;
    println!(
        "vessels {} airways {} emph {}",
        ml(truth.vessels.count()),
        ml(truth.airways.count()),
        ml(truth.emphysema.count())
    );
    let mut sum = [0.0f64; 2];
    for (l, h) in truth.lungs.labels().as_slice().iter().zip(ct.hu().as_slice()) {
        if *l == 1 || *l == 2 {
            sum[0] += h.0 as f64;
            sum[1] += 1.0;
        }
    }
    println!("mean {}", sum[0] / sum[1]);
    let dir = &a[3];
    let mut f = std::fs::File::create(format!("{dir}/hu.raw")).unwrap();
    let bytes: Vec<u8> = ct.hu().as_slice().iter().flat_map(|h| h.0.to_le_bytes()).collect();
    f.write_all(&bytes).unwrap();
    let code: Vec<u8> = (0..grid.voxel_count())
        .map(|n| {
            truth.lungs.labels().as_slice()[n]
                | truth.lobes.labels().as_slice()[n] << 2
                | (truth.airways.as_slice()[n] as u8) << 5
                | (truth.vessels.as_slice()[n] as u8) << 6
                | (truth.emphysema.as_slice()[n] as u8) << 7
        })
        .collect();
    std::fs::write(format!("{dir}/code.raw"), code).unwrap();
}
