package meters

import cats.data.ValidatedNel
import cats.syntax.all.*
import java.time.Instant
import scala.util.Try

opaque type MeterId = String
object MeterId:
  def apply(s: String): Option[MeterId] = Option.when(s.matches("[0-9]{10}"))(s)
  extension (m: MeterId) def text: String = m

/** Counter in watt hours at a moment. */
final case class Reading(meter: MeterId, at: Instant, wattHours: Long)

enum Wrong:
  case Meter, Moment, Counter, Columns

object Reading:
  private val most = 9_999_999_999L

  def parse(line: String): ValidatedNel[Wrong, Reading] = line.split(';') match
    case Array(m, t, w) =>
      (
        MeterId(m).toValidNel(Wrong.Meter),
        Try(Instant.parse(t)).toOption.toValidNel(Wrong.Moment),
        w.toLongOption.filter(n => n >= 0 && n <= most).toValidNel(Wrong.Counter)
      ).mapN(Reading.apply)
    case _ => Wrong.Columns.invalidNel
