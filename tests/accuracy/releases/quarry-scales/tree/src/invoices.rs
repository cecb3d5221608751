//! The invoicing house: five seconds, four tries with doubled and shaken waits, a breaker.
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use failsafe::{Config, StateMachine, backoff, failure_policy, futures::CircuitBreaker};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_tracing::TracingMiddleware;
use uuid::Uuid;

type Breaker = StateMachine<failure_policy::ConsecutiveFailures<backoff::Exponential>, ()>;

pub struct House {
    url: String,
    key: String,
    client: ClientWithMiddleware,
    breaker: Breaker,
}

impl House {
    pub fn from_env() -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).connect_timeout(Duration::from_secs(2)).build()?;
        let policy = failure_policy::consecutive_failures(5, backoff::exponential(Duration::from_secs(10), Duration::from_secs(120)));
        Ok(House {
            url: std::env::var("INVOICES_URL")?,
            key: std::env::var("INVOICES_KEY")?,
            client: ClientBuilder::new(client).with(TracingMiddleware::default()).build(),
            breaker: Config::new().failure_policy(policy).build(),
        })
    }

    #[tracing::instrument(skip(self))]
    pub async fn send(&self, id: Uuid, customer: &str, kilos: i32) -> anyhow::Result<()> {
        let body = serde_json::json!({ "reference": id, "customer": customer, "kilos": kilos }).to_string();
        let once = || async {
            self.client.put(format!("{}/notes/{id}", self.url)).bearer_auth(&self.key).header("content-type", "application/json").body(body.clone()).send().await?.error_for_status().map_err(anyhow::Error::from)
        };
        let tries = once.retry(ExponentialBuilder::default().with_min_delay(Duration::from_millis(300)).with_factor(2.0).with_max_times(4).with_jitter());
        self.breaker.call(tries).await.map_err(|e| anyhow::anyhow!("invoicing house: {e}"))?;
        Ok(())
    }
}
