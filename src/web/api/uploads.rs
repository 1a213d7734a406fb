//! Pictures for programs.

use serde::{Deserialize, Serialize};

use crate::content::uploads::{self, Upload};
use crate::kit::cursor::Cursor;
use crate::kit::ids::{MediaId, PostId};
use crate::web::content::uploads::{kept, received};
use crate::web::{Answer, Call};

#[derive(Debug, Clone, Serialize)]
struct ApiUpload {
    id: MediaId,
    path: String,
    /// The line that puts it into a post.
    markdown: String,
    alt: String,
    width: i64,
    height: i64,
    bytes: i64,
    post_id: Option<PostId>,
    created_at: String,
}

#[derive(Debug, Clone, Serialize)]
struct ApiUploads {
    items: Vec<ApiUpload>,
    next: Option<String>,
}

fn api_upload(upload: &Upload) -> ApiUpload {
    ApiUpload {
        id: upload.id,
        path: upload.path(),
        markdown: upload.markdown(),
        alt: upload.alt.clone(),
        width: upload.width,
        height: upload.height,
        bytes: upload.bytes,
        post_id: upload.post,
        created_at: upload.created_at.rfc3339(),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
}

/// What the caller sent, the latest first.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "forum", params(("after" = Option<String>, Query)), responses((status = 200)))]
pub async fn list(call: Call) -> Answer {
    let asked: Asked = call.query()?;
    call.api_read(move |tx, viewer| {
        let before = Cursor::decode(&asked.after).and_then(|c| c.as_one());
        let (found, next) = uploads::uploads_of(tx, &viewer.actor, before, 30)?;
        Ok(ApiUploads {
            items: found.iter().map(api_upload).collect(),
            next: next.map(|id| Cursor::one(id).encode()),
        })
    })
    .await
}

/// Takes a picture: `multipart/form-data` with `file` and `alt`.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "forum", responses((status = 201), (status = 403), (status = 413), (status = 422)))]
pub async fn send(call: Call) -> Answer {
    let (alt, picture) = received(&call).await?;
    let upload = kept(&call, picture?, alt).await?;
    call.api_write(201, move |_, _| Ok(api_upload(&upload)))
        .await
}

/// Lets one go that stands in no post.
#[utoipa::path(delete, path = "/api/v1/uploads/{id}", tag = "forum", params(("id" = i64, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub async fn drop_one(call: Call) -> Answer {
    let id: MediaId = call.segment("id")?;
    call.api_write(204, move |tx, viewer| {
        uploads::let_go(tx, &viewer.actor, id)
    })
    .await
}
