class ForgetLeaversJob < ApplicationJob
  def perform
    User.where(left_at: ...14.days.ago).find_each do |u|
      u.listings.each { |l| l.photo.purge }
      u.destroy!
    end
  end
end
