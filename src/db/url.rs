//! Which database is meant: by the scheme alone, so that a typo never makes an empty file.

use std::path::{Path, PathBuf};

/// A database address that has been understood.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The file of an embedded SQLite database.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string, passed to libpq as it is.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads `sqlite://relative`, `sqlite:///absolute` or `postgres://…` (`postgresql://…`).
    ///
    /// # Errors
    /// A sentence for the person who runs the server, when the scheme is another one or the path is empty.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() || path.ends_with('/') {
                return Err(format!("the database address {text:?} names no file"));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let scheme = text.split("://").next().unwrap_or_default();
        Err(format!(
            "unknown database scheme {scheme:?}: use sqlite:// or postgres://"
        ))
    }

    /// The file, where the database is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// The address with its password masked, for people's eyes.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(text) => match ::url::Url::parse(text) {
                Ok(mut url) => {
                    if url.password().is_some() && url.set_password(Some("***")).is_err() {
                        return "postgres://***".to_owned();
                    }
                    url.to_string()
                }
                Err(_) => "postgres://***".to_owned(),
            },
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_schemes_and_empty_paths_are_refused() {
        for wrong in [
            "",
            "forum.db",
            "mysql://x/y",
            "postgre://localhost/x",
            "sqlite:/x",
            "sqlite://",
            "sqlite:///srv/",
        ] {
            assert!(DatabaseUrl::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_third_slash_makes_the_path_absolute() {
        assert_eq!(
            DatabaseUrl::parse("sqlite://data/a.db"),
            Ok(DatabaseUrl::Sqlite("data/a.db".into()))
        );
        assert_eq!(
            DatabaseUrl::parse("sqlite:///srv/a.db"),
            Ok(DatabaseUrl::Sqlite("/srv/a.db".into()))
        );
    }

    #[test]
    fn passwords_are_masked() {
        let shown = format!("{:?}", DatabaseUrl::parse("postgres://ada:geheim@db/x"));
        assert!(
            !shown.contains("geheim") && shown.contains("***"),
            "{shown}"
        );
    }
}
