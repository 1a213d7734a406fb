//! Files at Slack: a picture is one that no room has, until a message names it.
//! Source: Slack documentation, `files.getUploadURLExternal`, `files.completeUploadExternal`, `files.delete`.

use serde_json::json;
use url::Url;

use super::pictures;
use super::slack::SlackAdapter;
use super::slack_message::read;
use super::tools::{bare, body, observed};
use crate::bridge::adapter::{Job, Observed};
use crate::bridge::message::Picture;
use crate::kit::http::{Method, Request};

/// The most bytes of a picture; Slack itself takes far more.
const PICTURE: usize = 10_000_000;

impl SlackAdapter {
    /// Uploads a picture in three steps; shared with no room, the file is seen by nobody until a message names it. "If
    /// files.completeUploadExternal is not called, the upload will be aborted."
    pub(super) async fn upload(&self, job: &Job, picture: &Picture) -> Result<String, Observed> {
        let bytes = self.0.bytes_of(picture, PICTURE).await?;
        let asked = json!({
            "filename": pictures::file_name(picture),
            "length": bytes.len(),
            "alt_txt": picture.alt,
        });
        let place = self.call(job, "files.getUploadURLExternal", &asked).await?;
        let said = body(&place);
        let url = said["upload_url"]
            .as_str()
            .and_then(|url| Url::parse(url).ok());
        let (Some(url), Some(file)) = (url, said["file_id"].as_str()) else {
            return Err(read(&place, self.0.now()));
        };
        // Whoever knows the address may use it: no token goes along.
        let request = bare(Method::POST, Some(url))
            .and_then(|request| request.header("content-type", &picture.media_type))
            .map(|request| Request {
                body: bytes,
                ..request
            });
        let taken = self.0.send(job, request).await?;
        if taken.status != 200 {
            return Err(observed(&taken, self.0.now(), "the upload was not taken"));
        }
        let done = json!({ "files": [{ "id": file, "title": picture.alt }] });
        let done = self
            .call(job, "files.completeUploadExternal", &done)
            .await?;
        if body(&done)["ok"] == true {
            Ok(file.to_owned())
        } else {
            Err(read(&done, self.0.now()))
        }
    }

    /// Deletes a file; one that is not there is deleted.
    pub(super) async fn drop_file(&self, job: &Job, file: &str) -> Result<(), Observed> {
        let response = self
            .call(job, "files.delete", &json!({ "file": file }))
            .await?;
        let said = body(&response);
        let gone = matches!(
            said["error"].as_str(),
            Some("file_not_found" | "file_deleted")
        );
        if said["ok"] == true || gone {
            Ok(())
        } else {
            Err(read(&response, self.0.now()))
        }
    }
}
