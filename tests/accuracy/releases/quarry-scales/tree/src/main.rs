mod api;
mod audit;
mod auth;
mod flags;
mod invoices;
mod observe;
mod store;
mod work;

use std::time::Duration;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let _traces = observe::start()?;
    let url = std::env::var("DATABASE_URL")?;
    match std::env::args().nth(1).as_deref() {
        Some("migrate") => store::migrate(&url).await,
        Some("work") => work::run(store::open(&url).await?, invoices::House::from_env()?).await,
        Some("purge") => store::open(&url).await?.purge().await,
        _ => serve(&url).await,
    }
}

async fn serve(url: &str) -> anyhow::Result<()> {
    let app = api::router(store::open(url).await?, flags::Flags::start().await, auth::Keys::fetch().await?);
    let listener = tokio::net::TcpListener::bind(("0.0.0.0", 8080)).await?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "listening");
    axum::serve(listener, app.into_make_service_with_connect_info::<std::net::SocketAddr>())
        .with_graceful_shutdown(async {
            let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("a signal handler");
            term.recv().await;
            api::drain();
            tokio::time::sleep(Duration::from_secs(8)).await; // consul takes us out meanwhile
        })
        .await?;
    Ok(())
}
