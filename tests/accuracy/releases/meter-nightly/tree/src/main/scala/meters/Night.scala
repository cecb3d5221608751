package meters

import cats.data.Validated.{Invalid, Valid}
import cats.effect.{IO, Ref}
import fs2.Stream
import java.time.LocalDate
import org.slf4j.LoggerFactory
import org.typelevel.otel4s.trace.Tracer

/** One night: file by file, each once. A run that is begun again goes on where the ledger says. */
final class Night(day: LocalDate, store: Store, ledger: Ledger, invoices: Invoices, figures: Figures, tracer: Tracer[IO]):
  private val log = LoggerFactory.getLogger(classOf[Night])

  def run: IO[Long] = tracer.rootSpan("night").surround {
    ledger.lock(day) {
      for
        aside <- Ref[IO].of(0L)
        begun <- IO.monotonic
        _     <- store.files(day).evalFilterNot(ledger.done(day, _)).parEvalMapUnordered(8)(file(_, aside)).compile.drain
        sums  <- ledger.sums(day)
        _     <- tracer.span("invoices").surround(Stream.emits(sums).covary[IO].chunkN(500).evalMap(c => invoices.send(day, c.toList)).compile.drain)
        n     <- aside.get
        took  <- IO.monotonic.map(_ - begun)
        _     <- figures.put("NightSeconds", took.toSeconds.toDouble) *> figures.put("ReadingsAside", n.toDouble) *> figures.put("MetersInvoiced", sums.size.toDouble)
        _     <- IO(log.info("night done, day={} meters={} aside={} seconds={}", day, sums.size, n, took.toSeconds))
      yield n
    }
  }

  private def file(name: String, aside: Ref[IO, Long]): IO[Unit] = tracer.span("file").surround {
    store.lines(name).map(Reading.parse).evalMap {
      case Valid(r) => IO.pure(Some(r))
      case Invalid(why) => aside.update(_ + 1) *> store.setAside(day, name, why.toList.mkString(",")).as(None)
    }.unNone.groupAdjacentBy(_.meter).map((m, rs) => m -> Gaps.fill(rs.toList.sortBy(_.at)))
      .chunkN(1_000)
      .evalMap(chunk => store.write(day, name, chunk.toList.flatMap(_._2)) *> ledger.record(day, name, chunk.toList.flatMap((m, rs) => Gaps.used(rs).map(m -> _))))
      .compile.drain *> ledger.finish(day, name) *> figures.put("FilesDone", 1)
  }.onError { case e => IO(log.error(s"file failed, day=$day file=$name", e)) }
