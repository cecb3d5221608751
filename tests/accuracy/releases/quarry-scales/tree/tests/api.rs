//! Against a scratch database that sqlx makes for each test.
use axum::{body::Body, http::{Request, StatusCode}};
use tower::ServiceExt;

mod ground;

#[sqlx::test]
async fn wants_a_token(db: sqlx::PgPool) {
    for path in ["/v1/weighings?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "/v1/weighings/00000000-0000-0000-0000-000000000001"] {
        let answer = ground::app(&db).oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[sqlx::test]
async fn keeps_scales_from_voiding(db: sqlx::PgPool) {
    assert_eq!(ground::delete(&db, &["weigh"], &["otp"]).await, StatusCode::FORBIDDEN);
    assert_eq!(ground::delete(&db, &["void"], &["pwd"]).await, StatusCode::FORBIDDEN);
    assert_eq!(ground::delete(&db, &["void"], &["otp"]).await, StatusCode::NO_CONTENT);
}

#[sqlx::test]
async fn refuses_what_cannot_be(db: sqlx::PgPool) {
    for (kilos, empty) in [(499, 400), (60_001, 500), (9_000, 9_000), (9_000, 499)] {
        assert_eq!(ground::weigh(&db, kilos, empty).await, StatusCode::UNPROCESSABLE_ENTITY, "{kilos} {empty}");
    }
    assert_eq!(ground::weigh(&db, 40_000, 14_000).await, StatusCode::CREATED);
}

#[sqlx::test]
async fn takes_a_weighing_once(db: sqlx::PgPool) {
    let id = uuid::Uuid::now_v7();
    ground::weigh_as(&db, id).await;
    ground::weigh_as(&db, id).await;
    let n: i64 = sqlx::query_scalar("select count(*) from jobs").fetch_one(&db).await.unwrap();
    assert_eq!(n, 1);
}
