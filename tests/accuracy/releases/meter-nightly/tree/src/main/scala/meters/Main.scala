package meters

import cats.effect.{ExitCode, IO, IOApp}
import cats.syntax.all.*
import java.time.LocalDate
import org.typelevel.otel4s.oteljava.OtelJava

/** Exit 0: done. 3: done, with a few readings set aside. Anything else: Batch tries again, twice. */
object Main extends IOApp:
  def run(args: List[String]): IO[ExitCode] = args match
    case "migrate" :: Nil => Ledger.migrate.as(ExitCode.Success)
    case "purge" :: Nil   => Ledger.open.use(_.purge).as(ExitCode.Success)
    case "--day" :: day :: rest =>
      OtelJava.autoConfigured[IO]().use { otel =>
        otel.tracerProvider.get("meter-nightly").flatMap { tracer =>
          (Ledger.open, Invoices.client(tracer)).tupled.use { (ledger, invoices) =>
            val night = Night(LocalDate.parse(day.take(10)), Store.from(rest), ledger, invoices, Figures.cloudWatch, tracer)
            night.run.map(set => if set == 0 then ExitCode.Success else ExitCode(3))
          }
        }
      }
    case _ => IO.println("migrate | purge | --day D [--from F --to T]").as(ExitCode.Error)
