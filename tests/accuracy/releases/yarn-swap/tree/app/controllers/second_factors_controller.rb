class SecondFactorsController < ApplicationController
  skip_before_action :require_authentication
  skip_after_action :verify_authorized
  before_action { Current.session = Session.find(cookies.signed[:session_id]) }
  rate_limit to: 6, within: 5.minutes, only: :create

  def show = nil

  def create
    if ROTP::TOTP.new(Current.user.otp_secret).verify(params[:code].to_s, drift_behind: 20)
      Current.session.update!(second_factor: true)
      redirect_to root_path
    else
      redirect_to second_factor_path, alert: "No."
    end
  end
end
