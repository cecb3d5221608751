Yabeda.configure do
  group :yarn do
    counter :listings, comment: "Listings put up", tags: [ :weight ]
    counter :swaps, comment: "Swaps agreed"
    counter :postage_cents, comment: "Postage sold, in cents"
    histogram :label_seconds, comment: "Time of one call to the post", buckets: [ 0.1, 0.3, 1, 3, 8 ]
    gauge :queue_latency, comment: "Age of the oldest job, seconds", tags: [ :queue ]
  end
end
