package meters

import cats.effect.IO
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient
import software.amazon.awssdk.services.cloudwatch.model.*

trait Figures:
  def put(name: String, value: Double): IO[Unit]

object Figures:
  def cloudWatch: Figures = new Figures:
    private lazy val client = CloudWatchClient.create()
    def put(name: String, value: Double): IO[Unit] = IO.blocking(client.putMetricData(PutMetricDataRequest.builder.namespace("Meters").metricData(MetricDatum.builder.metricName(name).value(value).build).build)).attempt.void
