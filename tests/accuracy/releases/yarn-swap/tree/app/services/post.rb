# The post's label API. 2 s to connect, 8 s to answer, three tries with growing waits, a light that turns red after five failures.
class Post
  def label(offer)
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    body = Stoplight("post", threshold: 5, cool_off_time: 60).run do
      connection.post("/labels") { |r| r.headers["Idempotency-Key"] = "offer-#{offer.id}"; r.body = { from: offer.listing.user.street, to: offer.user.street, grams: offer.listing.grams } }.body
    end
    Yabeda.yarn.postage_cents.increment({}, by: body["cents"])
  ensure
    Yabeda.yarn.label_seconds.measure({}, Process.clock_gettime(Process::CLOCK_MONOTONIC) - started)
  end

  private
    def connection
      Faraday.new(url: ENV.fetch("POST_URL"), request: { open_timeout: 2, timeout: 8 }) do |f|
        f.request :authorization, "Bearer", -> { ENV.fetch("POST_KEY") }
        f.request :json
        f.request :retry, max: 3, interval: 0.3, backoff_factor: 3, interval_randomness: 0.5, methods: %i[post]
        f.response :json
        f.response :raise_error
      end
    end
end
