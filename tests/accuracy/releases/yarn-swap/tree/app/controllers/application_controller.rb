class ApplicationController < ActionController::Base
  include Authentication
  include Pundit::Authorization
  include Pagy::Backend

  allow_browser versions: :modern
  after_action :verify_authorized, unless: -> { self.class.public_page? }
  rescue_from Pundit::NotAuthorizedError, with: -> { head :forbidden }
  around_action :tag_errors

  def self.public_page? = false

  private
    def append_info_to_payload(payload)
      super
      payload[:request_id] = request.request_id
      payload[:user_id] = Current.user&.id
    end

    def tag_errors(&) = Rails.error.set_context(user_id: Current.user&.id, request_id: request.request_id) && yield

    def audit(action, subject) = AuditEvent.create!(user: Current.user, action:, subject:, ip: request.remote_ip, request_id: request.request_id)
end
