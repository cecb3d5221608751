class PasswordsController < ApplicationController
  allow_unauthenticated_access
  skip_after_action :verify_authorized
  before_action(only: %i[edit update]) { @user = User.find_by_password_reset_token!(params[:token]) }
  rescue_from ActiveSupport::MessageVerifier::InvalidSignature, ActiveRecord::RecordNotFound, with: -> { redirect_to new_password_path, alert: "That link is too old." }

  def create
    User.find_by(email_address: params[:email_address].to_s.downcase)&.then { |u| PasswordsMailer.reset(u).deliver_later }
    redirect_to new_session_path, notice: "If we know you, a mail is on its way."
  end

  def update
    if @user.update(params.permit(:password, :password_confirmation))
      @user.sessions.destroy_all
      redirect_to new_session_path
    else
      render :edit, status: :unprocessable_content
    end
  end
end
