class BuyLabelJob < ApplicationJob
  retry_on Faraday::Error, Stoplight::Error::RedLight, wait: :polynomially_longer, attempts: 8
  discard_on ActiveJob::DeserializationError

  def perform(offer)
    Post.new.label(offer)
  end
end
