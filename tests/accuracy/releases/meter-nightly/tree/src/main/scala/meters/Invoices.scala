package meters

import cats.effect.{IO, Resource}
import io.chrisdavenport.circuit.CircuitBreaker
import java.time.LocalDate
import org.http4s.*
import org.http4s.client.Client
import org.http4s.ember.client.EmberClientBuilder
import org.http4s.headers.Authorization
import org.typelevel.ci.CIStringSyntax
import org.typelevel.otel4s.trace.Tracer
import retry.*
import scala.concurrent.duration.*

/** Five hundred sums a call, known by day and first meter, so that a second call changes nothing. */
final class Invoices(http: Client[IO], breaker: CircuitBreaker[IO], url: Uri, key: String, tracer: Tracer[IO]):
  private val policy = RetryPolicies.limitRetries[IO](5).join(RetryPolicies.fullJitter[IO](500.millis))

  def send(day: LocalDate, sums: List[(String, Long)]): IO[Unit] = tracer.span("invoices.send").surround {
    val body = sums.map((m, w) => s"""{"meter":"$m","wh":$w}""").mkString("[", ",", "]")
    tracer.propagate(Headers.empty).flatMap { trace =>
      val call = Request[IO](Method.PUT, url / "usage" / day.toString / sums.head._1).withHeaders(trace).withEntity(body).putHeaders(Authorization(Credentials.Token(AuthScheme.Bearer, key)), Header.Raw(ci"Content-Type", "application/json"))
      retryingOnErrors(breaker.protect(http.expect[Unit](call)))(policy, ResultHandler.retryOnAllErrors(ResultHandler.noop))
    }
  }

object Invoices:
  def client(tracer: Tracer[IO]): Resource[IO, Invoices] =
    for
      http    <- EmberClientBuilder.default[IO].withTimeout(20.seconds).withIdleConnectionTime(40.seconds).build
      breaker <- Resource.eval(CircuitBreaker.default[IO](maxFailures = 8, resetTimeout = 30.seconds).withExponentialBackOff.withMaxResetTimout(5.minutes).build)
    yield Invoices(http, breaker, Uri.unsafeFromString(sys.env("INVOICES_URL")), sys.env("INVOICES_KEY"), tracer)
