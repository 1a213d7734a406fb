//! A program that speaks to the API.

use std::net::SocketAddr;

use serde_json::Value;

/// A program with a token, or without.
#[derive(Clone)]
pub struct Api {
    addr: SocketAddr,
    base: String,
    token: Option<String>,
    client: reqwest::Client,
}

/// What the API answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Response headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The JSON; null where there was none.
    pub json: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// It was answered with this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.json);
        self
    }

    /// A number at a JSON pointer.
    #[track_caller]
    pub fn number(&self, pointer: &str) -> i64 {
        self.json
            .pointer(pointer)
            .and_then(Value::as_i64)
            .unwrap_or_else(|| panic!("no number at {pointer}: {}", self.json))
    }

    /// A text at a JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        self.json
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no text at {pointer}: {}", self.json))
    }
}

impl Api {
    pub(super) fn new(addr: SocketAddr, base: &str, token: Option<&str>) -> Self {
        Self {
            addr,
            base: base.to_owned(),
            token: token.map(str::to_owned),
            client: super::browser::client(),
        }
    }

    /// The same program at another node.
    pub fn at(&self, addr: SocketAddr) -> Self {
        Self {
            addr,
            ..self.clone()
        }
    }

    /// Sends a request; `path` without `/api/v1`.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let host = self.base.split("://").nth(1).unwrap_or_default();
        let url = format!("http://{}/api/v1{path}", self.addr);
        let mut request = self
            .client
            .request(method.parse().expect("a method"), url)
            .header("host", host);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(k, v)| {
                (
                    k.as_str().to_owned(),
                    String::from_utf8_lossy(v.as_bytes()).into_owned(),
                )
            })
            .collect();
        let bytes = response.bytes().await.expect("a body");
        Reply {
            status,
            headers,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes: bytes.to_vec(),
        }
    }

    /// POST of bytes with their content type.
    pub async fn send_bytes(&self, path: &str, body: Vec<u8>, content_type: &str) -> Reply {
        let host = self.base.split("://").nth(1).unwrap_or_default();
        let url = format!("http://{}/api/v1{path}", self.addr);
        let mut request = self
            .client
            .post(url)
            .header("host", host)
            .header("content-type", content_type)
            .body(body);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let bytes = response.bytes().await.expect("a body");
        Reply {
            status,
            headers: Vec::new(),
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes: bytes.to_vec(),
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, &[]).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(&body), &[]).await
    }

    /// PATCH.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send("PATCH", path, Some(&body), &[]).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, &[]).await
    }
}
