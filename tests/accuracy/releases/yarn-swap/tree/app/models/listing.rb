class Listing < ApplicationRecord
  WEIGHTS = %w[lace sock dk aran bulky].freeze
  belongs_to :user
  has_many :offers, dependent: :destroy
  has_one_attached(:photo) { |p| p.variant :card, resize_to_limit: [ 480, 480 ], format: :webp, saver: { quality: 78 }, preprocessed: true }

  scope :open, -> { where(closed_at: nil) }
  validates :title, presence: true, length: { maximum: 80 }
  validates :about, length: { maximum: 2000 }
  validates :weight, inclusion: { in: WEIGHTS }
  validates :grams, numericality: { only_integer: true, in: 10..5000 }
end
