use std::sync::Arc;

use axum::{extract::{Request, State}, http::StatusCode, middleware::Next, response::Response};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::Deserialize;
use tower_governor::{GovernorError, key_extractor::KeyExtractor};
use uuid::Uuid;

use crate::api::Problem;

#[derive(Clone, Debug, Deserialize)]
pub struct Caller {
    #[serde(rename = "sub")]
    pub subject: String,
    pub quarry: Uuid,
    pub rights: Vec<String>,
    #[serde(default)]
    pub amr: Vec<String>,
}

impl Caller {
    /// Voiding a note is money: it needs a second factor.
    pub fn need(&self, right: &str) -> Result<(), Problem> {
        let strong = right != "void" || self.amr.iter().any(|a| a == "otp");
        if strong && self.rights.iter().any(|r| r == right) { Ok(()) } else { Err(Problem(StatusCode::FORBIDDEN, right.into())) }
    }
}

pub struct Keys(JwkSet, String);

impl Keys {
    pub async fn fetch() -> anyhow::Result<Self> {
        let issuer = std::env::var("ISSUER")?;
        let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(5)).build()?;
        Ok(Keys(client.get(format!("{issuer}/jwks")).send().await?.error_for_status()?.json().await?, issuer))
    }

    fn caller(&self, token: &str) -> anyhow::Result<Caller> {
        let kid = decode_header(token)?.kid.unwrap_or_default();
        let jwk = self.0.find(&kid).ok_or_else(|| anyhow::anyhow!("unknown key"))?;
        let mut rule = Validation::new(Algorithm::ES256);
        rule.set_issuer(&[&self.1]);
        rule.set_audience(&["quarry-scales"]);
        Ok(decode::<Caller>(token, &DecodingKey::from_jwk(jwk)?, &rule)?.claims)
    }
}

pub async fn require(State(keys): State<Arc<Keys>>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let token = request.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
    let caller = keys.caller(token).map_err(|_| Problem(StatusCode::UNAUTHORIZED, "token".into()))?;
    tracing::Span::current().record("user_id", &caller.subject);
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

#[derive(Clone)]
pub struct ByCaller;

impl KeyExtractor for ByCaller {
    type Key = String;

    fn extract<T>(&self, r: &axum::http::Request<T>) -> Result<String, GovernorError> {
        r.extensions().get::<Caller>().map(|c| c.subject.clone()).ok_or(GovernorError::UnableToExtractKey)
    }
}
