class MeController < ApplicationController
  skip_after_action :verify_authorized # only ever one's own

  def show = nil

  def export
    audit "me.export", Current.user
    send_data Current.user.as_export.to_json, filename: "yarn-swap.json", type: :json
  end

  def consent
    Current.user.consents.create!(params.expect(consent: [ :purpose, :given ]))
    redirect_to me_path
  end

  def destroy
    audit "me.leave", Current.user
    Current.user.update!(left_at: Time.current)
    Current.user.sessions.destroy_all
    redirect_to root_path
  end
end
