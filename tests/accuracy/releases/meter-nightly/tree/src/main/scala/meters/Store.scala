package meters

import cats.effect.IO
import com.github.mjakubowski84.parquet4s.{ParquetWriter, Path, ValueCodecConfiguration}
import fs2.Stream
import java.time.LocalDate
import software.amazon.awssdk.core.sync.RequestBody
import software.amazon.awssdk.services.s3.S3Client
import software.amazon.awssdk.services.s3.model.*

final case class Row(meter: String, at: Long, wattHours: Long)

final class Store(s3: S3Client, from: String, to: String):
  def files(day: LocalDate): Stream[IO, String] =
    Stream.fromBlockingIterator[IO](s3.listObjectsV2Paginator(ListObjectsV2Request.builder.bucket(from).prefix(s"$day/").build).contents.iterator.asInstanceOf[java.util.Iterator[S3Object]].asScalaIterator, 100).map(_.key)

  def lines(key: String): Stream[IO, String] =
    fs2.io.readInputStream(IO.blocking(s3.getObject(GetObjectRequest.builder.bucket(from).key(key).build)), 1 << 16).through(fs2.compression.Compression[IO].gunzip()).flatMap(_.content).through(fs2.text.utf8.decode).through(fs2.text.linesLimited(200)).filter(_.nonEmpty)

  def write(day: LocalDate, file: String, rows: List[Reading]): IO[Unit] = IO.blocking {
    ParquetWriter.of[Row].options(ParquetWriter.Options(compressionCodecName = org.apache.parquet.hadoop.metadata.CompressionCodecName.ZSTD)).writeAndClose(Path(s"s3a://$to/day=$day/${file.hashCode.toHexString}-${rows.head.meter.text}.parquet"), rows.map(r => Row(r.meter.text, r.at.toEpochMilli, r.wattHours)))
  }

  /** What could not be read is kept for a person: the file's name and why, never lost. */
  def setAside(day: LocalDate, file: String, why: String): IO[Unit] = IO.blocking(s3.putObject(PutObjectRequest.builder.bucket(to).key(s"aside/$day/${java.util.UUID.randomUUID}").build, RequestBody.fromString(s"$file;$why"))).void

object Store:
  def from(args: List[String]): Store = Store(S3Client.builder.overrideConfiguration(c => { c.apiCallAttemptTimeout(java.time.Duration.ofSeconds(30)).apiCallTimeout(java.time.Duration.ofMinutes(3)).retryStrategy(software.amazon.awssdk.core.retry.RetryMode.ADAPTIVE_V2); () }).build, sys.env("FROM"), sys.env("TO"))

extension [A](i: java.util.Iterator[A]) def asScalaIterator: Iterator[A] = scala.jdk.CollectionConverters.IteratorHasAsScala(i).asScala
