class Offer < ApplicationRecord
  belongs_to :listing
  belongs_to :user
  enum :state, %w[open accepted declined].index_by(&:itself)
  validates :message, presence: true, length: { maximum: 500 }

  def accept!
    transaction do
      listing.lock!
      raise ActiveRecord::RecordInvalid, self if listing.closed_at
      update!(state: "accepted")
      listing.update!(closed_at: Time.current)
    end
  end
end
