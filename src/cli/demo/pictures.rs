//! The demo's pictures, drawn line by line: nothing is taken from anywhere.

use image::{ImageFormat, Rgb, RgbImage};

/// Pixels across and down.
const SIZE: (u32, u32) = (1_200, 800);

type Colour = [u8; 3];

fn mixed(a: Colour, b: Colour, part: f32) -> Colour {
    let mix =
        |x: u8, y: u8| (f32::from(x) + (f32::from(y) - f32::from(x)) * part.clamp(0.0, 1.0)) as u8;
    [mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2])]
}

/// Something that looks like grain, the same every time.
fn grain(x: u32, y: u32) -> f32 {
    let n = x
        .wrapping_mul(374_761_393)
        .wrapping_add(y.wrapping_mul(668_265_263));
    let n = (n ^ (n >> 13)).wrapping_mul(1_274_126_177);
    f32::from((n >> 16) as u8) / 255.0
}

fn drawn(colour: impl Fn(f32, f32, u32, u32) -> Colour) -> Vec<u8> {
    let (width, height) = SIZE;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb(colour(
            x as f32 / width as f32,
            y as f32 / height as f32,
            x,
            y,
        ))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    // Writing into memory cannot fail; an empty picture would be refused a line later.
    drop(picture.write_to(&mut bytes, ImageFormat::Png));
    bytes.into_inner()
}

/// A picture by its name in the demo's texts.
pub fn picture(name: &str) -> Option<Vec<u8>> {
    Some(match name {
        "harbour" => harbour(),
        "tide" => tide(),
        "paint" => paint(),
        "flags" => flags(),
        "courtyard" => courtyard(),
        _ => return None,
    })
}

/// Dusk over the water, two cranes, a low sun and its track.
fn harbour() -> Vec<u8> {
    drawn(|x, y, px, py| {
        let horizon = 0.58;
        let sun = ((x - 0.68).powi(2) * 2.2 + (y - 0.5).powi(2)).sqrt();
        let crane = |at: f32| {
            let mast = (x - at).abs() < 0.006 && y > 0.22 && y < horizon + 0.01;
            let jib = y > 0.21 && y < 0.225 && x > at - 0.06 && x < at + 0.15;
            let rope = (x - at - 0.12).abs() < 0.0016 && y > 0.22 && y < 0.42;
            mast || jib || rope
        };
        let quay = y > horizon - 0.02 && y < horizon + 0.015 && x < 0.52;
        if crane(0.16) || crane(0.36) || quay {
            return mixed([38, 36, 44], [60, 52, 56], grain(px, py));
        }
        if y < horizon {
            let sky = mixed([58, 74, 112], [236, 164, 112], y / horizon);
            let glow = mixed([255, 226, 168], sky, (sun * 7.0).min(1.0));
            return mixed(glow, [255, 240, 214], grain(px, py) * 0.05);
        }
        let wave = ((y * 190.0 + (x * 31.0).sin() * 2.4).sin() * 0.5 + 0.5) * (y - horizon) * 1.4;
        let track = 1.0 - ((x - 0.68).abs() / (0.04 + (y - horizon) * 0.35)).min(1.0);
        let sea = mixed([44, 62, 84], [86, 104, 118], wave + grain(px, py) * 0.12);
        mixed(sea, [250, 190, 128], track * (0.35 + wave))
    })
}

/// Two curves on squared paper: the machine's tide and the gauge's.
fn tide() -> Vec<u8> {
    drawn(|x, y, px, py| {
        let line = px % 50 == 0 || py % 50 == 0;
        let paper = if line {
            [214, 206, 190]
        } else {
            [246, 241, 230]
        };
        let curve = |shift: f32, high: f32| {
            0.5 - high * ((x + shift) * 12.6).sin() * (0.7 + 0.3 * (x * 3.1).sin())
        };
        let near = |value: f32| (y - value).abs() < 0.006;
        if near(curve(0.0, 0.3)) {
            return [11, 93, 94];
        }
        if near(curve(0.012, 0.27)) && (px / 14) % 3 != 0 {
            return [168, 64, 31];
        }
        mixed(paper, [190, 180, 160], grain(px, py) * 0.12)
    })
}

/// Layers of old paint on planks, scraped free one below the other.
fn paint() -> Vec<u8> {
    drawn(|x, y, px, py| {
        let layers: [Colour; 5] = [
            [36, 74, 120],
            [92, 122, 104],
            [182, 60, 44],
            [208, 196, 168],
            [96, 70, 46],
        ];
        let edge =
            (x - 0.5).hypot((y - 0.5) * 0.8) + (x * 23.0).sin() * 0.012 + (y * 31.0).sin() * 0.012;
        let which = ((0.52 - edge) / 0.1).clamp(0.0, 4.0) as usize;
        let plank = (y * 6.0).fract() < 0.02;
        let colour = layers.get(which).copied().unwrap_or([36, 74, 120]);
        let worn = mixed(colour, [230, 224, 210], grain(px / 3, py / 9) * 0.18);
        if plank {
            mixed(worn, [20, 20, 20], 0.6)
        } else {
            worn
        }
    })
}

/// Signal flags on a line before a pale sky.
fn flags() -> Vec<u8> {
    drawn(|x, y, px, py| {
        let sky = mixed([206, 222, 230], [240, 238, 228], y + grain(px, py) * 0.05);
        let rope = 0.2 + 0.24 * (x - 0.5) * (x - 0.5);
        if (y - rope).abs() < 0.003 {
            return [70, 60, 50];
        }
        let slot = (x * 6.0) as usize;
        let (u, v) = ((x * 6.0).fract(), (y - rope) / 0.22);
        if !(0.08..0.92).contains(&u) || !(0.0..1.0).contains(&v) {
            return sky;
        }
        let (red, blue, yellow, white, black) = (
            [190, 44, 40],
            [32, 70, 140],
            [236, 190, 52],
            [248, 246, 240],
            [30, 30, 34],
        );
        match slot {
            0 if v < 0.5 => white,
            0 => blue,
            1 if (u - 0.5).abs() < 0.14 || (v - 0.5).abs() < 0.16 => red,
            1 => white,
            2 if (u - v).abs() < 0.22 => yellow,
            2 => blue,
            3 if (u - 0.5).hypot(v - 0.5) < 0.26 => black,
            3 => yellow,
            4 if ((u * 4.0) as u32 + (v * 4.0) as u32).is_multiple_of(2) => white,
            4 => blue,
            _ if u < 0.5 => red,
            _ => yellow,
        }
    })
}

/// A courtyard wall with a bird on a bronze.
fn courtyard() -> Vec<u8> {
    drawn(|x, y, px, py| {
        let row = (y * 20.0) as u32;
        let shift = if row.is_multiple_of(2) { 0.0 } else { 0.5 };
        let joint = (y * 20.0).fract() < 0.08 || (x * 14.0 + shift).fract() < 0.05;
        let brick = mixed(
            [150, 92, 72],
            [178, 120, 92],
            grain((x * 14.0 + shift) as u32, row),
        );
        let wall = if joint { [196, 184, 166] } else { brick };
        let wall = mixed(wall, [90, 70, 60], grain(px, py) * 0.14);
        let oval = |cx: f32, cy: f32, rx: f32, ry: f32| {
            ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) < 1.0
        };
        if oval(0.52, 0.36, 0.05, 0.055) || oval(0.555, 0.3, 0.027, 0.034) {
            return if y > 0.37 {
                [206, 112, 52]
            } else {
                [24, 118, 150]
            };
        }
        if y > 0.29 && y < 0.31 && x > 0.575 && x < 0.64 - (y - 0.29) {
            return [34, 32, 36];
        }
        let bronze = oval(0.5, 0.56, 0.15, 0.13)
            || ((x - 0.44 - (0.62 - y) * 0.2).abs() < 0.018 && y > 0.2 && y < 0.5);
        let legs = ((x - 0.46).abs() < 0.008 || (x - 0.54).abs() < 0.008) && y > 0.6 && y < 0.9;
        if bronze || legs || (y > 0.9 && (x - 0.5).abs() < 0.22) {
            return mixed([58, 84, 72], [104, 128, 106], grain(px / 2, py / 2));
        }
        wall
    })
}
