use std::{sync::Arc, sync::atomic::{AtomicBool, Ordering}, time::Duration};

use axum::{Extension, Json, Router, extract::{Path, Query, State}, http::{HeaderName, HeaderValue, StatusCode, header}, response::{IntoResponse, Response}, routing::{get, post}};
use serde::Deserialize;
use tower_governor::{GovernorLayer, governor::GovernorConfigBuilder};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer, request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer}, sensitive_headers::SetSensitiveRequestHeadersLayer, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer, trace::TraceLayer};
use uuid::Uuid;
use validator::Validate;

use crate::{audit::Who, auth::{self, Caller, Keys}, flags::Flags, store::Store};

static DRAINING: AtomicBool = AtomicBool::new(false);

pub fn drain() {
    DRAINING.store(true, Ordering::SeqCst);
}

pub struct App {
    store: Store,
    flags: Flags,
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Weighing {
    pub id: Uuid,
    #[validate(length(min = 3, max = 12), custom(function = "plate"))]
    pub plate: String,
    #[validate(range(min = 500, max = 60_000))]
    pub kilos: i32,
    #[validate(range(min = 500, max = 30_000))]
    pub empty_kilos: i32,
    #[validate(length(min = 2, max = 40))]
    pub goods: String,
    pub customer: Uuid,
}

fn plate(p: &str) -> Result<(), validator::ValidationError> {
    if p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-') { Ok(()) } else { Err(validator::ValidationError::new("plate")) }
}

#[derive(Deserialize)]
pub struct Span {
    #[serde(with = "time::serde::iso8601")]
    from: time::OffsetDateTime,
    #[serde(with = "time::serde::iso8601")]
    to: time::OffsetDateTime,
}

pub fn router(store: Store, flags: Flags, keys: Keys) -> Router {
    let app = Arc::new(App { store, flags });
    let limit = Arc::new(GovernorConfigBuilder::default().key_extractor(auth::ByCaller).per_second(2).burst_size(60).finish().expect("a sound limit"));
    let (metrics, handle) = axum_prometheus::PrometheusMetricLayer::pair();
    let id = HeaderName::from_static("x-request-id");
    let v1 = Router::new()
        .route("/weighings", post(weigh).get(list))
        .route("/weighings/{id}", get(one).delete(void))
        .layer(GovernorLayer::new(limit))
        .layer(axum::middleware::from_fn_with_state(Arc::new(keys), auth::require));
    Router::new()
        .nest("/v1", v1)
        .route("/alive", get(|| async { "ok" }))
        .route("/ready", get(ready))
        .route("/metrics", get(move || async move { handle.render() }))
        .layer(metrics)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(6)))
        .layer(RequestBodyLimitLayer::new(16 * 1024))
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::overriding(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains")))
        .layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(SetResponseHeaderLayer::overriding(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(|r: &axum::http::Request<_>| {
            let id = r.headers().get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or("-");
            tracing::info_span!("request", method = %r.method(), path = r.uri().path(), request_id = id, user_id = tracing::field::Empty)
        }))
        .layer(SetSensitiveRequestHeadersLayer::new([header::AUTHORIZATION]))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
        .with_state(app)
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    if DRAINING.load(Ordering::SeqCst) || tokio::time::timeout(Duration::from_secs(1), app.store.ping()).await.is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, "no").into_response();
    }
    "ok".into_response()
}

#[tracing::instrument(skip_all, fields(scale = %caller.subject))]
async fn weigh(State(app): State<Arc<App>>, Extension(caller): Extension<Caller>, who: Who, Json(w): Json<Weighing>) -> Result<Response, Problem> {
    caller.need("weigh")?;
    w.validate().map_err(|e| Problem(StatusCode::UNPROCESSABLE_ENTITY, e.to_string()))?;
    if w.empty_kilos >= w.kilos {
        return Err(Problem(StatusCode::UNPROCESSABLE_ENTITY, "empty weighs more than full".into()));
    }
    let rounding = app.flags.on("round-to-ten", &caller.quarry.to_string());
    app.store.weigh(&caller, &w, rounding, &who).await?;
    metrics::counter!("scales_weighings_total", "quarry" => caller.quarry.to_string()).increment(1);
    metrics::counter!("scales_kilos_total").increment((w.kilos - w.empty_kilos).unsigned_abs().into());
    Ok(StatusCode::CREATED.into_response())
}

async fn list(State(app): State<Arc<App>>, Extension(caller): Extension<Caller>, who: Who, Query(span): Query<Span>) -> Result<Response, Problem> {
    caller.need("read")?;
    Ok(Json(app.store.list(&caller, span.from, span.to, &who).await?).into_response())
}

async fn one(State(app): State<Arc<App>>, Extension(caller): Extension<Caller>, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    caller.need("read")?;
    Ok(Json(app.store.one(&caller, id).await?.ok_or(Problem(StatusCode::NOT_FOUND, "none".into()))?).into_response())
}

async fn void(State(app): State<Arc<App>>, Extension(caller): Extension<Caller>, who: Who, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    caller.need("void")?;
    if app.store.void(&caller, id, &who).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem(StatusCode::NOT_FOUND, "none".into())) }
}

pub struct Problem(pub StatusCode, pub String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(serde_json::json!({ "error": self.1 }))).into_response()
    }
}

impl From<anyhow::Error> for Problem {
    fn from(e: anyhow::Error) -> Self {
        // request_id and user_id come from the span; {e:?} carries causes and the backtrace
        tracing::error!(error = ?e, "request failed");
        Problem(StatusCode::INTERNAL_SERVER_ERROR, "internal".into())
    }
}
