//! A bucket of S3-compatible storage, where pictures are kept instead of in a folder.

use std::fmt;

use url::Url;

use super::Written;
use super::load::is_loopback;

/// Where a bucket is and how it is opened. Prints everything but its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What all names in it begin with; empty where the whole bucket is ours.
    pub prefix: String,
    /// The server; `None` is that of Amazon for the region.
    pub endpoint: Option<Url>,
    /// The region that requests are signed for.
    pub region: String,
    /// The public half of the key.
    pub access_key: String,
    /// The secret half.
    pub secret: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({self})")
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.name)?;
        if !self.prefix.is_empty() {
            write!(f, "/{}", self.prefix)?;
        }
        write!(f, " at {}", self.server())
    }
}

impl Bucket {
    /// The server's address.
    #[must_use]
    pub fn server(&self) -> String {
        self.endpoint.as_ref().map_or_else(
            || format!("https://s3.{}.amazonaws.com", self.region),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        )
    }

    /// Is the server on this machine? Then no proxy stands between.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        is_loopback(&self.server())
    }

    /// What the keys `media_store` and `s3_…` say; `None` where pictures are kept in a folder.
    ///
    /// # Errors
    /// A sentence for the person who runs the server; never with the secret in it.
    pub(super) fn read(w: &Written, insecure: bool) -> Result<Option<Self>, String> {
        let store = w.media_store.as_deref().unwrap_or("folder");
        if matches!(store, "folder" | "") {
            return Ok(None);
        }
        let place = store
            .strip_prefix("s3://")
            .filter(|place| !place.is_empty())
            .ok_or_else(|| {
                format!("media_store: {store:?} is neither folder nor s3://bucket/prefix")
            })?;
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let well_formed = |part: &str| !part.is_empty() && part != ".." && part.chars().all(plain);
        let prefix = prefix.trim_end_matches('/');
        if !well_formed(name) || !(prefix.is_empty() || prefix.split('/').all(well_formed)) {
            return Err(format!(
                "media_store: {store:?} may hold letters, digits, dots, hyphens and slashes only"
            ));
        }
        let region = given(w.s3_region.as_ref()).unwrap_or("us-east-1");
        // The region becomes part of a host name.
        if !region
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            return Err(format!("s3_region: {region:?} is not the name of a region"));
        }
        let access_key = given(w.s3_access_key.as_ref())
            .ok_or("s3_access_key must be given where media_store is a bucket")?;
        Ok(Some(Self {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            endpoint: given(w.s3_endpoint.as_ref())
                .map(|text| endpoint(text, insecure))
                .transpose()?,
            region: region.to_owned(),
            access_key: access_key.to_owned(),
            secret: secret(w)?,
        }))
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn endpoint(text: &str, insecure: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| format!("s3_endpoint: {text:?}: {e}"))?;
    let bare = url.username().is_empty() && url.password().is_none();
    if !bare || url.host().is_none() || url.query().is_some() || url.fragment().is_some() {
        return Err("s3_endpoint must be scheme, host and port, without a user name".to_owned());
    }
    match url.scheme() {
        "https" => Ok(url),
        // Members' pictures and signed requests do not cross a network in the open by accident.
        "http" if is_loopback(text) || insecure => Ok(url),
        "http" => Err(format!(
            "s3_endpoint: {text:?} is plain http to another machine; use https, or set insecure_http = \"1\" to accept the danger"
        )),
        other => Err(format!(
            "s3_endpoint: the scheme {other:?} is neither https nor http"
        )),
    }
}

fn secret(w: &Written) -> Result<String, String> {
    match (
        given(w.s3_secret_file.as_ref()),
        given(w.s3_secret.as_ref()),
    ) {
        (Some(_), Some(_)) => Err("s3_secret and s3_secret_file: give one of the two".to_owned()),
        (None, Some(secret)) => Ok(secret.to_owned()),
        (Some(file), None) => {
            let text = std::fs::read_to_string(file)
                .map_err(|e| format!("s3_secret_file: {file}: {e}"))?;
            let secret = text.trim();
            if secret.is_empty() {
                return Err(format!("s3_secret_file: {file}: is empty"));
            }
            Ok(secret.to_owned())
        }
        (None, None) => Err(
            "s3_secret_file (or s3_secret) must be given where media_store is a bucket".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(store: &str) -> Written {
        Written {
            media_store: Some(store.to_owned()),
            s3_access_key: Some("AKIAFORUM".to_owned()),
            s3_secret: Some("geheim".to_owned()),
            ..Written::default()
        }
    }

    #[test]
    fn a_bucket_is_read_and_its_secret_is_not_shown() {
        let bucket = Bucket::read(&written("s3://commons/pictures/"), false)
            .unwrap()
            .unwrap();
        assert_eq!(
            bucket.to_string(),
            "s3://commons/pictures at https://s3.us-east-1.amazonaws.com"
        );
        assert_eq!(bucket.secret, "geheim");
        assert!(!format!("{bucket:?}").contains("geheim"));
        assert_eq!(Bucket::read(&Written::default(), false), Ok(None));
        assert_eq!(Bucket::read(&written("folder"), false), Ok(None));
    }

    #[test]
    fn the_secret_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "from a file\n").unwrap();
        let mut w = written("s3://commons");
        w.s3_secret_file = Some(file.display().to_string());
        assert!(Bucket::read(&w, false).is_err(), "two secrets");
        w.s3_secret = None;
        assert_eq!(
            Bucket::read(&w, false).unwrap().unwrap().secret,
            "from a file"
        );
        std::fs::write(&file, "\n").unwrap();
        assert!(Bucket::read(&w, false).is_err(), "an empty one");
        w.s3_secret_file = None;
        assert!(
            Bucket::read(&w, false)
                .unwrap_err()
                .contains("s3_secret_file")
        );
    }

    #[test]
    fn what_is_no_bucket_is_refused() {
        for store in [
            "s3://",
            "commons",
            "s3:///x",
            "s3://a b",
            "s3://a/../b",
            "s3://a//b",
            "gs://a",
        ] {
            assert!(Bucket::read(&written(store), false).is_err(), "{store}");
        }
        let at = |address: &str, insecure| {
            let w = Written {
                s3_endpoint: Some(address.to_owned()),
                ..written("s3://commons")
            };
            Bucket::read(&w, insecure).map(|bucket| bucket.map(|b| b.is_beside()))
        };
        assert_eq!(at("http://127.0.0.1:9000", false), Ok(Some(true)));
        assert_eq!(at("https://minio.example", false), Ok(Some(false)));
        assert!(at("http://minio.example", false).is_err());
        assert!(at("http://minio.example", true).is_ok());
        assert!(at("ftp://minio.example", true).is_err());
        assert!(at("https://a:b@minio.example", false).is_err());
        let w = Written {
            s3_region: Some("eu.evil.example/".to_owned()),
            ..written("s3://commons")
        };
        assert!(Bucket::read(&w, false).is_err());
    }
}
