class User < ApplicationRecord
  has_secure_password reset_token: { expires_in: 20.minutes }
  encrypts :street
  encrypts :otp_secret
  has_many :sessions, dependent: :destroy
  has_many :listings, dependent: :destroy
  has_many :offers, dependent: :destroy
  has_many :consents, dependent: :destroy

  normalizes :email_address, with: ->(e) { e.strip.downcase }
  validates :email_address, presence: true, uniqueness: true, format: URI::MailTo::EMAIL_REGEXP
  validates :password, length: { minimum: 12 }, exclusion: { in: ->(_) { CommonWords.all } }, if: :password

  def self.staff?(request) = Session.find_by(id: request.cookie_jar.signed[:session_id])&.then { |s| s.user.staff? && s.second_factor? }

  def locked? = locked_until&.future?
  def failed! = update!(failures: failures + 1, locked_until: failures + 1 >= 8 ? 30.minutes.from_now : nil)

  def as_export
    slice(:name, :email_address, :street, :created_at).merge(
      listings: listings.as_json(only: %i[title about weight grams created_at]),
      offers: offers.as_json(only: %i[message state created_at]), consents: consents.as_json(only: %i[purpose given created_at]))
  end
end
