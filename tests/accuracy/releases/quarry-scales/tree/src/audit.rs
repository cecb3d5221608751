use axum::{extract::{ConnectInfo, FromRequestParts}, http::request::Parts};
use sqlx::PgExecutor;

/// Who asked: address by traefik's header, request by its id.
#[derive(Clone)]
pub struct Who {
    pub ip: String,
    pub request_id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let header = |n: &str| parts.headers.get(n).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let peer = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|c| c.ip().to_string());
        Ok(Who { ip: header("x-real-ip").or(peer).unwrap_or_default(), request_id: header("x-request-id").unwrap_or_default() })
    }
}

pub async fn record(db: impl PgExecutor<'_>, who: &Who, subject: &str, what: &str, on: &str) -> anyhow::Result<()> {
    sqlx::query("insert into audit (who, what, on_id, ip, request_id) values ($1, $2, $3, $4, $5)")
        .bind(subject).bind(what).bind(on).bind(&who.ip).bind(&who.request_id).execute(db).await?;
    Ok(())
}
