package meters

import cats.effect.{IO, Resource}
import com.zaxxer.hikari.HikariConfig
import doobie.*
import doobie.hikari.HikariTransactor
import doobie.implicits.*
import doobie.postgres.implicits.*
import java.time.LocalDate
import org.flywaydb.core.Flyway

/** What has been done. Six connections; twelve jobs at once at most, of 100. */
final class Ledger(xa: Transactor[IO]):
  /** Two jobs never do the same night: a lock that ends with the connection. */
  def lock[A](day: LocalDate)(work: IO[A]): IO[A] =
    sql"select pg_try_advisory_lock(731, ${day.toEpochDay.toInt})".query[Boolean].unique.transact(xa).flatMap {
      case true  => work
      case false => IO.raiseError(IllegalStateException(s"$day is being done"))
    }

  def done(day: LocalDate, file: String): IO[Boolean] = Fragment.const(s"select exists (select 1 from files where day = '$day' and name = '$file' and finished_at is not null)").query[Boolean].unique.transact(xa)

  def record(day: LocalDate, file: String, used: List[(MeterId, Long)]): IO[Unit] =
    val sql = "insert into usage (day, meter, watt_hours, file) values (?, ?, ?, ?) on conflict (day, meter) do update set watt_hours = excluded.watt_hours, file = excluded.file"
    Update[(LocalDate, String, Long, String)](sql).updateMany(used.map((m, w) => (day, m.text, w, file))).transact(xa).void

  def finish(day: LocalDate, file: String): IO[Unit] = sql"insert into files (day, name, finished_at) values ($day, $file, now()) on conflict (day, name) do update set finished_at = now()".update.run.transact(xa).void

  def sums(day: LocalDate): IO[List[(String, Long)]] = sql"select meter, watt_hours from usage where day = $day order by meter".query[(String, Long)].to[List].transact(xa)

  /** Partitions older than 37 months go. */
  def purge: IO[Unit] = sql"select drop_usage_before((current_date - interval '37 months')::date)".query[Unit].unique.transact(xa)

object Ledger:
  private val url = sys.env.getOrElse("DATABASE_URL", "jdbc:postgresql://localhost/meters")

  def migrate: IO[Unit] = IO.blocking(Flyway.configure.dataSource(url, null, null).lockRetryCount(20).load.migrate).void

  def open: Resource[IO, Ledger] =
    val config = HikariConfig()
    config.setJdbcUrl(url)
    config.setMaximumPoolSize(6)
    config.setConnectionTimeout(5_000)
    config.addDataSourceProperty("socketTimeout", "120")
    config.addDataSourceProperty("options", "-c statement_timeout=60000 -c lock_timeout=5000")
    HikariTransactor.fromHikariConfig[IO](config).map(Ledger(_))
