module Authentication
  extend ActiveSupport::Concern

  included { before_action :require_authentication }

  class_methods do
    def allow_unauthenticated_access(**) = skip_before_action(:require_authentication, **)
  end

  private
    def require_authentication
      Current.session ||= Session.find_by(id: cookies.signed[:session_id])&.then { |s| s if s.created_at > 30.days.ago }
      return redirect_to(new_session_path) unless Current.session
      redirect_to second_factor_path if Current.user.staff? && !Current.session.second_factor?
    end

    def start_new_session_for(user)
      Current.session = user.sessions.create!(user_agent: request.user_agent, ip_address: request.remote_ip)
      cookies.signed.permanent[:session_id] = { value: Current.session.id, httponly: true, secure: Rails.env.production?, same_site: :lax }
    end
end
