//! From the bytes that somebody sent to pictures of our own making: decoded within limits, turned upright, made smaller,
//! written anew. Nothing that was sent is kept, so nothing that was hidden in it is.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
};
use sha2::{Digest, Sha256};

use crate::kit::token::random_token;

/// Most bytes that may be sent.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Most pixels across or down.
const MOST_SIDE: u32 = 12_000;
/// Most pixels altogether.
const MOST_PIXELS: u64 = 16_000_000;
/// Most bytes that the pixels may take while they are looked at.
const MOST_DECODED: u64 = 64 * 1024 * 1024;
/// The longer side of what is kept.
pub const LARGEST: u32 = 1_920;
/// Widths of the smaller ones.
pub const WIDTHS: [u32; 2] = [480, 960];
/// How closely a photograph is kept, of 100.
const QUALITY: u8 = 82;

/// Why bytes are no picture for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureProblem {
    /// Nothing was sent.
    Missing,
    /// Too many bytes.
    TooLarge,
    /// Too many pixels.
    TooManyPixels,
    /// No PNG, JPEG, WebP or GIF, or a broken one.
    NoPicture,
}

impl PictureProblem {
    /// The key of its sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "upload-missing",
            Self::TooLarge => "upload-too-large",
            Self::TooManyPixels => "upload-too-many-pixels",
            Self::NoPicture => "upload-no-picture",
        }
    }
}

/// A picture of our own making, with its smaller ones.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The random name, which says how large it is.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// SHA-256 of what was sent, to know it again.
    pub sha256: [u8; 32],
    /// Names and bytes: the picture, then the smaller ones.
    pub files: Vec<(String, Vec<u8>)>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} files)", self.name, self.files.len())
    }
}

impl Picture {
    /// Reads what was sent. Of a moving picture the first one is kept.
    ///
    /// # Errors
    /// Why it is no picture for us.
    pub fn read(sent: &[u8]) -> Result<Self, PictureProblem> {
        if sent.is_empty() {
            return Err(PictureProblem::Missing);
        }
        if sent.len() > MOST_BYTES {
            return Err(PictureProblem::TooLarge);
        }
        let picture = decoded(sent)?;
        let picture = if picture.width().max(picture.height()) > LARGEST {
            picture.resize(LARGEST, LARGEST, FilterType::Triangle)
        } else {
            picture
        };
        let see_through = picture.color().has_alpha()
            && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
        let (ending, media_type) = if see_through {
            ("png", "image/png")
        } else {
            ("jpg", "image/jpeg")
        };
        let (width, height) = (picture.width(), picture.height());
        let (secret, _) = random_token();
        let name = format!("{secret}-{width}x{height}.{ending}");
        let mut files = vec![(name.clone(), written(&picture, see_through)?)];
        let smaller = super::sizes(&name).map(|s| s.smaller).unwrap_or_default();
        for (w, name) in smaller {
            let h = (u64::from(height) * u64::from(w) / u64::from(width)).max(1);
            let h = u32::try_from(h).unwrap_or(1);
            let small = picture.resize_exact(w, h, FilterType::Triangle);
            files.push((name, written(&small, see_through)?));
        }
        Ok(Self {
            name,
            media_type,
            width,
            height,
            sha256: Sha256::digest(sent).into(),
            files,
        })
    }

    /// Bytes of all its files.
    #[must_use]
    pub fn bytes(&self) -> i64 {
        let all: usize = self.files.iter().map(|(_, bytes)| bytes.len()).sum();
        i64::try_from(all).unwrap_or(i64::MAX)
    }
}

fn decoded(sent: &[u8]) -> Result<DynamicImage, PictureProblem> {
    let format = image::guess_format(sent).map_err(|_| PictureProblem::NoPicture)?;
    let known = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
    ];
    if !known.contains(&format) {
        return Err(PictureProblem::NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_DECODED);
    let mut reader = ImageReader::with_format(Cursor::new(sent), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(problem)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(PictureProblem::NoPicture);
    }
    if pixels > MOST_PIXELS || decoder.total_bytes() > MOST_DECODED {
        return Err(PictureProblem::TooManyPixels);
    }
    let upright = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(problem)?;
    if let Some(upright) = upright {
        picture.apply_orientation(upright);
    }
    Ok(picture)
}

fn problem(error: image::ImageError) -> PictureProblem {
    match error {
        image::ImageError::Limits(_) => PictureProblem::TooManyPixels,
        _ => PictureProblem::NoPicture,
    }
}

fn written(picture: &DynamicImage, see_through: bool) -> Result<Vec<u8>, PictureProblem> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    let done = if see_through {
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive)
            .write_image(&picture.to_rgba8(), width, height, ExtendedColorType::Rgba8)
    } else {
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).write_image(
            &picture.to_rgb8(),
            width,
            height,
            ExtendedColorType::Rgb8,
        )
    };
    done.map_err(problem)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
        let picture = image::RgbaImage::from_fn(width, height, |x, y| {
            image::Rgba([(x % 256) as u8, (y % 256) as u8, 90, alpha])
        });
        let mut bytes = Vec::new();
        DynamicImage::ImageRgba8(picture)
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_written_anew_in_three_sizes() {
        let sent = png(1_200, 600, 255);
        let made = Picture::read(&sent).unwrap();
        assert_eq!(
            (made.width, made.height, made.media_type),
            (1_200, 600, "image/jpeg")
        );
        assert_eq!(made.files.len(), 3);
        for (_, bytes) in &made.files {
            assert_ne!(*bytes, sent);
            assert_eq!(image::guess_format(bytes).unwrap(), ImageFormat::Jpeg);
        }
        let small = image::load_from_memory(&made.files[1].1).unwrap();
        assert_eq!((small.width(), small.height()), (480, 240));
        assert_eq!(
            Picture::read(&png(40, 40, 120)).unwrap().media_type,
            "image/png"
        );
    }

    #[test]
    fn what_is_hidden_behind_or_inside_does_not_come_along() {
        let mut sent = png(64, 64, 255);
        sent.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
        let made = Picture::read(&sent).unwrap();
        let text = String::from_utf8_lossy(&made.files[0].1).into_owned();
        assert!(!text.contains("script") && !text.contains("Exif"));
    }

    #[test]
    fn whatever_is_no_picture_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        let html = b"<html><script>alert(1)</script></html>";
        let truncated = &png(64, 64, 255)[..60];
        for sent in [
            &svg[..],
            &html[..],
            truncated,
            b"GIF89a",
            b"\x00\x00\x00\x20ftypavif",
        ] {
            assert_eq!(
                Picture::read(sent),
                Err(PictureProblem::NoPicture),
                "{sent:?}"
            );
        }
        assert_eq!(Picture::read(b""), Err(PictureProblem::Missing));
        assert_eq!(
            Picture::read(&vec![0; MOST_BYTES + 1]),
            Err(PictureProblem::TooLarge)
        );
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        // A PNG header that promises 64250 by 64250 pixels.
        let mut bomb = png(8, 8, 255);
        bomb[16..24].copy_from_slice(&[0, 0, 0xfa, 0xfa, 0, 0, 0xfa, 0xfa]);
        let refused = Picture::read(&bomb);
        assert!(
            matches!(
                refused,
                Err(PictureProblem::TooManyPixels | PictureProblem::NoPicture)
            ),
            "{refused:?}"
        );
        let wide = png(12_001, 1, 255);
        assert_eq!(Picture::read(&wide), Err(PictureProblem::TooManyPixels));
    }
}
