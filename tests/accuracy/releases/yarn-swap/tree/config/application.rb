require_relative "boot"
require "rails/all"
Bundler.require(*Rails.groups)

module YarnSwap
  class Application < Rails::Application
    config.load_defaults 8.1
    config.autoload_lib(ignore: %w[assets tasks])
    config.active_job.queue_adapter = :solid_queue
    config.middleware.use Rack::Attack
    config.active_record.encryption.support_unencrypted_data = false
    config.mission_control.jobs.base_controller_class = "StaffController"
  end
end
