use std::time::Duration;

use uuid::Uuid;

use crate::{invoices::House, store::Store};

/// Takes jobs one by one; several workers do not meet (skip locked). A job is tried six times.
pub async fn run(store: Store, house: House) -> anyhow::Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    loop {
        tokio::select! {
            _ = term.recv() => return Ok(()),
            done = step(&store, &house) => match done {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(Duration::from_secs(1)).await,
                Err(e) => { tracing::warn!(error = ?e, "step failed"); tokio::time::sleep(Duration::from_secs(5)).await; }
            },
        }
    }
}

async fn step(store: &Store, house: &House) -> anyhow::Result<bool> {
    let mut tx = store.db.begin().await?;
    let Some((id, tries)) = sqlx::query_as::<_, (Uuid, i16)>("select weighing_id, tries from jobs where not_before <= now() order by not_before limit 1 for update skip locked").fetch_optional(&mut *tx).await? else { return Ok(false) };
    let (customer, kilos): (Uuid, i32) = sqlx::query_as("select customer_id, net_kilos from weighings where id = $1").bind(id).fetch_one(&mut *tx).await?;
    let name = store.customer(customer).await?;
    match house.send(id, &name, kilos).await {
        Ok(()) => {
            sqlx::query("delete from jobs where weighing_id = $1").bind(id).execute(&mut *tx).await?;
            metrics::counter!("scales_notes_total", "outcome" => "sent").increment(1);
        }
        Err(e) if tries >= 5 => {
            tracing::warn!(error = ?e, "note dropped");
            sqlx::query("delete from jobs where weighing_id = $1").bind(id).execute(&mut *tx).await?;
        }
        Err(e) => {
            tracing::info!(error = %e, tries, "note postponed");
            sqlx::query("update jobs set tries = tries + 1, not_before = now() + interval '30 seconds' * (2 ^ tries) where weighing_id = $1").bind(id).execute(&mut *tx).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}
