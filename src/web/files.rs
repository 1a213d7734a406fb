//! Templates, locales and assets: inside the binary, or read from a folder by those who change them.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

#[derive(RustEmbed)]
#[folder = "public/"]
struct Public;

/// Which of the three folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Handlebars.
    Templates,
    /// Fluent.
    Locales,
    /// Styles, scripts and pictures.
    Public,
}

/// Where files come from.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The folder that holds `templates`, `locales` and `public`; `None` means inside the binary.
    pub folder: Option<PathBuf>,
}

impl Files {
    /// The names of all files of a folder, with `/` between parts, sorted.
    #[must_use]
    pub fn names(&self, folder: Folder) -> Vec<String> {
        let mut names: Vec<String> = match &self.folder {
            Some(root) => {
                let root = root.join(folder.name());
                let mut found = Vec::new();
                walk(&root, &root, &mut found);
                found
            }
            None => match folder {
                Folder::Templates => Templates::iter().map(Cow::into_owned).collect(),
                Folder::Locales => Locales::iter().map(Cow::into_owned).collect(),
                Folder::Public => Public::iter().map(Cow::into_owned).collect(),
            },
        };
        names.sort();
        names
    }

    /// A file's bytes.
    #[must_use]
    pub fn read(&self, folder: Folder, name: &str) -> Option<Vec<u8>> {
        match &self.folder {
            Some(root) => {
                let plain = |part| matches!(part, Component::Normal(_));
                if !Path::new(name).components().all(plain) {
                    return None;
                }
                std::fs::read(root.join(folder.name()).join(name)).ok()
            }
            None => {
                let file = match folder {
                    Folder::Templates => Templates::get(name),
                    Folder::Locales => Locales::get(name),
                    Folder::Public => Public::get(name),
                };
                file.map(|f| f.data.into_owned())
            }
        }
    }

    /// When a file (or a folder, by a file that came or went) last changed; `None` for those inside the binary.
    #[must_use]
    pub fn changed(&self) -> Option<SystemTime> {
        let root = self.folder.as_ref()?;
        let folders = [Folder::Templates, Folder::Locales, Folder::Public];
        let latest = folders.map(|folder| latest(&root.join(folder.name())));
        latest.into_iter().flatten().max()
    }

    /// A file as text.
    #[must_use]
    pub fn text(&self, folder: Folder, name: &str) -> Option<String> {
        String::from_utf8(self.read(folder, name)?).ok()
    }
}

impl Folder {
    const fn name(self) -> &'static str {
        match self {
            Self::Templates => "templates",
            Self::Locales => "locales",
            Self::Public => "public",
        }
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(root, &path, found);
        } else if let Ok(name) = path.strip_prefix(root) {
            found.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
}

fn latest(path: &Path) -> Option<SystemTime> {
    let own = std::fs::metadata(path).ok()?.modified().ok();
    let inner = std::fs::read_dir(path).into_iter().flatten().flatten();
    inner
        .filter_map(|entry| latest(&entry.path()))
        .chain(own)
        .max()
}
