class ReadyController < ActionController::Base
  def show
    ActiveRecord::Base.connection.select_value("select 1")
    Rails.cache.write("ready", 1, expires_in: 5.seconds)
    render json: { status: "ok" }
  rescue StandardError => e
    Rails.logger.error({ message: "not ready", error: e.class.name }.to_json)
    render json: { status: "unavailable" }, status: :service_unavailable
  end
end
