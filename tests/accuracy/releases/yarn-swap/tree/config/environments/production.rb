Rails.application.configure do
  config.enable_reloading = false
  config.eager_load = true
  config.consider_all_requests_local = false
  config.assume_ssl = true
  config.force_ssl = true
  config.ssl_options = { hsts: { expires: 1.year, subdomains: true }, redirect: { exclude: ->(r) { r.path == "/up" } } }
  config.public_file_server.headers = { "cache-control" => "public, max-age=#{1.year.to_i}, immutable" }
  config.asset_host = "https://cdn.yarnswap.example"
  config.cache_store = :solid_cache_store
  config.active_storage.service = :bucket
  config.log_tags = [ :request_id ]
  config.log_level = ENV.fetch("RAILS_LOG_LEVEL", "info")
  config.logger = ActiveSupport::TaggedLogging.logger($stdout)
  config.lograge.enabled = true
  config.lograge.formatter = Lograge::Formatters::Json.new
  config.lograge.custom_options = ->(e) { { time: Time.now.utc.iso8601(3), request_id: e.payload[:request_id], user_id: e.payload[:user_id], exception: e.payload[:exception]&.first, backtrace: e.payload[:exception_object]&.backtrace&.first(15) }.compact }
  config.silence_healthcheck_path = "/up"
  config.active_record.dump_schema_after_migration = false
  config.active_record.database_selector = { delay: 2.seconds }
  config.active_record.database_resolver = ActiveRecord::Middleware::DatabaseSelector::Resolver
  config.active_record.database_resolver_context = ActiveRecord::Middleware::DatabaseSelector::Resolver::Session
  config.hosts = [ "yarnswap.example", "staging.yarnswap.example" ]
  config.host_authorization = { exclude: ->(r) { r.path == "/up" || r.path == "/ready" } }
end
