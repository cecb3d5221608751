use std::time::Duration;

use serde::Serialize;
use sqlx::{PgPool, postgres::{PgConnectOptions, PgPoolOptions}};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{api::Weighing, audit::{self, Who}, auth::Caller};

#[derive(Clone)]
pub struct Store {
    pub db: PgPool,
    customers: moka::future::Cache<Uuid, String>,
}

#[derive(Serialize, sqlx::FromRow)]
pub struct Note {
    pub id: Uuid,
    pub plate: String,
    pub net_kilos: i32,
    pub goods: String,
    pub customer: String,
    pub at: OffsetDateTime,
}

/// Eight connections for each of at most eight allocations: 64 of Patroni's 200.
pub async fn open(url: &str) -> anyhow::Result<Store> {
    let options: PgConnectOptions = url.parse::<PgConnectOptions>()?.options([("statement_timeout", "4000"), ("lock_timeout", "2000")]);
    let db = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(3)).idle_timeout(Duration::from_secs(300)).connect_lazy_with(options);
    Ok(Store { db, customers: moka::future::Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(600)).build() })
}

/// sqlx takes an advisory lock.
pub async fn migrate(url: &str) -> anyhow::Result<()> {
    let begun = std::time::Instant::now();
    sqlx::migrate!().run(&PgPool::connect(url).await?).await?;
    tracing::info!(seconds = begun.elapsed().as_secs_f64(), "migrated");
    Ok(())
}

impl Store {
    pub async fn ping(&self) -> anyhow::Result<()> {
        sqlx::query("select 1").execute(&self.db).await?;
        Ok(())
    }

    #[tracing::instrument(skip_all, name = "store.weigh")]
    pub async fn weigh(&self, c: &Caller, w: &Weighing, round: bool, who: &Who) -> anyhow::Result<()> {
        let net = w.kilos - w.empty_kilos;
        let net = if round { net / 10 * 10 } else { net };
        let mut tx = self.db.begin().await?;
        let new = sqlx::query("insert into weighings (id, quarry_id, customer_id, plate, kilos, empty_kilos, net_kilos, goods, scale) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing")
            .bind(w.id).bind(c.quarry).bind(w.customer).bind(&w.plate).bind(w.kilos).bind(w.empty_kilos).bind(net).bind(&w.goods).bind(&c.subject)
            .execute(&mut *tx).await?.rows_affected();
        if new == 1 {
            sqlx::query("insert into jobs (weighing_id) values ($1)").bind(w.id).execute(&mut *tx).await?;
            audit::record(&mut *tx, who, &c.subject, "weighing.create", &w.id.to_string()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub async fn list(&self, c: &Caller, from: OffsetDateTime, to: OffsetDateTime, who: &Who) -> anyhow::Result<Vec<Note>> {
        audit::record(&self.db, who, &c.subject, "weighing.list", &c.quarry.to_string()).await?;
        Ok(sqlx::query_as("select w.id, w.plate, w.net_kilos, w.goods, k.name as customer, w.at from weighings w join customers k on k.id = w.customer_id where w.quarry_id = $1 and w.at >= $2 and w.at < $3 and w.voided_at is null order by w.at desc limit 500")
            .bind(c.quarry).bind(from).bind(to).fetch_all(&self.db).await?)
    }

    pub async fn one(&self, c: &Caller, id: Uuid) -> anyhow::Result<Option<Note>> {
        Ok(sqlx::query_as("select w.id, w.plate, w.net_kilos, w.goods, k.name as customer, w.at from weighings w join customers k on k.id = w.customer_id where w.id = $1 and w.quarry_id = $2")
            .bind(id).bind(c.quarry).fetch_optional(&self.db).await?)
    }

    pub async fn void(&self, c: &Caller, id: Uuid, who: &Who) -> anyhow::Result<bool> {
        let mut tx = self.db.begin().await?;
        let n = sqlx::query("update weighings set voided_at = now() where id = $1 and quarry_id = $2 and voided_at is null").bind(id).bind(c.quarry).execute(&mut *tx).await?.rows_affected();
        audit::record(&mut *tx, who, &c.subject, "weighing.void", &id.to_string()).await?;
        tx.commit().await?;
        Ok(n == 1)
    }

    pub async fn customer(&self, id: Uuid) -> anyhow::Result<String> {
        let db = self.db.clone();
        self.customers.try_get_with(id, async move { sqlx::query_scalar("select name from customers where id = $1").bind(id).fetch_one(&db).await }).await.map_err(|e| anyhow::anyhow!("{e}"))
    }

    /// Plates go after two years, whole years of weighings after eleven (partitions).
    pub async fn purge(&self) -> anyhow::Result<()> {
        sqlx::query("update weighings set plate = '-' where at < now() - interval '2 years' and plate <> '-'").execute(&self.db).await?;
        sqlx::query("select drop_weighings_before(extract(year from now())::int - 11)").execute(&self.db).await?;
        Ok(())
    }
}
