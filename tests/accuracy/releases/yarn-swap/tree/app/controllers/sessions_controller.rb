class SessionsController < ApplicationController
  allow_unauthenticated_access only: %i[new create]
  skip_after_action :verify_authorized

  def new = nil

  def create
    user = User.find_by(email_address: params[:email_address].to_s.downcase)
    return redirect_to(new_session_path, alert: "Locked for half an hour.") if user&.locked?
    if user&.authenticate(params[:password].to_s)
      user.update!(failures: 0)
      start_new_session_for user
      redirect_to root_path
    else
      user&.failed!
      redirect_to new_session_path, alert: "Try another address or password."
    end
  end

  def destroy
    Current.session.destroy!
    redirect_to new_session_path
  end
end
